// Fairlead: holds the page about every field of the schema to the tables that loading goes by
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Foundation
import Testing

@testable import FairleadEnvoy

@Suite struct FieldTableTests {
    private static let file = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("docs/envoy-fields.md")

    /// With `FAIRLEAD_WRITE_FIELD_TABLE` in the environment, it writes the page instead.
    @Test func thePageSaysWhatLoadingDoes() throws {
        let page = FieldTable().page
        if ProcessInfo.processInfo.environment["FAIRLEAD_WRITE_FIELD_TABLE"] != nil {
            try Data(page.utf8).write(to: Self.file)
        }
        let written = try String(decoding: Data(contentsOf: Self.file), as: UTF8.self)
        // Compared as bytes first: a difference of pages this long is slow to print.
        #expect(written.utf8.elementsEqual(page.utf8), "the page is stale: scripts/field-table.sh writes it anew")
    }

    @Test func everyMessageOfTheSchemaIsOnThePage() {
        let page = FieldTable().page
        for message in Schema.envoy.messages where message.form != .mapEntry {
            guard !message.name.hasPrefix("google.protobuf.") else { continue }
            let name = message.name.split(separator: ".").drop { $0.first?.isUppercase == false }.joined(separator: ".")
            #expect(page.contains("| \(name) "), "\(message.name)")
        }
    }

    /// A fate that is told of a field which is not read, or is not there, is out of date.
    @Test func whatIsToldOfFieldsIsOfFieldsThatAreRead() throws {
        let whole = Set(FieldUseTests.whole.map { $0.0 })
        var told: Set<String> = []
        for table in [FieldFate.kept, FieldFate.refused, FieldFate.carried] {
            for (message, names) in table {
                let fields = Schema.envoy.messages[try #require(Schema.envoy.message(named: message))].fields
                let uses = FieldUseTests.uses.filter { $0.message == message }
                for name in names.split(separator: " ") {
                    let field = try #require(fields.first { $0.name == name }, "\(message).\(name)")
                    #expect(
                        uses.isEmpty ? whole.contains(message) : uses.contains { $0.reads(field.number) },
                        "\(message).\(name)")
                    #expect(told.insert("\(message).\(name)").inserted, "\(message).\(name)")
                }
            }
        }
    }

    // MARK: Fields that are read and not acted on

    /// A document that sets one field, and where loading tells what comes of it.
    struct Setting: Sendable {
        var message: String
        var field: String
        var path: String
        var text: String
        var kind = EnvoyLoader.Kind.bootstrap
    }

    private static func action(_ field: String, _ text: String) -> Setting {
        Setting(
            message: RouteActionProto.protoMessageName, field: field, path: "virtual_hosts[0].routes[0].route.\(field)",
            text: tableText(routes: "- match: { prefix: / }\n  route: { \(text) }"), kind: .routeConfiguration)
    }

    private static func manager(_ text: String) -> String {
        """
        name: l
        address: { socket_address: { address: 127.0.0.1, port_value: 80 } }
        filter_chains:
        - filters:
          - name: hcm
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
              stat_prefix: s
              \(indented(text, by: 6))
        """
    }

    private static let router =
        "- { name: r, typed_config: { '@type': type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }"
    private static let discovery = "config_discovery: { config_source: { ads: {} }, type_urls: [a] }"

    private static func tree(_ text: String) -> String {
        """
        name: r
        virtual_hosts:
        - name: v
          domains: ["*"]
          matcher:
            \(indented(text, by: 4))
        """
    }

    private static let textInput = """
        { name: i, typed_config: { '@type': type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput, \
        header_name: a } }
        """
    private static let treeRoute = """
        action: { name: a, typed_config: { '@type': type.googleapis.com/envoy.config.route.v3.Route, \
        match: { prefix: / }, non_forwarding_action: {} } }
        """

    static let refused: [Setting] = [
        Setting(
            message: RateLimitProto.Action.protoMessageName, field: "dynamic_metadata",
            path: "virtual_hosts[0].routes[0].route.rate_limits[0].actions[0].dynamic_metadata",
            text: action("", "cluster: c, rate_limits: [{ actions: [{ dynamic_metadata: {} }] }]").text,
            kind: .routeConfiguration),
        Setting(
            message: RateLimitProto.Action.protoMessageName, field: "extension",
            path: "virtual_hosts[0].routes[0].route.rate_limits[0].actions[0].extension.typed_config",
            text: action("", "cluster: c, rate_limits: [{ actions: [{ extension: { name: a } }] }]").text,
            kind: .routeConfiguration),
        Setting(
            message: RouteProto.protoMessageName, field: "filter_action",
            path: "virtual_hosts[0].routes[0].filter_action",
            text: tableText(routes: "- { match: { prefix: / }, filter_action: {} }"), kind: .routeConfiguration),
        Setting(
            message: StringMatcherProto.protoMessageName, field: "custom",
            path: "virtual_hosts[0].routes[0].match.headers[0].string_match.custom",
            text: tableText(
                routes: """
                    - match: { prefix: /, headers: [{ name: a, string_match: { custom: { name: a } } }] }
                      route: { cluster: c }
                    """), kind: .routeConfiguration),
        Setting(
            message: TreeStringMatcherProto.protoMessageName, field: "custom",
            path: "virtual_hosts[0].matcher.matcher_list.matchers[0].predicate.single_predicate.value_match.custom",
            text: tree(
                """
                matcher_list:
                  matchers:
                  - predicate: { single_predicate: { input: \(textInput), value_match: { custom: { name: a } } } }
                    on_match: { \(treeRoute) }
                """), kind: .routeConfiguration),
        Setting(
            message: MatcherProto.OnMatch.protoMessageName, field: "keep_matching",
            path: "virtual_hosts[0].matcher.on_no_match.keep_matching",
            text: tree("on_no_match: { keep_matching: true, \(treeRoute) }"), kind: .routeConfiguration),
        Setting(
            message: HttpFilterProto.protoMessageName, field: "config_discovery",
            path: "filter_chains[0].filters[0].typed_config.http_filters[0].config_discovery",
            text: manager("route_config: { name: r }\nhttp_filters:\n- { name: a, \(discovery) }\n\(router)"),
            kind: .listener),
        Setting(
            message: FilterProto.protoMessageName, field: "config_discovery",
            path: "filter_chains[0].filters[0].config_discovery",
            text: """
                name: l
                address: { socket_address: { address: 127.0.0.1, port_value: 80 } }
                filter_chains: [{ filters: [{ name: a, \(discovery) }] }]
                """, kind: .listener),
        Setting(
            message: FilterChainProto.protoMessageName, field: "filter_chain_match",
            path: "filter_chains[0].filter_chain_match",
            text: manager("route_config: { name: r }\nhttp_filters:\n\(router)")
                + "\n  filter_chain_match: { server_names: [a] }", kind: .listener),
        Setting(
            message: SocketAddressProto.protoMessageName, field: "named_port",
            path: "address.socket_address.named_port",
            text: manager("route_config: { name: r }\nhttp_filters:\n\(router)")
                .replacing("port_value: 80", with: "named_port: http"), kind: .listener),
        Setting(
            message: ClusterProto.protoMessageName, field: "original_dst_lb_config", path: "original_dst_lb_config",
            text: "{ name: c, original_dst_lb_config: {}, load_assignment: { cluster_name: c } }", kind: .cluster),
        Setting(
            message: LbEndpointProto.protoMessageName, field: "endpoint_name",
            path: "load_assignment.endpoints[0].lb_endpoints[0].endpoint_name",
            text: """
                { name: c, load_assignment: { cluster_name: c, endpoints: [{ lb_endpoints: [{ endpoint_name: a }] }] } }
                """, kind: .cluster),
    ]

    @Test(arguments: refused.indices)
    func aFieldThatIsReadToBeRefusedIsRefused(_ index: Int) {
        let setting = Self.refused[index]
        let problems = load(setting.text, as: setting.kind).problems
        #expect(
            problems.contains { $0.severity == .error && $0.path == setting.path },
            "\(setting.field): \(problems.map(\.path))")
    }

    @Test func everyFieldThatIsReadToBeRefusedIsTried() {
        let tried = Set(Self.refused.map { $0.message + "." + $0.field })
        let told = FieldFate.refused.flatMap { message, names in names.split(separator: " ").map { message + "." + $0 }
        }
        #expect(tried == Set(told))
    }

    static let carried: [Setting] = [
        Setting(
            message: HttpConnectionManagerProto.protoMessageName, field: "codec_type",
            path: "filter_chains[0].filters[0].typed_config.codec_type",
            text: manager("codec_type: HTTP2\nroute_config: { name: r }\nhttp_filters:\n\(router)"), kind: .listener),
        Setting(
            message: HttpConnectionManagerProto.protoMessageName, field: "scoped_routes",
            path: "filter_chains[0].filters[0].typed_config.scoped_routes",
            text: manager("scoped_routes: { name: s }\nhttp_filters:\n\(router)"), kind: .listener),
        Setting(
            message: ListenerProto.protoMessageName, field: "listener_filters",
            path: "listener_filters[0].typed_config",
            text: manager("route_config: { name: r }\nhttp_filters:\n\(router)") + """

                listener_filters:
                - name: a
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector
                """, kind: .listener),
        Setting(
            message: RateLimitProto.protoMessageName, field: "hits_addend",
            path: "virtual_hosts[0].routes[0].route.rate_limits[0].hits_addend",
            text: action(
                "", "cluster: c, rate_limits: [{ actions: [{ remote_address: {} }], hits_addend: { number: 2 } }]"
            ).text, kind: .routeConfiguration),
        Setting(
            message: RegexMatcherProto.GoogleRE2.protoMessageName, field: "max_program_size",
            path: "virtual_hosts[0].routes[0].match.safe_regex.google_re2.max_program_size",
            text: tableText(
                routes: """
                    - match: { safe_regex: { regex: a, google_re2: { max_program_size: 100 } } }
                      route: { cluster: c }
                    """), kind: .routeConfiguration),
        Setting(
            message: RuntimeLayerProto.protoMessageName, field: "admin_layer", path: "layered_runtime.layers[0]",
            text: "layered_runtime: { layers: [{ name: a, admin_layer: {} }] }"),
        Setting(
            message: RuntimeLayerProto.protoMessageName, field: "disk_layer", path: "layered_runtime.layers[0]",
            text: "layered_runtime: { layers: [{ name: a, disk_layer: { symlink_root: /a } }] }"),
    ]

    @Test(arguments: carried.indices)
    func aFieldThatIsReadAndNotActedOnIsWarnedOf(_ index: Int) {
        let setting = Self.carried[index]
        let problems = load(setting.text, as: setting.kind).problems
        #expect(
            problems.contains { $0.severity == .warning && $0.code == .unsupported && $0.path == setting.path },
            "\(setting.field): \(problems.map { $0.path + " " + $0.message })")
    }
}
