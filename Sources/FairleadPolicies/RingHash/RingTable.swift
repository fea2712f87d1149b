// Fairlead: a hash ring as its picker reads it
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

/// The table of `RingHashPolicy`.
///
/// Layout, in bytes: 0 how many places, 4 by how much a hash without its last bit is shifted for the index, 8 where the
/// hashes are (four of 2^64−1 end them), 12 where the hosts are, 16 and 20 see `BoundedLoadTable`, 24 the index. A place
/// takes 12 bytes, and its part of the index at most 4.
struct RingTable: BitwiseCopyable {
    private static var indexOffset: Int { 24 }
    private static var sentinels: Int { 4 }

    private let table: PickTable

    /// The table as it was written.
    @inline(__always)
    init(_ table: PickTable) { self.table = table }

    /// How many places the ring has.
    @inline(__always)
    var count: Int { Int(table.uint32(at: 0)) }

    /// The host at `place`, 0 ..< count.
    @inline(__always)
    func host(_ place: Int) -> Int { Int(table.uint32(at: Int(table.uint32(at: 12)) &+ place &* 4)) }

    /// The first place whose hash is at least `hash`; `count` when there is none. O(log places), O(1) expected.
    @inline(__always)
    func place(of hash: UInt64) -> Int {
        // Two shifts, because the index may be over no bit at all.
        let slot = Int(truncatingIfNeeded: (hash &>> 1) &>> UInt64(table.uint32(at: 4)))
        let entry = Self.indexOffset &+ slot &* 4
        var low = Int(table.uint32(at: entry))
        let hashes = Int(table.uint32(at: 8))
        // Places of later slots, and the sentinels after the last, are not below: four can be counted without a branch
        // that would be mispredicted every other time.
        var below = 0
        for step in 0..<4 { below &+= table.uint64(at: hashes &+ (low &+ step) &* 8) < hash ? 1 : 0 }
        if below < 4 { return low &+ below }
        low &+= 4
        var high = Int(table.uint32(at: entry &+ 4))
        while low < high {
            let middle = (low &+ high) &>> 1
            if table.uint64(at: hashes &+ middle &* 8) < hash { low = middle &+ 1 } else { high = middle }
        }
        return low
    }

    /// Writes `ring`, and the shares of `bounded` if loads are bounded.
    static func write(_ ring: HashRing, bounded: HostShares?, hostCount: Int, into table: inout TableWriter) {
        let hashesOffset = (indexOffset + ring.index.count * 4 + 7) / 8 * 8
        let hostsOffset = hashesOffset + (ring.hashes.count + sentinels) * 8
        let boundedOffset = (hostsOffset + ring.hosts.count * 4 + 7) / 8 * 8
        let boundedSize = bounded.map { BoundedLoadTable.size($0, count: hostCount) } ?? 0
        table.reserve(boundedOffset + boundedSize)
        table.append(UInt32(truncatingIfNeeded: ring.hashes.count))
        table.append(UInt32(truncatingIfNeeded: 63 - ring.indexBits))
        table.append(UInt32(truncatingIfNeeded: hashesOffset))
        table.append(UInt32(truncatingIfNeeded: hostsOffset))
        table.append(bounded == nil ? 0 : UInt32(truncatingIfNeeded: boundedOffset))
        table.append(UInt32(truncatingIfNeeded: bounded?.hosts.count ?? 0))
        table.append(contentsOf: ring.index)
        table.align()
        table.append(contentsOf: ring.hashes)
        for _ in 0..<sentinels { table.append(UInt64.max) }
        table.append(contentsOf: ring.hosts)
        if let bounded { BoundedLoadTable.write(bounded, count: hostCount, into: &table) }
        table.align()
    }
}
