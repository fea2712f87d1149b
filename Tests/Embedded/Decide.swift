// Fairlead: the core alone, as Embedded Swift, decides a few requests
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// What `scripts/build-embedded.sh` links with gcc against libc and libm, to see that the core needs nothing else.
@main
struct Decide {
    static func main() {
        let cluster = Cluster(
            name: "shop",
            endpoints: [
                LocalityEndpoints(endpoints: [
                    Endpoint(.socket(host: "10.0.0.1", port: 80)), Endpoint(.socket(host: "10.0.0.2", port: 80)),
                ])
            ])
        let route = Route(
            name: "cart", match: RouteMatch(.prefix("/cart")), action: .forward(ForwardAction(to: .cluster("shop"))))
        let table = RouteConfiguration(
            name: "main", virtualHosts: [VirtualHost(name: "shop", domains: ["*.example"], routes: [route])])
        var passed = 0
        var failed = 0
        func check(_ holds: Bool, _ what: StaticString) {
            if holds { passed += 1 } else { failed += 1 }
            print(holds ? "ok:" : "FAILED:", terminator: " ")
            print(what)
        }
        do {
            let engine = try Engine(Configuration(routeConfigurations: [table], clusters: [cluster]))
            guard let worker = try? engine.makeWorker() else { return check(false, "a worker") }
            let request = Request(authority: "www.example", path: "/cart/1")
            var exchange = worker.begin(request.view)
            check(exchange.route.name.string == "cart", "the route is found")
            var attempt = Attempt()
            check(worker.pick(&exchange, &attempt) == .endpoint, "an endpoint is picked")
            check(attempt.endpoint?.port == 80, "the endpoint has its port")
            worker.report(&attempt, .response(200), &exchange)
            worker.end(&exchange)
            let refused = try? engine.apply(ConfigurationUpdate([.setCluster(Cluster(name: ""))]))
            check(refused == nil, "a faulty update is refused")
        } catch {
            check(false, "the configuration is taken")
        }
        print("\(passed) passed, \(failed) failed")
    }
}
