// Fairlead: whether an outcome would be tried again
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

extension ExchangeState {
    /// Whether the route's policy covers `outcome` and leaves a retry. For hosts that report a response only when it is
    /// complete, unless another attempt is to be made.
    public func retries(after outcome: Outcome, _ facts: RetryFacts = RetryFacts()) -> Bool {
        retriesLeft > 0 && retryRules?.apply(to: outcome, facts) == true
    }
}

extension RouteView {
    /// Whether the route itself rewrites the host, beyond what its weighted cluster does.
    public var rewritesHost: Bool { forward.map { $0.hostRewrite != .none } ?? false }

    /// The host that the weighted cluster puts in the request's place; missing when it leaves it.
    public var weightedClusterHost: Bytes {
        guard let entry = weightedEntry, let (_, block) = compiled else { return .missing }
        return block.bytes(entry.host)
    }
}
