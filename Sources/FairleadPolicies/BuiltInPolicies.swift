// Fairlead: the policies that come with Fairlead
// SPDX-License-Identifier: Apache-2.0

public import FairleadPlugin

/// The policies that come with Fairlead, each written against the same protocol as a third party's.
public enum BuiltInPolicies {
    /// One of each, in the order of their names.
    public static var all: [any LoadBalancingPolicy] {
        [
            LeastRequestPolicy(), MaglevPolicy(), PickFirstPolicy(), RandomPolicy(), RingHashPolicy(),
            RoundRobinPolicy(),
        ]
    }
}

extension PluginRegistry {
    /// A registry that knows the policies that come with Fairlead, and no pattern engine.
    public static var builtIn: PluginRegistry {
        var registry = PluginRegistry()
        registry.registerBuiltInPolicies()
        return registry
    }

    /// Adds the policies that come with Fairlead; any that is there under the name of one is replaced.
    public mutating func registerBuiltInPolicies() {
        for policy in BuiltInPolicies.all { register(policy) }
    }
}
