// Fairlead: matches that no request has, and patterns that are plain texts
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension ProblemTrail {
    /// Which requests a route is for.
    mutating func lint(_ match: RouteMatch, ignoresPathParameters: Bool) {
        switch match.path {
        case .prefix(let text): lint(path: text, at: "prefix", mayBeEmpty: true, ignoresPathParameters)
        case .exact(let text): lint(path: text, at: "path", mayBeEmpty: false, ignoresPathParameters)
        case .separatedPrefix(let text):
            lint(path: text, at: "path_separated_prefix", mayBeEmpty: false, ignoresPathParameters)
        case .pattern(let pattern):
            if let words = SimplePattern(pattern)?.pathWords {
                warning(.simplePattern, at: "safe_regex", "'\(pattern)' says no more than " + words)
            }
        case .connect, .template: break
        }
        if let fraction = match.fraction, fraction.fallback.numerator == 0, fraction.runtimeKey.isEmpty {
            warning(.neverMatches, at: "runtime_fraction", "a share of nothing is never taken")
        }
        lint(match.headers)
        lint(match.queryParameters)
    }

    private mutating func lint(path text: String, at field: String, mayBeEmpty: Bool, _ ignoresPathParameters: Bool) {
        func never(_ why: String, _ walk: inout ProblemTrail) {
            walk.warning(.neverMatches, at: field, "no path matches '\(text)': " + why)
        }
        let bytes = text.utf8
        guard let first = bytes.first else {
            if !mayBeEmpty { never("a path begins with '/'", &self) }
            return
        }
        if first != UInt8(ascii: "/") {
            never("a path begins with '/'", &self)
        } else if bytes.contains(UInt8(ascii: "?")) || bytes.contains(UInt8(ascii: "#")) {
            never("query and fragment are cut off before it is compared; use query_parameters", &self)
        } else if bytes.contains(where: { $0 <= 0x20 || $0 >= 0x7f }) {
            never("blanks and bytes beyond ASCII come percent-encoded, and are compared so", &self)
        } else if ignoresPathParameters, bytes.contains(UInt8(ascii: ";")) {
            never("ignore_path_parameters_in_path_matching cuts off what begins with ';'", &self)
        }
    }

    private mutating func lint(_ headers: [HeaderMatcher]) {
        var singles: [String: String] = [:]
        var presence: [String: Bool] = [:]
        each("headers", headers) { walk, header in
            let name = header.lintName
            switch header.rule {
            case .present(let isThere):
                let wanted = isThere != header.isInverted
                if !header.treatsMissingAsEmpty, presence.updateValue(wanted, forKey: name) == !wanted {
                    walk.warning(.neverMatches, "'\(header.name)' cannot be there and not be there")
                }
            case .range(let start, let end):
                if start >= end, !header.isInverted {
                    walk.warning(.neverMatches, at: "range_match", "no number is at least \(start) and below \(end)")
                }
            case .text(let matcher):
                walk.within("string_match") { $0.lint(pattern: matcher) }
                // A header can come twice, with both values; these cannot.
                guard name.hasPrefix(":"), !header.isInverted, !matcher.ignoresCase,
                    case .exact(let text) = matcher.rule
                else { return }
                if let other = singles.updateValue(text, forKey: name), other != text {
                    walk.warning(.neverMatches, "'\(header.name)' cannot be '\(other)' and '\(text)'")
                }
            }
        }
    }

    /// A condition on a text, at which the walk is: a pattern that is a plain text.
    mutating func lint(pattern matcher: StringMatcher) {
        guard case .pattern(let pattern) = matcher.rule, let simple = SimplePattern(pattern) else { return }
        warning(.simplePattern, at: "safe_regex", "'\(pattern)' says no more than " + simple.textWords)
    }

    private mutating func lint(_ parameters: [QueryParameterMatcher]) {
        // Only the first parameter of a name is looked at, so it has one value.
        var values: [String: String] = [:]
        each("query_parameters", parameters) { walk, parameter in
            guard case .text(let matcher) = parameter.rule else { return }
            switch matcher.rule {
            case .pattern: walk.within("string_match") { $0.lint(pattern: matcher) }
            case .exact(let text) where !matcher.ignoresCase:
                if let other = values.updateValue(text, forKey: parameter.name), other != text {
                    walk.warning(.neverMatches, "'\(parameter.name)' cannot be '\(other)' and '\(text)'")
                }
            case .exact, .prefix, .suffix, .contains: break
            }
        }
    }
}

extension HeaderMatcher {
    /// The name in the spelling that equal ones share.
    fileprivate var lintName: String {
        let lowered = ASCII.lowercased(name)
        return lowered == "host" ? ":authority" : lowered
    }
}
