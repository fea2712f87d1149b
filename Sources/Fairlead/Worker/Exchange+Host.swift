// Fairlead: what hosts ask of exchanges and attempts
// SPDX-License-Identifier: Apache-2.0

import FairleadDataPlane
public import FairleadModel

extension Exchange {
    /// Whether the route's policy covers `outcome` and leaves a retry. For hosts that report a response only when it is
    /// complete, unless another attempt is to be made.
    public func retries(after outcome: Outcome, _ facts: RetryFacts = RetryFacts()) -> Bool {
        state.retries(after: outcome, facts)
    }
}

extension Attempt {
    /// The slot of the endpoint, which stays the same as long as the endpoint stays in its cluster; `nil` when none was
    /// picked. A host can hang connections on it.
    public var slot: EndpointSlot? { state.slot }
}
