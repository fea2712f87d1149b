// Fairlead: what least request reads: weights, their schedule, powers
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

/// The table of `LeastRequestPolicy`, as its picker reads it.
///
/// Layout, in bytes: 0 mode, 4 where the schedule is, 8 where the powers are (0 for none), 12 nothing, 16 the weights
/// (one word a host). Equal weights need only the mode.
struct LeastRequestTable: BitwiseCopyable {
    /// How the hosts' loads are compared.
    static var modeEqual: UInt32 { 0 }
    static var modeWeighted: UInt32 { 1 }
    /// By weight alone: the bias is 0.
    static var modeTurns: UInt32 { 2 }
    private static var weightsOffset: Int { 16 }

    // The powers: (1 + i/256)^bias for i in 0 ..< 256, then (2^e)^bias for e in 0 ..< 32.
    static var fractionCount: Int { 256 }
    private static var exponentCount: Int { 32 }

    let table: PickTable

    /// The table as it was written.
    @inline(__always)
    init(_ table: PickTable) { self.table = table }

    @inline(__always)
    var mode: UInt32 { table.uint32(at: 0) }

    /// The weight of the host at `index`.
    @inline(__always)
    func weight(_ index: Int) -> UInt32 { table.uint32(at: Self.weightsOffset &+ index &* 4) }

    /// Turns and samples by weight.
    @inline(__always)
    var schedule: WeightedSchedule { WeightedSchedule(table, at: Int(table.uint32(at: 4))) }

    /// How loaded a host is: active · (active + 1)^bias ÷ weight; lower is better.
    @inline(__always)
    func score(_ index: Int, active: Int) -> Double {
        let powers = Int(table.uint32(at: 8))
        let power = powers == 0 ? Double(active &+ 1) : self.power(of: UInt64(truncatingIfNeeded: active &+ 1), powers)
        return Double(active) * power / Double(weight(index))
    }

    /// `number`^bias from the powers of its leading bit and of the 8 bits after it: exact below 512, and otherwise at
    /// most one 256th of the base below.
    func power(of number: UInt64, _ powers: Int) -> Double {
        let exponent = 63 &- number.leadingZeroBitCount
        let fraction = Int(truncatingIfNeeded: (number &<< UInt64(truncatingIfNeeded: 63 &- exponent)) &>> 55) & 0xff
        return table.double(at: powers &+ fraction &* 8)
            * table.double(at: powers &+ (Self.fractionCount &+ exponent) &* 8)
    }

    /// Writes the table. O(hosts).
    static func write(_ weights: [UInt32], bias: Double, into table: inout TableWriter) {
        let first = weights.first ?? 0
        let isEqual = weights.allSatisfy { $0 == first }
        let usesTurns = !isEqual && bias == 0
        let usesPowers = !isEqual && bias != 0 && bias != 1
        table.append(isEqual ? modeEqual : usesTurns ? modeTurns : modeWeighted)
        guard !isEqual else { return table.align() }
        let powersOffset = (weightsOffset + weights.count * 4 + 7) / 8 * 8
        let powersSize = usesPowers ? (fractionCount + exponentCount) * 8 : 0
        table.append(UInt32(truncatingIfNeeded: powersOffset + powersSize))
        table.append(usesPowers ? UInt32(truncatingIfNeeded: powersOffset) : 0)
        table.append(UInt32(0))
        table.append(contentsOf: weights)
        table.align()
        if usesPowers {
            for step in 0..<fractionCount { table.append(Power.raise(1 + Double(step) / 256, to: bias)) }
            for bit in 0..<exponentCount { table.append(Power.raise(Double(UInt64(1) << UInt64(bit)), to: bias)) }
        }
        WeightedSchedule.write(weights, into: &table)
    }
}
