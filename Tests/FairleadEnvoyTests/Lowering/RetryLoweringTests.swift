// Fairlead: tests of retry and hash policies, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@testable import FairleadEnvoy

@Suite struct RetryLoweringTests {
    private func retries(_ text: String) -> LoadedConfiguration {
        loadAction("cluster: c\nretry_policy:\n  \(indented(text, by: 2))")
    }

    private func faults(_ text: String) -> [String] {
        retries(text).routeFaults.map { $0.replacing("route.retry_policy.", with: "") }
    }

    @Test func everyFieldIsRead() {
        let loaded = retries(
            """
            retry_on: " 5xx ,gateway-error,reset, retriable-status-codes,"
            num_retries: 0
            per_try_timeout: 0.25s
            retriable_status_codes: [429, 500]
            per_try_idle_timeout: 0.5s
            retriable_headers: [{ name: h }]
            retriable_request_headers: [{ name: r, string_match: { exact: x } }]
            rate_limited_retry_back_off:
              reset_headers: [{ name: Retry-After }, { name: X-RateLimit-Reset, format: UNIX_TIMESTAMP }]
              max_interval: 60s
            retry_back_off: { base_interval: 0.01s, max_interval: 1s }
            host_selection_retry_max_attempts: 4
            retry_host_predicate:
            - name: p
              typed_config: { "@type": type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate }
            """)
        var policy = RetryPolicy(on: [.serverError, .gatewayError, .reset, .retriableStatusCodes])
        policy.retries = 0
        policy.perTryTimeout = .milliseconds(250)
        policy.retriableStatusCodes = [429, 500]
        policy.backOffBase = .milliseconds(10)
        policy.backOffMaximum = .seconds(1)
        policy.perTryIdleTimeout = .milliseconds(500)
        policy.retriableHeaders = [HeaderMatcher("h", .present(true))]
        policy.retriableRequestHeaders = [HeaderMatcher("r", .text(StringMatcher(.exact("x"))))]
        policy.resetHeaders = [.init("Retry-After"), .init("X-RateLimit-Reset", .unixTimestamp)]
        policy.resetMaximum = .seconds(60)
        policy.hostSelectionAttempts = 4
        policy.avoidsPreviousHosts = true
        #expect(loaded.faults.isEmpty)
        #expect(loaded.action?.retryPolicy == policy)
        #expect(retries("{}").action?.retryPolicy == RetryPolicy(on: []))
    }

    @Test func everyTokenOfEnvoyIsKnown() {
        let loaded = retries(
            """
            retry_on: >-
              5xx,gateway-error,connect-failure,reset,reset-before-request,refused-stream,retriable-4xx,
              retriable-status-codes,retriable-headers,envoy-ratelimited,cancelled,deadline-exceeded,
              resource-exhausted,unavailable,internal
            """)
        #expect(loaded.faults.isEmpty)
        let all = RetryPolicy.Conditions(rawValue: (1 << UInt32(RetryPolicy.Conditions.count)) - 1)
        #expect(loaded.action?.retryPolicy?.conditions == all.subtracting(.http3PostConnectFailure))
    }

    @Test func conditionsThatNothingCanMeetAreNamed() {
        let loaded = retries("retry_on: http3-post-connect-failure,bogus,connect-failure")
        #expect(
            loaded.problems.map(\.message)
                == ["'http3-post-connect-failure' has no effect without HTTP/3", "there is no condition 'bogus'"])
        #expect(
            faults("retry_on: http3-post-connect-failure,bogus")
                == ["? retry_on [unsupported]", "? retry_on [idle-retry-policy]"])
        #expect(loaded.action?.retryPolicy?.conditions == [.connectFailure, .http3PostConnectFailure])
    }

    @Test func backOffsThatNobodyCanMeanAreRefused() {
        #expect(
            faults("rate_limited_retry_back_off: {}") == ["rate_limited_retry_back_off.reset_headers [missing-field]"])
        #expect(
            faults(
                """
                retriable_headers: [{ name: "" }]
                retriable_request_headers: [{ name: "" }]
                rate_limited_retry_back_off:
                  reset_headers: [{ name: h, format: 7 }, { name: "" }]
                  max_interval: 0s
                """) == [
                    "retriable_headers[0].name [invalid-value]", "retriable_request_headers[0].name [invalid-value]",
                    "rate_limited_retry_back_off.reset_headers[0].format [invalid-value]",
                    "rate_limited_retry_back_off.reset_headers[1].name [invalid-value]",
                    "rate_limited_retry_back_off.max_interval [invalid-value]",
                ])
    }

    @Test func faultsAreReported() {
        #expect(
            faults(
                """
                retriable_status_codes: [200, 70000]
                retry_back_off: { max_interval: 1s }
                host_selection_retry_max_attempts: -1
                """) == [
                    "? retriable_status_codes[1] [invalid-value]", "retry_back_off.base_interval [missing-field]",
                    "host_selection_retry_max_attempts [invalid-value]",
                ])
        #expect(
            faults("retry_back_off: { base_interval: 2s, max_interval: 1s }")
                == ["retry_back_off.max_interval [invalid-value]"])
    }

    @Test func whatChangesRetriesAndIsNotThereIsRefused() {
        #expect(
            faults(
                """
                retry_priority: { name: p }
                retry_options_predicates: [{ name: p }]
                retry_host_predicate:
                - { name: a, typed_config: { "@type": type.googleapis.com/envoy.extensions.retry.host.omit_canary_hosts.v3.OmitCanaryHostsPredicate } }
                - { name: b, typed_config: { "@type": type.googleapis.com/envoy.extensions.retry.host.omit_host_metadata.v3.OmitHostMetadataConfig } }
                - { name: c, typed_config: { "@type": type.googleapis.com/x.Y } }
                - { name: d }
                """) == [
                    "retry_priority [unsupported]", "retry_options_predicates [unsupported]",
                    "retry_host_predicate[0].typed_config [unsupported]",
                    "retry_host_predicate[1].typed_config [unsupported]",
                    "retry_host_predicate[2].typed_config [unknown-extension]",
                    "retry_host_predicate[3].typed_config [missing-field]",
                ])
    }

    @Test func everyHashPolicyIsRead() {
        let loaded = loadAction(
            """
            cluster: c
            hash_policy:
            - header: { header_name: x, regex_rewrite: { pattern: { regex: a }, substitution: b } }
              terminal: true
            - cookie: { name: k, ttl: 1.9s, path: /p, attributes: [{ name: SameSite, value: None }] }
            - cookie: { name: k }
            - connection_properties: { source_ip: true }
            - query_parameter: { name: q }
            """)
        #expect(loaded.faults.isEmpty)
        #expect(
            loaded.action?.hashPolicies == [
                HashPolicy(
                    .header("x", substitution: PatternSubstitution(pattern: "a", substitution: "b")), isTerminal: true),
                HashPolicy(
                    .cookie(
                        .init(name: "k", timeToLive: .seconds(1), path: "/p", attributes: [.init("SameSite", "None")]))),
                HashPolicy(.cookie(.init(name: "k"))), HashPolicy(.sourceIP), HashPolicy(.queryParameter("q")),
            ])
    }

    @Test func whatHashesNothingStillEndsTheList() {
        let loaded = loadAction(
            """
            cluster: c
            hash_policy:
            - query_parameter: { name: q }
            - { connection_properties: {}, terminal: true }
            - connection_properties: { source_ip: true }
            """)
        #expect(loaded.routeFaults == ["? route.hash_policy[1].connection_properties.source_ip [invalid-value]"])
        #expect(
            loaded.action?.hashPolicies == [HashPolicy(.queryParameter("q"), isTerminal: true), HashPolicy(.sourceIP)])
    }

    @Test func hashPoliciesThatAreNotThereAreRefused() {
        #expect(
            loadAction("{ cluster: c, hash_policy: [{ filter_state: { key: k } }, {}] }").routeFaults
                == ["route.hash_policy[1] [missing-field]"])
        #expect(
            loadAction("{ cluster: c, hash_policy: [{ filter_state: {} }] }").routeFaults
                == ["route.hash_policy[0].filter_state.key [invalid-value]"])
        #expect(
            loadAction("{ cluster: c, hash_policy: [{ filter_state: { key: k } }] }").action?.hashPolicies
                == [HashPolicy(.filterState("k"))])
    }
}
