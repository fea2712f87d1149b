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

    /// Appends 32-bit words, much faster than one by one, and answers the offset of the first.
    @discardableResult
    public mutating func append(contentsOf words: [UInt32]) -> Int {
        let place = bytes.count
        reserve(words.count * 4)
        for word in words {
            bytes.append(UInt8(truncatingIfNeeded: word))
            bytes.append(UInt8(truncatingIfNeeded: word >> 8))
            bytes.append(UInt8(truncatingIfNeeded: word >> 16))
            bytes.append(UInt8(truncatingIfNeeded: word >> 24))
        }
        return place
    }

    /// Appends 64-bit words, much faster than one by one, and answers the offset of the first. Align before it.
    @discardableResult
    public mutating func append(contentsOf words: [UInt64]) -> Int {
        let place = bytes.count
        reserve(words.count * 8)
        for word in words {
            var rest = word
            for _ in 0..<8 {
                bytes.append(UInt8(truncatingIfNeeded: rest))
                rest >>= 8
            }
        }
        return place
    }

    /// Appends floating-point numbers and answers the offset of the first. Align before it.
    @discardableResult
    public mutating func append(contentsOf numbers: [Double]) -> Int {
        append(contentsOf: numbers.map { $0.bitPattern })
    }

    /// Appends zero bytes until the offset is a multiple of 8.
    public mutating func align() {
        while bytes.count % 8 != 0 { bytes.append(0) }
    }
}
