// Fairlead: a Maglev table as its picker reads it
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

/// The table of `MaglevPolicy`.
///
/// Layout, in bytes: 0 how many slots, 4 whether a slot takes 2 bytes (0) or 4 (1), 8 2^64 ÷ slots rounded down, 16 and
/// 20 see `BoundedLoadTable`, 24 the slots' hosts.
struct MaglevTable: BitwiseCopyable {
    private static var slotsOffset: Int { 24 }

    private let table: PickTable

    /// The table as it was written.
    @inline(__always)
    init(_ table: PickTable) { self.table = table }

    /// How many slots the table has; 0 without hosts.
    @inline(__always)
    var count: Int { Int(table.uint32(at: 0)) }

    /// The host in the slot of `hash`, which is `hash` modulo `count`: the quotient by the reciprocal is right or one
    /// too small.
    @inline(__always)
    func host(of hash: UInt64) -> Int {
        let size = UInt64(table.uint32(at: 0))
        let quotient = hash.multipliedFullWidth(by: table.uint64(at: 8)).high
        var rest = hash &- quotient &* size
        if rest >= size { rest = rest &- size }
        let slot = Int(truncatingIfNeeded: rest)
        if table.uint32(at: 4) != 0 { return Int(table.uint32(at: Self.slotsOffset &+ slot &* 4)) }
        let pair = table.uint32(at: Self.slotsOffset &+ (slot &>> 1) &* 4)
        // A shift, because half of all branches here would be mispredicted.
        return Int((pair &>> UInt32(truncatingIfNeeded: (slot & 1) &<< 4)) & 0xffff)
    }

    /// Writes `slots`, and the shares of `bounded` if loads are bounded.
    static func write(_ slots: [UInt32], bounded: HostShares?, hostCount: Int, into table: inout TableWriter) {
        let isWide = hostCount > 0x1_0000
        let words =
            isWide
            ? slots
            : stride(from: 0, to: slots.count, by: 2).map { slot in
                slots[slot] | (slot + 1 < slots.count ? slots[slot + 1] << 16 : 0)
            }
        let boundedOffset = (slotsOffset + words.count * 4 + 7) / 8 * 8
        let boundedSize = bounded.map { BoundedLoadTable.size($0, count: hostCount) } ?? 0
        table.reserve(boundedOffset + boundedSize)
        table.append(UInt32(truncatingIfNeeded: slots.count))
        table.append(UInt32(isWide ? 1 : 0))
        table.append(slots.isEmpty ? UInt64(0) : UInt64.max / UInt64(slots.count))
        table.append(bounded == nil ? 0 : UInt32(truncatingIfNeeded: boundedOffset))
        table.append(UInt32(truncatingIfNeeded: bounded?.hosts.count ?? 0))
        table.append(contentsOf: words)
        if let bounded { BoundedLoadTable.write(bounded, count: hostCount, into: &table) }
        table.align()
    }
}
