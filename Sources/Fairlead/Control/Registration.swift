// Fairlead: policies that come after the engine
// SPDX-License-Identifier: Apache-2.0

public import FairleadPlugin

extension Engine {
    /// Makes the engine know `policy`, so that configurations can ask for it. Nothing that was compiled changes: a policy
    /// can be added, but neither replaced nor taken away.
    ///
    /// - Returns: whether it was added; not when the engine knows one of that name.
    public func register(_ policy: any LoadBalancingPolicy) -> Bool { register(policy.name) { policy } }

    /// The same for a policy that is made only when its name is free.
    package func register(_ name: String, _ make: () -> any LoadBalancingPolicy) -> Bool {
        state.withLock { state in
            guard state.options.plugins.policy(named: name) == nil else { return false }
            state.options.plugins.register(make())
            return true
        }
    }

    /// The names of the policies that the engine knows, sorted.
    public var policyNames: [String] { state.withLock { $0.options.plugins.policyNames } }
}
