// Fairlead: tests of updates that are refused
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct ProblemsTests {
    /// What an engine has against `changes`, one line each; it is the same whether it is asked or told.
    static func problems(_ engine: Engine, _ changes: ConfigurationUpdate.Change...) -> [String] {
        let update = ConfigurationUpdate(changes)
        let asked = engine.check(update)
        do {
            try engine.apply(update)
            #expect(!asked.contains { $0.severity == .error })
        } catch {
            #expect(error.problems == asked)
        }
        return asked.map { $0.description }
    }

    static func host(_ name: String = "h", domains: [String] = ["*"], _ routes: [Route] = []) -> VirtualHost {
        VirtualHost(name: name, domains: domains, routes: routes)
    }

    @Test func everyProblemIsToldWithItsPlace() throws {
        var badCluster = Cluster.of("bad", [.at(1, weight: 0)], policy: "nobody's")
        badCluster.connectTimeout = .zero
        var hashed = Cluster.fixed("hashed", 1, policy: LoadBalancing.maglev)
        hashed.loadBalancing.parameters = PolicyParameters([("table_size", .unsigned(10))])
        let table = RouteConfiguration(
            name: "t",
            virtualHosts: [
                Self.host("one", domains: ["a", "A"], [.answer(.pattern("("), named: "p")]),
                Self.host("", domains: []), Self.host("three", domains: ["*", "*"], [.answer(.separatedPrefix("/"))]),
            ])
        let listener = Listener(
            name: "l", address: .socket(host: "not an address", port: 1),
            connectionManager: ConnectionManager(routeConfiguration: "missing"))
        let found = Self.problems(
            Engine(options: .scene), .setCluster(badCluster), .setCluster(hashed), .setRouteConfiguration(table),
            .setListener(listener), .setVirtualHost(Self.host(), routeConfiguration: "nowhere"),
            .setEndpoint(.at(1), locality: Locality(), priority: 0, assignment: "nobody"),
            .setAssignment(EndpointAssignment(name: "s", localities: [LocalityEndpoints(priority: 129)])))
        let places = [
            "route_configurations[\"nowhere\"]: ", "assignments[\"nobody\"]: ",
            "listeners[\"l\"].address.socket_address.address: ",
            "listeners[\"l\"]: there is no route table called 'missing'",
            "route_configurations[\"t\"].virtual_hosts[0].domains[1]: ",
            "route_configurations[\"t\"].virtual_hosts[1].name: ",
            "route_configurations[\"t\"].virtual_hosts[1].domains: ",
            "route_configurations[\"t\"].virtual_hosts[2].domains[1]: ",
            "route_configurations[\"t\"].virtual_hosts[0].routes[0].match.safe_regex.regex: ",
            "route_configurations[\"t\"].virtual_hosts[2].routes[0].match.path_separated_prefix: ",
            "clusters[\"bad\"].connect_timeout: ",
            "clusters[\"bad\"].load_assignment.endpoints[0].lb_endpoints[0].load_balancing_weight: ",
            "clusters[\"bad\"].load_balancing_policy: ", "clusters[\"hashed\"].load_balancing_policy.table_size: ",
            "assignments[\"s\"].endpoints[0].priority: ",
        ]
        for place in places { #expect(found.filter { $0.hasPrefix("error: " + place) }.count == 1, "\(place)") }
        #expect(found.count == places.count)
    }

    @Test func theListDoesNotDependOnTheOrderOfNames() throws {
        let clusters = ["b", "c", "a"].map { ConfigurationUpdate.Change.setCluster(.of($0, [], policy: "nobody's")) }
        let paths = Engine(options: .scene).check(ConfigurationUpdate(clusters)).map { $0.path }
        #expect(paths == ["a", "b", "c"].map { "clusters[\"\($0)\"].load_balancing_policy" })
    }

    @Test func aPolicyThatNobodyRegisteredIsNamed() throws {
        #expect(
            Self.problems(Engine(), .setCluster(.of("c", [], policy: "mine"))) == [
                "error: clusters[\"c\"].load_balancing_policy: no load-balancing policy is registered as 'mine' [unknown-extension]"
            ])
    }

    @Test func withoutAPatternEnginePatternsAreRefused() throws {
        let update = ConfigurationUpdate([.setRouteConfiguration(.of([.answer(.pattern("/a.*"))]))])
        #expect(Engine().check(update).map { $0.message } == ["no pattern engine is registered"])
        #expect(Engine(options: .scene).check(update) == [])
    }

    @Test func whatPatternsSayAgainstSubstitutionsIsTold() throws {
        let route = Route.forward {
            $0.pathRewrite = .pattern(PatternSubstitution(pattern: "(a)", substitution: "\\2"))
        }
        let found = Engine(options: .scene).check(ConfigurationUpdate([.setRouteConfiguration(.of([route]))]))
        #expect(
            found.map { $0.path } == [
                "route_configurations[\"table\"].virtual_hosts[0].routes[0].route.regex_rewrite.substitution"
            ])
    }

    // MARK: Limits

    @Test func sizesAreLimited() throws {
        var options = EngineOptions.scene
        options.maximumEndpointsPerCluster = 3
        options.maximumRoutesPerVirtualHost = 2
        let engine = Engine(options: options)
        let route = Route.answer(.prefix("/"))
        #expect(
            Self.problems(
                engine, .setCluster(.fixed("c", 1, 2, 3, 4)), .setAssignment(.of("s", 1, 2, 3, 4)),
                .setCluster(.fixed("d", 1, 2, 3)),
                .setRouteConfiguration(.of([route, route, route])),
                .setRouteConfiguration(.of([route, route], named: "u"))) == [
                    "error: route_configurations[\"table\"].virtual_hosts[0]: more than 2 routes [limit-exceeded]",
                    "error: clusters[\"c\"]: more than 3 endpoints [limit-exceeded]",
                    "error: assignments[\"s\"]: more than 3 endpoints [limit-exceeded]",
                ])
        // One endpoint too many by an edit.
        #expect(Self.problems(engine, .setCluster(.fixed("d", 1, 2, 3))) == [])
        #expect(
            Self.problems(engine, .setEndpoint(.at(4), locality: Locality(), priority: 0, assignment: "d")).count == 1)
    }

    @Test func compiledSizesAreLimited() throws {
        var options = EngineOptions.scene
        options.maximumBlockBytes = 2000
        let engine = Engine(options: options)
        #expect(Self.told(engine, .setCluster(.fixed("c", 1))) == [])
        let long = String(repeating: "x", count: 3000)
        let table = RouteConfiguration(
            name: "t",
            virtualHosts: [
                Self.host("small", domains: ["a"]), Self.host("large", domains: ["b"], [.answer(.exact("/" + long))]),
            ])
        let found = Self.told(
            engine, .setRouteConfiguration(table), .setCluster(.of("d", (1...99).map { .at($0) })),
            .setCluster(.fixed("c", 2)),
            .setRouteConfiguration(RouteConfiguration(name: "u", virtualHosts: [Self.host(domains: [long])])))
        #expect(
            found == [
                "route_configurations[\"t\"].virtual_hosts[1]", "route_configurations[\"u\"]", "clusters[\"d\"]",
            ])
        // Nothing of it was taken.
        #expect(engine.endpoint(1) != nil && engine.statistics.clusters == 1)
    }

    /// The paths of what speaks against `changes` once they are compiled.
    static func told(_ engine: Engine, _ changes: ConfigurationUpdate.Change...) -> [String] {
        do {
            try engine.apply(ConfigurationUpdate(changes))
            return []
        } catch {
            #expect(error.problems.allSatisfy { $0.code == .limitExceeded })
            return error.problems.map { $0.path }
        }
    }

    @Test func hostNamesAndLocalitiesAreLimited() throws {
        let engine = Engine()
        let longest = String(repeating: "h", count: 65_535)
        #expect(Self.problems(engine, .setCluster(.of("c", [.at(1, hostname: longest)]))) == [])
        #expect(
            Self.problems(engine, .setCluster(.of("c", [.at(1, hostname: longest + "h")]))) == [
                "error: clusters[\"c\"].load_assignment.endpoints[0].lb_endpoints[0].endpoint.hostname: "
                    + "65536 bytes; at most 65535 are allowed [limit-exceeded]"
            ])
        let localities = (0...65_536).map { LocalityEndpoints(locality: Locality(zone: "\($0)")) }
        #expect(
            Self.problems(engine, .setCluster(Cluster(name: "d", endpoints: localities))) == [
                "error: clusters[\"d\"]: more than 65536 localities [limit-exceeded]"
            ])
        #expect(Self.problems(engine, .setCluster(Cluster(name: "d", endpoints: Array(localities.dropLast())))) == [])
    }

    // MARK: References

    @Test func routesToUnknownClustersAreRefusedWhereTheTableSaysSo() throws {
        let weighted = Route.forward {
            $0.target = .weighted(WeightedClusters([.init("x", weight: 1), .init("c", weight: 1)]))
        }
        var table = RouteConfiguration.of([
            .forward(to: "c"), .forward(to: "y"), weighted, .forward { $0.target = .header("h") },
        ])
        let engine = try Engine(Configuration(clusters: [.fixed("c", 1)]), options: .scene)
        #expect(Self.problems(engine, .setRouteConfiguration(table)) == [])
        table.validatesClusters = false
        #expect(Self.problems(engine, .setRouteConfiguration(table)) == [])
        table.validatesClusters = true
        let place = "error: route_configurations[\"table\"].virtual_hosts[0].routes"
        #expect(
            Self.problems(engine, .setRouteConfiguration(table)) == [
                place + "[1].route.cluster: route: unknown cluster 'y' [unknown-reference]",
                place + "[2].route.weighted_clusters.clusters[0].name: route: unknown cluster 'x' [unknown-reference]",
            ])
        // A cluster that comes in the same step is known, and one that goes is not.
        #expect(
            Self.problems(
                engine, .setRouteConfiguration(table), .setCluster(.fixed("x", 1)), .setCluster(.fixed("y", 1))) == [])
        table.name = "other"
        #expect(Self.problems(engine, .setRouteConfiguration(table), .removeCluster("c")).count == 2)
    }

    @Test func aListenerNeedsItsTable() throws {
        let listener = Listener(
            name: "l", address: .socket(host: "127.0.0.1", port: 80),
            connectionManager: ConnectionManager(routeConfiguration: "t"))
        let engine = Engine()
        #expect(Self.problems(engine, .setListener(listener)).count == 1)
        #expect(Self.problems(engine, .setListener(listener), .setRouteConfiguration(.of([], named: "t"))) == [])
        #expect(Self.problems(engine, .removeRouteConfiguration("t"), .setListener(listener)).count == 1)
    }

    @Test func anAssignmentIsJudgedByThoseWhoUseIt() throws {
        var cluster = Cluster.discovered("c", "s")
        cluster.loadBalancing.policy = LoadBalancing.ringHash
        let engine = try Engine(Configuration(clusters: [cluster, .discovered("d", "s")]), options: .scene)
        let heavy = EndpointAssignment(
            name: "s", localities: [LocalityEndpoints(endpoints: [.at(1, weight: .max), .at(2, weight: .max)])])
        let found = Self.problems(engine, .setAssignment(heavy))
        #expect(found.count == 1)
        #expect(
            found.first?.contains("The sum of weights of all upstream hosts in a locality exceeds 4294967295") == true)
        // Spread over priorities the weights fit.
        let spread = EndpointAssignment(
            name: "s",
            localities: [
                LocalityEndpoints(endpoints: [.at(1, weight: .max)]),
                LocalityEndpoints(priority: 1, endpoints: [.at(2, weight: .max)]),
            ])
        #expect(Self.problems(engine, .setAssignment(spread)) == [])
    }

    // MARK: Untouched

    @Test func aRefusedUpdateLeavesEverythingAsItWas() throws {
        let scene = try Scene(routes: [.forward()], clusters: [.fixed("c", 1, 2)])
        _ = scene.picks(4)
        let (configuration, images, blocks) = (
            scene.engine.configuration, scene.engine.blockImages, scene.engine.blocks
        )
        let statistics = scene.engine.statistics
        let slots = scene.engine.slots("c")
        let good: [ConfigurationUpdate.Change] = [
            .setCluster(.fixed("new", 1)), .removeCluster("c"), .setRouteConfiguration(.of([], named: "new")),
            .removeEverything,
        ]
        for change in good {
            #expect(!Self.problems(scene.engine, change, .setCluster(.of("bad", [], policy: "nobody's"))).isEmpty)
        }
        #expect(scene.engine.configuration == configuration)
        #expect(scene.engine.blockImages == images)
        #expect(scene.engine.blocks == blocks)
        #expect(scene.engine.statistics == statistics)
        #expect(scene.engine.slots("c") == slots)
        #expect(!scene.worker.refresh())
        #expect(scene.decide("/").cluster == "c")
    }

    @Test func checkingChangesNothing() throws {
        let scene = try Scene(routes: [.forward()])
        let (configuration, statistics) = (scene.engine.configuration, scene.engine.statistics)
        let blocks = scene.engine.blocks
        for changes: [ConfigurationUpdate.Change] in [
            [.removeEverything], [.setCluster(.fixed("new", 1))], [.setRouteConfiguration(.of([]))],
            [.removeCluster("c")],
            [.setVirtualHost(Self.host(domains: ["x"]), routeConfiguration: "table")],
        ] {
            #expect(scene.engine.check(ConfigurationUpdate(changes)) == [])
        }
        #expect(scene.engine.configuration == configuration)
        #expect(scene.engine.statistics == statistics)
        #expect(scene.engine.blocks == blocks)
        #expect(!scene.worker.refresh())
    }

    @Test func warningsDoNotRefuseAnUpdate() throws {
        var cluster = Cluster.fixed("c", 1)
        cluster.loadBalancing.parameters = PolicyParameters([("no_such_field", .bool(true))])
        let engine = Engine()
        let found = Self.problems(engine, .setCluster(cluster))
        #expect(found.count == 1 && found.first?.hasPrefix("warning: ") == true)
        #expect(engine.statistics.clusters == 1)
    }

    @Test func aNewEngineTellsEverythingToo() throws {
        let configuration = Configuration(clusters: [.of("a", [], policy: "x"), .of("b", [], policy: "y")])
        do {
            _ = try Engine(configuration)
            Issue.record("it was taken")
        } catch {
            #expect(error.problems.count == 2)
        }
        #expect(
            Engine.problems(in: configuration, options: EngineOptions()).map { $0.path } == [
                "clusters[0].load_balancing_policy", "clusters[1].load_balancing_policy",
            ])
    }
}
