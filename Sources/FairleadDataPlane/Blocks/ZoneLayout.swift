// Fairlead: the layout of zone-aware routing
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Which requests stay in the engine's own locality, and where the others go. The target's list of all hosts is followed
/// by one list for each locality.
public struct ZoneRecord: BitwiseCopyable, Sendable {
    /// For each locality the sum of what it, and those before it, take of the requests that do not stay; empty when all
    /// stay.
    public var residuals: BlockArray<UInt32>
    /// The share of 10,000 that stays in the first locality.
    public var own: UInt32
    /// The share, in per cent, of requests that this is done for; the others take any host.
    public var share: UInt32
    /// Whether the first locality is the engine's own (1) or not (0).
    public var hasOwn: UInt32
    /// Whether these requests get no endpoint at all, because the local cluster is in panic (1), or not (0).
    public var fails: UInt32

    /// Which requests stay; see the properties.
    public init(residuals: BlockArray<UInt32>, own: UInt32, share: UInt32, hasOwn: Bool, fails: Bool) {
        self.residuals = residuals
        self.own = own
        self.share = share
        self.hasOwn = hasOwn ? 1 : 0
        self.fails = fails ? 1 : 0
    }
}

extension PickTarget {
    /// Which of the lists from the target's own one on is taken: 0 for all hosts, 1 for those of the first locality, and
    /// so on; `nil` for none.
    @inline(never)
    func zone(in block: BlockView, _ source: inout RandomSource) -> UInt32? {
        let record = block[zones]
        if record.share < 100, source.next() % 100 >= UInt64(record.share) { return 0 }
        if record.fails == 1 { return nil }
        if record.own >= 10_000 || source.next() % 10_000 < UInt64(record.own) { return 1 }
        guard record.residuals.count != 0 else { return 1 }
        let last = block[record.residuals, Int(record.residuals.count) &- 1]
        // Only rounding leaves no locality with anything to spare.
        if last == 0 { return 1 &+ UInt32(truncatingIfNeeded: source.next() % UInt64(localityCount)) }
        let point = UInt32(truncatingIfNeeded: source.next() % UInt64(last))
        var low = 0
        var high = Int(record.residuals.count) &- 1
        while low < high {
            let middle = (low &+ high) >> 1
            if block[record.residuals, middle] > point { high = middle } else { low = middle &+ 1 }
        }
        return 1 &+ UInt32(truncatingIfNeeded: low)
    }
}
