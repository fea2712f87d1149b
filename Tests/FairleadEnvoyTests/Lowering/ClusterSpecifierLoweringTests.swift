// Fairlead: tests of extensions that choose clusters, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@testable import FairleadEnvoy

@Suite struct ClusterSpecifierLoweringTests {
    private static let package = "type.googleapis.com/envoy.extensions.router.cluster_specifiers."
    private static let matcher = package + "matcher.v3.MatcherClusterSpecifier"

    private static func to(_ cluster: String) -> String {
        """
        { action: { name: a, typed_config: { "@type": \(package)matcher.v3.ClusterAction, cluster: "\(cluster)" } } }
        """
    }

    private static let input = """
        { name: i, typed_config: { "@type": type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput, \
        header_name: x } }
        """
    private static let tree = """
        { matcher_list: { matchers: [
          { predicate: { single_predicate: { input: \(input), value_match: { exact: "1" } } }, on_match: \(to("a")) },
          { predicate: { single_predicate: { input: \(input), value_match: { exact: "2" } } },
            on_match: { matcher: { on_no_match: \(to("b")) } } } ] },
          on_no_match: \(to("c")) }
        """

    static let lowered = MatchTree(
        .list([
            .init(.value(.header("x"), StringMatcher(.exact("1"))), .cluster("a")),
            .init(
                .value(.header("x"), StringMatcher(.exact("2"))), .tree(MatchTree(.none, otherwise: .cluster("b")))),
        ]), otherwise: .cluster("c"))

    private func load(_ action: String, plugins: String = "") -> LoadedConfiguration {
        FairleadEnvoyTests.load(
            """
            name: t
            cluster_specifier_plugins: [\(plugins)]
            virtual_hosts:
            - name: v
              domains: ["*"]
              routes: [{ match: { prefix: / }, route: { \(action) } }]
            """, as: .routeConfiguration)
    }

    private func plugin(_ type: String, _ rest: String = "", isOptional: Bool = false) -> String {
        "{ extension: { name: p, typed_config: { '@type': \(type)\(rest) } }, is_optional: \(isOptional) }"
    }

    private func target(_ loaded: LoadedConfiguration) -> ForwardAction.Target? {
        guard case .forward(let forward)? = loaded.route?.action else { return nil }
        return forward.target
    }

    @Test func aTreeChoosesTheCluster() {
        let text = plugin(Self.matcher, ", cluster_matcher: \(Self.tree)")
        let inside = load("inline_cluster_specifier_plugin: \(text)")
        #expect(inside.faults.isEmpty)
        #expect(target(inside) == .matched(Self.lowered))
        let other = plugin(Self.matcher, ", cluster_matcher: { on_no_match: \(Self.to("z")) }")
        let named = load("cluster_specifier_plugin: p", plugins: text + ", " + other)
        #expect(named.faults.isEmpty)
        #expect(target(named) == .matched(Self.lowered))
    }

    @Test func aTreeOfClustersLeadsToNothingElse() {
        let route = """
            { action: { name: a, typed_config: { "@type": type.googleapis.com/envoy.config.route.v3.Route, \
            match: { prefix: / }, non_forwarding_action: {} } } }
            """
        let place = "route." + ForwardAction.treePath
        func faults(_ tree: String) -> [String] {
            load("inline_cluster_specifier_plugin: \(plugin(Self.matcher, ", cluster_matcher: \(tree)"))").routeFaults
        }
        #expect(
            faults("{ on_no_match: \(route) }") == ["\(place).on_no_match.action.typed_config [unknown-extension]"])
        #expect(
            faults("{ on_no_match: \(Self.to("")) }")
                == ["\(place).on_no_match.action.typed_config.cluster [invalid-value]"])
        #expect(faults("{ on_no_match: {} }") == ["\(place).on_no_match [missing-field]"])
        let host = FairleadEnvoyTests.load(
            "{ name: t, virtual_hosts: [{ name: v, domains: ['*'], matcher: { on_no_match: \(Self.to("a")) } }] }",
            as: .routeConfiguration)
        #expect(
            host.faults == ["virtual_hosts[0].matcher.on_no_match.action.typed_config [unknown-extension]"])
    }

    @Test func whatNobodyKnowsIsRefusedUnlessItIsOptional() {
        let place = "route.inline_cluster_specifier_plugin.extension.typed_config"
        let duration = "type.googleapis.com/google.protobuf.Duration"
        func faults(_ text: String) -> [String] { load("inline_cluster_specifier_plugin: \(text)").routeFaults }
        #expect(faults(plugin(duration, ", value: 1s")) == ["\(place) [unknown-extension]"])
        #expect(
            faults(plugin("type.googleapis.com/some.Thing", isOptional: true)) == ["? \(place) [unknown-extension]"])
        #expect(
            faults(plugin(Self.package + "lua.v3.LuaConfig", isOptional: true)) == ["\(place) [unsupported]"])
        #expect(faults(plugin(Self.matcher)) == ["\(place).cluster_matcher [missing-field]"])
        #expect(faults("{}") == ["route.inline_cluster_specifier_plugin.extension [missing-field]"])
        #expect(
            load("cluster_specifier_plugin: zz").routeFaults
                == ["route.cluster_specifier_plugin [unknown-reference]"])
        #expect(
            load("cluster: a", plugins: plugin("type.googleapis.com/some.Thing")).faults
                == ["cluster_specifier_plugins[0].extension.typed_config [unknown-extension]"])
    }

    @Test func aRouteWhoseOptionalExtensionNobodyKnowsTakesNoRequests() {
        let text = plugin("type.googleapis.com/some.Thing", isOptional: true)
        for loaded in [
            load("inline_cluster_specifier_plugin: \(text)"), load("cluster_specifier_plugin: p", plugins: text),
        ] {
            #expect(loaded.route?.match.fraction == RuntimeFraction(Fraction(0)))
            #expect(loaded.problems.allSatisfy { $0.severity == .warning })
        }
    }
}
