// Fairlead: tests of what a rate limit service is asked, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@testable import FairleadEnvoy

@Suite struct RateLimitLoweringTests {
    private func load(_ limits: String, action: String = "cluster: a") -> LoadedConfiguration {
        FairleadEnvoyTests.load(
            tableText(routes: "- match: { prefix: / }\n  route: { \(action), rate_limits: [\(limits)] }"),
            as: .routeConfiguration)
    }

    private func limits(_ loaded: LoadedConfiguration) -> [RateLimit] {
        guard case .forward(let forward)? = loaded.route?.action else { return [] }
        return forward.rateLimits
    }

    @Test func everyActionIsRead() {
        let place = "metadata_key: { key: f, path: [{ key: a }, { key: b }] }"
        let loaded = load(
            """
            { stage: 3, disable_key: k, apply_on_stream_done: true,
              limit: { dynamic_metadata: { \(place) } },
              actions: [
              { source_cluster: {} }, { destination_cluster: {} }, { remote_address: {} },
              { request_headers: { header_name: x, descriptor_key: k, skip_if_absent: true } },
              { query_parameters: { query_parameter_name: q, descriptor_key: k } },
              { masked_remote_address: {} },
              { masked_remote_address: { v4_prefix_mask_len: 0, v6_prefix_mask_len: 1 } },
              { generic_key: { descriptor_value: v } },
              { generic_key: { descriptor_value: v, descriptor_key: k } },
              { header_value_match: { descriptor_value: v, headers: [{ name: x, present_match: true }] } },
              { header_value_match: { descriptor_value: v, descriptor_key: k, expect_match: false,
                headers: [{ name: x, string_match: { exact: e } }] } },
              { query_parameter_value_match: { descriptor_value: v, query_parameters: [{ name: q }] } },
              { metadata: { descriptor_key: k, \(place) } },
              { metadata: { descriptor_key: k, \(place), source: ROUTE_ENTRY, default_value: d, skip_if_absent: true } }
            ] }
            """, action: "cluster: a, include_vh_rate_limits: true")
        #expect(loaded.faults.isEmpty)
        let where_ = RateLimit.MetadataPlace("f", ["a", "b"])
        var ofRoute = RateLimit.Source(key: "k", where_, isRoutes: true)
        ofRoute.fallback = "d"
        ofRoute.skipsIfAbsent = true
        var limit = RateLimit([
            .sourceCluster, .destinationCluster, .remoteAddress, .requestHeader("x", key: "k", skipsIfAbsent: true),
            .queryParameter("q", key: "k", skipsIfAbsent: false), .maskedRemoteAddress(version4: 32, version6: 128),
            .maskedRemoteAddress(version4: 0, version6: 1), .fixed(key: "generic_key", value: "v"),
            .fixed(key: "k", value: "v"),
            .headerMatch(key: "header_match", value: "v", expectsMatch: true, [HeaderMatcher("x", .present(true))]),
            .headerMatch(
                key: "k", value: "v", expectsMatch: false, [HeaderMatcher("x", .text(StringMatcher(.exact("e"))))]),
            .queryParameterMatch(
                key: "query_match", value: "v", expectsMatch: true, [QueryParameterMatcher("q", .present(true))]),
            .metadata(RateLimit.Source(key: "k", where_)), .metadata(ofRoute),
        ])
        limit.stage = 3
        limit.disableKey = "k"
        limit.appliesOnStreamDone = true
        limit.limit = where_
        #expect(limits(loaded) == [limit])
        guard case .forward(let forward)? = loaded.route?.action else { return }
        #expect(forward.includesVirtualHostRateLimits)
    }

    @Test func virtualHostsHaveRulesToo() {
        let loaded = FairleadEnvoyTests.load(
            """
            name: t
            virtual_hosts:
            - { name: v, domains: ["*"], rate_limits: [{ actions: [{ remote_address: {} }] }] }
            """, as: .routeConfiguration)
        #expect(loaded.faults.isEmpty)
        #expect(
            loaded.configuration.routeConfigurations.first?.virtualHosts.first?.rateLimits == [
                RateLimit([.remoteAddress])
            ])
    }

    @Test func whatCannotBeMadeOutIsRefused() {
        let expression = "type.googleapis.com/envoy.extensions.rate_limit_descriptors.expr.v3.Descriptor"
        let loaded = load(
            """
            { actions: [{}, { dynamic_metadata: { descriptor_key: k, metadata_key: { key: f, path: [{ key: a }] } } },
              { metadata: { descriptor_key: k } }, { metadata: { source: 7, metadata_key: { key: f } } }],
              limit: {} },
            { actions: [{ remote_address: {} }], limit: { dynamic_metadata: {} }, hits_addend: { number: 1000000001 } },
            { actions: [{ remote_address: {} }], hits_addend: { format: "5" } },
            { actions: [{ extension: { name: e, typed_config: { "@type": \(expression), text: request.method } } }] }
            """)
        #expect(
            loaded.routeFaults == [
                "route.rate_limits[0].actions[0] [missing-field]",
                "route.rate_limits[0].actions[1].dynamic_metadata [unsupported]",
                "route.rate_limits[0].actions[2].metadata.metadata_key [missing-field]",
                "route.rate_limits[0].actions[3].metadata.descriptor_key [invalid-value]",
                "route.rate_limits[0].actions[3].metadata.source [unknown-enum-value]",
                "route.rate_limits[0].actions[3].metadata.metadata_key.path [invalid-value]",
                "route.rate_limits[0].limit [missing-field]",
                "route.rate_limits[1].limit.dynamic_metadata.metadata_key [missing-field]",
                "? route.rate_limits[1].hits_addend [unsupported]",
                "route.rate_limits[1].hits_addend.number [invalid-value]",
                "? route.rate_limits[2].hits_addend [unsupported]",
                "route.rate_limits[2].hits_addend.format [invalid-value]",
                "route.rate_limits[3].actions[0].extension.typed_config [unsupported]",
            ])
        #expect(loaded.problems.contains { $0.message.contains("rate_limit_descriptors.expr.v3.Descriptor") })
    }
}
