// Fairlead: tests of what a rate limit service is asked
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

/// What Envoy asks is held against recorded answers (`RateLimitVectorTests`); here is what those do not show.
@Suite struct RateLimitsTests {
    static func fixed(_ value: String) -> RateLimit { RateLimit([.fixed(key: "k", value: value)]) }

    static func scene(
        host: [RateLimit] = [], _ runtime: RuntimeLayer? = nil, _ change: (inout ForwardAction) -> Void
    ) throws -> Scene {
        var virtualHost = VirtualHost(name: "h", domains: ["*"], routes: [.forward(.prefix("/"), change)])
        virtualHost.rateLimits = host
        let scene = try Scene(
            RouteConfiguration(name: "t", virtualHosts: [virtualHost]), clusters: [.fixed("c", 1)])
        if let runtime {
            try scene.engine.apply(ConfigurationUpdate([.setRuntimeLayer(runtime)]))
            scene.worker.refresh()
        }
        return scene
    }

    /// The descriptors of a request, each as `key=value` pairs.
    static func asked(
        _ scene: Scene, _ request: Request = Request(authority: "a", path: "/"),
        _ query: RateLimitQuery = RateLimitQuery()
    ) -> [String] {
        var exchange = scene.worker.begin(request.view)
        let descriptors = RateLimitDescriptors()
        var cursor = RateLimitCursor()
        var asked: [String] = []
        while descriptors.next(exchange.route, request.view, query, &cursor) != nil {
            let entries = descriptors.entries
            asked.append(
                (0..<entries.count).map { entries[$0].name.string + "=" + entries[$0].value.string }
                    .joined(separator: ","))
        }
        #expect(descriptors.next(exchange.route, request.view, query, &cursor) == nil)
        scene.worker.end(&exchange)
        return asked
    }

    @Test func theFilterSaysWhenTheRulesOfTheVirtualHostCount() throws {
        let own = try Self.scene(host: [Self.fixed("h")]) { $0.rateLimits = [Self.fixed("r")] }
        let both = try Self.scene(host: [Self.fixed("h")]) {
            $0.rateLimits = [Self.fixed("r")]
            $0.includesVirtualHostRateLimits = true
        }
        let none = try Self.scene(host: [Self.fixed("h")]) { _ in }
        var told: [[String]] = []
        for rules in [RateLimitQuery.VirtualHostRules.whenRouteHasNone, .always, .never] {
            var query = RateLimitQuery()
            query.virtualHostRules = rules
            for scene in [own, both, none] { told.append(Self.asked(scene, Request(authority: "a", path: "/"), query)) }
        }
        #expect(
            told == [
                ["k=r"], ["k=r", "k=h"], ["k=h"], ["k=r", "k=h"], ["k=r", "k=h"], ["k=h"], ["k=r"], ["k=r", "k=h"], [],
            ])
    }

    @Test func aRouteWhoseRulesAreSwitchedOffStillHasRules() throws {
        var off = Self.fixed("r")
        off.disableKey = "x"
        let entries = [RuntimeLayer.Entry("ratelimit.x.http_filter_enabled", .number(0))]
        let scene = try Self.scene(host: [Self.fixed("h")], RuntimeLayer("l", entries)) { $0.rateLimits = [off] }
        #expect(Self.asked(scene) == [])
    }

    @Test func aSwitchCanBeOnForSomeRequests() throws {
        var rules = [Self.fixed("a"), Self.fixed("b"), Self.fixed("c")]
        for (index, name) in ["x", "y", "z"].enumerated() { rules[index].disableKey = name }
        let layer = RuntimeLayer(
            "l",
            [
                .init("ratelimit.x.http_filter_enabled", .number(30)),
                .init("ratelimit.y.http_filter_enabled", .text("30")),
                .init("ratelimit.z.http_filter_enabled", .fraction(Fraction(1))),
            ])
        let scene = try Self.scene(layer) { $0.rateLimits = rules }
        let request = Request(authority: "a", path: "/")
        var counts = [0, 0, 0, 0]
        for random in 0..<2000 {
            request.random = UInt64(random) &* 0x9e37_79b9_7f4a_7c15
            let asked = Self.asked(scene, request)
            for (index, text) in ["k=a", "k=b", "k=c"].enumerated() where asked.contains(text) { counts[index] += 1 }
            if asked.count == 3 { counts[3] += 1 }
            #expect(asked == Self.asked(scene, request))
        }
        #expect((500...700).contains(counts[0]))
        #expect((500...700).contains(counts[1]))
        // A share is no whole number, so that it says nothing; and the rules' chances are their own.
        #expect(counts[2] == 2000)
        #expect((100...260).contains(counts[3]))
    }

    @Test func smallBuffersSayHowMuchIsNeeded() throws {
        let scene = try Self.scene { forward in
            forward.rateLimits = [
                RateLimit([.requestHeader("x-lost", key: "k", skipsIfAbsent: false)]),
                RateLimit([
                    .remoteAddress, .maskedRemoteAddress(version4: 8, version6: 8),
                    .queryParameter("q", key: "q", skipsIfAbsent: false),
                ]),
            ]
        }
        let value = String(repeating: "%41", count: 300)
        let request = Request(authority: "a", path: "/?q=\(value)", source: "10.1.2.3:80")
        var exchange = scene.worker.begin(request.view)
        var cursor = RateLimitCursor()
        let view = exchange.route
        var entries = HeaderOutput(start: nil, capacity: 0)
        var text = OutputBuffer(start: nil, capacity: 0)
        let made = view.nextRateLimit(request.view, RateLimitQuery(), &cursor, entries: &entries, text: &text)
        #expect(made != nil)
        #expect(!entries.fits && entries.needed == 3)
        #expect(!text.fits && text.needed == 8 + 10 + 300)
        #expect(cursor.rule == 0)
        scene.worker.end(&exchange)
        #expect(
            Self.asked(scene, request) == [
                "remote_address=10.1.2.3,masked_remote_address=10.0.0.0/8,q=" + String(repeating: "A", count: 300)
            ])
    }

    @Test(arguments: [nil, "", "unix:/run/x", "10.0.0.1", "[::1]", "nonsense:1"] as [String?])
    func onlyAnIPAddressMakesAnEntry(_ source: String?) throws {
        let scene = try Self.scene { $0.rateLimits = [RateLimit([.remoteAddress])] }
        let request = Request(authority: "a", path: "/", source: source)
        let expected = ["10.0.0.1": ["remote_address=10.0.0.1"], "[::1]": ["remote_address=::1"]]
        #expect(Self.asked(scene, request) == expected[source ?? ""] ?? [])
    }

    @Test func whereNothingIsForwardedNothingIsAsked() throws {
        for action in [
            RouteAction.redirect(RedirectAction()), .directResponse(DirectResponse(status: 200)), .nonForwarding,
        ] {
            var host = VirtualHost(
                name: "h", domains: ["*"], routes: [Route(match: RouteMatch(.prefix("/")), action: action)])
            host.rateLimits = [Self.fixed("h")]
            let scene = try Scene(RouteConfiguration(name: "t", virtualHosts: [host]), clusters: [.fixed("c", 1)])
            #expect(Self.asked(scene) == [])
        }
        let lost = try Self.scene(host: [Self.fixed("h")]) { $0.target = .header("x-cluster") }
        #expect(Self.asked(lost) == [])
        #expect(Self.asked(lost, Request(authority: "a", path: "/", headers: [("x-cluster", "c")])) == ["k=h"])
    }

    @Test func patternsOfMatchersAreJudged() throws {
        let limit = RateLimit([
            .headerMatch(
                key: "k", value: "v", expectsMatch: true, [HeaderMatcher("x", .text(StringMatcher(.pattern("(a"))))]),
            .queryParameterMatch(
                key: "k", value: "v", expectsMatch: true,
                [QueryParameterMatcher("x", .text(StringMatcher(.pattern("b)"))))]),
        ])
        do {
            _ = try Self.scene(host: [limit]) { $0.rateLimits = [limit] }
            Issue.record("patterns that are none were taken")
        } catch let error as ProblemList {
            #expect(error.problems.count == 4)
            #expect(
                error.problems.first?.path.hasSuffix(
                    "rate_limits[0].actions[0].header_value_match.headers[0].string_match.safe_regex.regex") == true)
        }
    }
}
