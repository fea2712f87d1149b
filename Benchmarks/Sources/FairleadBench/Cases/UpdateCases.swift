// Fairlead: updates, from the call until a worker decides by them
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// Updates: `Engine.apply` and the refresh of a worker that sees the result.
func updateCases(_ bench: Bench) {
    for (count, limit) in [(10_000, 50.0), (100_000, 1000.0)] { endpointCases(bench, count, .atMost(limit)) }
    tableCases(bench)
    ringCases(bench)
    largeHostCase(bench)
}

private func endpointCases(_ bench: Bench, _ count: Int, _ intention: Intention) {
    let text = Bulk.text(count)
    lazy var assignment = EndpointAssignment(
        name: "c", localities: [LocalityEndpoints(endpoints: Bulk.endpoints(count))])
    var cluster = Cluster(name: "c")
    cluster.discovery = .endpointDiscovery(serviceName: "c")
    func fixture(_ policy: String = LoadBalancing.roundRobin) -> Fixture {
        cluster.loadBalancing.policy = policy
        let fixture = Fixture([], clusters: [cluster])
        fixture.publish(ConfigurationUpdate([.setAssignment(assignment)]))
        return fixture
    }
    let middle = count / 2
    for (name, policy) in [("round robin", LoadBalancing.roundRobin), ("least request", LoadBalancing.leastRequest)] {
        bench.step("\(name), one of \(text) endpoints is no longer well, or well again", intention) {
            let fixture = fixture(policy)
            return { turn in
                let endpoint = Endpoint(Bulk.address(middle), health: turn % 2 == 0 ? .unhealthy : .healthy)
                fixture.publish(
                    ConfigurationUpdate([.setEndpoint(endpoint, locality: Locality(), priority: 0, assignment: "c")]))
            }
        }
    }
    bench.step(
        "one of \(text) endpoints goes, another comes", intention,
        peers: count == 10_000 ? "copy floor 5 µs" : "copy floor 211 µs"
    ) {
        let fixture = fixture()
        return { turn in
            fixture.publish(
                ConfigurationUpdate([
                    .removeEndpoint(Bulk.address(turn), assignment: "c"),
                    .setEndpoint(
                        Endpoint(Bulk.address(count + turn)), locality: Locality(), priority: 0, assignment: "c"),
                ]))
        }
    }
    bench.step(
        "all of \(text) endpoints again, one address changed",
        peers: count == 10_000 ? "Envoy: 27–42 ms, about 25 of them decoding and checking" : ""
    ) {
        let fixture = fixture()
        let assignment = assignment
        return { turn in
            var changed = assignment
            changed.localities[0].endpoints[middle].address = Bulk.address(count + turn)
            fixture.publish(ConfigurationUpdate([.setAssignment(changed)]))
        }
    }
    bench.step("\(text) endpoints compiled afresh") {
        let fixture = Fixture([], clusters: [cluster])
        return { turn in
            fixture.publish(
                ConfigurationUpdate([
                    .removeCluster("c"), .setCluster(Bulk.cluster("c\(turn % 2)", count)),
                    .removeCluster("c\((turn + 1) % 2)"),
                ]))
        }
    }
}

/// 10,000 virtual hosts of 10 routes each.
private func tableCases(_ bench: Bench) {
    func host(_ number: Int, _ turn: Int = 0) -> VirtualHost {
        VirtualHost(
            name: "h\(number)", domains: ["tenant-\(number).shop.example"],
            routes: Bulk.routes(
                (0..<9).map { RouteMatch(.prefix("/service-\($0)/")) } + [RouteMatch(.prefix("/turn-\(turn)/"))]))
    }
    lazy var hosts = (0..<10_000).map { host($0) }
    lazy var fixture = Fixture(hosts, clusters: [Bulk.cluster("c", 10)])
    let fresh = "10,000 virtual hosts of 10 routes compiled afresh"
    let one = "one route of 10,000 virtual hosts of 10 changes: its virtual host"
    let whole = "one route of 10,000 virtual hosts of 10 changes: the whole table again"
    bench.step(fresh, peers: "APISIX: minutes of CPU at 40,000 routes") {
        let empty = Fixture([], clusters: [Bulk.cluster("c", 10)])
        let hosts = hosts
        return { turn in
            empty.publish(
                ConfigurationUpdate([
                    .removeRouteConfiguration("t\((turn + 1) % 2)"),
                    .setRouteConfiguration(RouteConfiguration(name: "t\(turn % 2)", virtualHosts: hosts)),
                ]))
        }
    }
    bench.step(one) {
        let fixture = fixture
        return { turn in
            fixture.publish(ConfigurationUpdate([.setVirtualHost(host(5000, turn), routeConfiguration: "t")]))
        }
    }
    bench.step(whole) {
        let fixture = fixture
        let hosts = hosts
        return { turn in
            var changed = hosts
            changed[5000] = host(5000, turn)
            fixture.publish(
                ConfigurationUpdate([.setRouteConfiguration(RouteConfiguration(name: "t", virtualHosts: changed))]))
        }
    }
    bench.ratio("afresh ÷ one virtual host", of: fresh, to: one, .atLeast(50))
    bench.ratio("afresh ÷ the whole table again", of: fresh, to: whole)
}

/// A ring of 65,536 entries, a hundred hosts.
private func ringCases(_ bench: Bench) {
    let fresh = "ring of 65,536 entries compiled afresh"
    let drop = "ring of 65,536 entries, one of 100 hosts goes or comes"
    func cluster(_ name: String) -> Cluster {
        Bulk.cluster(name, 100, policy: LoadBalancing.ringHash, [("minimum_ring_size", .unsigned(65_536))])
    }
    bench.step(fresh, peers: "rebuild 4.3 ms") {
        let fixture = Fixture()
        return { turn in
            fixture.publish(
                ConfigurationUpdate([.removeCluster("c\((turn + 1) % 2)"), .setCluster(cluster("c\(turn % 2)"))]))
        }
    }
    bench.step(drop, peers: "Envoy 9–55 ms; merge of sorted runs 0.1–0.3 ms") {
        let fixture = Fixture([], clusters: [cluster("c")])
        return { turn in
            let change: ConfigurationUpdate.Change =
                turn % 2 == 0
                ? .removeEndpoint(Bulk.address(99), assignment: "c")
                : .setEndpoint(Endpoint(Bulk.address(99)), locality: Locality(), priority: 0, assignment: "c")
            fixture.publish(ConfigurationUpdate([change]))
        }
    }
    bench.ratio("afresh ÷ one host", of: fresh, to: drop, .atLeast(10))
}

private func largeHostCase(_ bench: Bench) {
    bench.step("one virtual host of 100,000 routes compiled", peers: "Envoy: 0.76 s for 50,000 routes from YAML") {
        var host = VirtualHost(
            name: "h", domains: ["*"], routes: Bulk.routes(Bulk.paths(100_000).map { RouteMatch(.prefix($0)) }))
        let fixture = Fixture([host])
        return { turn in
            host.routes[50_000].name = "turn \(turn)"
            fixture.publish(ConfigurationUpdate([.setVirtualHost(host, routeConfiguration: "t")]))
        }
    }
}
