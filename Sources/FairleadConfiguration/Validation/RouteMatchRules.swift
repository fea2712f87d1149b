// Fairlead: rules for what a route matches
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension ProblemTrail {
    /// The most bytes of a query parameter's name in a match.
    private static let maximumParameterName = 1024

    /// Which requests a route is for.
    mutating func check(_ match: RouteMatch) {
        switch match.path {
        case .prefix, .exact, .connect: break
        case .separatedPrefix(let prefix): checkSeparatedPrefix(prefix)
        case .pattern(let pattern): checkPattern(pattern, at: "safe_regex")
        case .template(let template): checkTemplate(template)
        }
        each("headers", match.headers) { $0.check($1) }
        each("query_parameters", match.queryParameters) { $0.check($1) }
        checkConditions(of: match)
    }

    /// A condition on a header.
    mutating func check(_ header: HeaderMatcher) {
        checkHeaderName(header.name, at: "name")
        if case .text(let matcher) = header.rule { within("string_match") { $0.check(matcher) } }
    }

    /// A condition on a query parameter.
    mutating func check(_ parameter: QueryParameterMatcher) {
        requireText(parameter.name, at: "name")
        if parameter.name.utf8.count > ProblemTrail.maximumParameterName {
            error(
                .invalidValue, at: "name",
                "is \(parameter.name.utf8.count) bytes long; at most \(ProblemTrail.maximumParameterName) are allowed")
        }
        if case .text(let matcher) = parameter.rule { within("string_match") { $0.check(matcher) } }
    }

    /// At least two bytes, none of them `?` or `#`, and no `/` at the end.
    private mutating func checkSeparatedPrefix(_ prefix: String) {
        let bytes = prefix.utf8
        let isWell =
            bytes.count >= 2 && bytes.last != UInt8(ascii: "/")
            && !bytes.contains { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
        if !isWell {
            error(
                .invalidValue, at: "path_separated_prefix",
                "'\(prefix)' must have two characters or more, no '?' or '#', and no '/' at its end")
        }
    }

    /// A condition on a text.
    mutating func check(_ matcher: StringMatcher) {
        switch matcher.rule {
        case .exact: break
        case .prefix(let text): requireText(text, at: "prefix")
        case .suffix(let text): requireText(text, at: "suffix")
        case .contains(let text): requireText(text, at: "contains")
        case .pattern(let pattern):
            checkPattern(pattern, at: "safe_regex")
            if matcher.ignoresCase {
                error(.invalidValue, at: "ignore_case", "ignore_case has no effect for safe_regex.")
            }
        }
    }
}
