// Fairlead: tests of what refers to nothing, and of what nothing refers to
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@Suite struct ReferenceLintTests {
    static func cluster(_ name: String, _ policy: String = LoadBalancing.roundRobin) -> Cluster {
        var cluster = Cluster(
            name: name, endpoints: [LocalityEndpoints(endpoints: [Endpoint(.socket(host: "10.0.0.1", port: 1))])])
        cluster.loadBalancing.policy = policy
        return cluster
    }

    @Test func clustersThatNoRouteLeadsToAreTold() {
        let whole = Configuration(
            routeConfigurations: [table(matching())], clusters: [Self.cluster("c"), Self.cluster("other")])
        #expect(outline(Linter.problems(in: whole)) == ["warning clusters[1].name [unused-cluster]"])
        #expect(Linter.problems(in: whole, isComplete: false).isEmpty)
    }

    @Test func aHeaderMayNameAnyCluster() {
        let byHeader = Configuration(
            routeConfigurations: [table(route { $0.target = .header("x") })], clusters: [Self.cluster("other")])
        #expect(Linter.problems(in: byHeader).isEmpty)
        let weighted = WeightedClusters([.init("c", weight: 1), .init("", weight: 1, header: "x")])
        let partly = Configuration(
            routeConfigurations: [table(route { $0.target = .weighted(weighted) })],
            clusters: [Self.cluster("c"), Self.cluster("other")])
        #expect(Linter.problems(in: partly).isEmpty)
    }

    @Test func routesToUnknownClustersAreTold() {
        let weighted = WeightedClusters([.init("c", weight: 1), .init("gone", weight: 1)])
        var whole = Configuration(
            routeConfigurations: [
                table(
                    matching(), route { $0.target = .cluster("nobody") }, route { $0.target = .weighted(weighted) })
            ], clusters: [Self.cluster("c")])
        let routes = "warning route_configurations[0].virtual_hosts[0].routes"
        #expect(
            outline(Linter.problems(in: whole)) == [
                routes + "[1].route.cluster [unknown-cluster]",
                routes + "[2].route.weighted_clusters.clusters[1].name [unknown-cluster]",
            ])
        // Then it is an error, and told by the validator.
        whole.routeConfigurations[0].validatesClusters = true
        #expect(Linter.problems(in: whole).isEmpty)
        whole.routeConfigurations[0].validatesClusters = nil
        whole.clusters = []
        #expect(Linter.problems(in: whole).isEmpty)
    }

    @Test func tablesAndAssignmentsThatNobodyUsesAreTold() {
        let listener = Listener(
            name: "l", address: .socket(host: "0.0.0.0", port: 1),
            connectionManager: ConnectionManager(routeConfiguration: "r"))
        var other = table(matching())
        other.name = "other"
        var discovered = Self.cluster("c")
        discovered.discovery = .endpointDiscovery(serviceName: "s")
        let whole = Configuration(
            listeners: [listener], routeConfigurations: [table(matching()), other], clusters: [discovered],
            assignments: [EndpointAssignment(name: "s"), EndpointAssignment(name: "t")])
        #expect(
            outline(Linter.problems(in: whole)) == [
                "warning route_configurations[1].name [unused-route-table]",
                "warning assignments[1].cluster_name [unused-assignment]",
            ])
    }

    @Test func hashesThatFitNothingAreTold() {
        let hashing = route { $0.hashPolicies = [HashPolicy(.sourceIP)] }
        let route = "warning route_configurations[0].virtual_hosts[0].routes[0].route.hash_policy"
        func findings(_ route: Route, _ policy: String) -> [String] {
            outline(
                Linter.problems(
                    in: Configuration(routeConfigurations: [table(route)], clusters: [Self.cluster("c", policy)])))
        }
        #expect(findings(hashing, LoadBalancing.roundRobin) == [route + " [idle-hash-policy]"])
        #expect(findings(hashing, LoadBalancing.maglev) == [])
        #expect(findings(hashing, "somebody.else") == [])
        #expect(findings(matching(), LoadBalancing.ringHash) == [route + " [missing-hash-policy]"])
    }

    @Test func clustersWithoutEndpointsAndEndpointsWithoutEffectAreTold() {
        var weighted = Self.cluster("w")
        weighted.loadBalancing.weighsLocalities = true
        weighted.assignment.localities.append(LocalityEndpoints(locality: Locality(zone: "b"), weight: 1))
        var twice = Self.cluster("t")
        twice.assignment.localities.append(twice.assignment.localities[0])
        var discovered = Cluster(name: "d")
        discovered.discovery = .endpointDiscovery(serviceName: "s")
        let whole = Configuration(clusters: [Cluster(name: "e"), weighted, twice, discovered])
        #expect(
            outline(Linter.problems(in: whole)) == [
                "warning clusters[0].load_assignment.endpoints [no-endpoints]",
                "warning clusters[1].load_assignment.endpoints[0].load_balancing_weight [unweighted-locality]",
                "warning clusters[2].load_assignment.endpoints[1].lb_endpoints[0].endpoint [duplicate-endpoint]",
            ])
    }
}
