// Fairlead: tests of listeners, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@testable import FairleadEnvoy

/// The type of connection managers.
private let managerType =
    "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
/// The router at the end of the filters.
private let router =
    "{ name: r, typed_config: { \"@type\": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }"

@Suite struct ListenerLoweringTests {
    /// A listener whose connection manager has the given fields.
    private func listener(_ manager: String, name: String = "l", filters: String? = nil) -> String {
        """
        name: \(name)
        address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
        filter_chains:
        - filters:
          - name: hcm
            typed_config:
              "@type": \(managerType)
              stat_prefix: s
              http_filters: [\(filters ?? router)]
              \(indented(manager, by: 6))
        """
    }

    private let place = "filter_chains[0].filters[0].typed_config"

    private func load(manager: String, filters: String? = nil) -> LoadedConfiguration {
        FairleadEnvoyTests.load(listener(manager, filters: filters), as: .listener)
    }

    private func manager(_ loaded: LoadedConfiguration) -> ConnectionManager? {
        loaded.configuration.listeners.first?.connectionManager
    }

    private func faults(_ loaded: LoadedConfiguration) -> [String] {
        loaded.faults.map { $0.replacing(place + ".", with: "") }
    }

    @Test func aListenerRefersToItsTable() {
        let inline = load(manager: "route_config: { name: r }")
        #expect(inline.faults.isEmpty)
        var table = RouteConfiguration(name: "r")
        table.validatesClusters = true
        #expect(
            inline.configuration
                == Configuration(
                    listeners: [
                        Listener(
                            name: "l", address: .socket(host: "127.0.0.1", port: 0),
                            connectionManager: ConnectionManager(statisticsPrefix: "s", routeConfiguration: "r"))
                    ], routeConfigurations: [table]))
        let named = load(manager: "rds: { route_config_name: other, config_source: { ads: {} } }")
        #expect(faults(named) == ["? rds.config_source [unsupported]"])
        #expect(manager(named)?.routeConfiguration == "other")
        #expect(named.configuration.routeConfigurations.isEmpty)
    }

    @Test func everyFieldOfAManagerIsRead() {
        let loaded = load(
            manager: """
                rds: { route_config_name: r }
                codec_type: HTTP1
                server_name: front
                use_remote_address: true
                generate_request_id: false
                xff_num_trusted_hops: 2
                preserve_external_request_id: true
                always_set_request_id_in_response: true
                stream_idle_timeout: 1s
                request_timeout: 2s
                common_http_protocol_options: { idle_timeout: 3s }
                path_with_escaped_slashes_action: UNESCAPE_AND_REDIRECT
                normalize_path: true
                merge_slashes: true
                strip_any_host_port: true
                strip_trailing_host_dot: true
                skip_xff_append: true
                scheme_header_transformation: { scheme_to_overwrite: https }
                internal_address_config: { unix_sockets: true, cidr_ranges: [{ address_prefix: 10.1.2.3, prefix_len: 16 }, { address_prefix: "::1" }] }
                """,
            filters: router.replacing(" } }", with: ", suppress_envoy_headers: true } }"))
        var expected = ConnectionManager(statisticsPrefix: "s", routeConfiguration: "r")
        expected.serverName = "front"
        expected.preparation.usesRemoteAddress = true
        expected.generatesRequestID = false
        expected.preparation.trustedHops = 2
        expected.preparation.escapedSlashes = .unescapeAndRedirect
        expected.preparation.normalizesPath = true
        expected.preparation.mergesSlashes = true
        expected.preparation.stripsAnyHostPort = true
        expected.preparation.stripsTrailingHostDot = true
        expected.preparation.skipsForwardedFor = true
        expected.preparation.scheme = .https
        expected.preparation.internalAddresses = InternalAddresses(
            ranges: [
                IPRange(IPAddress(version4: 0x0a01_0000), length: 16),
                IPRange(IPAddress(high: 0, low: 0), length: 0),
            ], includesUnixSockets: true)
        expected.preservesExternalRequestID = true
        expected.setsRequestIDInResponse = true
        expected.streamIdleTimeout = .seconds(1)
        expected.requestTimeout = .seconds(2)
        expected.idleTimeout = .seconds(3)
        expected.suppressesEnvoyHeaders = true
        #expect(loaded.faults.isEmpty)
        #expect(manager(loaded) == expected)
        let none = load(
            manager: """
                rds: { route_config_name: r }
                stream_idle_timeout: 0s
                request_timeout: 0s
                common_http_protocol_options: { idle_timeout: 0s }
                """)
        #expect(manager(none)?.streamIdleTimeout == .some(nil))
        #expect(manager(none)?.requestTimeout == .some(nil))
        #expect(manager(none)?.idleTimeout == .some(nil))
    }

    @Test func aNameIsMadeOfTheAddressWhereThereIsNone() {
        let loaded = FairleadEnvoyTests.load(listener("route_config: {}", name: "\"\""), as: .listener)
        #expect(loaded.faults.isEmpty)
        #expect(loaded.configuration.listeners.first?.name == "127.0.0.1:0")
    }

    @Test func theDefaultChainServesWhereThereIsNoOther() {
        let text = listener("route_config: {}").replacing(
            "filter_chains:\n- filters", with: "default_filter_chain:\n  filters")
        let loaded = FairleadEnvoyTests.load(text, as: .listener)
        #expect(loaded.faults.isEmpty)
        #expect(loaded.configuration.listeners.count == 1)
        let broken = FairleadEnvoyTests.load(text.replacing("stat_prefix: s", with: "stat_prefix: ''"), as: .listener)
        #expect(broken.faults == ["default_filter_chain.filters[0].typed_config.stat_prefix [invalid-value]"])
        let both = FairleadEnvoyTests.load(
            listener("route_config: {}") + "\ndefault_filter_chain: { name: d }", as: .listener)
        #expect(both.faults == ["? default_filter_chain [unsupported]"])
    }

    @Test func aListenerNeedsAnAddressAndAChain() {
        #expect(
            FairleadEnvoyTests.load("name: l", as: .listener).faults
                == ["address [missing-field]", "filter_chains [missing-field]"])
        let address = "address: { pipe: { path: /run/l } }\n"
        #expect(
            FairleadEnvoyTests.load(address + "filter_chains: [{}]", as: .listener).faults
                == ["filter_chains[0].filters [missing-field]"])
        let tcp = "{ name: t, typed_config: { \"@type\": type.googleapis.com/x.TcpProxy, cluster: c } }"
        let loaded = FairleadEnvoyTests.load(
            address + "filter_chains: [{ filters: [\(tcp), { name: d, config_discovery: {} }, { name: m }] }]",
            as: .listener)
        #expect(
            loaded.faults == [
                "filter_chains[0].filters[0].typed_config [unknown-extension]",
                "filter_chains[0].filters[1].config_discovery [unsupported]",
                "filter_chains[0].filters[2].typed_config [missing-field]",
            ])
        #expect(loaded.problems.first?.message.contains("x.TcpProxy") == true)
    }

    @Test func chainsThatChooseAmongConnectionsAreRefused() {
        let text = listener("route_config: {}")
        let more = FairleadEnvoyTests.load(text + "\n- { filters: [] }", as: .listener)
        #expect(more.faults == ["filter_chains[1] [unsupported]"])
        let match = FairleadEnvoyTests.load(
            text.replacing(
                "- filters:",
                with: """
                    - filter_chain_match: { server_names: [a.example] }
                      name: n1
                      metadata: {}
                      use_proxy_proto: true
                      transport_socket: { name: t, typed_config: { "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext } }
                      filters:
                    """), as: .listener)
        #expect(
            match.faults == [
                "filter_chains[0].filter_chain_match [unsupported]", "? filter_chains[0].metadata [unsupported]",
                "filter_chains[0].use_proxy_proto [unsupported]",
                "filter_chains[0].transport_socket.typed_config [unsupported]",
            ])
        let empty = FairleadEnvoyTests.load(
            text.replacing("- filters:", with: "- filter_chain_match: {}\n  filters:"), as: .listener)
        #expect(empty.faults.isEmpty)
    }

    @Test func whatAListenerCannotDoIsReported() {
        let loaded = FairleadEnvoyTests.load(
            listener("route_config: {}")
                + """

                use_original_dst: true
                listener_filters:
                - { name: t, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector } }
                - { name: p, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol } }
                traffic_direction: INBOUND
                udp_listener_config: {}
                api_listener: {}
                internal_listener: {}
                bind_to_port: false
                filter_chain_matcher: {}
                additional_addresses: [{}]
                fcds_config: {}
                access_log: [{}]
                enable_reuse_port: false
                """, as: .listener)
        #expect(
            loaded.faults == [
                "use_original_dst [unsupported]", "? listener_filters[0].typed_config [unsupported]",
                "listener_filters[1].typed_config [unknown-extension]", "? traffic_direction [unsupported]",
                "udp_listener_config [unsupported]", "api_listener [unsupported]", "internal_listener [unsupported]",
                "bind_to_port [unsupported]", "filter_chain_matcher [unsupported]",
                "additional_addresses [unsupported]",
                "fcds_config [unsupported]", "? access_log [unsupported]", "? enable_reuse_port [unsupported]",
            ])
    }

    @Test func whatAManagerCannotDoIsReported() {
        let loaded = load(
            manager: """
                route_config: {}
                codec_type: HTTP2
                strip_matching_host_port: true
                strip_any_host_port: true
                path_with_escaped_slashes_action: 9
                path_normalization_options: {}
                scheme_header_transformation: { scheme_to_overwrite: ftp, match_upstream: true }
                internal_address_config: { cidr_ranges: [{ address_prefix: x }, { address_prefix: "::", prefix_len: 129 }] }
                original_ip_detection_extensions: [{ name: x }]
                tracing: {}
                upgrade_configs: [{ upgrade_type: websocket }]
                add_user_agent: true
                common_http_protocol_options: { max_headers_count: 5 }
                """)
        #expect(
            faults(loaded) == [
                "? codec_type [unsupported]", "strip_any_host_port [oneof-conflict]",
                "path_with_escaped_slashes_action [unknown-enum-value]", "? path_normalization_options [unsupported]",
                "scheme_header_transformation.scheme_to_overwrite [invalid-value]",
                "? scheme_header_transformation.match_upstream [unsupported]",
                "internal_address_config.cidr_ranges[0].address_prefix [invalid-value]",
                "internal_address_config.cidr_ranges[1].prefix_len [out-of-range]",
                "original_ip_detection_extensions [unsupported]",
                "? tracing [unsupported]", "? upgrade_configs [unsupported]", "? add_user_agent [unsupported]",
                "? common_http_protocol_options.max_headers_count [unsupported]",
            ])
        #expect(load(manager: "server_name: x").faults == [place + " [missing-field]"])
    }

    @Test func scopedRoutesAreKeptAndFindNoRouteYet() {
        let loaded = load(manager: "scoped_routes: { name: s }")
        #expect(faults(loaded) == ["? scoped_routes [unsupported]"])
        #expect(loaded.configuration.listeners.first?.connectionManager.scopedRoutes == [0x0a, 1, 0x73])
        #expect(loaded.configuration.routeConfigurations.map(\.virtualHosts.count) == [0])
    }

    @Test func theRouterIsTheOnlyFilterAndTheLast() {
        let cors = "name: cors, typed_config: { \"@type\": type.googleapis.com/x.Cors, a: 1 }"
        let table = "route_config: {}"
        let unknown = load(manager: table, filters: "{ \(cors) }, \(router)")
        #expect(faults(unknown) == ["http_filters[0].typed_config [unknown-extension]"])
        #expect(unknown.problems.first?.message == "there is no HTTP filter of type x.Cors")
        for flag in ["is_optional", "disabled"] {
            let loaded = load(manager: table, filters: "{ \(cors), \(flag): true }, \(router)")
            #expect(faults(loaded) == ["? http_filters[0].typed_config [unknown-extension]"])
        }
        #expect(
            faults(load(manager: table, filters: router.replacing("name: r,", with: "name: r, disabled: true,")))
                == ["http_filters[0].disabled [unsupported]"])
        #expect(faults(load(manager: table, filters: "")) == ["? http_filters [missing-field]"])
        #expect(
            faults(load(manager: table, filters: "\(router), { name: a, config_discovery: {} }, { name: b }")) == [
                "http_filters[0].typed_config [invalid-value]", "http_filters[1].config_discovery [unsupported]",
                "http_filters[2].typed_config [missing-field]",
            ])
        #expect(
            faults(
                load(
                    manager: table,
                    filters: router.replacing(
                        " } }", with: ", dynamic_stats: true, upstream_http_filters: [{ name: u }] } }")))
                == [
                    "? http_filters[0].typed_config.dynamic_stats [unsupported]",
                    "http_filters[0].typed_config.upstream_http_filters [unsupported]",
                ])
    }

    private func bootstrap(_ listeners: [String]) -> LoadedConfiguration {
        FairleadEnvoyTests.load(
            "static_resources:\n  listeners:" + listeners.map { "\n  - " + indented($0, by: 4) }.joined())
    }

    @Test func equalTablesOfTwoListenersAreShared() {
        let table = "route_config: { name: r, virtual_hosts: [{ name: v, domains: [a] }] }"
        let loaded = bootstrap([listener(table, name: "l1"), listener(table, name: "l2")])
        #expect(loaded.faults.isEmpty)
        #expect(loaded.configuration.routeConfigurations.map(\.name) == ["r"])
        #expect(loaded.configuration.listeners.map(\.connectionManager.routeConfiguration) == ["r", "r"])
    }

    @Test func differentTablesOfOneNameAreCalledAfterTheirListeners() {
        let loaded = bootstrap([
            listener("route_config: { name: r }", name: "l1"),
            listener("route_config: { name: r, virtual_hosts: [{ name: v, domains: [a, a] }] }", name: "l2"),
            listener("route_config: { name: s }", name: "l3"), listener("route_config: { name: r }", name: "l4"),
        ])
        #expect(loaded.configuration.routeConfigurations.map(\.name) == ["l1/r", "l2/r", "s", "l4/r"])
        #expect(
            loaded.configuration.listeners.map(\.connectionManager.routeConfiguration) == ["l1/r", "l2/r", "s", "l4/r"])
        #expect(
            loaded.faults == [
                "static_resources.listeners[1].\(place).route_config.virtual_hosts[0].domains[1] [duplicate]"
            ])
        #expect(loaded.problems.first?.place?.line == 22)
    }
}
