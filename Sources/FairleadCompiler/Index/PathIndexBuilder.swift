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
        /// The first route's ordinal; most keys have no other.
        var first: UInt32
        /// The ordinals of the others.
        var others: [UInt32] = []
        var firstUnconditional = UInt32.max
    }

    private var keys: [Key] = []
    /// The number of each key, by where its text lies, doubled, and one more for a whole one.
    private var numbers: [UInt64: Int] = [:]

    /// Files a route; routes come in their order, and equal texts have one place.
    mutating func add(_ filing: Filing) {
        let name = UInt64(filing.place.offset) << 1 | (filing.isWhole ? 1 : 0)
        if let known = numbers[name] {
            // Behind a route that takes everything under this text nothing can win.
            guard keys[known].firstUnconditional == .max else { return }
            keys[known].others.append(filing.ordinal)
            if filing.isUnconditional { keys[known].firstUnconditional = filing.ordinal }
            return
        }
        numbers[name] = keys.count
        keys.append(
            Key(
                text: filing.text, place: filing.place, isWhole: filing.isWhole, first: filing.ordinal,
                firstUnconditional: filing.isUnconditional ? filing.ordinal : .max))
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
        index.keys = writer.append(linked(built, candidates, &patterns, into: &writer))
        return index
    }

    /// Drops routes that an ancestor's route always beats, and notes for each key the best that its ancestors offer.
    private func linked(
        _ built: TextIndexBuilder.Result, _ candidates: CandidateListBuilder, _ patterns: inout PatternTable,
        into writer: inout BlockWriter
    ) -> [PathKey] {
        let parents = built.parents
        var bounds = [UInt32](repeating: .max, count: keys.count)
        var minima = [UInt32](repeating: .max, count: keys.count)
        var ordinals: [UInt32] = []
        var ranges = [Range<Int>](repeating: 0..<0, count: keys.count)
        // Parents come before those that begin with them.
        for number in built.order {
            let parent = parents[number]
            let inherited = parent < 0 ? UInt32.max : bounds[parent]
            let start = ordinals.count
            if keys[number].first < inherited {
                ordinals.append(keys[number].first)
                ordinals += keys[number].others.prefix { $0 < inherited }
            }
            bounds[number] = min(inherited, keys[number].firstUnconditional)
            minima[number] = min(
                parent < 0 ? .max : minima[parent], start < ordinals.count ? keys[number].first : .max)
            ranges[number] = start..<ordinals.count
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
}
