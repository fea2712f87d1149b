// Fairlead: tests of zone-aware routing, lowered and raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@testable import FairleadEnvoy

@Suite struct ZoneLoweringTests {
    private func load(_ text: String) -> LoadedConfiguration {
        FairleadEnvoyTests.load("name: c\n" + text, as: .cluster)
    }

    private func load(_ policy: String, _ zones: String) -> LoadedConfiguration {
        let type = "type.googleapis.com/envoy.extensions.load_balancing_policies.\(policy)"
        let config = "{ \"@type\": \(type), locality_lb_config: { zone_aware_lb_config: { \(zones) } } }"
        return load(
            "load_balancing_policy: { policies: [{ typed_extension_config: { name: p, typed_config: \(config) } }] }")
    }

    @Test func theClustersFieldIsRead() {
        let loaded = load(
            """
            common_lb_config:
              zone_aware_lb_config:
                { routing_enabled: { value: 12.5 }, min_cluster_size: 0, fail_traffic_on_panic: true }
            """)
        var zones = ZoneRouting()
        zones.share = 13
        zones.minimumEndpoints = 0
        zones.failsInPanic = true
        #expect(loaded.faults.isEmpty)
        #expect(loaded.cluster?.loadBalancing.zones == zones)
        #expect(load("common_lb_config: { zone_aware_lb_config: {} }").cluster?.loadBalancing.zones == ZoneRouting())
    }

    @Test(arguments: ["round_robin.v3.RoundRobin", "least_request.v3.LeastRequest", "random.v3.Random"])
    func theExtensionsAreRead(_ policy: String) {
        var zones = ZoneRouting()
        zones.share = 0
        zones.weighsEndpoints = true
        zones.forcedMinimum = 1
        let loaded = load(
            policy, "routing_enabled: {}, locality_basis: HEALTHY_HOSTS_WEIGHT, force_local_zone: {}")
        #expect(loaded.faults.isEmpty)
        #expect(loaded.cluster?.loadBalancing.zones == zones)
        #expect(loaded.cluster?.loadBalancing.parameters == PolicyParameters())
        #expect(load(policy, "force_local_zone: { min_size: 3 }").cluster?.loadBalancing.zones.forcedMinimum == 3)
        #expect(load(policy, "force_locality_direct_routing: true").cluster?.loadBalancing.zones.forcedMinimum == 1)
    }

    @Test func valuesOutOfRangeAreErrors() {
        #expect(
            load("common_lb_config: { zone_aware_lb_config: { routing_enabled: { value: 101 } } }").faults
                == ["common_lb_config.zone_aware_lb_config.routing_enabled.value [out-of-range]"])
        let place = "load_balancing_policy.policies[0].typed_extension_config.typed_config"
        #expect(
            load("random.v3.Random", "locality_basis: 7").faults
                == ["\(place).locality_lb_config.zone_aware_lb_config.locality_basis [unknown-enum-value]"])
    }

    @Test func raisedAndLoweredAgainTheyAreTheSame() {
        var cluster = Cluster(name: "c")
        cluster.loadBalancing.zones.share = 40
        cluster.loadBalancing.zones.minimumEndpoints = 0
        cluster.loadBalancing.zones.failsInPanic = true
        cluster.loadBalancing.zones.forcedMinimum = 2
        cluster.loadBalancing.zones.weighsEndpoints = true
        #expect(FairleadEnvoyTests.load(EnvoyWriter.json(cluster), as: .cluster, format: .json).cluster == cluster)
    }

    @Test func aBootstrapTellsWhereTheEngineStands() {
        let cluster = "static_resources: { clusters: [{ name: us }] }\n"
        let node = "node: { id: me, cluster: us, locality: { region: r, zone: z } }\n"
        let loaded = FairleadEnvoyTests.load(cluster + node + "cluster_manager: { local_cluster_name: us }")
        #expect(loaded.faults.isEmpty)
        #expect(loaded.locality == Locality(region: "r", zone: "z"))
        #expect(loaded.localCluster == "us")
        let unknown = FairleadEnvoyTests.load(cluster + "cluster_manager: { local_cluster_name: them }")
        #expect(unknown.faults == ["cluster_manager.local_cluster_name [unknown-reference]"])
        #expect(FairleadEnvoyTests.load(cluster).locality == nil)
    }
}
