// Fairlead: tests of load balancing, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf
import Testing

@testable import FairleadEnvoy

@Suite struct PolicyLoweringTests {
    private func load(
        _ text: String, _ change: (inout EnvoyLoader) -> Void = { _ in }
    ) -> LoadedConfiguration { FairleadEnvoyTests.load("name: c\n" + text, as: .cluster, change) }

    private let prefix = "type.googleapis.com/envoy.extensions.load_balancing_policies"

    /// A cluster with the given policies, each a type and the fields of its message.
    private func load(policies: [(String, String)], _ change: (inout EnvoyLoader) -> Void = { _ in })
        -> LoadedConfiguration
    {
        var text = "load_balancing_policy:\n  policies:"
        for (type, fields) in policies {
            text += "\n  - typed_extension_config: { name: p, typed_config: { \"@type\": \(type), \(fields) } }"
        }
        return load(text, change)
    }

    private func parameters(_ values: (String, PolicyParameters.Value)...) -> PolicyParameters {
        PolicyParameters(values)
    }

    @Test(arguments: [
        ("ROUND_ROBIN", LoadBalancing.roundRobin), ("LEAST_REQUEST", LoadBalancing.leastRequest),
        ("RING_HASH", LoadBalancing.ringHash), ("RANDOM", LoadBalancing.random), ("MAGLEV", LoadBalancing.maglev),
    ])
    func everyOlderPolicyIsRead(_ name: String, _ policy: String) {
        let loaded = load("lb_policy: \(name)")
        #expect(loaded.faults.isEmpty)
        #expect(loaded.cluster?.loadBalancing == LoadBalancing(policy: policy))
    }

    @Test func theOlderFieldsBecomeTheParametersOfTheNewer() {
        let ring = load(
            """
            lb_policy: RING_HASH
            ring_hash_lb_config: { minimum_ring_size: 0, maximum_ring_size: 9, hash_function: MURMUR_HASH_2 }
            common_lb_config: { consistent_hashing_lb_config: { hash_balance_factor: 150 } }
            """)
        let newer = load(policies: [
            (
                "\(prefix).ring_hash.v3.RingHash",
                "minimum_ring_size: 0, maximum_ring_size: 9, hash_function: MURMUR_HASH_2, "
                    + "consistent_hashing_lb_config: { hash_balance_factor: 150 }"
            )
        ])
        // The newer field must not be zero, the policy says, and the older may.
        #expect(ring.faults.isEmpty)
        #expect(
            ring.cluster?.loadBalancing.parameters
                == parameters(
                    ("minimum_ring_size", .unsigned(0)), ("maximum_ring_size", .unsigned(9)),
                    ("hash_function", .text("MURMUR_HASH_2")),
                    ("consistent_hashing_lb_config.hash_balance_factor", .unsigned(150))))
        #expect(ring.cluster == newer.cluster)
        let maglev = load("lb_policy: MAGLEV\nmaglev_lb_config: { table_size: 11 }")
        #expect(maglev.cluster == load(policies: [("\(prefix).maglev.v3.Maglev", "table_size: 11")]).cluster)
        let least = load(
            "lb_policy: LEAST_REQUEST\nleast_request_lb_config: { choice_count: 5, active_request_bias: { default_value: 0.5, runtime_key: k } }"
        )
        let newerLeast = load(policies: [
            (
                "\(prefix).least_request.v3.LeastRequest",
                "choice_count: 5, active_request_bias: { default_value: 0.5, runtime_key: k }"
            )
        ])
        #expect(
            least.cluster?.loadBalancing.parameters
                == parameters(
                    ("choice_count", .unsigned(5)), ("active_request_bias.default_value", .double(0.5)),
                    ("active_request_bias.runtime_key", .text("k"))))
        #expect(least.cluster == newerLeast.cluster)
    }

    @Test func theOlderFieldOfAnotherPolicyHasNoEffect() {
        let loaded = load("maglev_lb_config: { table_size: 11 }")
        #expect(loaded.faults == ["? maglev_lb_config [unsupported]"])
        #expect(loaded.cluster?.loadBalancing == LoadBalancing())
        let hashing = load("common_lb_config: { consistent_hashing_lb_config: { hash_balance_factor: 150 } }")
        #expect(hashing.faults == ["? common_lb_config.consistent_hashing_lb_config [unsupported]"])
    }

    @Test func localitiesAndHostNamesAreTheClustersOwn() {
        let ring = load(policies: [
            (
                "\(prefix).ring_hash.v3.RingHash",
                "locality_weighted_lb_config: {}, consistent_hashing_lb_config: { use_hostname_for_hashing: true }"
            )
        ])
        var balancing = LoadBalancing(policy: LoadBalancing.ringHash)
        balancing.weighsLocalities = true
        balancing.hashesHostnames = true
        #expect(ring.faults.isEmpty)
        #expect(ring.cluster?.loadBalancing == balancing)
        let deprecated = load(policies: [
            ("\(prefix).ring_hash.v3.RingHash", "use_hostname_for_hashing: true, hash_balance_factor: 120")
        ])
        #expect(deprecated.cluster?.loadBalancing.hashesHostnames == true)
        #expect(
            deprecated.cluster?.loadBalancing.parameters
                == parameters(("consistent_hashing_lb_config.hash_balance_factor", .unsigned(120))))
        let robin = load(policies: [
            ("\(prefix).round_robin.v3.RoundRobin", "locality_lb_config: { locality_weighted_lb_config: {} }")
        ])
        #expect(robin.cluster?.loadBalancing.weighsLocalities == true)
        #expect(robin.cluster?.loadBalancing.parameters == PolicyParameters())
        let names = "common_lb_config: { consistent_hashing_lb_config: { use_hostname_for_hashing: true } }"
        #expect(load("lb_policy: MAGLEV\ntype: STRICT_DNS\n" + names).cluster?.loadBalancing.hashesHostnames == true)
        #expect(
            load("lb_policy: MAGLEV\n" + names).faults
                == ["common_lb_config.consistent_hashing_lb_config.use_hostname_for_hashing [invalid-value]"])
    }

    @Test func whatPoliciesDoNotReadIsReportedAndLeftOut() {
        let loaded = load(policies: [
            (
                "\(prefix).least_request.v3.LeastRequest",
                "slow_start_config: { slow_start_window: 5s, min_weight_percent: { value: 3 } }, "
                    + "locality_lb_config: { zone_aware_lb_config: { fail_traffic_on_panic: true } }, choice_count: 2"
            )
        ])
        let place = "load_balancing_policy.policies[0].typed_extension_config.typed_config"
        #expect(
            loaded.faults == ["? \(place).slow_start_config [unsupported]"])
        #expect(loaded.cluster?.loadBalancing.parameters == parameters(("choice_count", .unsigned(2))))
        let hashing = load(policies: [
            ("\(prefix).maglev.v3.Maglev", "consistent_hashing_lb_config: { hash_policy: [{ terminal: true }] }")
        ])
        #expect(hashing.faults == ["\(place).consistent_hashing_lb_config.hash_policy [unsupported]"])
    }

    @Test func theFirstKnownPolicyIsTaken() {
        let policies = [("type.googleapis.com/x.Mine", ""), ("\(prefix).random.v3.Random", "")]
        let loaded = load(policies: policies)
        let place = "load_balancing_policy.policies[0].typed_extension_config.typed_config"
        #expect(loaded.faults == ["? \(place) [unknown-extension]"])
        #expect(loaded.cluster?.loadBalancing == LoadBalancing(policy: LoadBalancing.random))
        let registered = load(policies: policies) { $0.policies.insert("x.Mine") }
        #expect(registered.cluster?.loadBalancing.policy == "x.Mine")
        #expect(registered.isValid)
        #expect(load(policies: policies) { $0.isStrict = true }.faults == ["\(place) [unknown-extension]"])
    }

    @Test func aPolicyThatNobodyKnowsIsKeptForTheEngine() throws {
        var typed = ClusterProto()
        typed.name = "c"
        var policy = LoadBalancingPolicyProto.Policy()
        policy.typedExtensionConfig.typedConfig = Google_Protobuf_Any(typeName: "x.Mine", bytes: [8, 1])
        typed.loadBalancingPolicy.policies = [policy]
        let loaded = EnvoyLoader().load(try typed.serializedBytes(), as: .cluster, format: .protobuf)
        let place = "load_balancing_policy.policies[0].typed_extension_config.typed_config"
        #expect(loaded.faults == ["? \(place) [unknown-extension]"])
        var strict = EnvoyLoader()
        strict.isStrict = true
        #expect(!strict.load(try typed.serializedBytes(), as: .cluster, format: .protobuf).isValid)
        strict.policies.insert("x.Mine")
        #expect(strict.load(try typed.serializedBytes(), as: .cluster, format: .protobuf).faults.isEmpty)
        #expect(
            loaded.cluster?.loadBalancing
                == LoadBalancing(policy: "x.Mine", parameters: PolicyParameters([], payload: [8, 1])))
    }

    @Test func aPolicyOfTheSchemaThatIsNotBuiltInKeepsItsBytes() {
        let loaded = load(policies: [
            (
                "\(prefix).client_side_weighted_round_robin.v3.ClientSideWeightedRoundRobin",
                "enable_oob_load_report: true"
            )
        ])
        #expect(loaded.faults.isEmpty)
        #expect(
            loaded.cluster?.loadBalancing
                == LoadBalancing(
                    policy: "envoy.extensions.load_balancing_policies.client_side_weighted_round_robin.v3."
                        + "ClientSideWeightedRoundRobin",
                    parameters: PolicyParameters([("enable_oob_load_report", .bool(true))], payload: [10, 2, 8, 1])))
    }

    @Test func aTypeThatTheSchemaDoesNotHaveIsSpelledAsAStructure() {
        let loaded = load(policies: [
            (
                "type.googleapis.com/xds.type.v3.TypedStruct",
                "type_url: type.googleapis.com/x.Mine, value: { a: 1, b: { c: text, d: {} }, e: true, f: null, g: -2 }"
            )
        ])
        #expect(loaded.faults.isEmpty)
        #expect(
            loaded.cluster?.loadBalancing
                == LoadBalancing(
                    policy: "x.Mine",
                    parameters: parameters(
                        ("a", .unsigned(1)), ("b.c", .text("text")), ("b.d", .bool(true)), ("e", .bool(true)),
                        ("g", .double(-2)))))
        let broken = load(policies: [
            ("type.googleapis.com/xds.type.v3.TypedStruct", "value: { a: [1], \"@payload\": \"!\" }")
        ])
        let place = "load_balancing_policy.policies[0].typed_extension_config.typed_config"
        #expect(
            broken.faults == [
                "\(place).type_url [missing-field]", "\(place).value.a [unsupported]",
                "\(place).value.@payload [invalid-value]",
            ])
    }

    @Test func combinationsThatEnvoyRefusesAreErrors() {
        #expect(load("lb_policy: LOAD_BALANCING_POLICY_CONFIG").faults == ["load_balancing_policy [missing-field]"])
        #expect(load("lb_policy: CLUSTER_PROVIDED").faults == ["lb_policy [unsupported]"])
        #expect(load("lb_policy: 4").faults == ["lb_policy [unknown-enum-value]"])
        #expect(load("load_balancing_policy: {}").faults == ["load_balancing_policy.policies [missing-field]"])
        #expect(
            load("load_balancing_policy: { policies: [{}] }").faults
                == ["load_balancing_policy.policies[0].typed_extension_config.typed_config [missing-field]"])
        let random =
            "{ policies: [{ typed_extension_config: { name: r, typed_config: { \"@type\": \(prefix).random.v3.Random } } }] }"
        for part in ["zone_aware_lb_config", "locality_weighted_lb_config", "consistent_hashing_lb_config"] {
            let loaded = load("load_balancing_policy: \(random)\ncommon_lb_config: { \(part): {} }")
            #expect(loaded.faults.contains("common_lb_config [invalid-value]"))
        }
        #expect(
            load("load_balancing_policy: \(random)\ncommon_lb_config: { healthy_panic_threshold: { value: 5 } }")
                .cluster?.loadBalancing.panicThreshold == 5)
        #expect(
            load("load_balancing_policy: \(random)\nlb_policy: RING_HASH\nring_hash_lb_config: {}").faults
                == ["? load_balancing_policy [unsupported]"])
        #expect(load("original_dst_lb_config: {}").faults == ["original_dst_lb_config [unsupported]"])
    }
}
