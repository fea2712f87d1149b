// Fairlead: tests of the policies that come with Fairlead, all together
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin
import FairleadPolicies
import FairleadTestKit
import Testing

@Suite struct BuiltInPoliciesTests {
    @Test func theRegistryKnowsThemByEnvoysTypeNames() {
        let prefix = "envoy.extensions.load_balancing_policies."
        #expect(
            PluginRegistry.builtIn.policyNames == [
                prefix + "least_request.v3.LeastRequest", prefix + "maglev.v3.Maglev",
                prefix + "pick_first.v3.PickFirst", prefix + "random.v3.Random",
                prefix + "ring_hash.v3.RingHash", prefix + "round_robin.v3.RoundRobin",
            ])
        #expect(BuiltInPolicies.all.map(\.name) == PluginRegistry.builtIn.policyNames)
    }

    @Test func registeringThemAgainReplacesThem() {
        var registry = PluginRegistry.builtIn
        registry.registerBuiltInPolicies()
        #expect(registry.policyNames.count == 6)
    }

    struct Setup {
        let policy: any LoadBalancingPolicy
        let parameters: PolicyParameters
        let promises: PolicyConformance.Promises

        init(
            _ policy: any LoadBalancingPolicy, _ parameters: [(String, PolicyParameters.Value)],
            _ promises: PolicyConformance.Promises
        ) {
            self.policy = policy
            self.parameters = PolicyParameters(parameters)
            self.promises = promises
        }
    }

    /// Every policy with several sets of parameters, and what each promises.
    static let setups = [
        Setup(RoundRobinPolicy(), [], .init(weightTolerance: 0)),
        Setup(RandomPolicy(), [], .init()),
        Setup(PickFirstPolicy(), [], .init()),
        Setup(PickFirstPolicy(), [("shuffle_address_list", .bool(true))], .init()),
        Setup(LeastRequestPolicy(), [], .init(weightTolerance: 0)),
        Setup(LeastRequestPolicy(), [("choice_count", .unsigned(5))], .init(weightTolerance: 0)),
        Setup(
            LeastRequestPolicy(), [("selection_method", .text("FULL_SCAN"))],
            .init(weightTolerance: 0, largestList: 64)),
        Setup(
            LeastRequestPolicy(), [("fairlead.sample_with_replacement", .bool(true))], .init(weightTolerance: 0)),
        Setup(LeastRequestPolicy(), [("active_request_bias", .double(0))], .init(weightTolerance: 0)),
        Setup(LeastRequestPolicy(), [("active_request_bias", .double(2.5))], .init(weightTolerance: 0)),
        Setup(RingHashPolicy(), [("maximum_ring_size", .unsigned(4000))], .init(isConsistent: true)),
        Setup(
            RingHashPolicy(),
            [
                ("hash_function", .text("MURMUR_HASH_2")), ("maximum_ring_size", .unsigned(2000)),
                ("consistent_hashing_lb_config.hash_balance_factor", .unsigned(120)),
            ], .init(isConsistent: true)),
        Setup(MaglevPolicy(), [], .init(weightTolerance: 0.2, isConsistent: true, largestList: 7)),
        Setup(
            MaglevPolicy(),
            [
                ("table_size", .unsigned(1009)),
                ("consistent_hashing_lb_config.hash_balance_factor", .unsigned(100)),
            ], .init(isConsistent: true)),
    ]

    @Test(arguments: setups.indices) func everyPolicyConforms(_ index: Int) {
        let setup = Self.setups[index]
        let findings = PolicyConformance(setup.policy, setup.parameters, promising: setup.promises).findings()
        #expect(findings.map(\.description) == [])
    }
}
