// Fairlead: tests of what routes say to tracing, statistics, upgrades and balancing
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct RouteNotesTests {
    /// Runs `body` with the view of the only route.
    static func view(_ route: Route, _ body: (RouteView) -> Void) throws {
        let scene = try Scene(routes: [route])
        let request = Request(authority: "a", path: "/")
        var exchange = scene.worker.begin(request.view)
        body(exchange.route)
        scene.worker.end(&exchange)
    }

    static func balancing(_ fields: (String, String)...) -> Metadata {
        let values = fields.map { MetadataValue.Field($0.0, .text($0.1)) }
        return Metadata([.init("envoy.lb", .structure(values)), .init("other", .structure([.init("x", .text("y"))]))])
    }

    static func matches(_ view: RouteView) -> [String] {
        (0..<view.metadataMatchCount).map { index in
            view.metadataMatch(index).map { $0.name.string + "=" + $0.text.string } ?? "-"
        }
    }

    @Test func namesForTracesAndStatisticsAreCarried() throws {
        var route = Route.forward()
        route.decorator = Decorator("operation")
        route.statPrefix = "prefix"
        try Self.view(route) { view in
            #expect(view.decoratorOperation.string == "operation")
            #expect(view.propagatesDecorator)
            #expect(view.statPrefix.string == "prefix")
        }
        try Self.view(.forward()) { view in
            #expect(view.decoratorOperation.isMissing)
            #expect(!view.propagatesDecorator)
            #expect(view.statPrefix.isMissing)
        }
    }

    @Test func tracingAndTheLimitOfBodiesAreCarried() throws {
        var route = Route.forward()
        route.tracing = [1, 2, 3]
        route.bodyLimit = 0
        try Self.view(route) { view in
            #expect(view.tracing.elementsEqual(Bytes("\u{1}\u{2}\u{3}")))
            #expect(view.bodyLimit == 0)
        }
        try Self.view(.forward()) { view in
            #expect(view.tracing.isMissing)
            #expect(view.bodyLimit == .max)
        }
        var host = VirtualHost(name: "v", domains: ["*"], routes: [.forward(), route])
        host.bodyLimit = 7
        let scene = try Scene(RouteConfiguration(name: "t", virtualHosts: [host]), clusters: [.fixed("c", 1)])
        let request = Request(authority: "h", path: "/")
        var exchange = scene.worker.begin(request.view)
        #expect(exchange.route.bodyLimit == 7)
        scene.worker.end(&exchange)
    }

    @Test func upgradesAreAllowedByName() throws {
        var refused = UpgradePolicy("CONNECT")
        refused.isEnabled = false
        try Self.view(.forward { $0.upgrades = [UpgradePolicy("WebSocket"), refused] }) { view in
            #expect(Bytes.withBytes(of: "WEBSOCKET") { view.allowsUpgrade(to: $0) } == true)
            #expect(Bytes.withBytes(of: "connect") { view.allowsUpgrade(to: $0) } == false)
            #expect(Bytes.withBytes(of: "h2c") { view.allowsUpgrade(to: $0) } == nil)
        }
    }

    @Test func valuesOfAWeightedClusterWinOverThoseOfTheRoute() throws {
        try Self.view(.forward { $0.metadataMatch = Self.balancing(("a", "1"), ("b", "2")) }) { view in
            #expect(Self.matches(view) == ["a=1", "b=2"])
            #expect(view.metadataMatch(2) == nil)
            #expect(view.metadataMatch(-1) == nil)
        }
        let weighted = Route.forward { forward in
            var entry = WeightedClusters.Entry("c", weight: 1)
            entry.metadataMatch = Self.balancing(("b", "3"), ("c", "4"))
            forward.target = .weighted(WeightedClusters([entry]))
            forward.metadataMatch = Self.balancing(("a", "1"), ("b", "2"))
        }
        try Self.view(weighted) { #expect(Self.matches($0) == ["a=1", "b=3", "c=4"]) }
        try Self.view(.forward()) { #expect(Self.matches($0) == []) }
    }
}
