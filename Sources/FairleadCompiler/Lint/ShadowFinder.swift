// Fairlead: routes that can never match
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import FairleadPlugin

/// Finds the routes of a virtual host that can never match, because an earlier one takes all of their requests: its rule
/// for the path covers theirs, and it asks for no condition that they do not ask for.
///
/// The texts are walked in the order of their bytes, where the texts that one begins with stand on a stack: so each route
/// finds the earlier ones that cover it without looking at others. O(n log n) for n routes.
struct ShadowFinder {
    private var sets = ConditionSets()
    private var paths: [CoveredPath] = []
    private var setOf: [Int] = []
    /// For each route the first one that takes all of its requests.
    private var shadows: [Int?] = []
    /// How often patterns may still be tried on texts.
    private var trials = 200_000

    /// For each of `routes` the first earlier one that takes all of its requests, `nil` for none.
    static func shadows(in routes: [Route], _ engine: (any PatternEngine)?) -> [Int?] {
        var finder = ShadowFinder()
        for route in routes {
            finder.paths.append(CoveredPath(route.match, engine))
            finder.setOf.append(finder.sets.insert(route.match))
        }
        finder.shadows = [Int?](repeating: nil, count: routes.count)
        finder.lookAtWholes()
        finder.lookAtBeginnings(folded: false)
        finder.lookAtBeginnings(folded: true)
        finder.lookAtPatterns()
        return finder.shadows
    }

    private mutating func note(_ ordinal: Int, shadowedBy earlier: Int) {
        if earlier < ordinal { shadows[ordinal] = min(shadows[ordinal] ?? earlier, earlier) }
    }

    // MARK: The same text

    private struct Whole: Hashable {
        var text: [UInt8]
        var kind: CoveredPath.Kind
        var folds: Bool
        var set: Int
    }

    /// Exact paths, separated prefixes, patterns and connects, each covered by an earlier one of the same text.
    private mutating func lookAtWholes() {
        var first: [Whole: Int] = [:]
        for (ordinal, path) in paths.enumerated() {
            for part in sets.parts(of: setOf[ordinal]) {
                for kind in path.kind.coveringKinds {
                    if let earlier = first[Whole(text: path.identity, kind: kind, folds: path.folds, set: part)] {
                        note(ordinal, shadowedBy: earlier)
                    }
                    // One that folds case covers one that does not, and the other way round where no letter is in it.
                    guard kind != .pattern, kind != .connect else { continue }
                    let folded = Whole(text: path.foldedIdentity, kind: kind, folds: true, set: part)
                    if let earlier = first[folded] { note(ordinal, shadowedBy: earlier) }
                    guard path.folds, !path.hasLetters else { continue }
                    let plain = Whole(text: path.identity, kind: kind, folds: false, set: part)
                    if let earlier = first[plain] { note(ordinal, shadowedBy: earlier) }
                }
            }
            let whole = Whole(text: path.identity, kind: path.kind, folds: path.folds, set: setOf[ordinal])
            if first[whole] == nil { first[whole] = ordinal }
        }
    }

    // MARK: Beginnings

    private struct Visit {
        var text: [UInt8]
        var ordinal: Int
        /// Whether the route covers what begins with the text, or is asked about.
        var covers: Bool
    }

    /// What begins with the text of an earlier prefix, as it is or with case folded.
    private mutating func lookAtBeginnings(folded: Bool) {
        var visits: [Visit] = []
        for (ordinal, path) in paths.enumerated() {
            if path.kind == .connect { continue }
            if folded ? path.folds || !path.hasLetters : !path.folds, let text = path.coveredBeginning {
                visits.append(Visit(text: folded ? CoveredPath.folded(text) : text, ordinal: ordinal, covers: true))
            }
            if folded || !path.folds {
                visits.append(Visit(text: folded ? path.folded : path.text, ordinal: ordinal, covers: false))
            }
        }
        visits.sort { left, right in
            if left.text == right.text { return left.covers && !right.covers }
            return left.text.lexicographicallyPrecedes(right.text)
        }
        var best: [Int: Int] = [:]
        var stack: [(text: [UInt8], set: Int, former: Int?)] = []
        for visit in visits {
            while let top = stack.last, !visit.text.starts(with: top.text) {
                best[top.set] = top.former
                stack.removeLast()
            }
            if visit.covers {
                let set = setOf[visit.ordinal]
                let former = best[set]
                stack.append((visit.text, set, former))
                best[set] = min(former ?? visit.ordinal, visit.ordinal)
                continue
            }
            if best.isEmpty { continue }
            for part in sets.parts(of: setOf[visit.ordinal]) {
                if let earlier = best[part] { note(visit.ordinal, shadowedBy: earlier) }
            }
        }
    }

    // MARK: Patterns

    /// Exact paths that an earlier pattern matches. The number of trials is bounded; what is beyond it is not found.
    private mutating func lookAtPatterns() {
        let patterns = paths.indices.filter { paths[$0].kind == .pattern && paths[$0].pattern != nil }
        guard !patterns.isEmpty else { return }
        for (ordinal, path) in paths.enumerated() where path.kind == .exact && !path.folds && shadows[ordinal] == nil {
            let parts = sets.parts(of: setOf[ordinal])
            for earlier in patterns {
                guard earlier < ordinal, trials > 0 else { break }
                guard path.text.starts(with: paths[earlier].text), parts.contains(setOf[earlier]) else { continue }
                trials -= 1
                if Bytes.withBytes(of: path.text, { paths[earlier].pattern?.matches($0) ?? false }) {
                    note(ordinal, shadowedBy: earlier)
                    break
                }
            }
        }
    }
}
