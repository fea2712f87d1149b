// Fairlead: tests of why a request goes where it goes
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct ExplainTests {
    static func told(
        _ scene: Scene, _ path: String, at authority: String = "a.example", _ headers: [(String, String)] = []
    )
        -> Explanation
    {
        scene.worker.explain(Request(authority: authority, path: path, headers: headers).view)
    }

    // MARK: Domains

    @Test func theDomainsThatLostAreToldInTheirOrder() throws {
        let scene = try Scene(
            .domains([["*"], ["*.com"], ["www.*"], ["*.foo.com"], ["www.foo.com"], ["other.com"], ["www.f*"]]))
        let choice = try #require(Self.told(scene, "/", at: "WWW.foo.com").virtualHost)
        #expect(choice.domain?.text == "www.foo.com")
        #expect(choice.domain?.kind == .exact)
        #expect(choice.host == "WWW.foo.com")
        #expect(choice.beaten.map { $0.text } == ["*.foo.com", "*.com", "www.f*", "www.*", "*"])
        #expect(choice.beaten.map { $0.virtualHost } == ["*.foo.com", "*.com", "www.f*", "www.*", "*"])
    }

    @Test func wildcardsOfOneVirtualHostAreToldApart() throws {
        let scene = try Scene(.domains([["*.com", "*.b.com", "*.a.b.com", "*.c.com"]]))
        let choice = try #require(Self.told(scene, "/", at: "x.a.b.com").virtualHost)
        #expect(choice.domain?.text == "*.a.b.com")
        #expect(choice.beaten.map { $0.text } == ["*.b.com", "*.com"])
    }

    @Test func aWildcardIsForOneByteAtLeast() throws {
        let scene = try Scene(.domains([["*.com"], ["a*"]]))
        #expect(Self.told(scene, "/", at: ".com").virtualHost?.domain == nil)
        #expect(Self.told(scene, "/", at: "a").virtualHost?.domain == nil)
        #expect(Self.told(scene, "/", at: ".com").action.disposition == .noRoute)
    }

    @Test func theHostIsToldAsItIsLookedUp() throws {
        var table = RouteConfiguration.domains([["a.com"]])
        table.ignoresPortInHostMatching = true
        let scene = try Scene(table)
        let choice = try #require(Self.told(scene, "/", at: "A.com:80").virtualHost)
        #expect(choice.host == "A.com")
        #expect(choice.domain?.text == "a.com")
    }

    @Test func withoutAnAuthorityNothingIsLookedAt() throws {
        let scene = try Scene(.domains([["*"]]))
        let told = scene.worker.explain(Request(authority: nil, path: "/").view)
        #expect(told.action.disposition == .badRequest)
        #expect(told.virtualHost == nil)
        #expect(told.route == nil)
    }

    @Test func aDemandForTLSIsTold() throws {
        var table = RouteConfiguration.of([.answer(.prefix("/"), named: "any")])
        table.virtualHosts[0].tlsRequirement = .all
        let scene = try Scene(table)
        let told = Self.told(scene, "/")
        #expect(told.virtualHost?.tlsDemand == .redirects)
        #expect(told.action.location == "https://a.example/")
        #expect(told.route == nil)
        let nameless = Request(authority: "a", path: "/")
        nameless.set(scheme: "")
        let unknown = scene.worker.explain(nameless.view)
        #expect(unknown.virtualHost?.tlsDemand == .schemeIsUnknown)
        #expect(unknown.agreesWithIndex)
    }

    // MARK: Routes

    @Test func eachEarlierRouteHasItsFirstReason() throws {
        let scene = try Scene(routes: [
            .answer(.exact("/x"), named: "path"),
            .answer(.prefix("/"), named: "header") {
                $0.headers = [HeaderMatcher("X-User", .text(StringMatcher(.exact("ada"))))]
            },
            .answer(.prefix("/"), named: "method") {
                $0.headers = [HeaderMatcher(":method", .text(StringMatcher(.pattern("POST|PUT"))))]
            },
            .answer(.prefix("/"), named: "query") { $0.queryParameters = [QueryParameterMatcher("k", .present(true))] },
            .answer(.prefix("/"), named: "share") { $0.fraction = RuntimeFraction(Fraction(0)) },
            .answer(.prefix("/"), named: "grpc") { $0.matchesGRPCOnly = true },
            .answer(.connect, named: "connect"),
            .answer(.prefix("/a"), named: "taken"),
            .answer(.prefix("/"), named: "later"),
        ])
        let told = Self.told(scene, "/a?q=1", [("x-user", "bob"), ("X-User", "eve")])
        let choice = try #require(told.route)
        #expect(choice.taken?.name == "taken")
        #expect(choice.taken?.ordinal == 7)
        #expect(choice.path == "/a")
        #expect(choice.earlierCount == 7)
        let reasons = choice.earlier.map { $0.reason }
        #expect(
            reasons.map { $0.subject } == [
                "path", "header", "method", "query parameter", "fraction", "content type", "method",
            ])
        #expect(reasons[0].wanted == #"path "/x""#)
        #expect(reasons[0].found == ["/a"])
        #expect(reasons[1].name == "x-user")
        #expect(reasons[1].wanted == #"equals "ada""#)
        #expect(reasons[1].found == ["bob", "eve"])
        #expect(reasons[2].wanted == #"matches the pattern "POST|PUT""#)
        #expect(reasons[3].name == "k")
        #expect(reasons[3].found == [])
        #expect(reasons[4].wanted == "below 0 of 100")
        #expect(told.agreesWithIndex)
    }

    @Test func aShortListPrefersRoutesThatNearlyMatched() throws {
        var routes = (0..<50).map { Route.answer(.prefix("/no\($0)"), named: "far\($0)") }
        routes[30] = .answer(.prefix("/a"), named: "near") { $0.headers = [HeaderMatcher("x", .present(true))] }
        let scene = try Scene(routes: routes)
        let choice = try #require(
            scene.worker.explain(Request(authority: "a", path: "/a").view, maximumRoutes: 3).route)
        #expect(choice.taken == nil)
        #expect(choice.earlierCount == 50)
        #expect(choice.earlier.map { $0.route.name } == ["far0", "far1", "near"])
        let none = scene.worker.explain(Request(authority: "a", path: "/a").view, maximumRoutes: -1)
        #expect(none.route?.earlier.isEmpty == true)
        #expect(none.route?.earlierCount == 50)
    }

    @Test func anyBytesAreExplained() throws {
        let scene = try Scene(routes: [.answer(.exact("/é"), named: "e"), .answer(.pattern("/.*"), named: "p")])
        let request = Request()
        request.set(method: "GET")
        request.set(authority: [0xff, 0x00])
        request.set(path: [0x2f, 0xff, 0xfe])
        request.addHeader([0xc3], [0x28])
        let told = scene.worker.explain(request.view)
        #expect(told.agreesWithIndex)
        #expect(told.json.hasPrefix("{"))
        #expect(!told.text.isEmpty)
    }

    // MARK: Clusters and endpoints

    @Test func aHeaderThatNamesTheClusterIsTold() throws {
        var forward = ForwardAction(to: .header("X-Cluster"))
        forward.clusterNotFound = .notFound
        let route = Route(match: RouteMatch(.prefix("/")), action: .forward(forward))
        let scene = try Scene(routes: [route])
        let found = try #require(Self.told(scene, "/", [("x-cluster", "c")]).cluster)
        #expect(found.name == "c" && found.exists)
        let missing = Self.told(scene, "/", [("x-cluster", "nobody")])
        #expect(missing.cluster?.name == "nobody")
        #expect(missing.cluster?.exists == false)
        #expect(missing.action.status == 404)
        #expect(missing.pick?.result == .clusterNotFound)
        guard case .header(let name, nil)? = Self.told(scene, "/").cluster?.method else {
            Issue.record("not told")
            return
        }
        #expect(name == "x-cluster")
    }

    @Test func aMissingClusterHasItsName() throws {
        let scene = try Scene(routes: [.forward(to: "nobody")])
        let cluster = try #require(Self.told(scene, "/").cluster)
        #expect(cluster.name == "nobody")
        #expect(!cluster.exists)
        #expect(cluster.notFoundStatus == 503)
    }

    @Test func theDrawAmongWeightsIsTold() throws {
        var weighted = WeightedClusters([
            .init("c", weight: 30), .init("gone", weight: 0), .init("", weight: 70, header: "x-to"),
        ])
        weighted.randomValueHeader = "x-point"
        let action = ForwardAction(to: .weighted(weighted))
        let scene = try Scene(routes: [Route(match: RouteMatch(.prefix("/")), action: .forward(action))])
        func draw(_ headers: [(String, String)]) throws -> Explanation.WeightedDraw {
            let told = try #require(Self.told(scene, "/", headers).cluster)
            guard case .weighted(let draw) = told.method else { throw CancellationError() }
            return draw
        }
        let first = try draw([("x-point", "129")])
        #expect(first.number == 129)
        #expect(first.point == 29)
        #expect(first.chosen == 0)
        #expect(first.shares.map { $0.cluster } == ["c", "gone", "x-to"])
        #expect(first.shares.map { $0.end } == [30, 30, 100])
        let last = try draw([("x-point", "30"), ("x-to", "c")])
        #expect(last.chosen == 2)
        guard case .chance = try draw([]).source else {
            Issue.record("not by chance")
            return
        }
        #expect(Self.told(scene, "/", [("x-point", "99"), ("x-to", "c")]).cluster?.name == "c")
    }

    @Test func prioritiesAndPanicAreTold() throws {
        var cluster = Cluster(
            name: "c",
            endpoints: [
                LocalityEndpoints(
                    locality: Locality(region: "r", zone: "z"), priority: 0, endpoints: [.at(1), .at(2, .unhealthy)]),
                LocalityEndpoints(priority: 1, endpoints: [.at(3, hostname: "three")]),
            ])
        cluster.loadBalancing.panicThreshold = 0
        let scene = try Scene(routes: [.forward()], clusters: [cluster])
        let pick = try #require(Self.told(scene, "/").pick)
        #expect(pick.targets.map { $0.share } == [70, 30])
        #expect(pick.targets.map { $0.priority } == [0, 1])
        let point = try #require(pick.point)
        #expect((1...100).contains(point))
        #expect(pick.chosen == (point <= 70 ? 0 : 1))
        #expect(pick.endpoint?.address == (point <= 70 ? "10.0.0.1:1" : "10.0.0.1:3"))
        #expect(pick.hostCount == 1)
        let sick = try Scene(routes: [.forward()], clusters: [.of("c", [.at(1, .unhealthy), .at(2, .timeout)])])
        let panic = try #require(Self.told(sick, "/").pick)
        #expect(panic.targets.map { $0.isPanic } == [true])
        #expect(panic.endpoint?.health == .unhealthy || panic.endpoint?.health == .timeout)
    }

    @Test func anEmptyClusterHasNoEndpointToTell() throws {
        let scene = try Scene(routes: [.forward()], clusters: [Cluster(name: "c")])
        let pick = try #require(Self.told(scene, "/").pick)
        #expect(pick.result == .noEndpoint)
        #expect(pick.endpoint == nil)
    }

    @Test func droppedRequestsAreTold() throws {
        var cluster = Cluster.fixed("c", 1)
        cluster.assignment.dropOverload = .init(category: "all", fraction: Fraction(100))
        let scene = try Scene(routes: [.forward()], clusters: [cluster])
        let pick = try #require(Self.told(scene, "/").pick)
        #expect(pick.result == .dropped)
        #expect(pick.drop?.numerator == 100)
    }

    // MARK: No trace

    @Test func askingChangesNothing() throws {
        let scene = try Scene(routes: [.forward()], clusters: [.fixed("c", 1, 2, 3)])
        let request = Request(authority: "a", path: "/")
        for _ in 0..<10 {
            let told = (0..<3).map { _ in scene.worker.explain(request.view).pick?.endpoint?.address }
            var exchange = scene.worker.begin(request.view)
            let picked = scene.pickOnce(&exchange, .response(200))
            scene.worker.end(&exchange)
            #expect(told == [picked, picked, picked])
        }
        #expect(scene.worker.count(.exchanges) == 10)
        #expect(scene.worker.count(.picks) == 10)
        #expect(scene.worker.openExchanges == 0)
        #expect(scene.engine.clusterStatistics.first?.endpoints.map { $0.activeRequests } == [0, 0, 0])
    }

    @Test func anUnknownTableIsTold() throws {
        let scene = try Scene(routes: [.forward()])
        let told = scene.worker.explain(Request(authority: "a", path: "/").view, routeTable: 7)
        #expect(told.routeTable == nil)
        #expect(told.action.status == 404)
        #expect(scene.worker.explain(Request(authority: "a", path: "/").view, routeTable: -1).routeTable == nil)
    }
}
