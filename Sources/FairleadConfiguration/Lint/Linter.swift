// Fairlead: what is legal but wrong with a configuration
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// Finds what a configuration may say and hardly can mean: routes that no request matches, clusters that no route uses,
/// retries that cannot act. All of it is warnings; `Validator` finds what is not allowed.
///
/// Paths are those of `Validator.problems(in: Configuration)`. What needs a pattern engine is found elsewhere
/// (`Compiler.lint`). O(size of the configuration).
public enum Linter {
    /// What is wrong with `configuration`, resource by resource.
    ///
    /// - Parameter isComplete: whether these are all resources that there are, so that what is not used here is not
    ///   used at all.
    public static func problems(in configuration: Configuration, isComplete: Bool = true) -> [Problem] {
        var walk = ProblemTrail()
        walk.each("route_configurations", configuration.routeConfigurations) { $0.lint($1) }
        walk.each("clusters", configuration.clusters) { $0.lint($1) }
        walk.each("assignments", configuration.assignments) { $0.lint($1) }
        let references = ReferenceLint(configuration)
        references.lintClusters(&walk)
        if isComplete { references.lintUses(&walk) }
        return walk.problems
    }
}

extension ProblemTrail {
    /// A whole route table.
    fileprivate mutating func lint(_ table: RouteConfiguration) {
        var names: Set<String> = []
        each("virtual_hosts", table.virtualHosts) { walk, host in
            if !names.insert(host.name).inserted {
                walk.warning(
                    .duplicateVirtualHost, at: "name",
                    "an earlier virtual host is called '\(host.name)', too: what is counted by name is counted together"
                )
            }
            for (index, domain) in host.domains.enumerated() {
                if let fault = DomainLint.fault(of: domain, ignoresPort: table.ignoresPortInHostMatching) {
                    walk.warning(.unreachableDomain, at: "domains", index: index, fault)
                }
            }
            walk.lint(host, ignoresPathParameters: table.ignoresPathParameters)
        }
    }

    private mutating func lint(_ host: VirtualHost, ignoresPathParameters: Bool) {
        if host.routes.isEmpty, host.matcher?.placedRoutes.isEmpty ?? true {
            warning(
                .emptyVirtualHost, at: host.matcher == nil ? "routes" : "matcher",
                "without routes every request is answered with 404")
        }
        if let policy = host.retryPolicy { within("retry_policy") { $0.lint(policy, timeout: nil) } }
        var rewrites = RewriteLint()
        each("routes", host.routes) {
            $0.lint($1, &rewrites, ignoresPathParameters: ignoresPathParameters)
        }
        guard let tree = host.matcher else { return }
        within("matcher") { walk in
            walk.lint(tree) { walk, route, rewrites in
                walk.lint(route, &rewrites, ignoresPathParameters: ignoresPathParameters)
            }
        }
    }

    /// A route; `rewrites` has seen those before it in its list.
    private mutating func lint(_ route: Route, _ rewrites: inout RewriteLint, ignoresPathParameters: Bool) {
        within("match") { $0.lint(route.match, ignoresPathParameters: ignoresPathParameters) }
        rewrites.look(at: route, &self)
        switch route.action {
        case .forward(let forward): within("route") { $0.lint(forward) }
        case .redirect(let redirect):
            if redirect.leavesEverything(of: route.match) {
                warning(
                    .redirectLoop, at: "redirect",
                    "leads to where the request came from: clients go round in circles")
            }
        case .directResponse, .nonForwarding: break
        }
    }
}
