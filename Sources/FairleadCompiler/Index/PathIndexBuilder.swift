// Fairlead: filing routes under their paths
// SPDX-License-Identifier: Apache-2.0

import FairleadDataPlane
import FairleadModel

/// Files the routes of a virtual host under the literal texts that their paths begin with, in two indexes: for paths
/// whose case matters, and for those whose case does not. O(n log n).
struct PathIndexBuilder {
    /// A route as the index sees it.
    struct Filing {
        var ordinal: UInt32
        var text: String
        var place: BlockText
        /// Whether only the whole path matches.
        var isWhole: Bool
        /// Whether having the text is all that the route asks.
        var isUnconditional: Bool
    }

    private struct Key {
        var text: String
        var place: BlockText
        var isWhole: Bool
        var routes: [UInt32] = []
        var firstUnconditional = UInt32.max
    }

    private struct KeyName: Hashable {
        var text: ExactText
        var isWhole: Bool
    }

    private var keys: [Key] = []
    private var numbers: [KeyName: Int] = [:]

    /// Files a route; routes come in their order.
    mutating func add(_ filing: Filing) {
        let name = KeyName(text: ExactText(filing.text), isWhole: filing.isWhole)
        let number: Int
        if let known = numbers[name] {
            number = known
        } else {
            number = keys.count
            numbers[name] = number
            keys.append(Key(text: filing.text, place: filing.place, isWhole: filing.isWhole))
        }
        // Behind a route that takes everything under this text nothing can win.
        guard keys[number].firstUnconditional == .max else { return }
        keys[number].routes.append(filing.ordinal)
        if filing.isUnconditional { keys[number].firstUnconditional = filing.ordinal }
    }

    /// Writes the index.
    func build(
        into writer: inout BlockWriter, _ reading: TextReading, _ candidates: CandidateListBuilder,
        _ patterns: inout PatternTable
    ) -> PathIndex {
        guard !keys.isEmpty else { return PathIndex() }
        var texts = TextIndexBuilder(reading)
        for key in keys { texts.add(key.text, at: key.place, isWhole: key.isWhole) }
        let built = texts.build(into: &writer)
        var index = PathIndex()
        index.exact = built.exact
        index.prefixes = built.prefixes
        index.keys = writer.append(linked(built.parents, candidates, &patterns, into: &writer))
        return index
    }

    /// Drops routes that an ancestor's route always beats, and notes for each key the best that its ancestors offer.
    private func linked(
        _ parents: [Int], _ candidates: CandidateListBuilder, _ patterns: inout PatternTable,
        into writer: inout BlockWriter
    ) -> [PathKey] {
        var bounds = [UInt32?](repeating: nil, count: keys.count)
        var minima = [UInt32](repeating: .max, count: keys.count)
        var ordinals: [UInt32] = []
        var ranges = [Range<Int>](repeating: 0..<0, count: keys.count)
        for number in keys.indices {
            for step in chain(from: number, parents, known: bounds).reversed() {
                let parent = parents[step]
                let inherited = parent < 0 ? UInt32.max : bounds[parent] ?? .max
                let routes = keys[step].routes.filter { $0 < inherited }
                bounds[step] = min(inherited, keys[step].firstUnconditional)
                minima[step] = min(parent < 0 ? .max : minima[parent], routes.first ?? .max)
                ranges[step] = ordinals.count..<(ordinals.count + routes.count)
                ordinals += routes
            }
        }
        let stored = writer.append(ordinals)
        return keys.indices.map { number in
            let range = ranges[number]
            let parent = UInt32(parents[number] + 1)
            if let long = candidates.list(ordinals[range], &patterns, into: &writer) {
                return PathKey(candidates: long, parent: parent, minimum: minima[number])
            }
            // Wraps only in a block that is too large to be used.
            let offset = range.isEmpty ? 0 : stored.offset &+ UInt32(range.lowerBound) &* 4
            return PathKey(
                routes: BlockArray(offset: offset, count: UInt32(range.count)), parent: parent,
                minimum: minima[number])
        }
    }

    /// The key and those of its ancestors that have no bound yet, the key first.
    private func chain(from number: Int, _ parents: [Int], known: [UInt32?]) -> [Int] {
        var chain: [Int] = []
        var current = number
        while current >= 0, known[current] == nil {
            chain.append(current)
            current = parents[current]
        }
        return chain
    }
}
