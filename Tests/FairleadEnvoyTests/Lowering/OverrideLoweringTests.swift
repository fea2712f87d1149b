// Fairlead: tests of endpoints that requests name themselves, lowered and raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@testable import FairleadEnvoy

@Suite struct OverrideLoweringTests {
    private static let prefix = "type.googleapis.com/envoy.extensions.load_balancing_policies"
    private static let place = "load_balancing_policy.policies[0].typed_extension_config.typed_config"
    private static let random =
        "fallback_policy: { policies: [{ typed_extension_config: { name: r, typed_config: "
        + "{ \"@type\": \(prefix).random.v3.Random } } }] }"

    private func load(_ fields: String) -> LoadedConfiguration {
        let config = "{ \"@type\": \(Self.prefix).override_host.v3.OverrideHost, \(fields) }"
        return FairleadEnvoyTests.load(
            "name: c\nload_balancing_policy: { policies: [{ typed_extension_config: { name: o, typed_config: \(config) } }] }",
            as: .cluster)
    }

    @Test func sourcesAreReadInTheirOrder() {
        let loaded = load(
            "\(Self.random), override_host_sources: [{ header: X-Target }, "
                + "{ metadata: { key: f, path: [{ key: a }, { key: b }] } }]")
        #expect(loaded.faults.isEmpty)
        var balancing = LoadBalancing(policy: LoadBalancing.random)
        balancing.overrideSources = [.header("X-Target"), .metadata(filter: "f", path: ["a", "b"])]
        #expect(loaded.cluster?.loadBalancing == balancing)
    }

    @Test func raisedAndLoweredAgainTheyAreTheSame() {
        var cluster = Cluster(name: "c")
        cluster.loadBalancing.overrideSources = [.header("x"), .metadata(filter: "f", path: ["a", "b"])]
        cluster.loadBalancing.subsets = SubsetBalancing([.init(["k"])])
        #expect(FairleadEnvoyTests.load(EnvoyWriter.json(cluster), as: .cluster, format: .json).cluster == cluster)
    }

    @Test func whatEnvoyRefusesIsAnError() {
        let sources = "override_host_sources: [{ header: x }]"
        #expect(load(Self.random).faults == ["\(Self.place).override_host_sources [missing-field]"])
        #expect(load(sources).faults == ["\(Self.place).fallback_policy [missing-field]"])
        #expect(
            load("\(Self.random), override_host_sources: [{}]").faults
                == ["\(Self.place).override_host_sources[0] [missing-field]"])
        #expect(
            load("\(Self.random), override_host_sources: [{ header: x, metadata: { key: f, path: [{ key: a }] } }]")
                .faults == ["\(Self.place).override_host_sources[0] [invalid-value]"])
        #expect(
            load("\(Self.random), override_host_sources: [{ metadata: { key: f } }]").faults
                == ["\(Self.place).override_host_sources[0].metadata.path [missing-field]"])
        #expect(
            load("\(Self.random), \(sources), selected_host_key: { key: f, path: [{ key: a }] }").faults
                == ["\(Self.place).selected_host_key [unsupported]"])
    }
}
