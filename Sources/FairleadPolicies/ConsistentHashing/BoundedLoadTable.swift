// Fairlead: what bounded loads read: each host's share
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

/// The part of a ring's or a Maglev table's bytes that bounded loads read. Both policies keep its place at byte 16 of
/// their table, 0 when loads are not bounded.
///
/// Layout, in bytes from that place: the shares as numbers, by host; then the order of the shuffle, a word for each
/// host that the table may pick.
struct BoundedLoadTable: BitwiseCopyable {
    private let table: PickTable
    private let shares: Int
    private let order: Int
    /// How many hosts the table may pick: hosts of a locality of weight 0 are not among them.
    let count: Int

    /// The part that belongs to `table`, of a list of `hosts` hosts.
    @inline(__always)
    init(_ table: PickTable, hosts: Int) {
        self.table = table
        shares = Int(table.uint32(at: 16))
        count = Int(table.uint32(at: 20))
        order = shares &+ hosts &* 8
    }

    /// What part of all requests the host at `index` is due.
    @inline(__always)
    func share(_ index: Int) -> Double { table.double(at: shares &+ index &* 8) }

    /// The host in place `place` of Envoy's list, 0 ..< count.
    @inline(__always)
    func host(_ place: Int) -> Int { Int(table.uint32(at: order &+ place &* 4)) }

    /// Writes the part for a list of `count` hosts.
    static func write(_ shares: HostShares, count: Int, into table: inout TableWriter) {
        var byHost = [Double](repeating: 0, count: count)
        for (place, host) in shares.hosts.enumerated() { byHost[Int(host)] = shares.shares[place] }
        table.align()
        table.append(contentsOf: byHost)
        table.append(contentsOf: shares.hosts)
    }

    /// How many bytes the part takes.
    static func size(_ shares: HostShares, count: Int) -> Int { count * 8 + shares.hosts.count * 4 }
}
