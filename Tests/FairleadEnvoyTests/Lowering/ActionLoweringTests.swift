// Fairlead: tests of actions, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@testable import FairleadEnvoy

@Suite struct ActionLoweringTests {
    /// Loads a route with another action than forwarding.
    private func load(action: String, _ change: (inout EnvoyLoader) -> Void = { _ in }) -> LoadedConfiguration {
        FairleadEnvoyTests.load(
            tableText(routes: "- match: { prefix: / }\n  \(indented(action, by: 2))"), as: .routeConfiguration,
            change)
    }

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
                "? \(place).clusters[2].typed_per_filter_config [unsupported]",
            ])
    }

    @Test func aLimitOfTheStreamReplacesTheTimeout() {
        let none = loadAction("{ cluster: c, timeout: 5s, max_stream_duration: {} }")
        #expect(none.faults.isEmpty)
        #expect(none.action?.timeout == .zero)
        let some = loadAction(
            "{ cluster: c, max_stream_duration: { max_stream_duration: 5s, grpc_timeout_header_max: 0s } }")
        #expect(
            some.routeFaults == [
                "? route.max_stream_duration.max_stream_duration [unsupported]",
                "? route.max_stream_duration.grpc_timeout_header_max [unsupported]",
            ])
        #expect(some.action?.timeout == .zero)
    }

    @Test func whatForwardingCannotDoIsReported() {
        let loaded = loadAction(
            """
            cluster: c
            rate_limits: [{ stage: 1 }]
            cors: { allow_credentials: true }
            max_grpc_timeout: 1s
            upgrade_configs: [{ upgrade_type: websocket }]
            internal_redirect_action: HANDLE_INTERNAL_REDIRECT
            internal_redirect_policy: {}
            hedge_policy: {}
            request_mirror_policies: [{ cluster: d }]
            retry_policy_typed_config: { "@type": type.googleapis.com/google.protobuf.Empty }
            early_data_policy: { name: e }
            flush_timeout: 1s
            priority: 5
            cluster_not_found_response_code: 7
            """)
        #expect(
            loaded.routeFaults.map { $0.replacing("route.", with: "") } == [
                "rate_limits [unsupported]", "? cors [unsupported]", "? max_grpc_timeout [unsupported]",
                "? upgrade_configs [unsupported]", "internal_redirect_action [unsupported]",
                "internal_redirect_policy [unsupported]", "hedge_policy [unsupported]",
                "request_mirror_policies [unsupported]", "retry_policy_typed_config [unsupported]",
                "? early_data_policy [unsupported]", "? flush_timeout [unsupported]", "priority [unknown-enum-value]",
                "cluster_not_found_response_code [unknown-enum-value]",
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
        let loaded = FairleadEnvoyTests.load(
            tableText(routes: "- match: { prefix: / }\n  route: { cluster: c, host_rewrite: \(value) }"),
            as: .routeConfiguration
        ) { $0.environmentVariable = { $0 == "A" ? "5%!" : nil } }
        #expect(loaded.faults.isEmpty)
        #expect(loaded.action?.hostRewrite == .format("%%ENVIRONMENT(A)%%5%%!%REQ(x)%5%%-"))
    }

    @Test(arguments: ["cluster_specifier_plugin: p", "inline_cluster_specifier_plugin: { extension: { name: p } }"])
    func pluginsForClustersAreRefused(_ text: String) {
        let field = String(text.prefix { $0 != ":" })
        #expect(loadAction("{ \(text) }").routeFaults == ["route.\(field) [unsupported]"])
        #expect(loadAction("{ timeout: 1s }").routeFaults == ["route [missing-field]"])
    }

    @Test func everyFieldOfARedirectIsRead() {
        let loaded = load(
            action: "redirect: { host_redirect: h, port_redirect: 81, scheme_redirect: ftp, prefix_rewrite: /p, "
                + "response_code: SEE_OTHER, strip_query: true }")
        var redirect = RedirectAction()
        redirect.host = "h"
        redirect.port = 81
        redirect.scheme = .scheme("ftp")
        redirect.path = .prefix("/p")
        redirect.status = .seeOther
        redirect.stripsQuery = true
        #expect(loaded.faults.isEmpty)
        #expect(loaded.route?.action == .redirect(redirect))
        #expect(load(action: "redirect: {}").route?.action == .redirect(RedirectAction()))
        redirect = RedirectAction()
        redirect.scheme = .https
        redirect.path = .pattern(PatternSubstitution(pattern: "a", substitution: "b"))
        redirect.status = .temporaryRedirect
        let second = load(
            action: "redirect: { https_redirect: true, response_code: TEMPORARY_REDIRECT, "
                + "regex_rewrite: { pattern: { regex: a }, substitution: b } }")
        #expect(second.route?.action == .redirect(redirect))
        redirect = RedirectAction()
        redirect.status = .found
        #expect(
            load(action: "redirect: { path_redirect: '', response_code: FOUND }").route?.action == .redirect(redirect))
    }

    @Test func faultsOfARedirectAreReported() {
        #expect(
            load(action: "redirect: { port_redirect: 65536, path_rewrite: '100%', response_code: 9 }").routeFaults == [
                "redirect.port_redirect [invalid-value]", "redirect.path_rewrite [invalid-value]",
                "redirect.response_code [unknown-enum-value]",
            ])
    }

    @Test func theBodyOfADirectResponseComesFromAnywhere() {
        func body(_ text: String) -> [UInt8]? {
            let loaded = load(action: "direct_response: { status: 200, body: { \(text) } }") { loader in
                loader.readFile = { $0 == "/page" ? [1, 2] : nil }
                loader.environmentVariable = { $0 == "PAGE" ? "three" : nil }
            }
            #expect(loaded.faults.isEmpty)
            guard case .directResponse(let response)? = loaded.route?.action else { return nil }
            return response.body
        }
        #expect(body("inline_string: abc") == Array("abc".utf8))
        #expect(body("inline_bytes: AP8=") == [0, 255])
        #expect(body("filename: /page") == [1, 2])
        #expect(body("environment_variable: PAGE") == Array("three".utf8))
    }

    @Test func theBodyOfADirectResponseCanBeComposed() {
        func format(_ text: String) -> DirectResponse.BodyFormat? {
            let loaded = load(action: "direct_response: { status: 200, body_format: { \(text) } }")
            #expect(loaded.faults.isEmpty)
            guard case .directResponse(let response)? = loaded.route?.action else { return nil }
            return response.format
        }
        var html = DirectResponse.BodyFormat("<%REQ(x)%>")
        html.omitsMissing = true
        html.contentType = "text/html"
        #expect(format("text_format_source: { inline_string: 'a%%' }") == .init("a%%"))
        #expect(
            format(
                "text_format_source: { inline_string: '<%REQ(x)%>' }, omit_empty_values: true, "
                    + "content_type: text/html") == html)
    }

    @Test func faultsOfADirectResponseAreReported() {
        for (text, fault) in [
            ("filename: /lost", "body.filename [unknown-reference]"),
            ("environment_variable: LOST", "body.environment_variable [unknown-reference]"),
        ] {
            // A single resource's own references are looked for at once.
            #expect(
                load(action: "direct_response: { status: 200, body: { \(text) } }").routeFaults
                    == ["direct_response." + fault])
        }
        #expect(
            load(action: "direct_response: { status: 70000, body: {}, body_format: {} }").routeFaults == [
                "direct_response.status [invalid-value]", "direct_response.body [missing-field]",
                "direct_response.body_format [missing-field]",
            ])
        #expect(
            load(action: "direct_response: { status: 100 }").routeFaults == ["direct_response.status [invalid-value]"])
        #expect(
            load(action: "direct_response: { status: 200, body: { inline_string: a, watched_directory: { path: / } } }")
                .routeFaults == ["? direct_response.body.watched_directory [unsupported]"])
    }
}
