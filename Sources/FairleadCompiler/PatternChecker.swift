// Fairlead: checking the patterns of a virtual host
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import FairleadPlugin

/// Compiles every pattern of a virtual host once, and keeps what is said against them.
struct PatternChecker {
    private let engine: (any PatternEngine)?
    private var trail = ProblemTrail()
    private var known: [ExactText: CompiledPattern?] = [:]

    init(_ engine: (any PatternEngine)?) { self.engine = engine }

    /// What was found.
    var problems: [Problem] { trail.problems }

    /// Checks the patterns of a virtual host.
    mutating func check(_ host: VirtualHost) {
        each("rate_limits", host.rateLimits) { $0.check($1) }
        check(host.retryPolicy)
        each("routes", host.routes) { $0.check($1) }
        if let matcher = host.matcher { within("matcher") { $0.check(matcher) } }
    }

    private mutating func within(_ field: String, _ body: (inout PatternChecker) -> Void) {
        trail.enter(field)
        body(&self)
        trail.leave()
    }

    private mutating func each<Item>(_ field: String, _ items: [Item], _ body: (inout PatternChecker, Item) -> Void) {
        for index in items.indices {
            trail.enter(field, index: index)
            body(&self, items[index])
            trail.leave()
        }
    }

    private mutating func check(_ route: Route) {
        within("match") { $0.check(route.match) }
        switch route.action {
        case .forward(let forward): within("route") { $0.check(forward) }
        case .redirect(let redirect):
            guard case .pattern(let substitution)? = redirect.path else { break }
            within("redirect") { $0.check(substitution, at: "regex_rewrite") }
        case .directResponse, .nonForwarding: break
        }
    }

    private mutating func check(_ match: RouteMatch) {
        if case .pattern(let pattern) = match.path { check(pattern, at: "safe_regex") }
        check(match.headers)
        check(match.queryParameters)
        each("cookies", match.cookies) { $0.check($1.value, at: "string_match") }
        each("dynamic_metadata", match.dynamicMetadata) { checker, metadata in
            checker.within("value") { $0.check(metadata.value) }
        }
        each("filter_state", match.filterState) { checker, state in
            if case .text(let matcher) = state.rule { checker.check(matcher, at: "string_match") }
        }
    }

    private mutating func check(_ policy: RetryPolicy?) {
        guard let policy else { return }
        within("retry_policy") {
            $0.check(policy.retriableHeaders, at: "retriable_headers")
            $0.check(policy.retriableRequestHeaders, at: "retriable_request_headers")
        }
    }

    private mutating func check(_ headers: [HeaderMatcher], at field: String = "headers") {
        each(field, headers) { checker, header in
            if case .text(let matcher) = header.rule { checker.check(matcher, at: "string_match") }
        }
    }

    private mutating func check(_ parameters: [QueryParameterMatcher]) {
        each("query_parameters", parameters) { checker, parameter in
            if case .text(let matcher) = parameter.rule { checker.check(matcher, at: "string_match") }
        }
    }

    private mutating func check(_ limit: RateLimit) {
        each("actions", limit.actions) { checker, action in
            switch action {
            case .headerMatch(_, _, _, let headers):
                checker.within("header_value_match") { $0.check(headers) }
            case .queryParameterMatch(_, _, _, let parameters):
                checker.within("query_parameter_value_match") { $0.check(parameters) }
            default: break
            }
        }
    }

    private mutating func check(_ matcher: ValueMatcher) {
        switch matcher {
        case .null, .bool, .number, .range, .present: break
        case .text(let matcher): check(matcher, at: "string_match")
        case .oneOf(let inner):
            within("list_match") { checker in checker.within("one_of") { $0.check(inner) } }
        case .any(let matchers):
            within("or_match") { checker in checker.each("value_matchers", matchers) { $0.check($1) } }
        }
    }

    private mutating func check(_ tree: MatchTree) {
        if case .list(let rules) = tree.kind {
            within("matcher_list") { checker in
                checker.each("matchers", rules) { checker, rule in
                    checker.within("predicate") { $0.check(rule.predicate) }
                }
            }
        }
        for (place, outcome) in tree.outcomes {
            within(place) { checker in
                switch outcome {
                case .tree(let inner): checker.within("matcher") { $0.check(inner) }
                case .route(let route): checker.within("action.typed_config") { $0.check(route) }
                case .routes(let routes):
                    checker.within("action.typed_config") { checker in checker.each("routes", routes) { $0.check($1) } }
                case .cluster: break
                }
            }
        }
    }

    private mutating func check(_ predicate: MatchTree.Predicate) {
        switch predicate {
        case .value(_, let matcher): within("single_predicate") { $0.check(matcher, at: "value_match") }
        case .any(let inner): within("or_matcher") { checker in checker.each("predicate", inner) { $0.check($1) } }
        case .all(let inner): within("and_matcher") { checker in checker.each("predicate", inner) { $0.check($1) } }
        case .not(let inner): within("not_matcher") { $0.check(inner) }
        }
    }

    private mutating func check(_ forward: ForwardAction) {
        if case .pattern(let substitution)? = forward.pathRewrite { check(substitution, at: "regex_rewrite") }
        if case .pathPattern(let substitution)? = forward.hostRewrite {
            check(substitution, at: "host_rewrite_path_regex")
        }
        if case .matched(let tree) = forward.target { within(ForwardAction.treePath) { $0.check(tree) } }
        check(forward.retryPolicy)
        each("hash_policy", forward.hashPolicies) { checker, policy in
            guard case .header(_, let substitution?) = policy.source else { return }
            checker.within("header") { $0.check(substitution, at: "regex_rewrite") }
        }
        each("rate_limits", forward.rateLimits) { $0.check($1) }
    }

    private mutating func check(_ matcher: StringMatcher, at field: String) {
        guard case .pattern(let pattern) = matcher.rule else { return }
        within(field) { $0.check(pattern, at: "safe_regex") }
    }

    private mutating func check(_ substitution: PatternSubstitution, at field: String) {
        within(field) { checker in
            guard let pattern = checker.check(substitution.pattern, at: "pattern"),
                let fault = pattern.fault(inSubstitution: substitution.substitution)
            else { return }
            checker.trail.error(.invalidPattern, at: "substitution", fault)
        }
    }

    @discardableResult
    private mutating func check(_ pattern: String, at field: String) -> CompiledPattern? {
        let key = ExactText(pattern)
        if let result = known[key], result != nil { return result }
        trail.enter(field)
        let compiled = compile(pattern)
        trail.leave()
        known[key] = .some(compiled)
        return compiled
    }

    /// Compiles the pattern, or says what is wrong with it.
    private mutating func compile(_ pattern: String) -> CompiledPattern? {
        guard let engine else {
            trail.error(.invalidPattern, at: "regex", "no pattern engine is registered")
            return nil
        }
        do {
            return try engine.compile(pattern)
        } catch {
            trail.error(.invalidPattern, at: "regex", error.message)
            return nil
        }
    }
}
