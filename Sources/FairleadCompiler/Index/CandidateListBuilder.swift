// Fairlead: sorting long lists of candidates
// SPDX-License-Identifier: Apache-2.0

import FairleadDataPlane
import FairleadModel

/// Sorts routes that are filed under the same path by what else they ask for, so that a request looks at those alone
/// that ask for what it has.
///
/// Each selector takes the value that splits the routes best; what it leaves goes to the next one. Patterns that no
/// selector takes are asked in sets. O(routes × conditions) for each of at most twelve selectors on the way to a route.
struct CandidateListBuilder {
    /// Shorter lists are judged one after the other.
    static let longList = 8
    private static let longestChain = 4
    private static let deepest = 3
    private static let smallestGain = 4

    private let routes: [RouteEntry]

    /// Sorts routes of a virtual host, called by their ordinals.
    init(routes: [RouteEntry]) { self.routes = routes }

    /// Stores a long list; `nil` when the list is short, or would gain nothing.
    func list(
        _ ordinals: ArraySlice<UInt32>, _ patterns: inout PatternTable, into writer: inout BlockWriter
    ) -> BlockReference<CandidateList>? {
        guard ordinals.count >= CandidateListBuilder.longList else { return nil }
        let list = sorted(Array(ordinals), depth: 0, &patterns, &writer)
        guard list.selectors.count + list.patternSets.count > 0 else { return nil }
        return BlockReference(offset: writer.append([list]).offset)
    }

    private func sorted(
        _ ordinals: [UInt32], depth: Int, _ patterns: inout PatternTable, _ writer: inout BlockWriter
    ) -> CandidateList {
        var rest = ordinals
        var selectors: [Selector] = []
        if depth < CandidateListBuilder.deepest {
            while rest.count >= CandidateListBuilder.longList, selectors.count < CandidateListBuilder.longestChain,
                let choice = SelectorChoice.best(
                    for: rest, of: routes, least: CandidateListBuilder.smallestGain, patterns, &writer)
            {
                selectors.append(selector(choice, depth: depth, &patterns, &writer))
                rest = choice.rest
            }
        }
        selectors.sort { $0.minimum < $1.minimum }
        let sets = patternSets(&rest, &patterns, &writer)
        return CandidateList(
            routes: writer.append(rest), selectors: writer.append(selectors), patternSets: writer.append(sets))
    }

    private func selector(
        _ choice: SelectorChoice, depth: Int, _ patterns: inout PatternTable, _ writer: inout BlockWriter
    ) -> Selector {
        var texts = TextIndexBuilder(choice.key.reading)
        for value in choice.values {
            texts.add(writer.string(at: value.text), at: value.text, isWhole: choice.key.isWhole)
        }
        let built = texts.build(into: &writer)
        var lists: [SelectedList] = []
        for (number, value) in choice.values.enumerated() {
            var minimum = value.ordinals.first ?? .max
            var parent = built.parents[number]
            while parent >= 0 {
                minimum = min(minimum, choice.values[parent].ordinals.first ?? .max)
                parent = built.parents[parent]
            }
            lists.append(
                SelectedList(
                    candidates: sorted(value.ordinals, depth: depth + 1, &patterns, &writer),
                    parent: UInt32(built.parents[number] + 1), minimum: minimum))
        }
        let minimum = choice.values.lazy.compactMap { $0.ordinals.first }.min() ?? .max
        return Selector(
            kind: choice.key.kind, subject: choice.key.subject, ignoresCase: choice.key.ignoresCase, minimum: minimum,
            name: choice.key.name, texts: choice.key.isWhole ? built.exact : built.prefixes,
            lists: writer.append(lists))
    }

    /// Takes out of `rest` the routes whose patterns are asked in sets.
    private func patternSets(
        _ rest: inout [UInt32], _ patterns: inout PatternTable, _ writer: inout BlockWriter
    ) -> [PatternSetRecord] {
        var open = PatternGroup()
        var groups: [PatternGroup] = []
        for ordinal in rest {
            let route = routes[Int(ordinal)]
            guard route.pathKind == .pattern, route.pattern != 0 else { continue }
            if !open.add(ordinal, pattern: route.pattern) {
                groups.append(open)
                open = PatternGroup()
                _ = open.add(ordinal, pattern: route.pattern)
            }
        }
        groups.append(open)
        var records: [PatternSetRecord] = []
        var taken: Set<UInt32> = []
        for group in groups where group.patterns.count >= PatternGroup.worthwhile {
            guard let set = patterns.set(group.patterns) else { continue }
            for entry in group.entries { taken.insert(entry.ordinal) }
            records.append(
                PatternSetRecord(
                    routes: writer.append(group.entries), set: set, minimum: group.entries.first?.ordinal ?? .max))
        }
        rest.removeAll { taken.contains($0) }
        return records
    }
}
