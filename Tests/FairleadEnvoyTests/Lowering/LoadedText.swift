// Fairlead: how the tests of lowering and loading read texts
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel

@testable import FairleadEnvoy

/// Loads a YAML text.
func load(
    _ text: String, as kind: EnvoyLoader.Kind? = .bootstrap, format: EnvoyLoader.Format? = .yaml,
    _ change: (inout EnvoyLoader) -> Void = { _ in }
) -> LoadedConfiguration {
    var loader = EnvoyLoader()
    change(&loader)
    return loader.load(Array(text.utf8), as: kind, format: format)
}

extension LoadedConfiguration {
    /// What was found, one line a problem: `line:column path [code]`, warnings with a `?` before them.
    var findings: [String] {
        problems.map { problem in
            let place = problem.place.map { "\($0.line):\($0.column) " } ?? ""
            return (problem.severity == .warning ? "? " : "") + place + problem.path + " [" + problem.code.name + "]"
        }
    }

    /// The same without places.
    var faults: [String] {
        problems.map { ($0.severity == .warning ? "? " : "") + $0.path + " [" + $0.code.name + "]" }
    }
}

/// A text with every line but the first moved in, to stand inside of another.
func indented(_ text: String, by count: Int) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
        .joined(separator: "\n" + String(repeating: " ", count: count))
}

/// The route table with one virtual host for every domain and the given routes in YAML.
func tableText(routes: String) -> String {
    """
    name: r
    virtual_hosts:
    - name: v
      domains: ["*"]
      routes:
      \(indented(routes, by: 2))
    """
}

/// Loads a route table of one route for every path with the given `route` action in YAML.
func loadAction(_ text: String) -> LoadedConfiguration {
    load(tableText(routes: "- match: { prefix: / }\n  route:\n    \(indented(text, by: 4))"), as: .routeConfiguration)
}

/// Loads a route table of one route with the given match in YAML.
func loadMatch(_ text: String) -> LoadedConfiguration {
    load(
        tableText(routes: "- match:\n    \(indented(text, by: 4))\n  route: { cluster: c }"), as: .routeConfiguration)
}

extension LoadedConfiguration {
    /// The first route of the first virtual host.
    var route: Route? { configuration.routeConfigurations.first?.virtualHosts.first?.routes.first }

    /// Its action, if it forwards.
    var action: ForwardAction? { if case .forward(let action)? = route?.action { action } else { nil } }

    /// Faults below the first route, their paths from there.
    var routeFaults: [String] { faults.map { $0.replacing("virtual_hosts[0].routes[0].", with: "") } }

    /// The first cluster.
    var cluster: Cluster? { configuration.clusters.first }
}
