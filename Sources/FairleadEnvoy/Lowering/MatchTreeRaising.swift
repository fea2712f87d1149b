// Fairlead: match trees, raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import SwiftProtobuf

extension MatcherProto {
    /// The message that lowers to `tree`.
    init(_ tree: MatchTree) {
        self.init()
        switch tree.kind {
        case .none: break
        case .list(let rules):
            matcherList.matchers = rules.map { rule in
                var matcher = MatcherList.FieldMatcher()
                matcher.predicate = MatcherList.Predicate(rule.predicate)
                matcher.onMatch = OnMatch(rule.outcome)
                return matcher
            }
        case .exact(let input, let entries):
            matcherTree.input = TreeExtensionProto(input)
            matcherTree.exactMatchMap.map = Self.map(entries)
        case .prefix(let input, let entries):
            matcherTree.input = TreeExtensionProto(input)
            matcherTree.prefixMatchMap.map = Self.map(entries)
        case .addresses(let input, let entries):
            matcherTree.input = TreeExtensionProto(input)
            var custom = Xds_Type_Matcher_V3_IPMatcher()
            custom.rangeMatchers = entries.map { entry in
                var matcher = Xds_Type_Matcher_V3_IPMatcher.IPRangeMatcher()
                matcher.ranges = entry.ranges.map { CidrRangeProto($0) }
                matcher.exclusive = entry.isExclusive
                matcher.onMatch = OnMatch(entry.outcome)
                return matcher
            }
            matcherTree.customMatch = TreeExtensionProto("ip", custom)
        case .domains(let input, let entries):
            matcherTree.input = TreeExtensionProto(input)
            var custom = Xds_Type_Matcher_V3_ServerNameMatcher()
            custom.domainMatchers = entries.map { entry in
                var matcher = Xds_Type_Matcher_V3_ServerNameMatcher.DomainMatcher()
                matcher.domains = entry.domains
                matcher.onMatch = OnMatch(entry.outcome)
                return matcher
            }
            matcherTree.customMatch = TreeExtensionProto("domain", custom)
        }
        if let otherwise = tree.otherwise { onNoMatch = OnMatch(otherwise) }
    }

    private static func map(_ entries: [MatchTree.Entry]) -> [String: OnMatch] {
        var map: [String: OnMatch] = [:]
        for entry in entries { map[entry.key] = OnMatch(entry.outcome) }
        return map
    }
}

extension MatcherProto.OnMatch {
    /// The message that lowers to `outcome`.
    init(_ outcome: MatchTree.Outcome) {
        self.init()
        switch outcome {
        case .tree(let tree): matcher = MatcherProto(tree)
        case .route(let route): action = TreeExtensionProto("route", RouteProto(route))
        case .routes(let routes):
            var list = RouteListProto()
            list.routes = routes.map { RouteProto($0) }
            action = TreeExtensionProto("routes", list)
        case .cluster(let name):
            var cluster = ClusterActionProto()
            cluster.cluster = name
            action = TreeExtensionProto("cluster", cluster)
        }
    }
}

extension MatcherProto.MatcherList.Predicate {
    /// The message that lowers to `predicate`.
    init(_ predicate: MatchTree.Predicate) {
        self.init()
        switch predicate {
        case .value(let input, let matcher):
            singlePredicate.input = TreeExtensionProto(input)
            singlePredicate.valueMatch = TreeStringMatcherProto(matcher)
        case .any(let inner): orMatcher.predicate = inner.map { Self($0) }
        case .all(let inner): andMatcher.predicate = inner.map { Self($0) }
        case .not(let inner): notMatcher = Self(inner)
        }
    }
}

extension TreeStringMatcherProto {
    /// The message that lowers to `matcher`.
    init(_ matcher: StringMatcher) {
        self.init()
        switch matcher.rule {
        case .exact(let text): exact = text
        case .prefix(let text): prefix = text
        case .suffix(let text): suffix = text
        case .contains(let text): contains = text
        case .pattern(let pattern):
            safeRegex.regex = pattern
            safeRegex.googleRe2 = Xds_Type_Matcher_V3_RegexMatcher.GoogleRE2()
        }
        ignoreCase = matcher.ignoresCase
    }
}

extension TreeExtensionProto {
    /// The extension that lowers to `input`.
    init(_ input: MatchTree.Input) {
        switch input {
        case .header(let name):
            var message = HeaderInputProto()
            message.headerName = name
            self.init("request-headers", message)
        }
    }

    /// An extension called `name` with the configuration `message`.
    fileprivate init(_ name: String, _ message: some Message) {
        self.init()
        self.name = name
        typedConfig = Google_Protobuf_Any(message)
    }
}
