// Fairlead: tests of the rules for listeners and between resources
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@Suite struct ConfigurationRulesTests {
    private let manager = "filter_chains[0].filters[0].typed_config"

    private func listener(_ name: String, port: UInt16 = 0, table: String = "r") -> Listener {
        Listener(
            name: name, address: .socket(host: "127.0.0.1", port: port),
            connectionManager: ConnectionManager(routeConfiguration: table))
    }

    @Test func aListenerNeedsANameAnAddressAndAPrefix() {
        var listener = listener("")
        listener.address = .socket(host: "localhost", port: 80)
        listener.connectionManager.statisticsPrefix = ""
        #expect(
            outline(Validator.problems(in: listener)) == [
                "name [invalid-value]", "address.socket_address.address [invalid-value]",
                manager + ".stat_prefix [invalid-value]",
            ])
        listener.address = .pipe(path: "")
        #expect(outline(Validator.problems(in: listener)).contains("address.pipe.path [invalid-value]"))
    }

    @Test func aConnectionManagerHasNoNegativeTimes() {
        var listener = listener("l")
        listener.connectionManager.serverName = "a\n"
        listener.connectionManager.streamIdleTimeout = .seconds(-1)
        listener.connectionManager.requestTimeout = .seconds(-1)
        listener.connectionManager.idleTimeout = .seconds(-1)
        #expect(
            outline(Validator.problems(in: listener))
                == [
                    "server_name [invalid-value]", "stream_idle_timeout [invalid-value]",
                    "request_timeout [invalid-value]",
                    "common_http_protocol_options.idle_timeout [invalid-value]",
                ].map { manager + "." + $0 })
    }

    @Test func namesAreUniqueInEachList() {
        let configuration = Configuration(
            listeners: [listener("l"), listener("m"), listener("l")],
            routeConfigurations: [RouteConfiguration(name: "r"), RouteConfiguration(name: "r")],
            clusters: [Cluster(name: "c"), Cluster(name: "d"), Cluster(name: "c")],
            assignments: [EndpointAssignment(name: "a"), EndpointAssignment(name: "a")])
        let problems = Validator.problems(in: configuration)
        #expect(
            outline(problems) == [
                "listeners[2].name [duplicate]", "route_configurations[1].name [duplicate]",
                "clusters[2].name [duplicate]", "assignments[1].cluster_name [duplicate]",
            ])
        #expect(problems[2].message == "cluster manager: duplicate cluster 'c'")
    }

    @Test func listenersDoNotShareAnAddress() {
        let configuration = Configuration(
            listeners: [listener("l", port: 80), listener("m", port: 81), listener("n", port: 80)],
            routeConfigurations: [RouteConfiguration(name: "r")])
        #expect(outline(Validator.problems(in: configuration)) == ["listeners[2].address [duplicate]"])
    }

    @Test func aListenerNeedsItsRouteTable() {
        let configuration = Configuration(
            listeners: [listener("l"), listener("m", table: "s")], routeConfigurations: [RouteConfiguration(name: "r")])
        #expect(
            outline(Validator.problems(in: configuration))
                == ["listeners[1].\(manager).rds.route_config_name [unknown-reference]"])
    }

    @Test func clustersOfRoutesAreLookedForIfTheTableSaysSo() {
        var forward = table(
            route { $0.target = .cluster("known") }, route { $0.target = .cluster("lost") },
            route { $0.target = .header("x") },
            route {
                $0.target = .weighted(
                    WeightedClusters([
                        .init("known", weight: 1), .init("gone", weight: 1), .init("", weight: 1, header: "x"),
                    ]))
            },
            Route(match: RouteMatch(.prefix("/")), action: .directResponse(DirectResponse(status: 200))))
        for validates in [nil, false] {
            forward.validatesClusters = validates
            let configuration = Configuration(routeConfigurations: [forward], clusters: [Cluster(name: "known")])
            #expect(Validator.problems(in: configuration).isEmpty)
        }
        forward.validatesClusters = true
        let problems = Validator.problems(
            in: Configuration(routeConfigurations: [forward], clusters: [Cluster(name: "known")]))
        #expect(
            outline(problems) == [
                "route_configurations[0].virtual_hosts[0].routes[1].route.cluster [unknown-reference]",
                "route_configurations[0].virtual_hosts[0].routes[3].route.weighted_clusters.clusters[1].name "
                    + "[unknown-reference]",
            ])
        #expect(problems.first?.message == "route: unknown cluster 'lost'")
    }

    @Test func anAssignmentMayBeMissingAndMayBeUnused() {
        var cluster = Cluster(name: "c")
        cluster.discovery = .endpointDiscovery(serviceName: "nowhere")
        let configuration = Configuration(clusters: [cluster], assignments: [EndpointAssignment(name: "spare")])
        #expect(Validator.problems(in: configuration).isEmpty)
    }

    @Test func assignmentsAddUpForTheClustersThatUseThem() {
        let endpoints = [UInt32.max, 1].enumerated().map {
            Endpoint(.socket(host: "10.0.0.\($0)", port: 1), weight: $1)
        }
        let localities = endpoints.map { LocalityEndpoints(endpoints: [$0]) }
        var weighing = Cluster(name: "weighing")
        weighing.discovery = .endpointDiscovery(serviceName: "s")
        weighing.loadBalancing = LoadBalancing(policy: LoadBalancing.maglev)
        weighing.loadBalancing.weighsLocalities = true
        var flat = Cluster(name: "flat")
        flat.discovery = .endpointDiscovery(serviceName: "s")
        flat.loadBalancing = LoadBalancing(policy: LoadBalancing.ringHash)
        let assignments = [
            EndpointAssignment(name: "other", localities: localities),
            EndpointAssignment(name: "s", localities: localities),
        ]
        #expect(Validator.problems(in: Configuration(clusters: [weighing], assignments: assignments)).isEmpty)
        #expect(
            outline(Validator.problems(in: Configuration(clusters: [weighing, flat], assignments: assignments)))
                == ["assignments[1].endpoints[1].lb_endpoints [invalid-value]"])
    }

    @Test func manyFaultsAreReportedTogether() {
        var broken = Cluster(
            name: "", endpoints: [LocalityEndpoints(priority: 500, endpoints: [Endpoint(.pipe(path: ""), weight: 0)])])
        broken.connectTimeout = .zero
        var table = table(route { $0.target = .cluster("lost") }, matching(.separatedPrefix("/")))
        table.validatesClusters = true
        table.virtualHosts.append(VirtualHost(name: "", domains: ["*"]))
        let configuration = Configuration(
            listeners: [listener("l", table: "lost")], routeConfigurations: [table], clusters: [broken],
            assignments: [EndpointAssignment(name: "")])
        #expect(
            outline(Validator.problems(in: configuration)) == [
                "route_configurations[0].virtual_hosts[1].domains[0] [duplicate]",
                "route_configurations[0].virtual_hosts[0].routes[1].match.path_separated_prefix [invalid-value]",
                "route_configurations[0].virtual_hosts[1].name [invalid-value]", "clusters[0].name [invalid-value]",
                "clusters[0].connect_timeout [invalid-value]",
                "clusters[0].load_assignment.cluster_name [invalid-value]",
                "clusters[0].load_assignment.endpoints[0].priority [invalid-value]",
                "clusters[0].load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.pipe.path [invalid-value]",
                "clusters[0].load_assignment.endpoints[0].lb_endpoints[0].load_balancing_weight [invalid-value]",
                "assignments[0].cluster_name [invalid-value]",
                "listeners[0].\(manager).rds.route_config_name [unknown-reference]",
                "route_configurations[0].virtual_hosts[0].routes[0].route.cluster [unknown-reference]",
                "route_configurations[0].virtual_hosts[0].routes[1].route.cluster [unknown-reference]",
            ])
        #expect(Validator.problems(in: configuration).allSatisfy { !$0.message.isEmpty })
    }
}
