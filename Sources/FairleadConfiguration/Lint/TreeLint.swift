// Fairlead: match trees that cannot mean what they say
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension ProblemTrail {
    /// A match tree; `lintRoute` looks at its routes, list by list, and is given what the list's earlier ones rewrite.
    mutating func lint(_ tree: MatchTree, _ lintRoute: (inout ProblemTrail, Route, inout RewriteLint) -> Void) {
        var lint = TreeLint()
        lint.look(at: tree, [:], &self, lintRoute)
    }
}

/// Finds the parts of a match tree that no request comes to.
///
/// A rule takes its requests for good only where it leads somewhere: a subtree without an end is gone on with behind it.
/// So nothing is said of what stands behind such a one.
private struct TreeLint {
    typealias RouteLint = (inout ProblemTrail, Route, inout RewriteLint) -> Void

    /// How many steps may still be spent on telling which predicates follow from others.
    private var steps = 1_000_000

    /// `known` are the texts that inputs have for all requests that come to `tree`.
    mutating func look(
        at tree: MatchTree, _ known: [InputName: [UInt8]], _ walk: inout ProblemTrail, _ lintRoute: RouteLint
    ) {
        var inside: [[InputName: [UInt8]]] = []
        var takesAll = false
        switch tree.kind {
        case .none: break
        case .list(let rules): (inside, takesAll) = look(at: rules, known, &walk)
        case .exact(let input, let entries):
            (inside, takesAll) = look(at: entries, of: InputName(input), isWhole: true, known, &walk)
        case .prefix(let input, let entries):
            (inside, takesAll) = look(at: entries, of: InputName(input), isWhole: false, known, &walk)
        case .addresses(_, let entries): lookAtRanges(entries, &walk)
        case .domains: break
        }
        if takesAll, tree.otherwise != nil {
            walk.warning(.unreachableBranch, at: "on_no_match", "no request comes here: all are taken before")
        }
        for (index, (path, outcome)) in tree.outcomes.enumerated() {
            switch outcome {
            case .tree(let inner):
                let known = index < inside.count ? inside[index] : known
                walk.within("\(path).matcher") { look(at: inner, known, &$0, lintRoute) }
            case .route(let route):
                var rewrites = RewriteLint()
                walk.within("\(path).action.typed_config") { lintRoute(&$0, route, &rewrites) }
            case .routes(let routes):
                var rewrites = RewriteLint()
                walk.within("\(path).action.typed_config") { walk in
                    walk.each("routes", routes) { lintRoute(&$0, $1, &rewrites) }
                }
            case .cluster: break
            }
        }
    }

    // MARK: Lists

    /// Answers what is known inside of each rule, and whether nothing is left for what stands behind them.
    private mutating func look(
        at rules: [MatchTree.Rule], _ known: [InputName: [UInt8]], _ walk: inout ProblemTrail
    ) -> ([[InputName: [UInt8]]], takesAll: Bool) {
        var firsts: [[UInt8]: Int] = [:]
        var earlier: [(index: Int, term: PredicateTerm)] = []
        var inside: [[InputName: [UInt8]]] = []
        var taker: Int?
        for (index, rule) in rules.enumerated() {
            walk.enter("matcher_list.matchers", index: index)
            defer { walk.leave() }
            let term = PredicateTerm(rule.predicate)
            walk.within("predicate") { $0.lint(rule.predicate) }
            var learnt = known
            term.learn(&learnt)
            inside.append(learnt)
            let extent = term.extent(known)
            if extent == .none {
                walk.warning(.neverMatches, at: "predicate", "no request that comes here satisfies it")
                // Nothing is known of requests that there are none of.
                inside[index] = known
                continue
            }
            if let index = taker ?? firsts[term.key] ?? first(of: earlier, impliedBy: term) {
                walk.warning(
                    .unreachableBranch, "no request comes here: matchers[\(index)] before it takes all of its requests")
                continue
            }
            guard rule.outcome.alwaysLeads else { continue }
            if extent == .all { taker = index }
            firsts[term.key] = index
            earlier.append((index, term))
        }
        return (inside, taker != nil)
    }

    private mutating func first(of earlier: [(index: Int, term: PredicateTerm)], impliedBy term: PredicateTerm) -> Int?
    {
        for candidate in earlier where steps > 0 && term.implies(candidate.term, &steps) { return candidate.index }
        return nil
    }

    // MARK: Maps

    private func look(
        at entries: [MatchTree.Entry], of input: InputName, isWhole: Bool, _ known: [InputName: [UInt8]],
        _ walk: inout ProblemTrail
    ) -> ([[InputName: [UInt8]]], takesAll: Bool) {
        var inside: [[InputName: [UInt8]]] = []
        var takesAll = false
        for entry in entries {
            let key = Array(entry.key.utf8)
            var learnt = known
            if isWhole { learnt[input] = key }
            inside.append(learnt)
            let text = known[input]
            let fits = text.map { isWhole ? $0 == key : $0.starts(with: key) }
            if fits == false {
                let map = isWhole ? "exact_match_map" : "prefix_match_map"
                walk.warning(
                    .unreachableBranch, at: "matcher_tree.\(map).map[\(MatchTree.quoted(entry.key))]",
                    "no request comes here: '\(input.text)' is '\(String(decoding: text ?? [], as: UTF8.self))' already"
                )
                inside[inside.count - 1] = known
            } else if entry.outcome.alwaysLeads {
                takesAll = takesAll || fits == true || (!isWhole && key.isEmpty && input.isAlwaysThere)
            }
        }
        return (inside, takesAll)
    }

    /// Ranges that stand there already; of equal ones the first that leads somewhere counts.
    private func lookAtRanges(_ entries: [MatchTree.AddressEntry], _ walk: inout ProblemTrail) {
        var seen: Set<AddressRange> = []
        walk.within("matcher_tree.custom_match.typed_config") { walk in
            walk.each("range_matchers", entries) { walk, entry in
                for (index, range) in entry.ranges.enumerated() {
                    if seen.contains(range) {
                        walk.warning(
                            .unreachableBranch, at: "ranges", index: index,
                            "stands in the tree already; only the first one counts")
                    } else if entry.outcome.alwaysLeads {
                        seen.insert(range)
                    }
                }
            }
        }
    }
}

extension MatchTree.Outcome {
    /// Whether whatever comes here gets to a list of routes.
    fileprivate var alwaysLeads: Bool {
        switch self {
        case .tree(let tree): tree.otherwise?.alwaysLeads ?? false
        case .route, .routes, .cluster: true
        }
    }
}

extension ProblemTrail {
    /// A predicate, at which the walk is: patterns that are plain texts.
    fileprivate mutating func lint(_ predicate: MatchTree.Predicate) {
        switch predicate {
        // That the input is there cannot be said otherwise.
        case .value(_, let matcher) where matcher.rule == .pattern(".*"): break
        case .value(_, let matcher): within("single_predicate.value_match") { $0.lint(pattern: matcher) }
        case .any(let members): within("or_matcher") { $0.each("predicate", members) { $0.lint($1) } }
        case .all(let members): within("and_matcher") { $0.each("predicate", members) { $0.lint($1) } }
        case .not(let inner): within("not_matcher") { $0.lint(inner) }
        }
    }
}
