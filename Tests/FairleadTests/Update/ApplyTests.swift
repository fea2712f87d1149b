// Fairlead: tests of updates as one step
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct ApplyTests {
    static func update(_ changes: ConfigurationUpdate.Change...) -> ConfigurationUpdate { ConfigurationUpdate(changes) }

    @Test func anEngineWithoutConfigurationServesNothing() throws {
        let engine = Engine()
        let worker = try engine.makeWorker()
        let request = Request(authority: "a", path: "/")
        var exchange = worker.begin(request.view)
        #expect(exchange.disposition == .noRoute)
        worker.end(&exchange)
        #expect(engine.configuration == Configuration())
        #expect(engine.statistics.generation == 1)
    }

    @Test func severalResourcesAreOneStepAndOnePublication() throws {
        let engine = Engine(options: .scene)
        let worker = try engine.makeWorker()
        let generation = try engine.apply(
            Self.update(
                .setCluster(.fixed("c", 1)), .setCluster(.discovered("d", "s")), .setAssignment(.of("s", 2)),
                .setRouteConfiguration(.of([.forward(.exact("/c"), to: "c"), .forward(.exact("/d"), to: "d")])),
                .setListener(
                    Listener(
                        name: "l", address: .socket(host: "127.0.0.1", port: 80),
                        connectionManager: ConnectionManager(routeConfiguration: "table")))))
        #expect(generation == 2)
        // Until it looks, the worker sees nothing of it; then it sees everything.
        #expect(worker.generation == 1)
        #expect(worker.refresh())
        #expect(worker.generation == 2)
        #expect(!worker.refresh())
        let statistics = engine.statistics
        #expect(statistics.clusters == 2 && statistics.routeTables == 1 && statistics.virtualHosts == 1)
        #expect(statistics.liveSnapshots == 1)
    }

    @Test func changesActInTheirOrder() throws {
        let engine = Engine(options: .scene)
        try engine.apply(
            Self.update(
                .setCluster(.fixed("a", 1)), .removeCluster("a"), .setCluster(.fixed("b", 1)),
                .setCluster(.fixed("b", 2, 3)),
                .removeCluster("c"), .setCluster(.fixed("c", 4))))
        #expect(engine.configuration.clusters.map { $0.name } == ["b", "c"])
        #expect(engine.endpoint(2, of: "b") != nil && engine.endpoint(1, of: "b") == nil)
    }

    @Test func nothingIsPublishedWhenNothingChanges() throws {
        let scene = try Scene(routes: [.forward()])
        let before = scene.engine.blocks
        let generation = scene.engine.statistics.generation
        for update in [
            ConfigurationUpdate(), ConfigurationUpdate(replacingEverythingWith: scene.engine.configuration),
            Self.update(.setCluster(.fixed("c", 1))), Self.update(.setRouteConfiguration(.of([.forward()]))),
            Self.update(
                .removeCluster("x"), .removeRouteConfiguration("x"), .removeListener("x"), .removeAssignment("x")),
            Self.update(.removeCluster("c"), .setCluster(.fixed("c", 1))),
            Self.update(.removeEverything, .setCluster(.fixed("c", 1)), .setRouteConfiguration(.of([.forward()]))),
        ] {
            #expect(try scene.engine.apply(update) == generation)
            #expect(scene.engine.newBlocks(since: before) == [])
        }
        #expect(!scene.worker.refresh())
    }

    @Test func theConfigurationIsToldAsItStands() throws {
        let listener = Listener(
            name: "l", address: .socket(host: "127.0.0.1", port: 80),
            connectionManager: ConnectionManager(routeConfiguration: "table"))
        let configuration = Configuration(
            listeners: [listener], routeConfigurations: [.of([.forward()]), .of([], named: "other")],
            clusters: [.fixed("z", 1), .discovered("a", "s")], assignments: [.of("t", 3), .of("s", 2)])
        let engine = try Engine(configuration, options: .scene)
        var sorted = configuration
        sorted.routeConfigurations.reverse()
        sorted.clusters.reverse()
        sorted.assignments.reverse()
        #expect(engine.configuration == sorted)
        try engine.apply(Self.update(.removeEverything))
        #expect(engine.configuration == Configuration())
        #expect(engine.statistics.blocks == 1)
    }

    @Test func everythingCanBeReplaced() throws {
        let scene = try Scene(routes: [.forward()], clusters: [.fixed("c", 1), .fixed("old", 9)])
        try scene.engine.apply(
            ConfigurationUpdate(
                replacingEverythingWith: Configuration(
                    routeConfigurations: [.of([.forward(to: "new")])], clusters: [.fixed("new", 2)])))
        scene.worker.refresh()
        #expect(scene.decide("/").cluster == "new")
        #expect(scene.picks(1, of: "c") == ["-"])
        #expect(scene.engine.configuration.clusters.map { $0.name } == ["new"])
    }

    // MARK: Route tables

    @Test func aTablesIDStaysWithItsName() throws {
        let scene = try Scene(
            Configuration(routeConfigurations: [
                .of([.answer(.prefix(""), named: "b")], named: "b"), .of([], named: "a"),
            ]))
        #expect(scene.engine.routeTableID("a") == 0)
        #expect(scene.engine.routeTableID("b") == 1)
        #expect(scene.engine.routeTableID("c") == nil)
        try scene.engine.apply(Self.update(.removeRouteConfiguration("a")))
        try scene.engine.apply(Self.update(.setRouteConfiguration(.of([.answer(.prefix(""), named: "c")], named: "c"))))
        #expect(scene.engine.routeTableID("a") == 0)
        #expect(scene.engine.routeTableID("c") == 2)
        scene.worker.refresh()
        let request = Request(authority: "a", path: "/")
        #expect((0..<3).map { scene.decide(request, routeTable: $0).route } == [nil, "b", "c"])
        try scene.engine.apply(Self.update(.setRouteConfiguration(.of([.answer(.prefix(""), named: "a")], named: "a"))))
        scene.worker.refresh()
        #expect((0..<3).map { scene.decide(request, routeTable: $0).route } == ["a", "b", "c"])
    }

    @Test func singleVirtualHostsAreAddedReplacedAndRemoved() throws {
        func host(_ name: String, _ route: String) -> VirtualHost {
            VirtualHost(name: name, domains: ["\(name).example"], routes: [.answer(.prefix(""), named: route)])
        }
        let scene = try Scene(RouteConfiguration(name: "t", virtualHosts: [host("a", "1"), host("b", "2")]))
        let routes = {
            scene.worker.refresh()
            return ["a", "b", "c"].map { scene.decide("/", at: "\($0).example").route }
        }
        try scene.engine.apply(Self.update(.setVirtualHost(host("c", "3"), routeConfiguration: "t")))
        #expect(routes() == ["1", "2", "3"])
        try scene.engine.apply(Self.update(.setVirtualHost(host("a", "4"), routeConfiguration: "t")))
        #expect(routes() == ["4", "2", "3"])
        try scene.engine.apply(Self.update(.removeVirtualHost("b", routeConfiguration: "t")))
        #expect(routes() == ["4", nil, "3"])
        // One that is not there can be removed again.
        try scene.engine.apply(Self.update(.removeVirtualHost("b", routeConfiguration: "t")))
        #expect(scene.engine.configuration.routeConfigurations[0].virtualHosts.map { $0.name } == ["a", "c"])
    }

    @Test func severalChangesToOneTableAddUp() throws {
        let engine = Engine(options: .scene)
        try engine.apply(
            Self.update(
                .setRouteConfiguration(RouteConfiguration(name: "t")),
                .setVirtualHost(VirtualHost(name: "a", domains: ["a"]), routeConfiguration: "t"),
                .setVirtualHost(VirtualHost(name: "b", domains: ["b"]), routeConfiguration: "t"),
                .removeVirtualHost("a", routeConfiguration: "t"),
                .setVirtualHost(VirtualHost(name: "b", domains: ["c"]), routeConfiguration: "t")))
        let hosts = engine.configuration.routeConfigurations[0].virtualHosts
        #expect(hosts.map { $0.domains } == [["c"]])
        #expect(engine.statistics.generation == 2)
    }

    @Test func ofSeveralHostsOfOneNameTheFirstIsReplacedAndAllAreRemoved() throws {
        let hosts = ["a", "b", "c"].map { VirtualHost(name: $0 == "b" ? "b" : "same", domains: [$0]) }
        let engine = try Engine(
            Configuration(routeConfigurations: [RouteConfiguration(name: "t", virtualHosts: hosts)]))
        let domains = { engine.configuration.routeConfigurations[0].virtualHosts.map { $0.domains } }
        try engine.apply(
            Self.update(.setVirtualHost(VirtualHost(name: "same", domains: ["x"]), routeConfiguration: "t")))
        #expect(domains() == [["x"], ["b"], ["c"]])
        try engine.apply(
            Self.update(
                .removeVirtualHost("same", routeConfiguration: "t"),
                .setVirtualHost(VirtualHost(name: "same", domains: ["y"]), routeConfiguration: "t"),
                .setVirtualHost(VirtualHost(name: "same", domains: ["z"]), routeConfiguration: "t")))
        #expect(domains() == [["b"], ["z"]])
    }

    @Test func thousandsOfSingleChangesAreOneStep() throws {
        let engine = try Engine(
            Configuration(routeConfigurations: [RouteConfiguration(name: "t")], clusters: [.fixed("c")]),
            options: .scene)
        let changes = (0..<3000).flatMap { number -> [ConfigurationUpdate.Change] in
            let host = VirtualHost(name: "h\(number % 2000)", domains: ["\(number).example"])
            let endpoint = Endpoint.at(UInt16(number % 2000 + 1), weight: UInt32(number + 1))
            return [
                .setVirtualHost(host, routeConfiguration: "t"),
                .setEndpoint(endpoint, locality: Locality(), priority: 0, assignment: "c"),
            ]
        }
        #expect(try engine.apply(ConfigurationUpdate(changes)) == 3)
        let hosts = engine.configuration.routeConfigurations[0].virtualHosts
        #expect(hosts.count == 2000)
        #expect(hosts[0].domains == ["2000.example"] && hosts[1999].domains == ["1999.example"])
        #expect(engine.endpoint(1)?.weight == 2001 && engine.endpoint(2000)?.weight == 2000)
    }

    // MARK: Endpoints

    @Test func singleEndpointsAreAddedReplacedMovedAndRemoved() throws {
        let scene = try Scene(Configuration(clusters: [.fixed("c", 1, 2)]))
        let zone = Locality(zone: "z")
        func endpoints() -> [[UInt16]] {
            scene.engine.configuration.clusters[0].assignment.localities.map { group in
                group.endpoints.map { if case .socket(_, let port) = $0.address { port } else { 0 } }
            }
        }
        try scene.engine.apply(Self.update(.setEndpoint(.at(3), locality: Locality(), priority: 0, assignment: "c")))
        #expect(endpoints() == [[1, 2, 3]])
        try scene.engine.apply(
            Self.update(.setEndpoint(.at(2, weight: 9), locality: Locality(), priority: 0, assignment: "c")))
        #expect(endpoints() == [[1, 2, 3]])
        #expect(scene.engine.endpoint(2)?.weight == 9)
        try scene.engine.apply(Self.update(.setEndpoint(.at(1), locality: zone, priority: 1, assignment: "c")))
        #expect(endpoints() == [[2, 3], [1]])
        #expect(scene.engine.endpoint(1)?.priority == 1)
        try scene.engine.apply(Self.update(.removeEndpoint(.socket(host: "10.0.0.1", port: 2), assignment: "c")))
        #expect(endpoints() == [[3], [1]])
        // One that is not there can be removed.
        let generation = scene.engine.statistics.generation
        #expect(
            try scene.engine.apply(Self.update(.removeEndpoint(.socket(host: "10.9.9.9", port: 2), assignment: "c")))
                == generation)
        scene.worker.refresh()
        #expect(scene.picks(2) == ["10.0.0.1:3", "10.0.0.1:3"])
    }

    @Test func endpointsOfADiscoveredClusterComeFromItsAssignment() throws {
        let scene = try Scene(
            Configuration(clusters: [.discovered("c", "s"), .discovered("d", "s"), .discovered("e", "t")]))
        #expect(scene.picks(1) == ["-"])
        // The assignment may come later, and serves everyone who asks for it.
        try scene.engine.apply(Self.update(.setAssignment(.of("s", 1))))
        scene.worker.refresh()
        #expect(
            [scene.picks(1), scene.picks(1, of: "d"), scene.picks(1, of: "e")] == [
                ["10.0.0.1:1"], ["10.0.0.1:1"], ["-"],
            ])
        try scene.engine.apply(Self.update(.setEndpoint(.at(2), locality: Locality(), priority: 0, assignment: "s")))
        scene.worker.refresh()
        #expect(Set(scene.picks(2)) == ["10.0.0.1:1", "10.0.0.1:2"])
        try scene.engine.apply(Self.update(.removeAssignment("s")))
        scene.worker.refresh()
        #expect([scene.picks(1), scene.picks(1, of: "d")] == [["-"], ["-"]])
        // An assignment that nobody asks for does no harm.
        try scene.engine.apply(Self.update(.setAssignment(.of("nobody", 1))))
        #expect(scene.engine.configuration.assignments.map { $0.name } == ["nobody"])
    }

    @Test func aClusterCanChangeWhereItsEndpointsComeFrom() throws {
        let scene = try Scene(Configuration(clusters: [.fixed("c", 1)], assignments: [.of("s", 2)]))
        #expect(scene.picks(1) == ["10.0.0.1:1"])
        try scene.engine.apply(Self.update(.setCluster(.discovered("c", "s"))))
        scene.worker.refresh()
        #expect(scene.picks(1) == ["10.0.0.1:2"])
        try scene.engine.apply(Self.update(.setCluster(.fixed("c", 3)), .removeAssignment("s")))
        scene.worker.refresh()
        #expect(scene.picks(1) == ["10.0.0.1:3"])
    }
}
