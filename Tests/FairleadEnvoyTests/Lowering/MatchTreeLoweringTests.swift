// Fairlead: tests of match trees and URI templates, lowered and raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@testable import FairleadEnvoy

@Suite struct MatchTreeLoweringTests {
    static let header =
        "name: i, typed_config: { \"@type\": type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput, header_name: X }"

    static func action(_ name: String) -> String {
        "action: { name: a, typed_config: { \"@type\": type.googleapis.com/envoy.config.route.v3.Route, name: \(name), "
            + "match: { prefix: / }, direct_response: { status: 200 } } }"
    }

    static func loadTree(_ text: String) -> LoadedConfiguration {
        load(
            """
            name: r
            virtual_hosts:
            - name: v
              domains: ["*"]
              matcher:
                \(indented(text, by: 4))
            """, as: .routeConfiguration)
    }

    static func faults(_ text: String) -> [String] {
        loadTree(text).faults.filter { !$0.hasPrefix("?") }
            .map { $0.replacing("virtual_hosts[0].matcher.", with: "").replacing("virtual_hosts[0].", with: "") }
    }

    static func route(_ name: String) -> Route {
        Route(name: name, match: RouteMatch(.prefix("/")), action: .directResponse(DirectResponse(status: 200)))
    }

    @Test func everyKindOfTreeIsReadAndWritten() throws {
        let loaded = Self.loadTree(
            """
            matcher_list:
              matchers:
              - predicate:
                  and_matcher:
                    predicate:
                    - single_predicate: { input: { \(Self.header) }, value_match: { exact: a } }
                    - or_matcher:
                        predicate:
                        - single_predicate: { input: { \(Self.header) }, value_match: { prefix: b, ignore_case: true } }
                        - not_matcher: { single_predicate: { input: { \(Self.header) }, value_match: { safe_regex: { google_re2: {}, regex: c } } } }
                on_match:
                  matcher:
                    matcher_tree:
                      input: { \(Self.header) }
                      exact_match_map: { map: { b: { \(Self.action("b")) }, "": { \(Self.action("a")) } } }
              - predicate: { single_predicate: { input: { \(Self.header) }, value_match: { contains: d } } }
                on_match:
                  matcher:
                    matcher_tree: { input: { \(Self.header) }, prefix_match_map: { map: { p: { \(Self.action("p")) } } } }
              - predicate: { single_predicate: { input: { \(Self.header) }, value_match: { suffix: e } } }
                on_match:
                  matcher:
                    matcher_tree:
                      input: { \(Self.header) }
                      custom_match:
                        name: ip
                        typed_config:
                          "@type": type.googleapis.com/xds.type.matcher.v3.IPMatcher
                          range_matchers:
                          - { ranges: [{ address_prefix: 10.0.0.0, prefix_len: 8 }], exclusive: true, on_match: { \(Self.action("i")) } }
                    on_no_match:
                      matcher:
                        matcher_tree:
                          input: { \(Self.header) }
                          custom_match:
                            name: d
                            typed_config:
                              "@type": type.googleapis.com/xds.type.matcher.v3.ServerNameMatcher
                              domain_matchers: [{ domains: ["*.a", b], on_match: { \(Self.action("d")) } }]
            on_no_match:
              action:
                name: l
                typed_config:
                  "@type": type.googleapis.com/envoy.config.route.v3.RouteList
                  routes: [{ name: l, match: { prefix: / }, direct_response: { status: 200 } }]
            """)
        let x = MatchTree.Input.header("X")
        let tree = MatchTree(
            .list([
                .init(
                    .all([
                        .value(x, StringMatcher(.exact("a"))),
                        .any([
                            .value(x, StringMatcher(.prefix("b"), ignoresCase: true)),
                            .not(.value(x, StringMatcher(.pattern("c")))),
                        ]),
                    ]),
                    .tree(
                        MatchTree(.exact(x, [.init("", .route(Self.route("a"))), .init("b", .route(Self.route("b")))])))
                ),
                .init(
                    .value(x, StringMatcher(.contains("d"))),
                    .tree(MatchTree(.prefix(x, [.init("p", .route(Self.route("p")))])))),
                .init(
                    .value(x, StringMatcher(.suffix("e"))),
                    .tree(
                        MatchTree(
                            .addresses(
                                x,
                                [
                                    .init(
                                        [AddressRange("10.0.0.0", length: 8)], isExclusive: true,
                                        .route(Self.route("i")))
                                ]),
                            otherwise: .tree(MatchTree(.domains(x, [.init(["*.a", "b"], .route(Self.route("d")))])))))),
            ]), otherwise: .routes([Self.route("l")]))
        #expect(loaded.faults.filter { !$0.hasPrefix("?") }.isEmpty)
        let table = try #require(loaded.configuration.routeConfigurations.first)
        #expect(table.virtualHosts[0].matcher == tree)
        #expect(tree.placedRoutes.map(\.route.name) == ["a", "b", "p", "i", "d", "l"])
        let again = load(EnvoyWriter.json(table), as: .routeConfiguration, format: .json)
        #expect(again.configuration.routeConfigurations.first == table)
    }

    @Test func whatEnvoyRefusesIsRefusedWhereItStands() {
        #expect(Self.faults("matcher_list: {}") == ["matcher_list.matchers [invalid-value]"])
        #expect(
            Self.faults("matcher_tree: { input: { \(Self.header) }, exact_match_map: { map: {} } }")
                == ["matcher_tree.exact_match_map.map [invalid-value]"])
        #expect(Self.faults("matcher_tree: { input: { \(Self.header) } }") == ["matcher_tree [missing-field]"])
        #expect(
            Self.faults("on_no_match: { keep_matching: true, \(Self.action("a")) }")
                == ["on_no_match.keep_matching [invalid-value]"])
        #expect(Self.faults("on_no_match: {}") == ["on_no_match [missing-field]"])
        #expect(
            Self.faults(
                "on_no_match: { action: { name: a, typed_config: { \"@type\": type.googleapis.com/google.protobuf.StringValue, value: x } } }"
            ) == ["on_no_match.action.typed_config [unknown-extension]"])
        #expect(
            Self.faults(
                """
                matcher_tree:
                  input: { name: q, typed_config: { "@type": type.googleapis.com/envoy.type.matcher.v3.HttpRequestQueryParamMatchInput, query_param: q } }
                  exact_match_map: { map: { a: { \(Self.action("a")) } } }
                """) == ["matcher_tree.input.typed_config [invalid-value]"])
        #expect(
            Self.faults(
                """
                matcher_list:
                  matchers:
                  - predicate: { or_matcher: { predicate: [{ single_predicate: { input: { \(Self.header) }, value_match: { exact: a } } }] } }
                    on_match: { \(Self.action("a")) }
                  - predicate: { single_predicate: { value_match: { safe_regex: { regex: a } } } }
                """) == [
                    "matcher_list.matchers[0].predicate.or_matcher.predicate [invalid-value]",
                    "matcher_list.matchers[1].on_match [missing-field]",
                    "matcher_list.matchers[1].predicate.single_predicate.input [missing-field]",
                    "matcher_list.matchers[1].predicate.single_predicate.value_match.safe_regex [missing-field]",
                ])
    }

    @Test(arguments: ["", "*a.com", "a.*", "*.*.com", "*."])
    func oddDomainsAreRefused(_ domain: String) {
        let tree = MatchTree(.domains(.header("x"), [.init(["ok", domain], .routes([]))]))
        var host = VirtualHost(name: "v", domains: ["*"])
        host.matcher = tree
        #expect(
            Validator.problems(in: host).map(\.path)
                == ["matcher.matcher_tree.custom_match.typed_config.domain_matchers[0].domains[1]"])
    }

    @Test func routesAndTreeDoNotGoTogetherAndRoutesInATreeAreJudged() {
        var host = VirtualHost(name: "v", domains: ["*"], routes: [Self.route("r")])
        var odd = Self.route("o")
        odd.match = RouteMatch(.separatedPrefix("/"))
        host.matcher = MatchTree(.exact(.header("x"), [.init("k\"", .routes([Self.route("a"), odd]))]))
        #expect(
            Validator.problems(in: host).map(\.path) == [
                "matcher",
                #"matcher.matcher_tree.exact_match_map.map["k\""].action.typed_config.routes[1].match.path_separated_prefix"#,
            ])
    }

    @Test func aTreeMayBeOnlySoDeep() {
        var tree = MatchTree(.none)
        for _ in 0..<40 { tree = MatchTree(.none, otherwise: .tree(tree)) }
        var host = VirtualHost(name: "v", domains: ["*"])
        host.matcher = tree
        #expect(Validator.problems(in: host).map(\.code) == [.limitExceeded])
    }

    // MARK: URI templates

    static let template =
        "name: t, typed_config: { \"@type\": type.googleapis.com/envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig, path_template: \"/a/{x}\" }"
    static let rewrite =
        "name: w, typed_config: { \"@type\": type.googleapis.com/envoy.extensions.path.rewrite.uri_template.v3.UriTemplateRewriteConfig, path_template_rewrite: \"/{x}\" }"

    static func loadTemplate(_ action: String) -> LoadedConfiguration {
        load(
            tableText(routes: "- match: { path_match_policy: { \(template) } }\n  route: { cluster: c, \(action) }"),
            as: .routeConfiguration)
    }

    @Test func templatesAreReadAndWritten() throws {
        let loaded = Self.loadTemplate("path_rewrite_policy: { \(Self.rewrite) }")
        #expect(loaded.faults.isEmpty)
        #expect(loaded.route?.match.path == .template("/a/{x}"))
        #expect(loaded.action?.pathRewrite == .template("/{x}"))
        let table = try #require(loaded.configuration.routeConfigurations.first)
        let again = load(EnvoyWriter.json(table), as: .routeConfiguration, format: .json)
        #expect(again.configuration.routeConfigurations.first == table)
    }

    @Test func whatDoesNotGoTogetherIsRefused() {
        #expect(Self.loadTemplate("prefix_rewrite: /b").routeFaults == ["route.prefix_rewrite [invalid-value]"])
        #expect(Self.loadTemplate("regex_rewrite: { pattern: { regex: a }, substitution: b }").faults.isEmpty)
        #expect(
            Self.loadTemplate("prefix_rewrite: /b, path_rewrite_policy: { \(Self.rewrite) }").routeFaults
                == ["route.path_rewrite_policy [invalid-value]"])
        #expect(
            loadAction("cluster: c\npath_rewrite_policy: { \(Self.rewrite) }").routeFaults
                == ["route.path_rewrite_policy [invalid-value]"])
        #expect(
            Self.loadTemplate("path_rewrite_policy: { \(Self.rewrite.replacing("{x}", with: "{y}")) }").routeFaults
                == ["route.path_rewrite_policy.typed_config.path_template_rewrite [invalid-value]"])
        #expect(
            Self.loadTemplate("path_rewrite_policy: { \(Self.rewrite.replacing("/{x}", with: "//")) }").routeFaults
                == ["route.path_rewrite_policy.typed_config.path_template_rewrite [invalid-value]"])
    }

    @Test func anotherMatcherOrATemplateThatIsNoneIsRefused() {
        #expect(
            loadMatch(
                "path_match_policy: { name: x, typed_config: { \"@type\": type.googleapis.com/google.protobuf.StringValue, value: x } }"
            )
            .routeFaults == ["match.path_match_policy.typed_config [unknown-extension]"])
        #expect(
            loadMatch("path_match_policy: { \(Self.template.replacing("/a/{x}", with: "/{x}/{x}")) }").routeFaults
                == ["match.path_match_policy.typed_config.path_template [invalid-value]"])
        #expect(
            loadMatch("path_match_policy: { \(Self.template.replacing("/a/{x}", with: "/a*b")) }").routeFaults
                == ["match.path_match_policy.typed_config.path_template [unsupported]"])
    }
}
