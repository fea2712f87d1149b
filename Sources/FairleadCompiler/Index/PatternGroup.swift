// Fairlead: routes whose patterns are asked together
// SPDX-License-Identifier: Apache-2.0

import FairleadDataPlane
import FairleadPlugin

/// Routes whose patterns go into one set.
struct PatternGroup {
    /// Fewer patterns are as well asked one by one.
    static let worthwhile = 3

    /// The numbers of the patterns, by their index in the set.
    private(set) var patterns: [UInt32] = []
    /// The routes in their order.
    private(set) var entries: [PatternSetEntry] = []
    private var indices: [UInt32: UInt32] = [:]

    /// Adds a route; `false` when its pattern finds no room. Routes come in their order.
    mutating func add(_ ordinal: UInt32, pattern: UInt32) -> Bool {
        if let known = indices[pattern] {
            entries.append(PatternSetEntry(ordinal: ordinal, pattern: known))
            return true
        }
        guard patterns.count < CompiledPatternSet.capacity else { return false }
        let index = UInt32(patterns.count)
        indices[pattern] = index
        patterns.append(pattern)
        entries.append(PatternSetEntry(ordinal: ordinal, pattern: index))
        return true
    }
}
