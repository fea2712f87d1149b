// Fairlead: tests of the way from request to route
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct BeginTests {
    static func host(_ requirement: VirtualHost.TLSRequirement) -> RouteConfiguration {
        var host = VirtualHost(name: "h", domains: ["*"], routes: [.answer(.prefix("/a"), named: "a")])
        host.tlsRequirement = requirement
        return RouteConfiguration(name: "t", virtualHosts: [host])
    }

    // MARK: TLS

    @Test func aHostThatDemandsTLSRedirectsEverythingElse() throws {
        let scene = try Scene(Self.host(.all))
        let request = Request(scheme: "http", authority: "H.example:80", path: "/a?b=c")
        let decision = scene.decide(request)
        #expect(decision.disposition == .tlsRedirect)
        #expect(decision.status == 301)
        #expect(decision.virtualHost == "h")
        #expect(decision.route == nil)
        // The host stays as it was received, and so do port, path and query.
        #expect(decision.location == "https://H.example:80/a?b=c")
        // Even where no route would match.
        #expect(scene.decide("/nowhere").disposition == .tlsRedirect)
    }

    @Test func requestsOverTLSAreRouted() throws {
        let scene = try Scene(Self.host(.all))
        #expect(scene.decide(Request(scheme: "https", authority: "h", path: "/a")).route == "a")
        #expect(scene.decide(Request(scheme: "https", authority: "h", path: "/b")).disposition == .noRoute)
    }

    @Test func theForwardedSchemeCountsBeforeTheConnections() throws {
        let scene = try Scene(Self.host(.all))
        let forwarded = { (proto: String, scheme: String) in
            scene.decide(
                Request(scheme: scheme, authority: "h", path: "/a", headers: [("X-Forwarded-Proto", proto)])
            ).disposition
        }
        #expect(forwarded("https", "http") == .directResponse)
        #expect(forwarded("http", "https") == .tlsRedirect)
        #expect(forwarded("HTTPS", "https") == .tlsRedirect)
        #expect(forwarded("", "https") == .noRoute)
    }

    @Test func withoutASchemeThereIsNoRouteToAHostThatDemandsTLS() throws {
        let request = Request()
        request.set(method: "GET")
        request.set(authority: "h")
        request.set(path: "/a")
        #expect(try Scene(Self.host(.all)).decide(request).disposition == .noRoute)
        #expect(try Scene(Self.host(.none)).decide(request).route == "a")
    }

    @Test func internalRequestsNeedTLSOnlyWhereAllDo() throws {
        let request = Request(authority: "h", path: "/a")
        request.connection = .isInternal
        #expect(try Scene(Self.host(.externalOnly)).decide(request).route == "a")
        #expect(try Scene(Self.host(.all)).decide(request).disposition == .tlsRedirect)
        request.connection = [.certificatePresented, .certificateValidated]
        #expect(try Scene(Self.host(.externalOnly)).decide(request).disposition == .tlsRedirect)
    }

    // MARK: What becomes of a request

    @Test func everyKindOfActionHasItsDisposition() throws {
        let scene = try Scene(routes: [
            .forward(.exact("/forward"), named: "forward"), .redirect(.exact("/redirect")),
            .answer(.exact("/answer"), named: "answer"),
            Route(name: "match", match: RouteMatch(.exact("/match")), action: .nonForwarding),
        ])
        #expect(scene.decide("/forward").disposition == .forward)
        #expect(scene.decide("/forward").status == 0)
        #expect(scene.decide("/forward").cluster == "c")
        #expect(scene.decide("/redirect").disposition == .redirect)
        #expect(scene.decide("/redirect").status == 301)
        #expect(scene.decide("/answer").disposition == .directResponse)
        #expect(scene.decide("/answer").status == 200)
        #expect(scene.decide("/match").disposition == .nonForwarding)
        #expect(scene.decide("/match").route == "match")
        #expect(scene.decide("/match").status == 0)
        #expect(scene.decide("/none").disposition == .noRoute)
        #expect(scene.decide("/none").status == 404)
        for path in ["/redirect", "/answer", "/match", "/none"] { #expect(scene.decide(path).cluster == nil) }
    }

    @Test func directResponsesHaveStatusAndBody() throws {
        let answer = { (status: UInt16, body: [UInt8]) in
            Route(
                match: RouteMatch(.exact("/\(status)")),
                action: .directResponse(DirectResponse(status: status, body: body)))
        }
        let scene = try Scene(routes: [
            answer(200, []), answer(599, Array("sorry".utf8)), answer(404, [UInt8](repeating: 0x78, count: 4096)),
        ])
        #expect(scene.decide("/200").body == "")
        #expect(scene.decide("/599").body == "sorry")
        #expect(scene.decide("/599").status == 599)
        #expect(scene.decide("/404").body?.utf8.count == 4096)
    }

    @Test func onlyForwardedExchangesCanPick() throws {
        let scene = try Scene(routes: [.redirect(.exact("/redirect")), .answer(.exact("/answer"))])
        for path in ["/redirect", "/answer", "/none"] {
            let request = Request(authority: "a", path: path)
            var exchange = scene.worker.begin(request.view)
            var attempt = Attempt()
            #expect(scene.worker.pick(&exchange, &attempt) == .notForwarding)
            let isOpen = attempt.isOpen
            #expect(!isOpen)
            scene.worker.end(&exchange)
        }
    }

    @Test func anExchangeThatHasNotBegunDoesNothing() throws {
        let scene = try Scene(routes: [])
        var exchange = Exchange()
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .notForwarding)
        #expect(!scene.worker.report(&attempt, .response(503), &exchange).retries)
        scene.worker.detach(&attempt)
        scene.worker.end(&exchange)
        #expect(exchange.route.name.isMissing)
        #expect(scene.worker.openExchanges == 0)
    }

    @Test func anEndedExchangeCanBeEndedAgain() throws {
        let scene = try Scene(routes: [.forward()])
        let request = Request(authority: "a", path: "/")
        var exchange = scene.worker.begin(request.view)
        #expect(scene.worker.openExchanges == 1)
        scene.worker.end(&exchange)
        scene.worker.end(&exchange)
        #expect(scene.worker.openExchanges == 0)
        #expect(exchange.disposition == .noRoute)
    }

    @Test func workersCountWhatTheyBegin() throws {
        let scene = try Scene(routes: [.forward(.exact("/a"))])
        for path in ["/a", "/b", "/c"] { _ = scene.decide(path) }
        #expect(scene.worker.count(.exchanges) == 3)
        #expect(scene.worker.count(.noRoute) == 2)
        #expect(scene.worker.count(.picks) == 0)
    }

    // MARK: Without a route

    @Test func aHostThatOnlyBalancesNamesTheCluster() throws {
        let scene = try Scene(Configuration(clusters: [.fixed("one", 1), .fixed("two", 2)]))
        var exchange = scene.worker.begin(cluster: "two")
        #expect(exchange.disposition == .forward)
        #expect(exchange.clusterName(scene.worker).string == "two")
        #expect(scene.pickOnce(&exchange, .response(200)) == "10.0.0.1:2")
        let route = exchange.route
        #expect(route.name.isMissing && route.virtualHostName.isMissing && route.tableName.isMissing)
        #expect(route.timeout == 0)
        #expect(!route.hasRetryPolicy)
        #expect(route.mutations(0) == nil && route.mutations(3) == nil)
        scene.worker.end(&exchange)
    }

    @Test(arguments: ["", "three", "ONE", "one "])
    func aClusterThatDoesNotExistIsNotFound(name: String) throws {
        let scene = try Scene(Configuration(clusters: [.fixed("one", 1)]))
        var exchange = scene.worker.begin(cluster: name)
        var attempt = Attempt()
        #expect(exchange.clusterName(scene.worker).isMissing)
        #expect(scene.worker.pick(&exchange, &attempt) == .clusterNotFound)
        scene.worker.end(&exchange)
    }

    @Test func withoutARouteNothingIsRetriedAndNothingRewritten() throws {
        let scene = try Scene(Configuration(clusters: [.fixed("one", 1)]))
        var exchange = scene.worker.begin(cluster: "one")
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        #expect(!scene.worker.report(&attempt, Outcome(.connectFailure), &exchange).retries)
        let request = Request(authority: "a.example", path: "/p?q")
        let decision = Decision(exchange, request, scene.worker)
        #expect(decision.path == "/p?q")
        #expect(decision.authority == "a.example")
        #expect(decision.location == "")
        scene.worker.end(&exchange)
    }
}
