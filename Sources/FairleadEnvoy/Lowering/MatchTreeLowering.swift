// Fairlead: match trees, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

typealias MatcherProto = Xds_Type_Matcher_V3_Matcher
typealias TreeExtensionProto = Xds_Core_V3_TypedExtensionConfig
typealias TreeStringMatcherProto = Xds_Type_Matcher_V3_StringMatcher
typealias HeaderInputProto = Envoy_Type_Matcher_V3_HttpRequestHeaderMatchInput
typealias RouteListProto = Envoy_Config_Route_V3_RouteList

extension Lowering {
    /// A match tree that leads to routes.
    mutating func matchTree(_ proto: MatcherProto) -> MatchTree {
        var tree: MatchTree
        switch proto.matcherType {
        case .matcherList(let list)?:
            tree = MatchTree(
                .list(
                    within("matcher_list") { lowering in
                        lowering.each("matchers", list.matchers) { $0.treeRule($1) }
                    }))
        case .matcherTree(let map)?: tree = MatchTree(within("matcher_tree") { $0.treeKind(map) })
        case nil: tree = MatchTree(.none)
        }
        if proto.hasOnNoMatch { tree.otherwise = within("on_no_match") { $0.treeOutcome(proto.onNoMatch) } }
        return tree
    }

    private mutating func treeRule(_ proto: MatcherProto.MatcherList.FieldMatcher) -> MatchTree.Rule {
        if !proto.hasPredicate { trail.error(.missingField, at: "predicate", "is missing") }
        if !proto.hasOnMatch { trail.error(.missingField, at: "on_match", "is missing") }
        let predicate = proto.hasPredicate ? within("predicate") { $0.treePredicate(proto.predicate) } : .any([])
        return MatchTree.Rule(
            predicate, within("on_match") { $0.treeOutcome(proto.onMatch, isThere: proto.hasOnMatch) })
    }

    // MARK: Outcomes

    private mutating func treeOutcome(_ proto: MatcherProto.OnMatch, isThere: Bool = true) -> MatchTree.Outcome {
        if proto.keepMatching {
            trail.error(.invalidValue, at: "keep_matching", "keep_matching is not supported in this context")
        }
        switch proto.onMatch {
        case .matcher(let matcher)?: return .tree(within("matcher") { $0.matchTree(matcher) })
        case .action(let action)?: return within("action") { $0.treeAction(action) }
        case nil: if isThere { trail.error(.missingField, "must hold matcher or action") }
        }
        return nothing
    }

    /// What holds the place of an outcome that could not be made out.
    private var nothing: MatchTree.Outcome { choosesClusters ? .cluster("unknown") : .routes([]) }

    private mutating func treeAction(_ proto: TreeExtensionProto) -> MatchTree.Outcome {
        trail.enter("typed_config")
        defer { trail.leave() }
        switch proto.typedConfig.typeName {
        case ClusterActionProto.protoMessageName where choosesClusters:
            if let action = unpack(proto.typedConfig, as: ClusterActionProto.self) { return .cluster(action.cluster) }
        case RouteProto.protoMessageName where !choosesClusters:
            if let route = unpack(proto.typedConfig, as: RouteProto.self) { return .route(self.route(route)) }
        case RouteListProto.protoMessageName where !choosesClusters:
            if let list = unpack(proto.typedConfig, as: RouteListProto.self) {
                return .routes(each("routes", list.routes) { $0.route($1) })
            }
        case let name:
            trail.error(
                .unknownExtension,
                "Didn't find a registered implementation for '\(proto.name)' with type URL: '\(name)'")
        }
        return nothing
    }

    // MARK: Predicates and inputs

    private mutating func treePredicate(_ proto: MatcherProto.MatcherList.Predicate) -> MatchTree.Predicate {
        switch proto.matchType {
        case .singlePredicate(let single)?: return within("single_predicate") { $0.treePredicate(single) }
        case .orMatcher(let list)?:
            return .any(within("or_matcher") { $0.each("predicate", list.predicate) { $0.treePredicate($1) } })
        case .andMatcher(let list)?:
            return .all(within("and_matcher") { $0.each("predicate", list.predicate) { $0.treePredicate($1) } })
        case .notMatcher(let inner)?: return .not(within("not_matcher") { $0.treePredicate(inner) })
        case nil: trail.error(.missingField, "must hold single_predicate, or_matcher, and_matcher or not_matcher")
        }
        return .value(.header("x"), StringMatcher(.exact("")))
    }

    private mutating func treePredicate(
        _ proto: MatcherProto.MatcherList.Predicate.SinglePredicate
    ) -> MatchTree.Predicate {
        let input = treeInput(proto.input, isThere: proto.hasInput)
        switch proto.matcher {
        case .valueMatch(let matcher)?: return .value(input, within("value_match") { $0.matcher(matcher) })
        case .customMatch(let custom)?: refuse("custom_match", "a matcher of type \(custom.typedConfig.typeName)")
        case nil: trail.error(.missingField, "must hold value_match or custom_match")
        }
        return .value(input, StringMatcher(.exact("")))
    }

    /// What is looked at: Envoy lets route tables look at request headers and filter state only.
    private mutating func treeInput(_ proto: TreeExtensionProto, isThere: Bool) -> MatchTree.Input {
        guard isThere else {
            trail.error(.missingField, at: "input", "is missing")
            return .header("")
        }
        trail.enter("input")
        trail.enter("typed_config")
        defer {
            trail.leave()
            trail.leave()
        }
        let name = proto.typedConfig.typeName
        if let input = unpack(proto.typedConfig, as: HeaderInputProto.self) { return .header(input.headerName) }
        if name == HeaderInputProto.protoMessageName { return .header("") }
        if Lowering.inputsOfEnvoy.contains(name) {
            refuse("", "an input of type \(name)")
        } else {
            trail.error(
                .invalidValue,
                "requirement violation while creating route match tree: INVALID_ARGUMENT: Route table can only match on "
                    + "request headers, saw \(proto.typedConfig.typeURL)")
        }
        return .header("")
    }

    /// Inputs that Envoy lets route tables look at, and that the schema does not have.
    private static let inputsOfEnvoy: Set<String> = [
        "envoy.extensions.matching.common_inputs.network.v3.FilterStateInput",
        "envoy.extensions.matching.common_inputs.environment_variable.v3.Config",
        "xds.type.matcher.v3.HttpAttributesCelMatchInput",
    ]

    private mutating func matcher(_ proto: TreeStringMatcherProto) -> StringMatcher {
        let rule: StringMatcher.Rule
        switch proto.matchPattern {
        case .exact(let text)?: rule = .exact(text)
        case .prefix(let text)?: rule = .prefix(text)
        case .suffix(let text)?: rule = .suffix(text)
        case .contains(let text)?: rule = .contains(text)
        case .safeRegex(let regex)?:
            if regex.engineType == nil { trail.error(.missingField, at: "safe_regex", "must hold google_re2") }
            rule = .pattern(regex.regex)
        case .custom?:
            refuse("custom")
            rule = .exact("")
        case nil:
            trail.error(.missingField, "must hold exact, prefix, suffix, contains or safe_regex")
            rule = .exact("")
        }
        return StringMatcher(rule, ignoresCase: proto.ignoreCase)
    }

    // MARK: Maps

    private mutating func treeKind(_ proto: MatcherProto.MatcherTree) -> MatchTree.Kind {
        let input = treeInput(proto.input, isThere: proto.hasInput)
        switch proto.treeType {
        case .exactMatchMap(let map)?: return .exact(input, within("exact_match_map") { $0.treeEntries(map) })
        case .prefixMatchMap(let map)?: return .prefix(input, within("prefix_match_map") { $0.treeEntries(map) })
        case .customMatch(let custom)?:
            trail.enter("custom_match")
            trail.enter("typed_config")
            defer {
                trail.leave()
                trail.leave()
            }
            if let kind = customKind(input, custom.typedConfig) { return kind }
        case nil: trail.error(.missingField, "must hold exact_match_map, prefix_match_map or custom_match")
        }
        return .none
    }

    private mutating func treeEntries(_ map: MatcherProto.MatcherTree.MatchMap) -> [MatchTree.Entry] {
        map.map.sorted { $0.key < $1.key }.map { key, outcome in
            MatchTree.Entry(key, within("map[\(MatchTree.quoted(key))]") { $0.treeOutcome(outcome) })
        }
    }

    private mutating func customKind(_ input: MatchTree.Input, _ any: Google_Protobuf_Any) -> MatchTree.Kind? {
        if let matcher = unpack(any, as: Xds_Type_Matcher_V3_IPMatcher.self) {
            return .addresses(
                input,
                each("range_matchers", matcher.rangeMatchers) { lowering, entry in
                    MatchTree.AddressEntry(
                        entry.ranges.map { AddressRange($0) }, isExclusive: entry.exclusive,
                        lowering.within("on_match") { $0.treeOutcome(entry.onMatch) })
                })
        }
        if let matcher = unpack(any, as: Xds_Type_Matcher_V3_ServerNameMatcher.self) {
            return .domains(
                input,
                each("domain_matchers", matcher.domainMatchers) { lowering, entry in
                    MatchTree.DomainEntry(
                        entry.domains, lowering.within("on_match") { $0.treeOutcome(entry.onMatch) })
                })
        }
        refuse("", "a matcher of type \(any.typeName)")
        return nil
    }
}
