// Fairlead: tests of the rules for clusters and their endpoints
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@Suite struct ClusterRulesTests {
    private func findings(
        _ discovery: Cluster.Discovery = .fixed, _ endpoints: [LocalityEndpoints] = [],
        _ change: (inout Cluster) -> Void = { _ in }
    ) -> [String] {
        var cluster = Cluster(name: "c", endpoints: endpoints)
        cluster.discovery = discovery
        change(&cluster)
        return outline(Validator.problems(in: cluster))
    }

    private func socket(_ host: String) -> Endpoint { Endpoint(.socket(host: host, port: 80)) }

    private func weights(_ weights: [UInt32]) -> [Endpoint] {
        weights.enumerated().map { Endpoint(.socket(host: "10.0.0.\($0)", port: 1), weight: $1) }
    }

    @Test func aClusterNeedsANameAndAPolicy() {
        #expect(findings().isEmpty)
        #expect(
            findings {
                $0.name = ""
                $0.assignment.name = ""
                $0.loadBalancing.policy = ""
            } == [
                "name [invalid-value]", "load_balancing_policy [invalid-value]",
                "load_assignment.cluster_name [invalid-value]",
            ])
    }

    @Test func theConnectTimeoutIsPositive() {
        #expect(findings { $0.connectTimeout = .zero } == ["connect_timeout [invalid-value]"])
        #expect(findings { $0.connectTimeout = .seconds(-1) } == ["connect_timeout [invalid-value]"])
        #expect(findings { $0.connectTimeout = .seconds(Int64.max) } == ["connect_timeout [invalid-value]"])
    }

    @Test func theIdleTimeoutIsNotNegative() {
        #expect(findings { $0.idleTimeout = nil }.isEmpty)
        #expect(
            findings { $0.idleTimeout = .seconds(-1) } == ["common_http_protocol_options.idle_timeout [invalid-value]"])
    }

    @Test(arguments: [(0, true), (100, true), (-0.5, false), (100.5, false), (Double.nan, false)])
    func thePanicThresholdIsAPercentage(_ threshold: Double, isFine: Bool) {
        #expect(
            findings { $0.loadBalancing.panicThreshold = threshold }
                == (isFine ? [] : ["common_lb_config.healthy_panic_threshold.value [invalid-value]"]))
    }

    @Test func metadataNeedsFilterNames() {
        #expect(
            findings { $0.metadata = Metadata([MetadataValue.Field("", .null)]) }
                == ["metadata.filter_metadata [invalid-value]"])
    }

    @Test func fixedEndpointsHaveIPAddresses() {
        let fine = [
            "127.0.0.1", "255.255.255.255", "0.0.0.0", "::", "::1", "1::", "fe80::1%eth0", "::ffff:10.0.0.1",
            "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "A::f",
        ]
        #expect(findings(.fixed, [LocalityEndpoints(endpoints: fine.map(socket))]).isEmpty)
        let broken = [
            "foo.bar", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.", "1.2.3.a", "1000.1.1.1", ":", ":::",
            "1:2", "1::2::3", "1:2:3:4:5:6:7:8:9", "12345::", "g::", ":1::", "1::2:", "::1%", "::1.2.3", "1.2.3.4::",
            "1:2:3:4:5:6:7::8",
        ]
        let faults = findings(.fixed, [LocalityEndpoints(endpoints: broken.map(socket))])
        let place = "load_assignment.endpoints[0].lb_endpoints"
        #expect(
            faults == broken.indices.map { place + "[\($0)].endpoint.address.socket_address.address [invalid-value]" })
    }

    @Test func hostNamesNeedDiscoveryByName() {
        let endpoints = [LocalityEndpoints(endpoints: [socket("foo.bar"), socket("")])]
        #expect(
            findings(.hostNames, endpoints)
                == [
                    "load_assignment.endpoints[0].lb_endpoints[1].endpoint.address.socket_address.address [invalid-value]"
                ])
    }

    @Test func pipesAreForFixedEndpointsAndNeedAPath() {
        let endpoints = [LocalityEndpoints(endpoints: [Endpoint(.pipe(path: "/run/a")), Endpoint(.pipe(path: ""))])]
        let place = "load_assignment.endpoints[0].lb_endpoints"
        #expect(findings(.fixed, endpoints) == [place + "[1].endpoint.address.pipe.path [invalid-value]"])
        #expect(
            findings(.hostNames, endpoints) == [
                place + "[0].endpoint.address.pipe [invalid-value]",
                place + "[1].endpoint.address.pipe.path [invalid-value]",
                place + "[1].endpoint.address.pipe [invalid-value]",
            ])
    }

    @Test func endpointDiscoveryNeedsANameAndNoEndpoints() {
        let discovery = Cluster.Discovery.endpointDiscovery(serviceName: "s")
        #expect(findings(discovery).isEmpty)
        #expect(findings(discovery, [LocalityEndpoints()]) == ["warning load_assignment [unsupported]"])
        #expect(
            findings(.endpointDiscovery(serviceName: "")) == ["eds_cluster_config.service_name [invalid-value]"])
    }

    @Test func localitiesHaveBoundedPrioritiesAndPositiveWeights() {
        let localities = [
            LocalityEndpoints(priority: 128, weight: 1), LocalityEndpoints(priority: 129, weight: 0),
            LocalityEndpoints(priority: -1),
        ]
        #expect(
            findings(.fixed, localities) == [
                "load_assignment.endpoints[1].priority [invalid-value]",
                "load_assignment.endpoints[1].load_balancing_weight [invalid-value]",
                "load_assignment.endpoints[2].priority [invalid-value]",
            ])
    }

    @Test func endpointsHavePositiveWeightsAndNamedMetadata() {
        var endpoint = Endpoint(.socket(host: "::1", port: 1), weight: 0)
        endpoint.metadata = Metadata([MetadataValue.Field("", .null)])
        #expect(
            outline(Validator.problems(in: endpoint))
                == ["load_balancing_weight [invalid-value]", "metadata.filter_metadata [invalid-value]"])
    }

    @Test func overprovisioningIsPositiveAndDropsAreShares() {
        var assignment = EndpointAssignment(name: "a")
        assignment.overprovisioningFactor = 0
        assignment.dropOverload = .init(category: "", fraction: Fraction(10_001, of: .tenThousand))
        #expect(
            outline(Validator.problems(in: assignment)) == [
                "policy.overprovisioning_factor [invalid-value]", "policy.drop_overloads[0].category [invalid-value]",
                "policy.drop_overloads[0].drop_percentage [invalid-value]",
            ])
        assignment.overprovisioningFactor = 1
        assignment.dropOverload = .init(category: "c", fraction: Fraction(10_000, of: .tenThousand))
        #expect(Validator.problems(in: assignment).isEmpty)
    }

    @Test(arguments: [LoadBalancing.ringHash, LoadBalancing.maglev])
    func tablesOfSharesNeedWeightsThatAddUp(_ policy: String) {
        let localities = [
            LocalityEndpoints(weight: .max, endpoints: weights([.max])),
            LocalityEndpoints(priority: 1, weight: .max, endpoints: weights([.max])),
            LocalityEndpoints(weight: 1, endpoints: weights([1, 1])),
            LocalityEndpoints(weight: 1, endpoints: weights([1])),
        ]
        #expect(
            findings(.fixed, localities) { $0.loadBalancing.policy = policy }
                == ["load_assignment.endpoints[2].lb_endpoints [invalid-value]"])
        #expect(
            findings(.fixed, localities) {
                $0.loadBalancing.policy = policy
                $0.loadBalancing.weighsLocalities = true
            } == ["load_assignment.endpoints[2].load_balancing_weight [invalid-value]"])
        #expect(
            findings(.fixed, [LocalityEndpoints(endpoints: weights([.max, 1]))]) {
                $0.loadBalancing.policy = policy
                $0.loadBalancing.weighsLocalities = true
            } == ["load_assignment.endpoints[0].lb_endpoints [invalid-value]"])
        #expect(findings(.fixed, localities).isEmpty)
    }
}
