// Fairlead: tests of matches, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@testable import FairleadEnvoy

@Suite struct MatchLoweringTests {
    @Test(arguments: [
        ("prefix: /a", RouteMatch.Path.prefix("/a")), ("path: /a", .exact("/a")),
        ("path_separated_prefix: /a", .separatedPrefix("/a")), ("safe_regex: { regex: /a.* }", .pattern("/a.*")),
        ("safe_regex: { google_re2: {}, regex: a }", .pattern("a")), ("connect_matcher: {}", .connect),
    ])
    func everyKindOfPathIsRead(_ text: String, _ path: RouteMatch.Path) {
        let loaded = loadMatch(text)
        #expect(loaded.faults.isEmpty)
        #expect(loaded.route?.match == RouteMatch(path))
    }

    @Test func everyConditionIsRead() {
        let loaded = loadMatch(
            """
            prefix: /
            case_sensitive: false
            grpc: {}
            runtime_fraction: { default_value: { numerator: 25, denominator: TEN_THOUSAND }, runtime_key: a.b }
            tls_context: {}
            headers:
            - { name: a }
            - { name: b, present_match: false, invert_match: true }
            - { name: c, range_match: { start: -5, end: 10 }, treat_missing_header_as_empty: true }
            - { name: d, string_match: { suffix: x, ignore_case: true } }
            - { name: e, string_match: { safe_regex: { regex: yy } } }
            query_parameters:
            - { name: f }
            - { name: g, present_match: false }
            - { name: h, string_match: { contains: z } }
            """)
        var match = RouteMatch(.prefix("/"))
        match.isCaseSensitive = false
        match.matchesGRPCOnly = true
        match.fraction = RuntimeFraction(Fraction(25, of: .tenThousand), runtimeKey: "a.b")
        match.headers = [
            HeaderMatcher("a", .present(true)), HeaderMatcher("b", .present(false), isInverted: true),
            HeaderMatcher("c", .range(start: -5, end: 10), treatsMissingAsEmpty: true),
            HeaderMatcher("d", .text(StringMatcher(.suffix("x"), ignoresCase: true))),
            HeaderMatcher("e", .text(StringMatcher(.pattern("yy")))),
        ]
        match.queryParameters = [
            QueryParameterMatcher("f", .present(true)), QueryParameterMatcher("g", .present(false)),
            QueryParameterMatcher("h", .text(StringMatcher(.contains("z")))),
        ]
        #expect(loaded.faults.isEmpty)
        #expect(loaded.route?.match == match)
    }

    @Test func conditionsOnWhatTheHostKnowsAreRead() {
        let loaded = loadMatch(
            """
            prefix: /
            tls_context: { presented: true, validated: false }
            cookies:
            - { name: c, string_match: { prefix: x }, invert_match: true }
            dynamic_metadata:
            - filter: f
              path: [{ key: a }, { key: b }]
              value: { or_match: { value_matchers: [{ null_match: {} }, { bool_match: true }, { double_match: { exact: 1 } }] } }
              invert: true
            - filter: g
              path: [{ key: a }]
              value: { list_match: { one_of: { double_match: { range: { start: 1, end: 2 } } } } }
            - { filter: h, path: [{ key: a }], value: { present_match: false } }
            - { filter: i, path: [{ key: a }], value: { string_match: { exact: x } } }
            filter_state:
            - { key: k, string_match: { suffix: x } }
            - { key: l, address_match: { ranges: [{ address_prefix: 10.0.0.0, prefix_len: 8 }, { address_prefix: "::1" }], invert_match: true } }
            """)
        var match = RouteMatch(.prefix("/"))
        match.tlsContext = TLSContextMatcher(isPresented: true, isValidated: false)
        match.cookies = [CookieMatcher("c", StringMatcher(.prefix("x")), isInverted: true)]
        match.dynamicMetadata = [
            MetadataMatcher("f", path: ["a", "b"], .any([.null, .bool(true), .number(1)]), isInverted: true),
            MetadataMatcher("g", path: ["a"], .oneOf(.range(start: 1, end: 2))),
            MetadataMatcher("h", path: ["a"], .present(false)),
            MetadataMatcher("i", path: ["a"], .text(StringMatcher(.exact("x")))),
        ]
        match.filterState = [
            FilterStateMatcher("k", .text(StringMatcher(.suffix("x")))),
            FilterStateMatcher(
                "l", .address([AddressRange("10.0.0.0", length: 8), AddressRange("::1", length: 0)], isInverted: true)),
        ]
        #expect(loaded.faults.isEmpty)
        #expect(loaded.route?.match == match)
    }

    @Test func olderSpellingsOfHeaderMatchesAreRead() {
        let loaded = loadMatch(
            """
            prefix: /
            headers:
            - { name: a, exact_match: x }
            - { name: b, exact_match: "" }
            - { name: c, prefix_match: x }
            - { name: d, suffix_match: x }
            - { name: e, contains_match: x }
            - { name: f, safe_regex_match: { regex: x } }
            """)
        #expect(loaded.faults.isEmpty)
        #expect(
            loaded.route?.match.headers.map(\.rule) == [
                // An empty exact_match is content with any value, but asks for one.
                .text(StringMatcher(.exact("x"))), .text(StringMatcher(.pattern("(?s:.*)"))),
                .text(StringMatcher(.prefix("x"))), .text(StringMatcher(.suffix("x"))),
                .text(StringMatcher(.contains("x"))),
                .text(StringMatcher(.pattern("x"))),
            ])
    }

    @Test func emptyTextsAreReportedWhereTheyStand() {
        let loaded = loadMatch(
            """
            prefix: /
            headers:
            - { name: c, prefix_match: "" }
            - { name: c, string_match: { suffix: "" } }
            - { name: c, string_match: {} }
            - { name: c, string_match: { custom: {} } }
            """)
        let place = "virtual_hosts[0].routes[0].match.headers"
        #expect(
            loaded.faults == [
                "\(place)[0].prefix_match [invalid-value]", "\(place)[1].string_match.suffix [invalid-value]",
                "\(place)[2].string_match [missing-field]", "\(place)[3].string_match.custom [unsupported]",
            ])
    }

    @Test func matchesThatCannotBeTakenAreRefused() {
        #expect(
            loadMatch("path_match_policy: { name: p }").routeFaults
                == ["match.path_match_policy.typed_config [missing-field]"])
        #expect(loadMatch("case_sensitive: true").routeFaults == ["match [missing-field]"])
        let loaded = loadMatch(
            """
            prefix: /
            dynamic_metadata:
            - { filter: f }
            - { filter: f, path: [{ key: k }], value: {} }
            - { filter: f, path: [{ key: k }], value: { double_match: {} } }
            - { filter: f, path: [{ key: k }], value: { list_match: { one_of: {} } } }
            filter_state: [{ key: k }]
            cookies: [{ name: c }, { name: c, string_match: {} }]
            runtime_fraction: {}
            """)
        #expect(
            loaded.routeFaults == [
                "match.dynamic_metadata[0].value [missing-field]", "match.dynamic_metadata[0].path [invalid-value]",
                "match.dynamic_metadata[1].value [missing-field]",
                "match.dynamic_metadata[2].value.double_match [missing-field]",
                "match.dynamic_metadata[3].value.list_match.one_of [missing-field]",
                "match.filter_state[0] [missing-field]", "match.cookies[0].string_match [missing-field]",
                "match.cookies[1].string_match [missing-field]", "match.runtime_fraction.default_value [missing-field]",
            ])
    }

    @Test func aLimitOfAPatternsProgramIsReported() {
        #expect(
            loadMatch("safe_regex: { google_re2: { max_program_size: 5 }, regex: a }").routeFaults
                == ["? match.safe_regex.google_re2.max_program_size [unsupported]"])
    }
}
