// Fairlead: problems in a form that tests compare
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel

/// One problem as `path [code]`, with its severity if that is not error.
func outline(_ problems: [Problem]) -> [String] {
    problems.map { ($0.severity == .warning ? "warning " : "") + $0.path + " [" + $0.code.name + "]" }
}

/// A route table of one virtual host for every domain, with the given routes.
func table(_ routes: Route...) -> RouteConfiguration {
    RouteConfiguration(name: "r", virtualHosts: [VirtualHost(name: "v", domains: ["*"], routes: routes)])
}

/// A route for every path that forwards to the cluster `c`, after `change`.
func route(_ change: (inout ForwardAction) -> Void) -> Route {
    var action = ForwardAction(to: .cluster("c"))
    change(&action)
    return Route(match: RouteMatch(.prefix("/")), action: .forward(action))
}

/// A route to the cluster `c` for what matches after `change`.
func matching(_ path: RouteMatch.Path = .prefix("/"), _ change: (inout RouteMatch) -> Void = { _ in }) -> Route {
    var match = RouteMatch(path)
    change(&match)
    return Route(match: match, action: .forward(ForwardAction(to: .cluster("c"))))
}

/// Where the first route of `table` stands.
let firstRoute = "virtual_hosts[0].routes[0]"
