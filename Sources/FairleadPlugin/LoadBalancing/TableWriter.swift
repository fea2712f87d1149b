// Fairlead: how a policy writes its table
// SPDX-License-Identifier: Apache-2.0

/// Collects the words of one policy table; the compiler lays them into the cluster's block.
///
/// Offsets count bytes from the table's start, which is aligned to 8. What is written here is what `PickTable` reads.
public struct TableWriter: Sendable {
    /// The table so far.
    public private(set) var bytes: [UInt8] = []

    /// An empty table.
    public init() {}

    /// The offset of what is written next.
    public var offset: Int { bytes.count }

    /// Makes room for `count` more bytes at once.
    public mutating func reserve(_ count: Int) { bytes.reserveCapacity(bytes.count + count) }

    /// Appends a 32-bit word and answers its offset.
    @discardableResult
    public mutating func append(_ word: UInt32) -> Int {
        let place = bytes.count
        var rest = word
        for _ in 0..<4 {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
        return place
    }

    /// Appends a 64-bit word and answers its offset. Align before it.
    @discardableResult
    public mutating func append(_ word: UInt64) -> Int {
        let place = append(UInt32(truncatingIfNeeded: word))
        append(UInt32(truncatingIfNeeded: word >> 32))
        return place
    }

    /// Appends a floating-point number and answers its offset. Align before it.
    @discardableResult
    public mutating func append(_ number: Double) -> Int { append(number.bitPattern) }

    /// Appends zero bytes until the offset is a multiple of 8.
    public mutating func align() {
        while bytes.count % 8 != 0 { bytes.append(0) }
    }
}
