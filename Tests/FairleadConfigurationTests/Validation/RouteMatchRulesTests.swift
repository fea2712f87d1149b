// Fairlead: tests of the rules for what a route matches
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@Suite struct RouteMatchRulesTests {
    private func findings(_ route: Route) -> [String] {
        outline(Validator.problems(in: table(route))).map { String($0.dropFirst(firstRoute.count + ".match.".count)) }
    }

    @Test(arguments: [
        RouteMatch.Path.prefix(""), .prefix("/a?b"), .exact(""), .exact("/x"), .separatedPrefix("/a"),
        .separatedPrefix("ab"), .pattern("/.*"), .connect,
    ])
    func ordinaryPathsAreFine(_ path: RouteMatch.Path) {
        #expect(findings(matching(path)).isEmpty)
    }

    @Test(arguments: ["", "/", "a", "/foo/", "/a?b", "/a#b"])
    func aSeparatedPrefixHasTwoCharactersAndNoSlashAtItsEnd(_ prefix: String) {
        #expect(findings(matching(.separatedPrefix(prefix))) == ["path_separated_prefix [invalid-value]"])
    }

    @Test func aPatternIsNotEmpty() {
        #expect(findings(matching(.pattern(""))) == ["safe_regex.regex [invalid-value]"])
    }

    @Test func headersNeedNames() {
        let route = matching { match in
            match.headers = [
                HeaderMatcher(":method", .present(true)), HeaderMatcher("", .present(true)),
                HeaderMatcher("a\nb", .range(start: 5, end: 1)),
            ]
        }
        #expect(findings(route) == ["headers[1].name [invalid-value]", "headers[2].name [invalid-value]"])
    }

    @Test func conditionsOnWhatTheHostKnowsNeedNamesAndTexts() {
        let empty = StringMatcher(.prefix(""))
        let route = matching { match in
            match.cookies = [CookieMatcher("", StringMatcher(.exact(""))), CookieMatcher("c", empty)]
            match.dynamicMetadata = [
                MetadataMatcher("", path: [], .null), MetadataMatcher("f", path: ["a", ""], .text(empty)),
                MetadataMatcher("f", path: ["a"], .any([.oneOf(.text(empty))])),
            ]
            match.filterState = [
                FilterStateMatcher("", .text(empty)),
                FilterStateMatcher(
                    "k",
                    .address(
                        [
                            AddressRange("", length: 0), AddressRange("10.0.0", length: 129),
                            AddressRange("::", length: 128),
                        ],
                        isInverted: false)),
            ]
        }
        #expect(
            findings(route) == [
                "cookies[0].name [invalid-value]", "cookies[1].string_match.prefix [invalid-value]",
                "dynamic_metadata[0].filter [invalid-value]", "dynamic_metadata[0].path [invalid-value]",
                "dynamic_metadata[1].path[1].key [invalid-value]",
                "dynamic_metadata[1].value.string_match.prefix [invalid-value]",
                "dynamic_metadata[2].value.or_match.value_matchers [invalid-value]",
                "dynamic_metadata[2].value.or_match.value_matchers[0].list_match.one_of.string_match.prefix [invalid-value]",
                "filter_state[0].key [invalid-value]", "filter_state[0].string_match.prefix [invalid-value]",
                "filter_state[1].address_match.ranges[0].address_prefix [invalid-value]",
                "filter_state[1].address_match.ranges[1].address_prefix [invalid-value]",
                "filter_state[1].address_match.ranges[1].prefix_len [invalid-value]",
            ])
    }

    @Test func valuesMayBeNestedOnlySoDeep() {
        var value = ValueMatcher.null
        for _ in 0..<40 { value = .oneOf(value) }
        let route = matching { $0.dynamicMetadata = [MetadataMatcher("f", path: ["a"], value)] }
        #expect(findings(route).count == 1)
        #expect(findings(route).first?.hasSuffix("[limit-exceeded]") == true)
    }

    @Test func queryParametersNeedNamesOfBoundedLength() {
        let longest = String(repeating: "q", count: 1024)
        let route = matching { match in
            match.queryParameters = [
                QueryParameterMatcher(longest, .present(false)), QueryParameterMatcher("", .present(true)),
                QueryParameterMatcher(longest + "q", .present(true)),
            ]
        }
        #expect(
            findings(route) == ["query_parameters[1].name [invalid-value]", "query_parameters[2].name [invalid-value]"])
    }

    @Test func onlyAnExactTextMayBeEmpty() {
        let matchers: [StringMatcher] = [
            StringMatcher(.exact("")), StringMatcher(.prefix("")), StringMatcher(.suffix("")),
            StringMatcher(.contains("")), StringMatcher(.pattern("")),
        ]
        let route = matching { match in
            match.headers = matchers.map { HeaderMatcher("h", .text($0)) }
            match.queryParameters = matchers.map { QueryParameterMatcher("q", .text($0)) }
        }
        let faults = ["prefix", "suffix", "contains", "safe_regex.regex"]
        #expect(
            findings(route)
                == faults.enumerated().map { "headers[\($0 + 1)].string_match.\($1) [invalid-value]" }
                + faults.enumerated().map { "query_parameters[\($0 + 1)].string_match.\($1) [invalid-value]" })
    }

    @Test func patternsCannotIgnoreCaseByTheFlag() {
        let route = matching { match in
            match.headers = [
                HeaderMatcher("h", .text(StringMatcher(.exact("a"), ignoresCase: true))),
                HeaderMatcher("h", .text(StringMatcher(.pattern("a"), ignoresCase: true))),
            ]
        }
        #expect(findings(route) == ["headers[1].string_match.ignore_case [invalid-value]"])
    }
}
