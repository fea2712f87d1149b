// Fairlead: what the demonstration serves
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// What the demonstration serves: a shop with endpoints in two zones, and a route for each kind of thing that a proxy
/// does.
struct DemoConfiguration {
    /// Six endpoints in two zones, from quick to slow.
    let shop: [DemoBackend]
    /// The new version, for a few.
    let canary: [DemoBackend]
    /// Three endpoints, one of which always fails.
    let flaky: [DemoBackend]

    /// The name of the listener.
    static let listener = "demo"
    /// How long anything may take: a busy machine is no failing endpoint.
    private static let patience = Duration.seconds(60)
    /// The weights of the zones.
    static let zoneWeights: [(zone: String, weight: UInt32)] = [("zone-a", 2), ("zone-b", 1)]

    /// The whole configuration, listening at `port` of this machine.
    func configuration(port: UInt16) -> Configuration {
        let listener = Listener(
            name: Self.listener, address: .socket(host: "127.0.0.1", port: port),
            connectionManager: ConnectionManager(statisticsPrefix: "demo", routeConfiguration: "demo"))
        var host = VirtualHost(name: "everything", domains: ["*"], routes: routes)
        host.includesRequestAttemptCount = true
        host.includesAttemptCountInResponse = true
        return Configuration(
            listeners: [listener], routeConfigurations: [RouteConfiguration(name: "demo", virtualHosts: [host])],
            clusters: clusters)
    }

    private var clusters: [Cluster] {
        let zones = Self.zoneWeights.map { zone, weight in
            LocalityEndpoints(
                locality: Locality(region: "demo", zone: zone), weight: weight,
                endpoints: shop.filter { $0.zone == zone }.map(\.endpoint))
        }
        // Two clusters over the same endpoints: a policy belongs to the cluster.
        var balanced = Cluster(name: "shop", endpoints: zones)
        balanced.loadBalancing = LoadBalancing(policy: LoadBalancing.leastRequest)
        balanced.loadBalancing.weighsLocalities = true
        var sticky = Cluster(name: "cart", endpoints: zones)
        sticky.loadBalancing = LoadBalancing(policy: LoadBalancing.ringHash)
        let canary = Cluster(name: "canary", endpoints: [LocalityEndpoints(endpoints: canary.map(\.endpoint))])
        var flaky = Cluster(name: "flaky", endpoints: [LocalityEndpoints(endpoints: flaky.map(\.endpoint))])
        // A third of all attempts is tried again; the default would refuse the fourth at a time.
        flaky.circuitBreakers.normal.retries = 1024
        return [balanced, sticky, canary, flaky].map { cluster in
            var patient = cluster
            patient.connectTimeout = Self.patience
            return patient
        }
    }

    private var routes: [Route] {
        func forward(to target: ForwardAction.Target) -> ForwardAction {
            var action = ForwardAction(to: target)
            action.timeout = Self.patience
            return action
        }
        var cart = forward(to: .cluster("cart"))
        cart.hashPolicies = [HashPolicy(.header("x-user", substitution: nil))]
        let beta = forward(
            to: .weighted(
                WeightedClusters([
                    WeightedClusters.Entry("shop", weight: 80), WeightedClusters.Entry("canary", weight: 20),
                ])))
        var flaky = forward(to: .cluster("flaky"))
        var retry = RetryPolicy(on: [.serverError, .connectFailure])
        retry.retries = 2
        retry.avoidsPreviousHosts = true
        retry.hostSelectionAttempts = 5
        retry.backOffBase = .milliseconds(2)
        flaky.retryPolicy = retry
        var elsewhere = RedirectAction()
        elsewhere.path = .path("/shop")
        elsewhere.status = .found
        return [
            Route(name: "cart", match: RouteMatch(.separatedPrefix("/cart")), action: .forward(cart)),
            Route(name: "beta", match: RouteMatch(.separatedPrefix("/beta")), action: .forward(beta)),
            Route(name: "flaky", match: RouteMatch(.separatedPrefix("/flaky")), action: .forward(flaky)),
            Route(
                name: "shop", match: RouteMatch(.separatedPrefix("/shop")),
                action: .forward(forward(to: .cluster("shop")))),
            Route(name: "old", match: RouteMatch(.exact("/old")), action: .redirect(elsewhere)),
            Route(
                name: "hello", match: RouteMatch(.exact("/hello")),
                action: .directResponse(DirectResponse(status: 200, body: Array("hello from fairlead\n".utf8)))),
        ]
    }
}
