// Fairlead: which predicates of match trees follow from others
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// A predicate of a match tree in a form that can be reasoned about: the same inputs are equal, and so are the same
/// predicates, whatever the order of their parts.
indirect enum PredicateTerm {
    /// A condition on an input's text; `nil` for what is not known to be plain. The key tells conditions apart.
    case value(InputName, PlainCondition?, key: [UInt8])
    case any([PredicateTerm], key: [UInt8])
    case all([PredicateTerm], key: [UInt8])
    case not(PredicateTerm, key: [UInt8])

    /// For which requests a predicate holds.
    enum Extent {
        case none
        case some
        case all
    }

    init(_ predicate: MatchTree.Predicate) {
        switch predicate {
        case .value(let input, let matcher):
            let name = InputName(input)
            let key = "value \(name.text)\0" + matcher.distinction
            self = .value(name, PlainCondition(matcher), key: Array(key.utf8))
        case .any(let members):
            let terms = members.map { PredicateTerm($0) }
            self = .any(terms, key: PredicateTerm.key("any", terms))
        case .all(let members):
            let terms = members.map { PredicateTerm($0) }
            self = .all(terms, key: PredicateTerm.key("all", terms))
        case .not(let inner):
            let term = PredicateTerm(inner)
            self = .not(term, key: PredicateTerm.key("not", [term]))
        }
    }

    private static func key(_ word: String, _ terms: [PredicateTerm]) -> [UInt8] {
        let keys = terms.map { $0.key }.sorted { $0.lexicographicallyPrecedes($1) }
        // Each with its length, so that no two lists come to the same.
        return keys.reduce(into: Array("\(word) \(keys.count)".utf8)) { $0 += Array(" \($1.count):".utf8) + $1 }
    }

    /// What the same predicates have in common, and others not.
    var key: [UInt8] {
        switch self {
        case .value(_, _, let key), .any(_, let key), .all(_, let key), .not(_, let key): key
        }
    }

    /// For which requests it holds, of those whose inputs have the texts of `known`.
    func extent(_ known: [InputName: [UInt8]]) -> Extent {
        switch self {
        case .value(let input, let condition, _):
            guard let condition else { return .some }
            if let text = known[input] { return condition.holds(for: text).map { $0 ? .all : .none } ?? .some }
            return input.isAlwaysThere && condition.takesEverything ? .all : .some
        case .any(let terms, _):
            let extents = terms.map { $0.extent(known) }
            if extents.contains(.all) || PredicateTerm.holdsAnOpposite(terms) { return .all }
            return extents.allSatisfy { $0 == .none } ? .none : .some
        case .all(let terms, _):
            let extents = terms.map { $0.extent(known) }
            if extents.contains(.none) || PredicateTerm.contradicts(terms) { return .none }
            return extents.allSatisfy { $0 == .all } ? .all : .some
        case .not(let term, _):
            switch term.extent(known) {
            case .none: return .all
            case .some: return .some
            case .all: return .none
            }
        }
    }

    /// Whether one of the terms is the negation of another.
    private static func holdsAnOpposite(_ terms: [PredicateTerm]) -> Bool {
        let keys = Set(terms.map { $0.key })
        return terms.contains { if case .not(let inner, _) = $0 { keys.contains(inner.key) } else { false } }
    }

    /// Whether the terms cannot hold together: an input would need two texts, or one is the negation of another.
    private static func contradicts(_ terms: [PredicateTerm]) -> Bool {
        var known: [InputName: [UInt8]] = [:]
        for term in terms { term.learn(&known) }
        return holdsAnOpposite(terms)
            || terms.contains { term in
                if case .value(let input, let condition?, _) = term, let text = known[input] {
                    condition.holds(for: text) == false
                } else {
                    false
                }
            }
    }

    /// Notes the texts that inputs have where it holds.
    func learn(_ known: inout [InputName: [UInt8]]) {
        switch self {
        case .value(let input, let condition, _): if let text = condition?.onlyText { known[input] = text }
        case .all(let terms, _): for term in terms { term.learn(&known) }
        case .any, .not: break
        }
    }

    /// Whether `other` holds wherever this one does; `false` also when `steps` run out before it is told. Long texts take
    /// more steps.
    func implies(_ other: PredicateTerm, _ steps: inout Int) -> Bool {
        steps -= 1 + (key.count + other.key.count) / 64
        guard steps > 0 else { return false }
        if key == other.key { return true }
        switch (self, other) {
        case (.value(let input, let mine?, _), .value(let same, let theirs?, _)):
            return input == same && mine.implies(theirs)
        case (.not(let mine, _), .not(let theirs, _)): return theirs.implies(mine, &steps)
        case (.any(let terms, _), _): return terms.allSatisfy { $0.implies(other, &steps) }
        case (_, .all(let terms, _)): return terms.allSatisfy { implies($0, &steps) }
        default: break
        }
        if case .all(let terms, _) = self, terms.contains(where: { $0.implies(other, &steps) }) { return true }
        if case .any(let terms, _) = other { return terms.contains { implies($0, &steps) } }
        return false
    }
}

/// An input of a match tree; the same one is equal, however it is spelt.
struct InputName: Hashable {
    /// The name of the header, in lower case.
    let text: String

    init(_ input: MatchTree.Input) {
        switch input {
        case .header(let name):
            let lowered = ASCII.lowercased(name)
            text = lowered == "host" ? ":authority" : lowered
        }
    }

    /// Whether every request that is routed has it. A CONNECT may come without a path.
    var isAlwaysThere: Bool { text == ":method" || text == ":authority" }
}

extension StringMatcher {
    /// What tells it from conditions that may ask for something else.
    fileprivate var distinction: String {
        let folded = ignoresCase ? "folded " : ""
        func compared(_ text: String) -> String { ignoresCase ? ASCII.lowercased(text) : text }
        return switch rule {
        case .exact(let text): folded + "exact " + compared(text)
        case .prefix(let text): folded + "prefix " + compared(text)
        case .suffix(let text): folded + "suffix " + compared(text)
        case .contains(let text): folded + "contains " + compared(text)
        case .pattern(let text): "pattern " + text
        }
    }
}
