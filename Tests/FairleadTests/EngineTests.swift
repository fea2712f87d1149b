// Fairlead: tests of the engine, from configuration to endpoint
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import Testing

@Suite struct EngineTests {
    static func endpoint(_ port: UInt16) -> Endpoint { Endpoint(.socket(host: "10.0.0.1", port: port)) }

    static func configuration() -> Configuration {
        let cluster = Cluster(
            name: "shop", endpoints: [LocalityEndpoints(endpoints: [endpoint(1), endpoint(2), endpoint(3)])])
        let routes = [
            Route(
                name: "cart", match: RouteMatch(.prefix("/cart")), action: .forward(ForwardAction(to: .cluster("shop")))
            ),
            Route(name: "old", match: RouteMatch(.exact("/old")), action: .redirect(RedirectAction())),
            Route(
                name: "rest", match: RouteMatch(.prefix("/")),
                action: .directResponse(DirectResponse(status: 404, body: Array("no".utf8)))),
        ]
        let table = RouteConfiguration(
            name: "main",
            virtualHosts: [VirtualHost(name: "shop", domains: ["shop.example", "*.shop.example"], routes: routes)])
        return Configuration(routeConfigurations: [table], clusters: [cluster])
    }

    @Test func aRequestFindsRouteClusterAndEndpoint() throws {
        let engine = try Engine(Self.configuration())
        let worker = try engine.makeWorker()
        var seen: [String: Int] = [:]
        for _ in 0..<300 {
            let request = Request(authority: "a.Shop.example", path: "/cart/1?x=y")
            var exchange = worker.begin(request.view)
            #expect(exchange.disposition == .forward)
            #expect(exchange.route.name.string == "cart")
            #expect(exchange.route.virtualHostName.string == "shop")
            #expect(exchange.clusterName(worker).string == "shop")
            var attempt = Attempt()
            #expect(worker.pick(&exchange, &attempt) == .endpoint)
            seen[attempt.endpoint?.address.string ?? "", default: 0] += 1
            #expect(!worker.report(&attempt, .response(200), &exchange).retries)
            worker.end(&exchange)
        }
        #expect(seen == ["10.0.0.1:1": 100, "10.0.0.1:2": 100, "10.0.0.1:3": 100])
        #expect(worker.openExchanges == 0)
    }
}
