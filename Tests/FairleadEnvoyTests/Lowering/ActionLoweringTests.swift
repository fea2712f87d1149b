// Fairlead: tests of actions, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@testable import FairleadEnvoy

@Suite struct ActionLoweringTests {
    @Test func everyFieldOfForwardingIsRead() {
        let loaded = loadAction(
            """
            cluster_header: x-cluster
            cluster_not_found_response_code: NOT_FOUND
            prefix_rewrite: /a
            auto_host_rewrite: true
            append_x_forwarded_host: true
            timeout: 0s
            idle_timeout: 1.5s
            priority: HIGH
            metadata_match: { filter_metadata: { envoy.lb: { stage: prod } } }
            """)
        var action = ForwardAction(to: .header("x-cluster"))
        action.clusterNotFound = .notFound
        action.pathRewrite = .prefix("/a")
        action.hostRewrite = .endpointHostname
        action.appendsForwardedHost = true
        action.timeout = .zero
        action.idleTimeout = .milliseconds(1500)
        action.priority = .high
        action.metadataMatch = Metadata([.init("envoy.lb", .structure([.init("stage", .text("prod"))]))])
        #expect(loaded.faults.isEmpty)
        #expect(loaded.action == action)
        #expect(
            loadAction("{ cluster: c, cluster_not_found_response_code: INTERNAL_SERVER_ERROR }").action?.clusterNotFound
                == .internalServerError)
    }

    @Test func everyRewriteIsRead() {
        let regex = "{ pattern: { regex: a }, substitution: b }"
        let substitution = PatternSubstitution(pattern: "a", substitution: "b")
        #expect(loadAction("{ cluster: c, regex_rewrite: \(regex) }").action?.pathRewrite == .pattern(substitution))
        let hosts: [(String, ForwardAction.HostRewrite?)] = [
            ("host_rewrite_literal: h", .literal("h")), ("host_rewrite_header: x", .header("x")),
            ("host_rewrite_path_regex: \(regex)", .pathPattern(substitution)), ("auto_host_rewrite: false", nil),
            ("host_rewrite_literal: ''", nil), ("host_rewrite_header: ''", nil), ("prefix_rewrite: ''", nil),
        ]
        for (text, rewrite) in hosts {
            let loaded = loadAction("{ cluster: c, \(text) }")
            #expect(loaded.faults.isEmpty)
            #expect(loaded.action?.hostRewrite == rewrite)
            #expect(loaded.action?.pathRewrite == nil)
        }
    }

    @Test func onlyOneRewriteOfThePathIsTaken() {
        let loaded = loadAction("{ cluster: c, prefix_rewrite: /a, regex_rewrite: { pattern: { regex: a } } }")
        #expect(loaded.routeFaults == ["route.regex_rewrite [invalid-value]"])
        #expect(
            loadAction("{ cluster: c, regex_rewrite: { substitution: a } }").routeFaults
                == ["route.regex_rewrite.pattern [missing-field]"])
    }

    @Test func weightedClustersAreRead() {
        let loaded = loadAction(
            """
            weighted_clusters:
              header_name: X-Random
              clusters:
              - { name: a, weight: 0 }
              - cluster_header: x-cluster
                weight: 5
                host_rewrite_literal: h
                request_headers_to_remove: [x]
                metadata_match: { filter_metadata: { f: {} } }
            """)
        var entry = WeightedClusters.Entry("", weight: 5, header: "x-cluster")
        entry.hostRewrite = "h"
        entry.headerMutations.requestRemovals = ["x"]
        entry.metadataMatch = Metadata([.init("f", .structure([]))])
        var clusters = WeightedClusters([.init("a", weight: 0), entry])
        clusters.randomValueHeader = "x-random"
        #expect(loaded.faults.isEmpty)
        #expect(loaded.action?.target == .weighted(clusters))
        let hashed = loadAction("weighted_clusters: { use_hash_policy: true, clusters: [{ name: a, weight: 1 }] }")
        guard case .weighted(let clusters)? = hashed.action?.target else {
            Issue.record("no weighted clusters")
            return
        }
        #expect(clusters.usesHashPolicy)
    }

    @Test func faultsOfWeightedClustersAreReported() {
        let loaded = loadAction(
            """
            weighted_clusters:
              runtime_key_prefix: p
              total_weight: 7
              clusters:
              - { name: a }
              - { weight: 1 }
              - { name: a, weight: 0, typed_per_filter_config: { f: { "@type": type.googleapis.com/google.protobuf.Empty } } }
            """)
        let place = "route.weighted_clusters"
        #expect(
            loaded.routeFaults == [
                "? \(place).total_weight [unsupported]",
                "\(place).clusters[0].weight [missing-field]", "\(place).clusters[1].name [missing-field]",
            ])
    }

    @Test func aLimitOfTheStreamReplacesTheTimeout() {
        let none = loadAction("{ cluster: c, timeout: 5s, max_stream_duration: {} }")
        #expect(none.faults.isEmpty)
        #expect(none.action?.timeout == .zero)
        #expect(none.action?.streamLimit == StreamLimit())
        let some = loadAction(
            """
            cluster: c
            max_stream_duration: { max_stream_duration: 3s, grpc_timeout_header_max: 0s, grpc_timeout_header_offset: 0.1s }
            """)
        var limit = StreamLimit()
        limit.maximum = .seconds(3)
        limit.grpcHeaderMaximum = .zero
        limit.grpcHeaderOffset = .milliseconds(100)
        #expect(some.faults.isEmpty)
        #expect(some.action?.timeout == .zero)
        #expect(some.action?.streamLimit == limit)
        #expect(loadAction("{ cluster: c, timeout: 5s }").action?.streamLimit == nil)
        #expect(
            loadAction("{ cluster: c, max_stream_duration: { grpc_timeout_header_max: -1s } }").routeFaults
                == ["route.max_stream_duration.grpc_timeout_header_max [invalid-value]"])
    }

    @Test func theTimeoutOfGRPCRequestsIsRead() {
        var timeout = GRPCTimeout(maximum: .seconds(2))
        timeout.offset = .milliseconds(50)
        let loaded = loadAction("{ cluster: c, max_grpc_timeout: 2s, grpc_timeout_offset: 0.05s }")
        #expect(loaded.faults.isEmpty)
        #expect(loaded.action?.grpcTimeout == timeout)
        #expect(loadAction("{ cluster: c, grpc_timeout_offset: 0.05s }").action?.grpcTimeout == nil)
        #expect(
            loadAction("{ cluster: c, max_grpc_timeout: 2s, max_stream_duration: {} }").action?.grpcTimeout == nil)
    }

    @Test func whatForwardingCannotDoIsReported() {
        let loaded = loadAction(
            """
            cluster: c
            rate_limits: [{ stage: 1 }]
            cors: { allow_credentials: true }
            upgrade_configs: [{ upgrade_type: websocket, connect_config: { allow_post: true } }]
            hedge_policy: {}
            retry_policy_typed_config: { "@type": type.googleapis.com/google.protobuf.Empty }
            early_data_policy: { name: e }
            flush_timeout: 1s
            priority: 5
            cluster_not_found_response_code: 7
            """)
        #expect(
            loaded.routeFaults.map { $0.replacing("route.", with: "") } == [
                "rate_limits[0].actions [invalid-value]", "? cors [unsupported]",
                "? upgrade_configs[0].connect_config [unsupported]", "hedge_policy [unsupported]",
                "retry_policy_typed_config [unsupported]",
                "? early_data_policy [unsupported]", "? flush_timeout [unsupported]", "priority [unknown-enum-value]",
                "cluster_not_found_response_code [unknown-enum-value]",
            ])
    }

    @Test func internalRedirectsAreRead() {
        let package = "type.googleapis.com/envoy.extensions.internal_redirect"
        let allowed = package + ".allow_listed_routes.v3.AllowListedRoutesConfig"
        let loaded = loadAction(
            """
            cluster: c
            internal_redirect_policy:
              max_internal_redirects: 3
              redirect_response_codes: [303, 301]
              allow_cross_scheme_redirect: true
              response_headers_to_copy: [X-Copy]
              predicates:
              - { name: p, typed_config: { "@type": \(package).previous_routes.v3.PreviousRoutesConfig } }
              - { name: s, typed_config: { "@type": \(package).safe_cross_scheme.v3.SafeCrossSchemeConfig } }
              - { name: a, typed_config: { "@type": \(allowed), allowed_route_names: [one, two, three] } }
              - { name: b, typed_config: { "@type": \(allowed), allowed_route_names: [three, two] } }
            """)
        var redirects = InternalRedirects()
        redirects.maximum = 3
        redirects.statuses = [303, 301]
        redirects.allowsOtherScheme = true
        redirects.copiedHeaders = ["X-Copy"]
        redirects.refusesVisitedRoutes = true
        redirects.refusesHTTPSFromHTTP = true
        redirects.allowedRoutes = ["two", "three"]
        #expect(loaded.faults.isEmpty)
        #expect(loaded.action?.internalRedirects == redirects)
        #expect(
            loadAction("{ cluster: c, internal_redirect_policy: {} }").action?.internalRedirects == InternalRedirects())
        let older = loadAction(
            "{ cluster: c, internal_redirect_action: HANDLE_INTERNAL_REDIRECT, max_internal_redirects: 2 }")
        #expect(older.action?.internalRedirects?.maximum == 2)
        #expect(loadAction("{ cluster: c, max_internal_redirects: 2 }").action?.internalRedirects == nil)
    }

    @Test func faultsOfInternalRedirectsAreReported() {
        let package = "type.googleapis.com/envoy.extensions.internal_redirect"
        let loaded = loadAction(
            """
            cluster: c
            internal_redirect_policy:
              redirect_response_codes: [404]
              response_headers_to_copy: [":path", ""]
              predicates:
              - name: a
                typed_config:
                  "@type": \(package).allow_listed_routes.v3.AllowListedRoutesConfig
                  allowed_route_names: [a, ""]
              - { name: b }
              - { name: c, typed_config: { "@type": type.googleapis.com/google.protobuf.Duration, value: 1s } }
            """)
        let place = "route.internal_redirect_policy"
        #expect(
            Set(loaded.routeFaults).isSuperset(of: [
                "? \(place).redirect_response_codes[0] [invalid-value]",
                "\(place).response_headers_to_copy[0] [invalid-value]",
                "\(place).response_headers_to_copy[1] [invalid-value]",
                "\(place).predicates[0].typed_config.allowed_route_names[1] [invalid-value]",
                "\(place).predicates[1].typed_config [missing-field]",
                "\(place).predicates[2].typed_config [unknown-extension]",
            ]))
        #expect(loaded.action?.internalRedirects?.maximum == 0)
    }

    @Test func mirrorPoliciesAreRead() {
        let loaded = loadAction(
            """
            cluster: c
            request_mirror_policies:
            - cluster: d
              runtime_fraction: { default_value: { numerator: 5, denominator: MILLION } }
              disable_shadow_host_suffix_append: true
            - { cluster_header: x-c, host_rewrite_literal: shadow.example }
            """)
        var first = MirrorPolicy(to: .cluster("d"))
        first.fraction = RuntimeFraction(Fraction(5, of: .million))
        first.keepsHost = true
        var second = MirrorPolicy(to: .header("x-c"))
        second.host = "shadow.example"
        #expect(loaded.faults.isEmpty)
        #expect(loaded.action?.mirrors == [first, second])
        #expect(
            loadAction(
                """
                cluster: c
                request_mirror_policies:
                - {}
                - { cluster: a, cluster_header: b }
                - { cluster: a, trace_sampled: true, request_headers_mutations: [{ remove: x }, {}, { append: {} }] }
                - { cluster: a, request_headers_mutations: [{ remove_on_match: { key_matcher: { prefix: x } } }] }
                """
            ).routeFaults == [
                "route.request_mirror_policies[0] [missing-field]",
                "route.request_mirror_policies[1].cluster_header [invalid-value]",
                "? route.request_mirror_policies[2].trace_sampled [unsupported]",
                "route.request_mirror_policies[2].request_headers_mutations[1] [missing-field]",
                "route.request_mirror_policies[2].request_headers_mutations[2].append.header [missing-field]",
                "route.request_mirror_policies[3].request_headers_mutations[0].remove_on_match [unsupported]",
            ])
    }

    @Test func changesOfACopysHeadersKeepTheirOrder() {
        let loaded = loadAction(
            """
            cluster: c
            request_mirror_policies:
            - cluster: d
              request_headers_mutations:
              - { append: { header: { key: x-a, value: "%REQ(b)%" }, append_action: OVERWRITE_IF_EXISTS } }
              - { remove: X-B }
            """)
        #expect(loaded.faults.isEmpty)
        #expect(
            loaded.action?.mirrors.first?.headerChanges
                == [.add(.init("x-a", "%REQ(b)%", rule: .overwriteIfExists)), .remove("X-B")])
        #expect(
            loadAction(
                """
                cluster: c
                request_mirror_policies:
                - { cluster: d, request_headers_mutations: [{ remove: ":path" }, { remove: "" }] }
                - { cluster: d, request_headers_mutations: [{ append: { header: { key: Host, value: h } } }] }
                - { cluster: d, request_headers_mutations: [{ append: { header: { key: x, value: "%NO%" } } }] }
                """
            ).routeFaults == [
                "route.request_mirror_policies[0].request_headers_mutations[0].remove [invalid-value]",
                "route.request_mirror_policies[0].request_headers_mutations[1].remove [invalid-value]",
                "route.request_mirror_policies[1].request_headers_mutations[0].append.header.key [invalid-value]",
                "route.request_mirror_policies[2].request_headers_mutations[0].append.header.value [invalid-value]",
            ])
    }

    @Test func rewritesWithCommandsAreRead() {
        let loaded = loadAction(#"{ cluster: c, host_rewrite: "h-%REQ(x)%", path_rewrite: "/%PATH(NQ)%" }"#)
        #expect(loaded.faults.isEmpty)
        #expect(loaded.action?.hostRewrite == .format("h-%REQ(x)%"))
        #expect(loaded.action?.pathRewrite == .format("/%PATH(NQ)%"))
        #expect(loadAction("{ cluster: c, path_rewrite: '', host_rewrite: '' }").action?.pathRewrite == nil)
        #expect(loadAction("{ cluster: c, path_rewrite: '', host_rewrite: '' }").action?.hostRewrite == nil)
        #expect(
            loadAction("{ cluster: c, path_rewrite: /a, prefix_rewrite: /b }").routeFaults
                == ["route.path_rewrite [invalid-value]"])
    }

    @Test func environmentVariablesAreLookedUpWhenADocumentIsLoaded() {
        let value = "'%%ENVIRONMENT(A)%%%ENVIRONMENT(A)%%REQ(x)%%ENVIRONMENT(A):2%%ENVIRONMENT(B)%'"
        let loaded = load(
            tableText(routes: "- match: { prefix: / }\n  route: { cluster: c, host_rewrite: \(value) }"),
            as: .routeConfiguration
        ) { $0.environmentVariable = { $0 == "A" ? "5%!" : nil } }
        #expect(loaded.faults.isEmpty)
        #expect(loaded.action?.hostRewrite == .format("%%ENVIRONMENT(A)%%5%%!%REQ(x)%5%%-"))
    }

    @Test func aRouteNeedsACluster() {
        #expect(loadAction("{ timeout: 1s }").routeFaults == ["route [missing-field]"])
    }
}
