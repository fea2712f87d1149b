// Fairlead: everything in one configuration
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

/// One configuration that uses every feature at once, as a busy edge would: what was tested apart has to hold together.
@Suite struct AggregateTests {
    static var api: VirtualHost {
        let retry: (inout ForwardAction) -> Void = {
            var policy = RetryPolicy(on: [.gatewayError, .retriableStatusCodes])
            policy.retries = 2
            policy.retriableStatusCodes = [429]
            policy.avoidsPreviousHosts = true
            policy.hostSelectionAttempts = 50
            policy.perTryTimeout = .seconds(1)
            $0.retryPolicy = policy
            $0.timeout = .seconds(10)
            $0.priority = .high
        }
        var canary = Route.forward(.separatedPrefix("/api"), to: "canary", named: "canary", retry)
        canary.match.headers = [HeaderMatcher("X-Canary", .text(StringMatcher(.exact("yes"), ignoresCase: true)))]
        var search = Route.forward(.prefix("/API/Search"), to: "search", named: "search") {
            $0.pathRewrite = .prefix("/find")
            $0.hashPolicies = [
                HashPolicy(.header("x-user", substitution: nil), isTerminal: true),
                HashPolicy(.cookie(HashPolicy.Cookie(name: "sid", timeToLive: .seconds(60), path: "/"))),
            ]
        }
        search.match.isCaseSensitive = false
        search.match.queryParameters = [QueryParameterMatcher("q", .present(true))]
        let split = Route.forward(.prefix("/api"), named: "split") {
            var blue = WeightedClusters.Entry("blue", weight: 80)
            blue.headerMutations.requestAdditions = [.init("x-color", "blue")]
            var clusters = WeightedClusters([blue, .init("green", weight: 20)])
            clusters.randomValueHeader = "x-dice"
            $0.target = .weighted(clusters)
            $0.hostRewrite = .endpointHostname
        }
        let named = Route.forward(.pattern("/to/[a-z]+"), named: "named") {
            $0.target = .header("x-to")
            $0.pathRewrite = .pattern(PatternSubstitution(pattern: "^/to/([a-z]+)$", substitution: "/\\1"))
        }
        var host = VirtualHost(
            name: "api", domains: ["api.example", "*.api.example"],
            routes: [
                canary, search, split, named, .answer(.exact("/health"), named: "health"),
                .redirect(.prefix("/old")) {
                    $0.scheme = .https
                    $0.path = .prefix("/api")
                    $0.status = .permanentRedirect
                },
            ])
        host.headerMutations.responseAdditions = [.init("x-host", "api")]
        host.includesRequestAttemptCount = true
        return host
    }

    static var configuration: Configuration {
        var secure = VirtualHost(
            name: "secure", domains: ["secure.*"], routes: [.answer(.prefix("/"), named: "secret")])
        secure.tlsRequirement = .all
        var table = RouteConfiguration(
            name: "edge",
            virtualHosts: [
                api, secure, VirtualHost(name: "rest", domains: ["*"], routes: [.forward(to: "blue", named: "rest")]),
            ])
        table.ignoresPortInHostMatching = true
        table.mostSpecificHeaderMutationsWin = true
        table.headerMutations.requestAdditions = [.init("x-table", "edge")]

        var blue = Cluster(
            name: "blue",
            endpoints: [
                LocalityEndpoints(
                    locality: Locality(zone: "a"), weight: 1, endpoints: [.at(1, hostname: "one"), .at(2)]),
                LocalityEndpoints(locality: Locality(zone: "b"), weight: 3, endpoints: [.at(3), .at(4, .unhealthy)]),
                LocalityEndpoints(priority: 1, endpoints: [.at(5)]),
            ])
        blue.loadBalancing.weighsLocalities = true
        var canary = Cluster.of("canary", [.at(10), .at(11), .at(12)], policy: LoadBalancing.leastRequest)
        canary.circuitBreakers.high.retries = 1
        return Configuration(
            listeners: [
                Listener(
                    name: "in", address: .socket(host: "127.0.0.1", port: 8080),
                    connectionManager: ConnectionManager(routeConfiguration: "edge"))
            ], routeConfigurations: [table],
            clusters: [
                blue, canary, .discovered("search", "search-pods"), .fixed("green", 20, policy: LoadBalancing.random),
                .of("maglev", [.at(30), .at(31)], policy: LoadBalancing.maglev),
            ],
            assignments: [.of("search-pods", 40, 41, 42)])
    }

    static func scene() throws -> Scene {
        var configuration = configuration
        configuration.clusters[2].loadBalancing.policy = LoadBalancing.ringHash
        return try Scene(configuration)
    }

    static let decisions: [(String, authority: String, headers: [(String, String)], route: String?, cluster: String?)] =
        [
            ("/api/x", "api.example", [("x-canary", "YES")], "canary", "canary"),
            ("/api/x", "v1.API.example:443", [("x-canary", "no"), ("x-dice", "79")], "split", "blue"),
            ("/api/x", "api.example", [("x-dice", "80")], "split", "green"),
            ("/api/search?q=x", "api.example", [("x-dice", "0")], "search", "search"),
            ("/Api/Search?Q=x", "api.example", [], nil, nil),
            ("/api/search", "api.example", [("x-dice", "0")], "split", "blue"),
            ("/to/maglev", "api.example", [("x-to", "maglev")], "named", "maglev"),
            ("/to/nobody", "api.example", [("x-to", "nobody")], "named", nil),
            ("/to/MAGLEV", "api.example", [], nil, nil),
            ("/health", "api.example", [], "health", nil), ("/old/x", "api.example", [], "redirect", nil),
            ("/anything", "elsewhere.example:1", [], "rest", "blue"), ("/anything", "api.example", [], nil, nil),
        ]

    @Test func everyRequestFindsItsWay() throws {
        let scene = try Self.scene()
        for (path, authority, headers, route, cluster) in Self.decisions {
            let decision = scene.decide(path, at: authority, headers)
            #expect(decision.route == route, "\(path)")
            #expect(decision.cluster == cluster, "\(path)")
        }
        #expect(scene.decide("/old/x?y", at: "api.example:80").location == "https://api.example/api/x?y")
        #expect(scene.decide("/x", at: "secure.me").location == "https://secure.me/x")
        #expect(scene.decide("/api/Search/a?q=1", at: "api.example").path == "/find/a?q=1")
        #expect(scene.decide("/to/maglev", at: "api.example", [("x-to", "green")]).path == "/maglev")
    }

    @Test func hashesStickAndCookiesAreMade() throws {
        let scene = try Self.scene()
        let decide = { (headers: [(String, String)]) in scene.decide("/api/search?q", at: "api.example", headers) }
        #expect(decide([("x-user", "u")]).hash == XXHash64.hash("u"))
        #expect(decide([("x-user", "u")]).cookie == nil)
        #expect(decide([("cookie", "sid=7")]).hash == XXHash64.hash("7"))
        #expect(decide([]).cookie?.hasSuffix("; Max-Age=60; Path=/; HttpOnly") == true)
    }

    @Test func failuresAreRetriedElsewhereWithinThePermits() throws {
        let scene = try Self.scene()
        let request = Request(authority: "api.example", path: "/api", headers: [("x-canary", "yes")])
        var exchange = scene.worker.begin(request.view)
        let route = exchange.route
        #expect(route.perTryTimeout == 1_000_000_000 && route.timeout == 10_000_000_000 && route.priority == 1)
        #expect(route.includesRequestAttemptCount)
        var ports: Set<String> = []
        var attempt = Attempt()
        for status: UInt16 in [503, 429] {
            #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
            ports.insert(attempt.endpoint?.address.string ?? "")
            #expect(scene.worker.report(&attempt, .response(status), &exchange).retries)
        }
        // The only permit is out: another exchange gets none.
        var other = scene.worker.begin(request.view)
        #expect(scene.worker.pick(&other, &attempt) == .endpoint)
        #expect(!scene.worker.report(&attempt, .response(503), &other).retries)
        scene.worker.end(&other)
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        ports.insert(attempt.endpoint?.address.string ?? "")
        #expect(!scene.worker.report(&attempt, .response(503), &exchange).retries)
        scene.worker.end(&exchange)
        #expect(ports.count == 3)
        #expect(scene.engine.clusterStatistics.allSatisfy { $0.activeRetries == [0, 0] })
    }

    @Test func localitiesShareTheLoadByTheirWeights() throws {
        let counts = try Self.scene().counts(3100, of: "blue")
        // 1 for two of two, 2.1 for one of two; the second priority is not needed: 140 per cent of three of four.
        let first = (counts["10.0.0.1:1"] ?? 0) + (counts["10.0.0.1:2"] ?? 0)
        #expect(abs(first - 1000) <= 20)
        #expect(abs((counts["10.0.0.1:3"] ?? 0) - 2100) <= 20)
        #expect(counts.count == 3)
    }

    @Test func mutationsOfAllLevelsAreToldInOrder() throws {
        let scene = try Self.scene()
        let request = Request(authority: "api.example", path: "/api/x", headers: [("x-dice", "0")])
        var exchange = scene.worker.begin(request.view)
        let route = exchange.route
        #expect(route.mutations(0)?.addition(0, toResponse: false).value.string == "blue")
        #expect(route.mutations(1)?.addition(0, toResponse: false).value.string == "edge")
        #expect(route.mutations(2)?.addition(0, toResponse: true).value.string == "api")
        #expect(route.mutations(3) == nil)
        scene.worker.end(&exchange)
    }

    @Test func theSameConfigurationGivesTheSameBytes() throws {
        let engines = try (0..<2).map { _ in try Engine(Self.configuration, options: .scene) }
        #expect(engines[0].blockImages == engines[1].blockImages)
        // And by another road.
        let detour = Engine(options: .scene)
        for assignment in Self.configuration.assignments {
            try detour.apply(ConfigurationUpdate([.setAssignment(assignment)]))
        }
        for cluster in Self.configuration.clusters.reversed() {
            try detour.apply(ConfigurationUpdate([.setCluster(cluster)]))
        }
        for table in Self.configuration.routeConfigurations {
            var empty = table
            empty.virtualHosts = []
            try detour.apply(ConfigurationUpdate([.setRouteConfiguration(empty)]))
            for host in table.virtualHosts {
                try detour.apply(ConfigurationUpdate([.setVirtualHost(host, routeConfiguration: table.name)]))
            }
        }
        #expect(detour.blockImages == engines[0].blockImages)
    }
}
