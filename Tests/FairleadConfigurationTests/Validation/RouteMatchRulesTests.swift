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
