// Fairlead: what plugins say against a configuration
// SPDX-License-Identifier: Apache-2.0

public import FairleadConfiguration
public import FairleadModel
public import FairleadPlugin

/// The part of validation that plugins judge: patterns, by the pattern engine, and policies, each its own parameters
/// and hosts. Paths are relative to the resource, with the names of Envoy's fields.
public enum Compiler {
    /// Everything that plugins say against `configuration`; paths begin with the list and the index, for example
    /// `clusters[2]`.
    public static func check(_ configuration: Configuration, _ registry: PluginRegistry) -> [Problem] {
        var problems: [Problem] = []
        func add(_ found: [Problem], under place: String) {
            for var problem in found {
                problem.path = problem.path.isEmpty ? place : place + "." + problem.path
                problems.append(problem)
            }
        }
        for (index, table) in configuration.routeConfigurations.enumerated() {
            for (number, host) in table.virtualHosts.enumerated() {
                add(check(host, registry), under: "route_configurations[\(index)].virtual_hosts[\(number)]")
            }
        }
        var assignments: [String: EndpointAssignment] = [:]
        for assignment in configuration.assignments { assignments[assignment.name] = assignment }
        for (index, cluster) in configuration.clusters.enumerated() {
            var assignment = cluster.assignment
            if case .endpointDiscovery(let service) = cluster.discovery {
                assignment = assignments[service] ?? EndpointAssignment(name: service)
            }
            add(check(cluster, assignment, registry), under: "clusters[\(index)]")
        }
        return problems
    }

    /// Everything that plugins say against `cluster` with the endpoints of `assignment`.
    public static func check(
        _ cluster: Cluster, _ assignment: EndpointAssignment, _ registry: PluginRegistry
    ) -> [Problem] {
        let balancing = cluster.loadBalancing
        guard let policy = registry.policy(named: balancing.policy) else {
            return [
                Problem(
                    .unknownExtension, at: "load_balancing_policy",
                    "no load-balancing policy is registered as '\(balancing.policy)'")
            ]
        }
        var problems = placed(policy.check(balancing.parameters), under: "load_balancing_policy")
        guard problems.allSatisfy({ $0.severity == .warning }) else { return problems }
        // Tables are built for the hosts of one priority, or for fewer.
        var weights: [Int: [UInt32]] = [:]
        for locality in assignment.localities {
            weights[locality.priority, default: []] += locality.endpoints.lazy.map { $0.weight }
        }
        for priority in weights.keys.sorted() {
            let found = policy.check(HostList(weights: weights[priority] ?? []), balancing.parameters)
            problems += placed(found, under: "load_assignment")
        }
        return problems
    }

    /// The problems that a policy tells by paths of its own, under the field that they belong to.
    private static func placed(_ problems: [Problem], under field: String) -> [Problem] {
        problems.map { problem in
            var placed = problem
            placed.path = problem.path.isEmpty ? field : field + "." + problem.path
            return placed
        }
    }

    /// Everything that the pattern engine says against `host`.
    public static func check(_ host: VirtualHost, _ registry: PluginRegistry) -> [Problem] {
        var checker = PatternChecker(registry.patternEngine)
        checker.check(host.rateLimits, at: "rate_limits")
        for (index, route) in host.routes.enumerated() { checker.check(route, at: "routes[\(index)]") }
        if let matcher = host.matcher { checker.check(matcher, at: "matcher") }
        return checker.problems
    }
}

/// Compiles every pattern of a virtual host once, and keeps what is said against them.
private struct PatternChecker {
    let engine: (any PatternEngine)?
    var problems: [Problem] = []
    private var known: [ExactText: CompiledPattern?] = [:]

    init(_ engine: (any PatternEngine)?) { self.engine = engine }

    mutating func check(_ route: Route, at path: String) {
        if case .pattern(let pattern) = route.match.path { check(pattern, at: path + ".match.safe_regex") }
        check(route.match.headers, at: path + ".match.headers")
        check(route.match.queryParameters, at: path + ".match.query_parameters")
        checkConditions(route.match, at: path + ".match")
        switch route.action {
        case .forward(let forward): check(forward, at: path + ".route")
        case .redirect(let redirect):
            if case .pattern(let substitution)? = redirect.path {
                check(substitution, at: path + ".redirect.regex_rewrite")
            }
        case .directResponse, .nonForwarding: break
        }
    }

    private mutating func check(_ headers: [HeaderMatcher], at path: String) {
        for (index, header) in headers.enumerated() {
            if case .text(let matcher) = header.rule { check(matcher, at: "\(path)[\(index)].string_match") }
        }
    }

    private mutating func check(_ parameters: [QueryParameterMatcher], at path: String) {
        for (index, parameter) in parameters.enumerated() {
            if case .text(let matcher) = parameter.rule { check(matcher, at: "\(path)[\(index)].string_match") }
        }
    }

    mutating func check(_ limits: [RateLimit], at path: String) {
        for (index, limit) in limits.enumerated() {
            for (number, action) in limit.actions.enumerated() {
                let place = "\(path)[\(index)].actions[\(number)]"
                switch action {
                case .headerMatch(_, _, _, let headers): check(headers, at: place + ".header_value_match.headers")
                case .queryParameterMatch(_, _, _, let parameters):
                    check(parameters, at: place + ".query_parameter_value_match.query_parameters")
                default: break
                }
            }
        }
    }

    private mutating func checkConditions(_ match: RouteMatch, at path: String) {
        for (index, cookie) in match.cookies.enumerated() {
            check(cookie.value, at: "\(path).cookies[\(index)].string_match")
        }
        for (index, metadata) in match.dynamicMetadata.enumerated() {
            check(metadata.value, at: "\(path).dynamic_metadata[\(index)].value")
        }
        for (index, state) in match.filterState.enumerated() {
            if case .text(let matcher) = state.rule {
                check(matcher, at: "\(path).filter_state[\(index)].string_match")
            }
        }
    }

    private mutating func check(_ matcher: ValueMatcher, at path: String) {
        switch matcher {
        case .null, .bool, .number, .range, .present: break
        case .text(let matcher): check(matcher, at: path + ".string_match")
        case .oneOf(let inner): check(inner, at: path + ".list_match.one_of")
        case .any(let matchers):
            for (index, inner) in matchers.enumerated() {
                check(inner, at: "\(path).or_match.value_matchers[\(index)]")
            }
        }
    }

    mutating func check(_ tree: MatchTree, at path: String) {
        if case .list(let rules) = tree.kind {
            for (index, rule) in rules.enumerated() {
                check(rule.predicate, at: "\(path).matcher_list.matchers[\(index)].predicate")
            }
        }
        for (place, outcome) in tree.outcomes {
            switch outcome {
            case .tree(let inner): check(inner, at: "\(path).\(place).matcher")
            case .route(let route): check(route, at: "\(path).\(place).action.typed_config")
            case .routes(let routes):
                for (index, route) in routes.enumerated() {
                    check(route, at: "\(path).\(place).action.typed_config.routes[\(index)]")
                }
            }
        }
    }

    private mutating func check(_ predicate: MatchTree.Predicate, at path: String) {
        switch predicate {
        case .value(_, let matcher): check(matcher, at: path + ".single_predicate.value_match")
        case .any(let inner): check(inner, at: path + ".or_matcher.predicate")
        case .all(let inner): check(inner, at: path + ".and_matcher.predicate")
        case .not(let inner): check(inner, at: path + ".not_matcher")
        }
    }

    private mutating func check(_ predicates: [MatchTree.Predicate], at path: String) {
        for (index, predicate) in predicates.enumerated() { check(predicate, at: "\(path)[\(index)]") }
    }

    private mutating func check(_ forward: ForwardAction, at path: String) {
        if case .pattern(let substitution)? = forward.pathRewrite { check(substitution, at: path + ".regex_rewrite") }
        if case .pathPattern(let substitution)? = forward.hostRewrite {
            check(substitution, at: path + ".host_rewrite_path_regex")
        }
        for (index, policy) in forward.hashPolicies.enumerated() {
            if case .header(_, let substitution?) = policy.source {
                check(substitution, at: "\(path).hash_policy[\(index)].header.regex_rewrite")
            }
        }
        check(forward.rateLimits, at: path + ".rate_limits")
    }

    private mutating func check(_ matcher: StringMatcher, at path: String) {
        if case .pattern(let pattern) = matcher.rule { check(pattern, at: path + ".safe_regex") }
    }

    private mutating func check(_ substitution: PatternSubstitution, at path: String) {
        guard let pattern = check(substitution.pattern, at: path + ".pattern") else { return }
        if let fault = pattern.fault(inSubstitution: substitution.substitution) {
            problems.append(Problem(.invalidPattern, at: path + ".substitution", fault))
        }
    }

    @discardableResult
    private mutating func check(_ pattern: String, at path: String) -> CompiledPattern? {
        let key = ExactText(pattern)
        if let result = known[key] {
            if result == nil { _ = compile(pattern, at: path) }
            return result
        }
        let compiled = compile(pattern, at: path)
        known[key] = .some(compiled)
        return compiled
    }

    /// Compiles the pattern, or says what is wrong with it.
    private mutating func compile(_ pattern: String, at path: String) -> CompiledPattern? {
        guard let engine else {
            problems.append(Problem(.invalidPattern, at: path + ".regex", "no pattern engine is registered"))
            return nil
        }
        do {
            return try engine.compile(pattern)
        } catch {
            problems.append(Problem(.invalidPattern, at: path + ".regex", error.message))
            return nil
        }
    }
}
