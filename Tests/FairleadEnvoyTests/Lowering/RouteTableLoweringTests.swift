// Fairlead: tests of route tables, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@testable import FairleadEnvoy

@Suite struct RouteTableLoweringTests {
    @Test func everyFieldOfATableIsRead() {
        let loaded = load(
            """
            name: r
            virtual_hosts:
            - name: v
              domains: [a.example, "*.b.example"]
              require_tls: EXTERNAL_ONLY
              include_request_attempt_count: true
              include_attempt_count_in_response: true
              retry_policy: { retry_on: reset }
              response_headers_to_remove: [x-two]
            most_specific_header_mutations_wins: true
            validate_clusters: false
            ignore_port_in_host_matching: true
            ignore_path_parameters_in_path_matching: true
            vhost_header: X-Host
            max_direct_response_body_size_bytes: 10
            request_headers_to_remove: [x-one]
            """, as: .routeConfiguration)
        var host = VirtualHost(name: "v", domains: ["a.example", "*.b.example"])
        host.tlsRequirement = .externalOnly
        host.includesRequestAttemptCount = true
        host.includesAttemptCountInResponse = true
        host.retryPolicy = RetryPolicy(on: .reset)
        host.headerMutations.responseRemovals = ["x-two"]
        var table = RouteConfiguration(name: "r", virtualHosts: [host])
        table.mostSpecificHeaderMutationsWin = true
        table.validatesClusters = false
        table.ignoresPortInHostMatching = true
        table.ignoresPathParameters = true
        table.virtualHostHeader = "x-host"
        table.maximumDirectResponseBody = 10
        table.headerMutations.requestRemovals = ["x-one"]
        #expect(loaded.faults.isEmpty)
        #expect(loaded.configuration == Configuration(routeConfigurations: [table]))
    }

    @Test func aTableByItselfLeavesClustersToItsUser() {
        let loaded = load("name: r", as: .routeConfiguration)
        #expect(loaded.configuration.routeConfigurations == [RouteConfiguration(name: "r")])
        #expect(loaded.isValid)
    }

    @Test func aRouteNeedsAMatchAndAnAction() {
        let loaded = load(tableText(routes: "- name: lost"), as: .routeConfiguration)
        #expect(
            loaded.findings == [
                "6:5 virtual_hosts[0].routes[0].match [missing-field]",
                "6:5 virtual_hosts[0].routes[0] [missing-field]",
            ])
    }

    @Test func aRouteMayDoNothing() {
        let loaded = load(
            tableText(routes: "- match: { prefix: / }\n  non_forwarding_action: {}"), as: .routeConfiguration)
        #expect(loaded.faults.isEmpty)
        #expect(loaded.route == Route(match: RouteMatch(.prefix("/")), action: .nonForwarding))
    }

    @Test func metadataOfARouteIsKeptSorted() {
        let loaded = load(
            tableText(
                routes: """
                    - match: { prefix: / }
                      route: { cluster: c }
                      metadata:
                        filter_metadata:
                          b: { z: 1, a: [true, null, "x", { k: 0.5 }] }
                          a: {}
                        typed_filter_metadata:
                          c: { "@type": type.googleapis.com/google.protobuf.Empty }
                    """), as: .routeConfiguration)
        #expect(loaded.faults == ["? virtual_hosts[0].routes[0].metadata.typed_filter_metadata [unsupported]"])
        // A fraction without quotes is a text: Envoy's YAML knows whole numbers only.
        let list: [MetadataValue] = [.bool(true), .null, .text("x"), .structure([.init("k", .text("0.5"))])]
        #expect(
            loaded.route?.metadata
                == Metadata([
                    .init("a", .structure([])),
                    .init("b", .structure([.init("a", .list(list)), .init("z", .number(1))])),
                ]))
    }

    @Test func whatATableCannotDoIsReported() {
        let loaded = load(
            """
            name: r
            vhds: { config_source: { ads: {} } }
            metadata: {}
            """, as: .routeConfiguration)
        #expect(loaded.faults == ["? vhds [unsupported]", "? metadata [unsupported]"])
        #expect(loaded.configuration.routeConfigurations.first?.virtualHostDiscovery == [0x0a, 2, 0x1a, 0])
    }

    @Test func whatAVirtualHostCannotDoIsRefused() {
        let loaded = load(
            """
            name: r
            virtual_hosts:
            - name: v
              domains: ["*"]
              require_tls: 7
              virtual_clusters: [{ name: c }]
              rate_limits: [{ stage: 1 }]
              cors: { allow_credentials: true }
              typed_per_filter_config: {}
              hedge_policy: { hedge_on_per_try_timeout: true }
              retry_policy_typed_config: { "@type": type.googleapis.com/google.protobuf.Empty }
              include_is_timeout_retry_header: true
            """, as: .routeConfiguration)
        #expect(
            loaded.faults.map { $0.replacing("virtual_hosts[0].", with: "") } == [
                "require_tls [unknown-enum-value]", "? virtual_clusters [unsupported]",
                "rate_limits[0].actions [invalid-value]",
                "? cors [unsupported]", "hedge_policy [unsupported]", "retry_policy_typed_config [unsupported]",
                "? include_is_timeout_retry_header [unsupported]",
            ])
    }

    @Test func whatARouteCannotDoIsReported() {
        let loaded = load(
            tableText(
                routes: """
                    - match: { prefix: / }
                      filter_action: {}
                    """), as: .routeConfiguration)
        #expect(loaded.routeFaults == ["filter_action [unsupported]"])
    }

    @Test func howRequestsAreTracedIsCarriedAsAMessage() {
        let sampling = "random_sampling: { numerator: 1, denominator: MILLION }"
        let loaded = load(
            tableText(
                routes: """
                    - match: { prefix: / }
                      tracing: { \(sampling), custom_tags: [{ tag: t, literal: { value: v } }] }
                      non_forwarding_action: {}
                    """), as: .routeConfiguration)
        #expect(loaded.faults.isEmpty)
        #expect(
            loaded.route?.tracing
                == [0x12, 4, 8, 1, 0x10, 2, 0x22, 8, 0x0a, 1, 0x74, 0x12, 3, 0x0a, 1, 0x76])
    }

    @Test(
        arguments: [
            ("", nil), ("request_body_buffer_limit: 5", 5), ("per_request_buffer_limit_bytes: 7", 7),
            ("request_body_buffer_limit: 0, per_request_buffer_limit_bytes: 7", 0),
        ] as [(String, UInt64?)])
    func howMuchOfABodyMayBeKeptIsRead(fields: String, limit: UInt64?) {
        let separator = fields.isEmpty ? "" : ", "
        let loaded = load(
            tableText(routes: "- { match: { prefix: / }, non_forwarding_action: {}\(separator)\(fields) }"),
            as: .routeConfiguration)
        #expect(loaded.faults.isEmpty)
        #expect(loaded.route?.bodyLimit == limit)
        let ofHost = load(
            "{ name: t, virtual_hosts: [{ name: v, domains: [\"*\"]\(separator)\(fields) }] }", as: .routeConfiguration)
        #expect(ofHost.configuration.routeConfigurations.first?.virtualHosts.first?.bodyLimit == limit)
    }

    @Test func headersOfThoseInsideAreReadInLowerCase() {
        let loaded = load("{ name: t, internal_only_headers: [X-Inner, x] }", as: .routeConfiguration)
        #expect(loaded.faults.isEmpty)
        #expect(loaded.configuration.routeConfigurations.first?.internalOnlyHeaders == ["x-inner", "x"])
    }

    @Test func notesOfARouteAreCarried() {
        let loaded = load(
            tableText(
                routes: """
                    - match: { prefix: / }
                      decorator: { operation: o, propagate: false }
                      stat_prefix: s
                      route:
                        cluster: c
                        upgrade_configs: [{ upgrade_type: websocket }, { upgrade_type: CONNECT, enabled: false }]
                    """), as: .routeConfiguration)
        var decorator = Decorator("o")
        decorator.propagates = false
        var refused = UpgradePolicy("CONNECT")
        refused.isEnabled = false
        #expect(loaded.faults.isEmpty)
        #expect(loaded.route?.decorator == decorator)
        #expect(loaded.route?.statPrefix == "s")
        #expect(loaded.action?.upgrades == [UpgradePolicy("websocket"), refused])
        #expect(
            loadAction("{ cluster: c, upgrade_configs: [{ upgrade_type: a }, { upgrade_type: A }] }").routeFaults
                == ["route.upgrade_configs[1].upgrade_type [duplicate]"])
    }

    @Test func whatIsSaidToFiltersIsCarried() {
        let wrapper = "type.googleapis.com/envoy.config.route.v3.FilterConfig"
        let loaded = load(
            tableText(
                routes: """
                    - match: { prefix: / }
                      route: { cluster: c }
                      typed_per_filter_config:
                        off: { "@type": \(wrapper), disabled: true }
                        maybe:
                          "@type": \(wrapper)
                          is_optional: true
                          config: { "@type": type.googleapis.com/google.protobuf.Duration, value: 2s }
                        empty: { "@type": type.googleapis.com/google.protobuf.Empty }
                    """), as: .routeConfiguration)
        let empty = FilterConfig("empty", typeURL: "type.googleapis.com/google.protobuf.Empty")
        var maybe = FilterConfig(
            "maybe", typeURL: "type.googleapis.com/google.protobuf.Duration", value: [8, 2])
        maybe.isOptional = true
        var off = FilterConfig("off")
        off.isDisabled = true
        #expect(loaded.faults.isEmpty)
        #expect(loaded.route?.filterConfigs == [empty, maybe, off])
    }

    @Test func headerMutationsAreRead() {
        let loaded = load(
            """
            name: r
            request_headers_to_add:
            - { header: { key: a, value: "1" } }
            - { header: { key: b, raw_value: dHdv }, append_action: ADD_IF_ABSENT, keep_empty_value: true }
            - { header: { key: c }, append: false }
            - { header: { key: d }, append: true }
            - { header: { key: e }, append_action: OVERWRITE_IF_EXISTS }
            response_headers_to_add:
            - { header: { key: f, value: v }, append_action: OVERWRITE_IF_EXISTS_OR_ADD }
            response_headers_to_remove: [g]
            """, as: .routeConfiguration)
        var mutations = HeaderMutations()
        mutations.requestAdditions = [
            .init("a", "1"), .init("b", "two", rule: .addIfAbsent, keepsEmptyValue: true),
            .init("c", "", rule: .overwriteOrAdd), .init("d", ""), .init("e", "", rule: .overwriteIfExists),
        ]
        mutations.responseAdditions = [.init("f", "v", rule: .overwriteOrAdd)]
        mutations.responseRemovals = ["g"]
        #expect(loaded.faults.isEmpty)
        #expect(loaded.configuration.routeConfigurations.first?.headerMutations == mutations)
    }

    @Test func headerMutationsThatContradictThemselvesAreReported() {
        let loaded = load(
            """
            name: r
            request_headers_to_add:
            - { append_action: ADD_IF_ABSENT }
            - { header: { key: a }, append: true, append_action: ADD_IF_ABSENT }
            - { header: { key: a, value: b, raw_value: Yg== } }
            - { header: { key: a, raw_value: /w== } }
            - { header: { key: ":path", value: b } }
            - { header: { key: a }, append_action: 9 }
            """, as: .routeConfiguration)
        #expect(
            loaded.faults.map { $0.replacing("request_headers_to_add", with: "") } == [
                "[0].header [missing-field]", "[1].append [invalid-value]", "? [2].header.value [invalid-value]",
                "[3].header.raw_value [unsupported]", "[4].header.key [invalid-value]",
                "[5].append_action [unknown-enum-value]",
            ])
    }
}
