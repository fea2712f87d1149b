// Fairlead: taking turns by weight
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// Turns among weighted things (hosts, localities), read in place from a table: a building block for pickers.
///
/// The control side writes a schedule into its table with `write`; on a worker `next` gives the thing whose turn it is,
/// in constant time, and `sample` one by chance. All that a worker keeps is one cursor, a plain counter that starts at
/// a random place: workers do not march in step, and an update of the weights neither restarts the turns nor needs to
/// know the old ones. The same weights give the same bytes.
///
/// How even it is: between any two moments a thing has its share of the turns,
/// - equal weights: less than one more or less;
/// - whole weights whose sum, divided by their greatest common divisor, is at most `longestCycle`: less than two more
///   or less. The cycle is laid out beforehand: earliest deadline first, as Envoy does it, among the things that are
///   not ahead of their share (proportionate fairness: Baruah, Cohen, Plaxton and Varvel, 1996), which keeps Envoy's
///   order where that is even and has no bursts where that would have some;
/// - any other weights: more or less by a few turns, growing with the logarithm of the number of turns (about 3 after
///   a thousand, 6 after a million). The turns step around a circle by the golden ratio (a Weyl sequence).
@frozen
public struct WeightedSchedule: BitwiseCopyable {
    /// How many of a worker's words a schedule needs: its cursor.
    public static var workerWords: Int { 1 }

    /// The longest cycle that is laid out turn by turn.
    public static var longestCycle: Int { 8192 }

    // Layout, in bytes from the schedule's start: 0 kind, 4 how many things, 8 reciprocal of the cycle's length,
    // 16 the cycle's length or the guide's, 20 nothing, 24 turns (two to a word), or the guide and then the starts and
    // `sentinels` more.
    @usableFromInline static var headerSize: Int { 24 }
    static var sentinels: Int { 4 }

    @usableFromInline static var kindNone: UInt32 { 0 }
    @usableFromInline static var kindEqual: UInt32 { 1 }
    @usableFromInline static var kindCycle: UInt32 { 2 }
    @usableFromInline static var kindCircle: UInt32 { 3 }

    @usableFromInline let table: PickTable
    @usableFromInline let offset: Int

    /// The schedule that was written at `offset` into `table`.
    @inlinable
    @inline(__always)
    public init(_ table: PickTable, at offset: Int = 0) {
        self.table = table
        self.offset = offset
    }

    /// How many things take turns, those of weight 0 included.
    @inlinable
    @inline(__always)
    public var count: Int { Int(table.uint32(at: offset &+ 4)) }

    /// Whose turn it is: an index into the weights, or −1 when none has a weight. It moves the cursor at `firstWord`.
    @inlinable
    @inline(__always)
    public func next(_ words: WorkerWords, _ firstWord: Int, _ random: inout RandomSource) -> Int {
        let kind = table.uint32(at: offset)
        let cursor = Self.advance(words, firstWord, &random)
        if kind == Self.kindEqual { return turn(of: cursor) }
        if kind == Self.kindCycle { return entry(turn(of: cursor)) }
        // The cursor's product wraps: it is a place on a circle of 2^64 points.
        if kind == Self.kindCircle { return thing(at: cursor &* 0x9e37_79b9_7f4a_7c15) }
        return -1
    }

    /// One by chance, each by its weight and whatever came before: an index into the weights, or −1 when none has a
    /// weight.
    @inlinable
    @inline(__always)
    public func sample(_ random: inout RandomSource) -> Int {
        let kind = table.uint32(at: offset)
        if kind == Self.kindCircle { return thing(at: random.next()) }
        let turn = Int(truncatingIfNeeded: random.next(below: UInt64(table.uint32(at: offset &+ 16))))
        if kind == Self.kindEqual { return turn }
        if kind == Self.kindCycle { return entry(turn) }
        return -1
    }

    /// Reads the cursor and moves it on. The top bit tells a cursor that has started from a fresh word of zero; the
    /// start has 31 bits, so that the first wrap of its lower half, which `turn` reads, is far away.
    @inlinable
    @inline(__always)
    static func advance(_ words: WorkerWords, _ place: Int, _ random: inout RandomSource) -> UInt64 {
        var cursor = words[place]
        if cursor == 0 { cursor = 1 << 63 | random.next() >> 33 }
        words[place] = (cursor &+ 1) | 1 << 63
        return cursor
    }

    /// The cursor modulo the cycle's length, by a multiplication with its reciprocal (Lemire, Kaser and Kurz, 2019);
    /// in range for any reciprocal.
    @inlinable
    @inline(__always)
    func turn(of cursor: UInt64) -> Int {
        let fraction = table.uint64(at: offset &+ 8) &* (cursor & 0xffff_ffff)
        return Int(truncatingIfNeeded: fraction.multipliedFullWidth(by: UInt64(table.uint32(at: offset &+ 16))).high)
    }

    /// The thing in place `turn` of the cycle.
    @inlinable
    @inline(__always)
    func entry(_ turn: Int) -> Int {
        let pair = table.uint32(at: offset &+ Self.headerSize &+ (turn &>> 1) &* 4)
        return Int((pair &>> UInt32(truncatingIfNeeded: (turn & 1) &<< 4)) & 0xffff)
    }

    /// The thing whose arc of the circle holds `point`: the guide narrows it down to a few starts, one on average.
    @inlinable
    func thing(at point: UInt64) -> Int {
        let length = Int(table.uint32(at: offset &+ 16))
        let guide = offset &+ Self.headerSize
        let slot = Int(truncatingIfNeeded: point.multipliedFullWidth(by: UInt64(length)).high)
        var low = Int(table.uint32(at: guide &+ slot &* 4))
        let starts = guide &+ ((length &+ 2) &>> 1) &* 8
        // Starts in later slots, and the sentinels after the last, are beyond the point (starts are even, sentinels
        // odd): four can be counted without a branch that would be mispredicted every other time.
        let even = point & ~1
        var passed = 0
        for step in 1...4 { passed &+= table.uint64(at: starts &+ (low &+ step) &* 8) <= even ? 1 : 0 }
        if passed < 4 { return low &+ passed }
        low &+= 4
        var high = Int(table.uint32(at: guide &+ slot &* 4 &+ 4))
        while low < high {
            let middle = (low &+ high &+ 1) &>> 1
            if table.uint64(at: starts &+ middle &* 8) <= even { low = middle } else { high = middle &- 1 }
        }
        return low
    }
}
