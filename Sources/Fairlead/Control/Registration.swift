// Fairlead: policies that come after the engine
// SPDX-License-Identifier: Apache-2.0

public import FairleadPlugin

extension Engine {
    /// Makes the engine know `policy`, so that configurations can ask for it. Nothing that was compiled changes: a policy
    /// can be added, but neither replaced nor taken away.
    ///
    /// - Returns: whether it was added; not when the engine knows one of that name.
    public func register(_ policy: any LoadBalancingPolicy) -> Bool { register([policy.name]) { _ in policy } == nil }

    /// The same for several policies, all of them or none; each is made, by its index, only when all names are free.
    ///
    /// - Returns: a name that is taken; `nil` when all policies were added.
    package func register(_ names: [String], _ make: (Int) -> any LoadBalancingPolicy) -> String? {
        state.withLock { state in
            for (index, name) in names.enumerated() {
                if state.options.plugins.policy(named: name) != nil || names[..<index].contains(name) { return name }
            }
            for index in names.indices { state.options.plugins.register(make(index)) }
            return nil
        }
    }

    /// The names of the policies that the engine knows, sorted.
    public var policyNames: [String] { state.withLock { $0.options.plugins.policyNames } }
}
