// Fairlead: small resources, for tests
// SPDX-License-Identifier: Apache-2.0

public import Fairlead

extension Endpoint {
    /// The endpoint at 10.0.0.1 and `port`.
    public static func at(
        _ port: UInt16, weight: UInt32 = 1, _ health: HealthStatus = .unknown, hostname: String = ""
    ) -> Endpoint {
        Endpoint(.socket(host: "10.0.0.1", port: port), hostname: hostname, weight: weight, health: health)
    }
}

extension Cluster {
    /// A cluster of endpoints at the given ports, round robin.
    public static func fixed(_ name: String, _ ports: UInt16..., policy: String = LoadBalancing.roundRobin) -> Cluster {
        of(name, ports.map { .at($0) }, policy: policy)
    }

    /// A cluster of the given endpoints in one locality.
    public static func of(
        _ name: String, _ endpoints: [Endpoint], policy: String = LoadBalancing.roundRobin
    ) -> Cluster {
        var cluster = Cluster(name: name, endpoints: [LocalityEndpoints(endpoints: endpoints)])
        cluster.loadBalancing = LoadBalancing(policy: policy)
        return cluster
    }

    /// A cluster whose endpoints come from the assignment called `service`.
    public static func discovered(_ name: String, _ service: String) -> Cluster {
        var cluster = Cluster(name: name)
        cluster.discovery = .endpointDiscovery(serviceName: service)
        return cluster
    }
}

extension EndpointAssignment {
    /// Endpoints at the given ports in one locality.
    public static func of(_ name: String, _ ports: UInt16...) -> EndpointAssignment {
        EndpointAssignment(name: name, localities: [LocalityEndpoints(endpoints: ports.map { .at($0) })])
    }
}

extension RouteConfiguration {
    /// A table called `table` with one virtual host called `all`, for everything.
    public static func of(_ routes: [Route], named name: String = "table") -> RouteConfiguration {
        RouteConfiguration(
            name: name, virtualHosts: [VirtualHost(name: "all", domains: ["*"], routes: routes)])
    }

    /// A table called `table` with a virtual host for each list of domains, which are its name, too. Each answers 200.
    public static func domains(_ lists: [[String]]) -> RouteConfiguration {
        let hosts = lists.map { domains in
            VirtualHost(
                name: domains.joined(separator: " "), domains: domains, routes: [.answer(.prefix(""), named: "any")])
        }
        return RouteConfiguration(name: "table", virtualHosts: hosts)
    }
}

extension Route {
    /// A route that answers 200.
    public static func answer(_ path: RouteMatch.Path, named name: String = "") -> Route {
        Route(name: name, match: RouteMatch(path), action: .directResponse(DirectResponse(status: 200)))
    }

    /// A route that answers 200, with a match that `change` completes.
    public static func answer(
        _ path: RouteMatch.Path, named name: String, _ change: (inout RouteMatch) -> Void
    ) -> Route {
        var route = answer(path, named: name)
        change(&route.match)
        return route
    }

    /// A route to the cluster `cluster`, with an action that `change` completes.
    public static func forward(
        _ path: RouteMatch.Path = .prefix("/"), to cluster: String = "c", named name: String = "",
        _ change: (inout ForwardAction) -> Void = { _ in }
    ) -> Route {
        var action = ForwardAction(to: .cluster(cluster))
        change(&action)
        return Route(name: name, match: RouteMatch(path), action: .forward(action))
    }

    /// A redirect that `change` completes.
    public static func redirect(
        _ path: RouteMatch.Path = .prefix("/"), _ change: (inout RedirectAction) -> Void = { _ in }
    ) -> Route {
        var action = RedirectAction()
        change(&action)
        return Route(name: "redirect", match: RouteMatch(path), action: .redirect(action))
    }
}
