// Fairlead: tests of the rules for what a rate limit service is asked
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@Suite struct RateLimitRulesTests {
    private func findings(_ limit: RateLimit) -> [String] {
        var host = VirtualHost(name: "v", domains: ["*"], routes: [route { $0.rateLimits = [limit] }])
        let ofRoute = outline(Validator.problems(in: host)).map {
            String($0.dropFirst("routes[0].route.rate_limits[0].".count))
        }
        host.routes = []
        host.rateLimits = [limit]
        let ofHost = outline(Validator.problems(in: host)).map { String($0.dropFirst("rate_limits[0].".count)) }
        #expect(ofRoute == ofHost)
        return ofRoute
    }

    @Test func aRuleHasAStageAndActions() {
        var limit = RateLimit([])
        limit.stage = 11
        limit.limit = RateLimit.MetadataPlace("", [])
        #expect(
            findings(limit) == [
                "stage [invalid-value]", "actions [invalid-value]",
                "limit.dynamic_metadata.metadata_key.key [invalid-value]",
                "limit.dynamic_metadata.metadata_key.path [invalid-value]",
            ])
        limit = RateLimit([.sourceCluster, .destinationCluster, .remoteAddress])
        limit.stage = 10
        limit.limit = RateLimit.MetadataPlace("f", ["a", "b"])
        #expect(findings(limit).isEmpty)
    }

    @Test func everyActionHasItsRules() {
        let wrong = RateLimit([
            .requestHeader("", key: "", skipsIfAbsent: true), .requestHeader("a\n", key: "k", skipsIfAbsent: false),
            .queryParameter("", key: "", skipsIfAbsent: true), .maskedRemoteAddress(version4: 33, version6: 129),
            .fixed(key: "", value: ""), .headerMatch(key: "", value: "", expectsMatch: true, []),
            .headerMatch(key: "k", value: "v", expectsMatch: true, [HeaderMatcher("", .present(true))]),
            .queryParameterMatch(key: "", value: "", expectsMatch: true, []),
            .queryParameterMatch(
                key: "k", value: "v", expectsMatch: true,
                [QueryParameterMatcher("q", .text(StringMatcher(.prefix(""))))]),
            .metadata(RateLimit.Source(key: "", RateLimit.MetadataPlace("f", [""]))),
        ])
        #expect(
            findings(wrong)
                == [
                    "0].request_headers.header_name", "0].request_headers.descriptor_key",
                    "1].request_headers.header_name", "2].query_parameters.query_parameter_name",
                    "2].query_parameters.descriptor_key", "3].masked_remote_address.v4_prefix_mask_len",
                    "3].masked_remote_address.v6_prefix_mask_len", "4].generic_key.descriptor_key",
                    "4].generic_key.descriptor_value", "5].header_value_match.descriptor_key",
                    "5].header_value_match.descriptor_value", "5].header_value_match.headers",
                    "6].header_value_match.headers[0].name", "7].query_parameter_value_match.descriptor_key",
                    "7].query_parameter_value_match.descriptor_value",
                    "7].query_parameter_value_match.query_parameters",
                    "8].query_parameter_value_match.query_parameters[0].string_match.prefix",
                    "9].metadata.descriptor_key", "9].metadata.metadata_key.path[0].key",
                ].map { "actions[" + $0 + " [invalid-value]" })
        let right = RateLimit([
            .requestHeader("x", key: "k", skipsIfAbsent: true), .queryParameter("q", key: "k", skipsIfAbsent: true),
            .maskedRemoteAddress(version4: 32, version6: 128), .fixed(key: "k", value: "v"),
            .headerMatch(key: "k", value: "v", expectsMatch: false, [HeaderMatcher("x", .present(true))]),
            .queryParameterMatch(
                key: "k", value: "v", expectsMatch: false, [QueryParameterMatcher("q", .present(true))]),
            .metadata(RateLimit.Source(key: "k", RateLimit.MetadataPlace("f", ["a"]))),
        ])
        #expect(findings(right).isEmpty)
    }

    @Test func runtimeKeysOfSwitchesAreKnown() {
        var limit = RateLimit([.remoteAddress])
        #expect(limit.runtimeKey == nil)
        limit.disableKey = "b"
        var host = VirtualHost(name: "v", domains: ["*"], routes: [route { $0.rateLimits = [limit] }])
        limit.disableKey = "a"
        host.rateLimits = [limit]
        #expect(host.runtimeKeys == ["ratelimit.a.http_filter_enabled", "ratelimit.b.http_filter_enabled"])
    }
}
