// Fairlead: laying out turns by weight
// SPDX-License-Identifier: Apache-2.0

extension WeightedSchedule {
    /// Writes a schedule by whole weights and answers its offset, a multiple of 8; a weight of 0 is never picked.
    /// O(weights), and O(`longestCycle` · log weights) at most where a cycle is laid out.
    @discardableResult
    public static func write(_ weights: [UInt32], into table: inout TableWriter) -> Int {
        write(weights.map { UInt64($0) }, mayCycle: true, into: &table)
    }

    /// Writes a schedule by weights of any size and answers its offset, a multiple of 8. What is no weight (negative,
    /// not a number) and 0 are never picked; infinity counts as the largest number; a weight that is too small beside
    /// the largest is raised to about 2^−60 of it ÷ their number, so that nothing starves. O(weights).
    @discardableResult
    public static func write(_ weights: [Double], into table: inout TableWriter) -> Int {
        let cleaned = weights.map { $0 > 0 ? min($0, .greatestFiniteMagnitude) : 0 }
        if cleaned.allSatisfy({ $0 <= Double(UInt32.max) && $0 == $0.rounded(.down) }) {
            return write(cleaned.map { UInt64($0) }, mayCycle: true, into: &table)
        }
        // Scaled so that the largest has as many bits as the sum of all leaves room for.
        let largest = cleaned.max() ?? 0
        let bits = 62 - (Int.bitWidth - weights.count.leadingZeroBitCount)
        let unit = Double(UInt64(1) << UInt64(max(bits, 1)))
        let scaled = cleaned.map { $0 > 0 ? max(UInt64($0 / largest * unit), 1) : 0 }
        return write(scaled, mayCycle: false, into: &table)
    }

    /// Chooses the kind. The sum of `weights` is below 2^63.
    private static func write(_ weights: [UInt64], mayCycle: Bool, into table: inout TableWriter) -> Int {
        table.align()
        let place = table.offset
        let sum = weights.reduce(0, +)
        let first = weights.first ?? 0
        if sum == 0 {
            writeHeader(kindNone, count: weights.count, length: 0, into: &table)
        } else if weights.allSatisfy({ $0 == first }) {
            writeHeader(kindEqual, count: weights.count, length: weights.count, into: &table)
        } else if mayCycle, weights.count <= 0x1_0000, let shares = shares(of: weights, sum: sum) {
            let cycle = FairCycle.turns(of: shares)
            writeHeader(kindCycle, count: weights.count, length: cycle.count, into: &table)
            table.append(
                contentsOf: stride(from: 0, to: cycle.count, by: 2).map { turn in
                    cycle[turn] | (turn + 1 < cycle.count ? cycle[turn + 1] << 16 : 0)
                })
        } else {
            writeCircle(weights, sum: sum, into: &table)
        }
        table.align()
        return place
    }

    private static func writeHeader(_ kind: UInt32, count: Int, length: Int, into table: inout TableWriter) {
        table.append(kind)
        table.append(UInt32(truncatingIfNeeded: count))
        // 2^64 ÷ length, rounded up; for a length of 1 it wraps to 0, which `turn` reads rightly as "always 0".
        table.append(length > 0 ? (UInt64.max / UInt64(length)) &+ 1 : UInt64(0))
        table.append(UInt32(truncatingIfNeeded: length))
        table.append(UInt32(0))
    }

    /// The weights divided by their greatest common divisor, `nil` when one of each share would be too many turns.
    private static func shares(of weights: [UInt64], sum: UInt64) -> [UInt32]? {
        var divisor = sum
        for weight in weights where weight > 0 {
            var (left, right) = (divisor, weight)
            while right != 0 { (left, right) = (right, left % right) }
            divisor = left
        }
        guard sum / divisor <= UInt64(longestCycle) else { return nil }
        return weights.map { UInt32($0 / divisor) }
    }

    /// Lays the weights as arcs around a circle of 2^64 points, and a guide that has as many slots as there are arcs.
    private static func writeCircle(_ weights: [UInt64], sum: UInt64, into table: inout TableWriter) {
        let length = weights.count
        // The sum is shifted up to its 64th bit; 2^127 divided by it, times a partial sum, is half of the arc's start.
        let shift = UInt64(sum.leadingZeroBitCount)
        let ratio = (sum << shift).dividingFullWidth((UInt64.max >> 1, UInt64.max)).quotient
        var starts: [UInt64] = []
        starts.reserveCapacity(length + 1)
        var startsInSlot = [UInt32](repeating: 0, count: length + 1)
        var before: UInt64 = 0
        var last = 0
        for (index, weight) in weights.enumerated() {
            // A weight of 0 starts where the next one does: the search prefers the later of the two.
            starts.append((before << shift).multipliedFullWidth(by: ratio).high << 1)
            before += weight
            if weight > 0 { last = index }
        }
        starts.removeSubrange((last + 1)...)
        for start in starts.dropFirst() {
            startsInSlot[Int(start.multipliedFullWidth(by: UInt64(length)).high) + 1] += 1
        }
        writeHeader(kindCircle, count: length, length: length, into: &table)
        // A slot's arcs lie between the last that starts before the slot and the last that starts inside it.
        var reached: UInt32 = 0
        let guide = startsInSlot.map { (starts: UInt32) in
            reached += starts
            return reached
        }
        table.append(contentsOf: guide)
        table.align()
        table.append(contentsOf: starts)
        // In the place of weights of 0 at the end, and after them.
        table.append(contentsOf: [UInt64](repeating: .max, count: length - starts.count + sentinels))
    }
}
