// Fairlead: what a route matches, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// Which requests a route is for.
    mutating func match(_ proto: RouteMatchProto) -> RouteMatch {
        account(for: proto, .routeMatch)
        var match = RouteMatch(path(proto))
        match.isCaseSensitive = proto.hasCaseSensitive ? proto.caseSensitive.value : true
        match.headers = each("headers", proto.headers) { $0.header($1) }
        match.queryParameters = each("query_parameters", proto.queryParameters) { $0.queryParameter($1) }
        if proto.hasRuntimeFraction {
            match.fraction = within("runtime_fraction") { $0.runtimeFraction(proto.runtimeFraction, isActedOn: true) }
        }
        match.matchesGRPCOnly = proto.hasGrpc
        lowerConditions(of: proto, into: &match)
        return match
    }

    private mutating func path(_ proto: RouteMatchProto) -> RouteMatch.Path {
        switch proto.pathSpecifier {
        case .prefix(let prefix)?: return .prefix(prefix)
        case .path(let path)?: return .exact(path)
        case .safeRegex(let regex)?: return .pattern(within("safe_regex") { $0.pattern(regex) })
        case .connectMatcher?: return .connect
        case .pathSeparatedPrefix(let prefix)?: return .separatedPrefix(prefix)
        case .pathMatchPolicy(let policy)?: return pathTemplate(policy)
        case nil:
            trail.error(.missingField, "must hold prefix, path, safe_regex, connect_matcher or path_separated_prefix")
        }
        return .prefix("")
    }

    /// A condition on a header.
    mutating func header(_ proto: HeaderMatcherProto) -> HeaderMatcher {
        HeaderMatcher(
            proto.name, rule(proto), isInverted: proto.invertMatch,
            treatsMissingAsEmpty: proto.treatMissingHeaderAsEmpty)
    }

    private mutating func rule(_ proto: HeaderMatcherProto) -> HeaderMatcher.Rule {
        switch proto.headerMatchSpecifier {
        case nil: return .present(true)
        case .presentMatch(let isPresent)?: return .present(isPresent)
        case .rangeMatch(let range)?: return .range(start: range.start, end: range.end)
        case .stringMatch(let matcher)?: return .text(within("string_match") { $0.matcher(matcher) })
        // The older spellings. An empty exact_match is content with any value, but asks for one.
        case .exactMatch(let text)?: return .text(StringMatcher(text.isEmpty ? .pattern("(?s:.*)") : .exact(text)))
        case .safeRegexMatch(let regex)?:
            return .text(StringMatcher(.pattern(within("safe_regex_match") { $0.pattern(regex) })))
        case .prefixMatch(let text)?: return legacyRule(.prefix(text), text, at: "prefix_match")
        case .suffixMatch(let text)?: return legacyRule(.suffix(text), text, at: "suffix_match")
        case .containsMatch(let text)?: return legacyRule(.contains(text), text, at: "contains_match")
        }
    }

    /// An older spelling of a rule. Its text is checked here, because the value no longer knows where it stood.
    private mutating func legacyRule(
        _ rule: StringMatcher.Rule, _ text: String, at field: String
    ) -> HeaderMatcher.Rule {
        if !text.isEmpty { return .text(StringMatcher(rule)) }
        trail.error(.invalidValue, at: field, "must not be empty")
        return .present(true)
    }

    /// A condition on a query parameter.
    mutating func queryParameter(_ proto: QueryParameterMatcherProto) -> QueryParameterMatcher {
        switch proto.queryParameterMatchSpecifier {
        case nil: QueryParameterMatcher(proto.name, .present(true))
        case .presentMatch(let isPresent)?: QueryParameterMatcher(proto.name, .present(isPresent))
        case .stringMatch(let matcher)?:
            QueryParameterMatcher(proto.name, .text(within("string_match") { $0.matcher(matcher) }))
        }
    }

    /// A condition on a text.
    mutating func matcher(_ proto: StringMatcherProto) -> StringMatcher {
        let rule: StringMatcher.Rule
        switch proto.matchPattern {
        case .exact(let text)?: rule = .exact(text)
        case .prefix(let text)?: rule = .prefix(text)
        case .suffix(let text)?: rule = .suffix(text)
        case .contains(let text)?: rule = .contains(text)
        case .safeRegex(let regex)?: rule = .pattern(within("safe_regex") { $0.pattern(regex) })
        case .custom?:
            refuse("custom")
            rule = .exact("")
        case nil:
            trail.error(.missingField, "must hold exact, prefix, suffix, contains or safe_regex")
            rule = .exact("")
        }
        return StringMatcher(rule, ignoresCase: proto.ignoreCase)
    }
}

extension FieldUse {
    static let routeMatch = FieldUse(
        RouteMatchProto.self,
        read: """
            prefix path safe_regex connect_matcher path_separated_prefix path_match_policy case_sensitive headers \
            query_parameters grpc runtime_fraction tls_context dynamic_metadata filter_state cookies
            """)
}
