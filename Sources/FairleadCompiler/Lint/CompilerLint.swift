// Fairlead: what is legal but wrong, as far as patterns and the order of routes go
// SPDX-License-Identifier: Apache-2.0

public import FairleadConfiguration
public import FairleadModel
public import FairleadPlugin

extension Compiler {
    /// Routes of `configuration` that can never match, because an earlier one of their list takes all of their requests.
    /// Paths are those of `check`. O(n log n) for n routes.
    public static func lint(_ configuration: Configuration, _ registry: PluginRegistry) -> [Problem] {
        var problems: [Problem] = []
        for (index, table) in configuration.routeConfigurations.enumerated() {
            for (number, host) in table.virtualHosts.enumerated() {
                let path = "route_configurations[\(index)].virtual_hosts[\(number)]"
                problems += shadows(in: host.routes, at: path, registry)
                for list in host.matcher?.routeLists ?? [] {
                    problems += shadows(in: list.routes, at: "\(path).matcher.\(list.path)", registry)
                }
            }
        }
        return problems
    }

    private static func shadows(in routes: [Route], at path: String, _ registry: PluginRegistry) -> [Problem] {
        guard routes.count > 1 else { return [] }
        let shadows = ShadowFinder.shadows(in: routes, registry.patternEngine)
        return shadows.enumerated().compactMap { ordinal, earlier in
            guard let earlier else { return nil }
            let name = routes[earlier].name
            return Problem(
                .warning, .shadowedRoute, at: "\(path).routes[\(ordinal)].match",
                "can never match: routes[\(earlier)]\(name.isEmpty ? "" : " '\(name)'") before it takes all of its "
                    + "requests")
        }
    }
}
