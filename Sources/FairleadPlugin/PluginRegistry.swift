// Fairlead: the extensions of one engine
// SPDX-License-Identifier: Apache-2.0

/// The extensions that one engine knows: a value that is handed to it, not a global.
public struct PluginRegistry: Sendable {
    private var policies: [any LoadBalancingPolicy] = []

    /// The engine for patterns, `nil` when patterns are not to be used.
    public var patternEngine: (any PatternEngine)?

    /// A registry that knows nothing yet.
    public init() {}

    /// Adds `policy`; one that is there under the same name is replaced.
    public mutating func register(_ policy: any LoadBalancingPolicy) {
        policies.removeAll { $0.name == policy.name }
        policies.append(policy)
    }

    /// The policy called `name`. O(policies).
    public func policy(named name: String) -> (any LoadBalancingPolicy)? {
        policies.first { $0.name == name }
    }

    /// The names of all policies, sorted.
    public var policyNames: [String] { policies.map { $0.name }.sorted() }
}
