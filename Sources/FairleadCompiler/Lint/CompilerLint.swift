// Fairlead: what is legal but wrong, as far as patterns and the order of routes go
// SPDX-License-Identifier: Apache-2.0

public import FairleadConfiguration
public import FairleadModel
public import FairleadPlugin

extension Compiler {
    /// Routes of `configuration` that can never match, because an earlier one takes all of their requests. Paths are
    /// those of `check`. O(n log n) for n routes.
    public static func lint(_ configuration: Configuration, _ registry: PluginRegistry) -> [Problem] {
        var problems: [Problem] = []
        for (index, table) in configuration.routeConfigurations.enumerated() {
            for (number, host) in table.virtualHosts.enumerated() {
                let shadows = ShadowFinder.shadows(in: host.routes, registry.patternEngine)
                for (ordinal, earlier) in shadows.enumerated() {
                    guard let earlier else { continue }
                    let name = host.routes[earlier].name
                    problems.append(
                        Problem(
                            .warning, .shadowedRoute,
                            at: "route_configurations[\(index)].virtual_hosts[\(number)].routes[\(ordinal)].match",
                            "can never match: routes[\(earlier)]\(name.isEmpty ? "" : " '\(name)'") before it takes all "
                                + "of its requests"))
                }
            }
        }
        return problems
    }
}
