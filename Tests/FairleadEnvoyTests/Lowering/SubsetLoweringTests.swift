// Fairlead: tests of subsets, lowered and raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@testable import FairleadEnvoy

@Suite struct SubsetLoweringTests {
    private static let fields = """
        fallback_policy: DEFAULT_SUBSET, default_subset: { stage: prod, n: 1 }, locality_weight_aware: true, \
        scale_locality_weight: true, panic_mode_any: true, list_as_any: true, metadata_fallback_policy: FALLBACK_LIST, \
        subset_selectors: [{ keys: [a, b], fallback_policy: KEYS_SUBSET, fallback_keys_subset: [a] }, \
        { keys: [a], fallback_policy: NO_FALLBACK }, { keys: [c], fallback_policy: ANY_ENDPOINT }, \
        { keys: [d], fallback_policy: DEFAULT_SUBSET }, { keys: [e], single_host_per_subset: true }]
        """
    private static let prefix = "type.googleapis.com/envoy.extensions.load_balancing_policies"

    private static var subsets: SubsetBalancing {
        var subsets = SubsetBalancing(
            [
                .init(["a", "b"], fallback: .fewerKeys(["a"])), .init(["a"], fallback: .none),
                .init(["c"], fallback: .anyEndpoint), .init(["d"], fallback: .defaultSubset),
                .init(["e"], choosesSingleEndpoint: true),
            ], fallback: .defaultSubset)
        subsets.defaultSubset = [.init("n", .number(1)), .init("stage", .text("prod"))]
        subsets.weighsLocalities = true
        subsets.scalesLocalityWeights = true
        subsets.panicsToAnyEndpoint = true
        subsets.listsMeanAnyValue = true
        subsets.usesFallbackList = true
        return subsets
    }

    private func load(_ text: String) -> LoadedConfiguration {
        FairleadEnvoyTests.load("name: c\n" + text, as: .cluster)
    }

    @Test func theClustersFieldAndTheExtensionSayTheSame() {
        let weights = "common_lb_config: { locality_weighted_lb_config: {} }\n"
        let older = load(weights + "lb_policy: RANDOM\nlb_subset_config: { \(Self.fields) }")
        #expect(older.faults.isEmpty)
        var balancing = LoadBalancing(policy: LoadBalancing.random)
        balancing.weighsLocalities = true
        balancing.subsets = Self.subsets
        #expect(older.cluster?.loadBalancing == balancing)
        let random =
            "{ \"@type\": \(Self.prefix).random.v3.Random, locality_lb_config: { locality_weighted_lb_config: {} } }"
        let newer = extensionText(random, Self.fields)
        #expect(newer.faults.isEmpty)
        #expect(newer.cluster?.loadBalancing == balancing)
    }

    private func extensionText(_ inner: String, _ fields: String) -> LoadedConfiguration {
        let policy = "{ policies: [{ typed_extension_config: { name: r, typed_config: \(inner) } }] }"
        let config = "{ \"@type\": \(Self.prefix).subset.v3.Subset, subset_lb_policy: \(policy), \(fields) }"
        return load(
            "load_balancing_policy: { policies: [{ typed_extension_config: { name: s, typed_config: \(config) } }] }")
    }

    @Test func thePolicyInsideKeepsItsParameters() {
        let loaded = extensionText(
            "{ \"@type\": \(Self.prefix).ring_hash.v3.RingHash, minimum_ring_size: 8 }",
            "allow_redundant_keys: true, subset_selectors: [{ keys: [a] }]")
        #expect(loaded.faults.isEmpty)
        #expect(loaded.cluster?.loadBalancing.parameters == PolicyParameters([("minimum_ring_size", .unsigned(8))]))
        #expect(loaded.cluster?.loadBalancing.subsets?.allowsRedundantKeys == true)
    }

    @Test func raisedAndLoweredAgainTheyAreTheSame() {
        var cluster = Cluster(name: "c")
        cluster.loadBalancing = LoadBalancing(policy: LoadBalancing.ringHash)
        cluster.loadBalancing.subsets = Self.subsets
        #expect(FairleadEnvoyTests.load(EnvoyWriter.json(cluster), as: .cluster, format: .json).cluster == cluster)
        cluster.loadBalancing.subsets?.allowsRedundantKeys = true
        #expect(FairleadEnvoyTests.load(EnvoyWriter.json(cluster), as: .cluster, format: .json).cluster == cluster)
    }

    @Test func withoutSelectorsTheClustersFieldMeansNothing() {
        let loaded = load("lb_subset_config: { fallback_policy: NO_FALLBACK }")
        #expect(loaded.faults.isEmpty)
        #expect(loaded.cluster?.loadBalancing == LoadBalancing())
    }

    @Test func whatEnvoyRefusesIsAnError() {
        let random = "{ \"@type\": \(Self.prefix).random.v3.Random }"
        let policy = "{ policies: [{ typed_extension_config: { name: r, typed_config: \(random) } }] }"
        #expect(
            load("load_balancing_policy: \(policy)\nlb_subset_config: { subset_selectors: [{ keys: [a] }] }").faults
                == ["lb_subset_config [invalid-value]"])
        let stray = "lb_subset_config: { subset_selectors: [{ keys: [a, b], fallback_keys_subset: [a] }] }"
        #expect(load(stray).faults == ["lb_subset_config.subset_selectors[0].fallback_keys_subset [invalid-value]"])
        #expect(
            load("lb_subset_config: { fallback_policy: 7, subset_selectors: [{ keys: [a], fallback_policy: 9 }] }")
                .faults
                == [
                    "lb_subset_config.fallback_policy [unknown-enum-value]",
                    "lb_subset_config.subset_selectors[0].fallback_policy [unknown-enum-value]",
                ])
        let aware = "lb_subset_config: { locality_weight_aware: true, subset_selectors: [{ keys: [a] }] }"
        #expect(load(aware).faults == ["lb_subset_config.locality_weight_aware [invalid-value]"])
        let place = "load_balancing_policy.policies[0].typed_extension_config.typed_config"
        let fewer = "subset_selectors: [{ keys: [a], fallback_policy: KEYS_SUBSET, fallback_keys_subset: [a] }]"
        #expect(
            extensionText(random, fewer).faults
                == ["\(place).subset_selectors[0].fallback_keys_subset [invalid-value]"])
        let bare = "{ \"@type\": \(Self.prefix).subset.v3.Subset }"
        #expect(
            load(
                "load_balancing_policy: { policies: [{ typed_extension_config: { name: s, typed_config: \(bare) } }] }"
            )
            .faults == ["\(place).subset_lb_policy [missing-field]"])
    }
}
