// Fairlead: tests of what a route says
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct RouteViewTests {
    /// Lends the view of the route that `path` takes.
    static func view<Result>(_ route: Route, _ body: (RouteView) -> Result) throws -> Result {
        let scene = try Scene(routes: [route])
        let request = Request(authority: "a", path: "/")
        var exchange = scene.worker.begin(request.view)
        let result = body(exchange.route)
        scene.worker.end(&exchange)
        return result
    }

    @Test func namesAreThoseOfTheConfiguration() throws {
        try Self.view(.forward(named: "my route")) { view in
            #expect(view.name.string == "my route")
            #expect(view.virtualHostName.string == "all")
            #expect(view.tableName.string == "table")
        }
        try Self.view(.forward()) { view in #expect(view.name.isEmpty && !view.name.isMissing) }
    }

    static let timeouts: [(Duration?, UInt64)] = [
        (nil, 15_000_000_000), (.zero, 0), (.seconds(1), 1_000_000_000), (.nanoseconds(1), 1),
    ]

    @Test(arguments: timeouts)
    func theTimeoutIsFifteenSecondsUnlessSaidOtherwise(timeout: Duration?, nanoseconds: UInt64) throws {
        try Self.view(.forward { $0.timeout = timeout }) { #expect($0.timeout == nanoseconds) }
    }

    @Test func theIdleTimeoutIsTheListenersUnlessSaidOtherwise() throws {
        try Self.view(.forward()) { #expect($0.idleTimeout == .max) }
        try Self.view(.forward { $0.idleTimeout = .zero }) { #expect($0.idleTimeout == 0) }
        try Self.view(.forward { $0.idleTimeout = .seconds(2) }) { #expect($0.idleTimeout == 2_000_000_000) }
        try Self.view(.answer(.prefix(""))) { #expect($0.idleTimeout == .max) }
    }

    static let perTry: [(perTry: Duration?, timeout: Duration?, UInt64)] = [
        (nil, nil, 0), (.zero, nil, 0), (.seconds(1), nil, 1_000_000_000), (.seconds(15), nil, 0),
        (.seconds(16), nil, 0),
        (.seconds(16), .zero, 16_000_000_000), (.seconds(1), .seconds(2), 1_000_000_000), (.seconds(2), .seconds(2), 0),
    ]

    @Test(arguments: perTry)
    func aPerTryTimeoutThatIsNotShorterThanTheRoutesHasNoEffect(
        perTry: Duration?, timeout: Duration?, nanoseconds: UInt64
    ) throws {
        let route = Route.forward {
            $0.timeout = timeout
            // It works without any condition.
            var policy = RetryPolicy(on: [])
            policy.perTryTimeout = perTry
            $0.retryPolicy = policy
        }
        try Self.view(route) { #expect($0.perTryTimeout == nanoseconds) }
    }

    @Test func withoutARetryPolicyThereIsNoPerTryTimeout() throws {
        try Self.view(.forward()) { view in
            #expect(view.perTryTimeout == 0)
            #expect(!view.hasRetryPolicy)
        }
        try Self.view(.answer(.prefix(""))) { #expect($0.perTryTimeout == 0) }
    }

    @Test func theRestIsTold() throws {
        try Self.view(.forward()) { view in
            #expect(view.priority == 0)
            #expect(!view.takesHostFromEndpoint && !view.appendsForwardedHost && !view.rewritesHost)
            #expect(view.clusterNotFoundStatus == 503)
            #expect(view.weightedClusterHost.isMissing)
            #expect(view.body.isMissing)
        }
        let route = Route.forward { action in
            action.priority = .high
            action.hostRewrite = .endpointHostname
            action.appendsForwardedHost = true
            action.clusterNotFound = .notFound
            var entry = WeightedClusters.Entry("c", weight: 1)
            entry.hostRewrite = "w.example"
            action.target = .weighted(WeightedClusters([entry]))
        }
        try Self.view(route) { view in
            #expect(view.priority == 1)
            #expect(view.takesHostFromEndpoint && view.appendsForwardedHost && view.rewritesHost)
            #expect(view.clusterNotFoundStatus == 404)
            #expect(view.weightedClusterHost.string == "w.example")
        }
    }

    @Test func attemptCountsAreTheVirtualHosts() throws {
        for (request, response) in [(true, false), (false, true), (true, true), (false, false)] {
            var host = VirtualHost(name: "h", domains: ["*"], routes: [.forward()])
            host.includesRequestAttemptCount = request
            host.includesAttemptCountInResponse = response
            let scene = try Scene(RouteConfiguration(name: "t", virtualHosts: [host]), clusters: [.fixed("c", 1)])
            let message = Request(authority: "a", path: "/")
            var exchange = scene.worker.begin(message.view)
            let view = exchange.route
            #expect(view.includesRequestAttemptCount == request)
            #expect(view.includesResponseAttemptCount == response)
            scene.worker.end(&exchange)
        }
    }

    @Test func theIndexAgreesWithAScanOfTheList() throws {
        let scene = try Scene(routes: [
            .answer(.exact("/a")), .answer(.prefix("/b")), .answer(.pattern("/c.*")), .redirect(.prefix("/d")),
        ])
        for path in ["/a", "/b/c", "/cc", "/d", "/none"] {
            let request = Request(authority: "a", path: path)
            var exchange = scene.worker.begin(request.view)
            let agrees = exchange.route.agreesWithScan(request.view)
            #expect(agrees)
            scene.worker.end(&exchange)
        }
    }
}
