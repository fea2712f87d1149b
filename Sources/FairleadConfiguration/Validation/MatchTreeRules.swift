// Fairlead: rules for match trees
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension ProblemTrail {
    /// The deepest that trees and predicates may be nested.
    private static let maximumTreeDepth = 32

    /// A match tree at the place where the walk is; `checkRoute` judges its routes.
    mutating func check(_ tree: MatchTree, _ checkRoute: (inout ProblemTrail, Route) -> Void) {
        check(tree, depth: 0) { walk, outcome in
            switch outcome {
            case .route(let route): checkRoute(&walk, route)
            case .routes(let routes): walk.each("routes", routes, checkRoute)
            case .tree, .cluster: walk.error(.invalidValue, "leads to no route")
            }
        }
    }

    /// A match tree that leads to clusters.
    mutating func check(choosing tree: MatchTree) {
        check(tree, depth: 0) { walk, outcome in
            guard case .cluster(let name) = outcome else { return walk.error(.invalidValue, "leads to no cluster") }
            walk.requireText(name, at: "cluster")
        }
    }

    private mutating func check(
        _ tree: MatchTree, depth: Int, _ checkEnd: (inout ProblemTrail, MatchTree.Outcome) -> Void
    ) {
        guard depth < ProblemTrail.maximumTreeDepth else {
            return error(.limitExceeded, "nested deeper than \(ProblemTrail.maximumTreeDepth)")
        }
        checkShape(of: tree)
        for (path, outcome) in tree.outcomes {
            switch outcome {
            case .tree(let inner):
                within("\(path).matcher") { $0.check(inner, depth: depth + 1, checkEnd) }
            case .route, .routes, .cluster: within("\(path).action.typed_config") { checkEnd(&$0, outcome) }
            }
        }
    }

    private mutating func checkShape(of tree: MatchTree) {
        switch tree.kind {
        case .none: break
        case .list(let rules):
            within("matcher_list") { walk in
                if rules.isEmpty { walk.error(.invalidValue, at: "matchers", "must hold at least one") }
                walk.each("matchers", rules) { walk, rule in
                    walk.within("predicate") { $0.check(rule.predicate, depth: 0) }
                }
            }
        case .exact(let input, let entries): checkMap(input, entries, "exact_match_map")
        case .prefix(let input, let entries): checkMap(input, entries, "prefix_match_map")
        case .addresses(let input, let entries):
            within("matcher_tree") { walk in
                walk.check(input)
                walk.within("custom_match.typed_config") { walk in
                    walk.each("range_matchers", entries) { walk, entry in
                        if entry.ranges.isEmpty { walk.error(.invalidValue, at: "ranges", "must hold at least one") }
                        walk.each("ranges", entry.ranges) { $0.check($1) }
                    }
                }
            }
        case .domains(let input, let entries):
            within("matcher_tree") { walk in
                walk.check(input)
                walk.within("custom_match.typed_config") { $0.check(entries) }
            }
        }
    }

    private mutating func checkMap(_ input: MatchTree.Input, _ entries: [MatchTree.Entry], _ field: String) {
        within("matcher_tree") { walk in
            walk.check(input)
            if entries.isEmpty { walk.error(.invalidValue, at: "\(field).map", "must hold at least one pair") }
            var seen: Set<[UInt8]> = []
            for entry in entries where !seen.insert(Array(entry.key.utf8)).inserted {
                walk.error(.duplicate, at: "\(field).map[\(MatchTree.quoted(entry.key))]", "stands there twice")
            }
        }
    }

    private mutating func check(_ entries: [MatchTree.DomainEntry]) {
        var seen: Set<[UInt8]> = []
        each("domain_matchers", entries) { walk, entry in
            if entry.domains.isEmpty { walk.error(.invalidValue, at: "domains", "must hold at least one") }
            for (index, domain) in entry.domains.enumerated() {
                if domain.isEmpty {
                    walk.error(.invalidValue, at: "domains", index: index, "Empty domain in ServerNameMatcher")
                } else if !ProblemTrail.isDomain(domain) {
                    walk.error(
                        .invalidValue, at: "domains", index: index,
                        "Invalid wildcard domain format: \(domain). Only '*' and '*.domain' patterns are supported")
                } else if !seen.insert(Array(domain.utf8)).inserted {
                    walk.error(
                        .duplicate, at: "domains", index: index, "Duplicate domain in ServerNameMatcher: \(domain)")
                }
            }
        }
    }

    /// A star may stand at the front only, alone or with a dot and something behind it.
    private static func isDomain(_ domain: String) -> Bool {
        let star = UInt8(ascii: "*")
        guard domain.utf8.contains(star), domain != "*" else { return true }
        let rest = domain.utf8.dropFirst()
        return domain.utf8.first == star && rest.first == UInt8(ascii: ".") && rest.count > 1 && !rest.contains(star)
    }

    private mutating func check(_ input: MatchTree.Input) {
        enter("input.typed_config")
        switch input {
        case .header(let name): checkHeaderName(name, at: "header_name", allowsEmpty: true)
        }
        leave()
    }

    private mutating func check(_ predicate: MatchTree.Predicate, depth: Int) {
        guard depth < ProblemTrail.maximumTreeDepth else {
            return error(.limitExceeded, "nested deeper than \(ProblemTrail.maximumTreeDepth)")
        }
        switch predicate {
        case .value(let input, let matcher):
            within("single_predicate") { walk in
                walk.check(input)
                walk.within("value_match") { $0.check(matcher) }
            }
        case .any(let predicates): checkList(predicates, "or_matcher", depth)
        case .all(let predicates): checkList(predicates, "and_matcher", depth)
        case .not(let inner): within("not_matcher") { $0.check(inner, depth: depth + 1) }
        }
    }

    private mutating func checkList(_ predicates: [MatchTree.Predicate], _ field: String, _ depth: Int) {
        within(field) { walk in
            if predicates.count < 2 { walk.error(.invalidValue, at: "predicate", "must hold at least two") }
            walk.each("predicate", predicates) { $0.check($1, depth: depth + 1) }
        }
    }
}
