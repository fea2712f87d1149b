// Fairlead: hashing texts from either end
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// How the bytes of a text are read for an index: as they are or folded to lower case, from the front or from the back.
///
/// All four combinations share one hash and one table layout: paths are read from the front (folded where case does
/// not matter), domains are folded, and suffix wildcards are read from the back.
@frozen
public struct TextReading: OptionSet, BitwiseCopyable, Sendable {
    /// The flags as bits.
    public let rawValue: UInt8

    /// The flags of `rawValue`.
    @inlinable
    @inline(__always)
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// ASCII letters count as lower case.
    public static var folded: TextReading {
        @inline(__always) get { TextReading(rawValue: 1) }
    }
    /// The last byte is read first.
    public static var fromBack: TextReading {
        @inline(__always) get { TextReading(rawValue: 2) }
    }
}

/// A running hash over the first bytes of a text, eight at a time, so that the hashes of many lengths share their work.
///
/// The mixing step multiplies to 128 bits and folds the halves together (the idea of wyhash, Wang Yi).
@usableFromInline
struct TextHash {
    @usableFromInline var state: UInt64
    @usableFromInline var hashed = 0

    @inlinable
    @inline(__always)
    init(seed: UInt64) { state = seed ^ 0x51_7c_c1_b7_27_22_0a_95 }

    @inlinable
    @inline(__always)
    static func mixed(_ state: UInt64, _ word: UInt64) -> UInt64 {
        let product = (state ^ word).multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
        return product.high ^ product.low
    }

    /// Takes in whole words up to `length`, then answers the hash of the first `length` bytes.
    @inlinable
    @inline(__always)
    mutating func hash(_ text: Bytes, length: Int, _ reading: TextReading) -> UInt64 {
        while hashed &+ 8 <= length {
            state = TextHash.mixed(state, TextHash.word(text, at: hashed, reading))
            hashed &+= 8
        }
        let tail = length == hashed ? 0 : TextHash.word(text, at: hashed, count: length &- hashed, reading)
        return TextHash.mixed(TextHash.mixed(state, tail), UInt64(truncatingIfNeeded: length) &* 0xd6e8_feb8_6659_fd93)
    }

    /// The eight bytes from `offset` on in reading order, the first one lowest.
    @inlinable
    @inline(__always)
    static func word(_ text: Bytes, at offset: Int, _ reading: TextReading) -> UInt64 {
        let word =
            reading.contains(.fromBack)
            ? text.word(at: text.count &- offset &- 8).byteSwapped : text.word(at: offset)
        return reading.contains(.folded) ? ASCII.lowercased(word) : word
    }

    /// The `count` (1 … 8) bytes from `offset` on in reading order, the first one lowest, the rest zero.
    @inlinable
    @inline(__always)
    static func word(_ text: Bytes, at offset: Int, count: Int, _ reading: TextReading) -> UInt64 {
        var word: UInt64
        if text.count >= 8 {
            if reading.contains(.fromBack) {
                // The wanted bytes end `offset` bytes before the text's end; load what ends there, or the first eight.
                let end = text.count &- offset
                word =
                    end >= 8
                    ? text.word(at: end &- 8).byteSwapped
                    : text.word(at: 0).byteSwapped &>> UInt64(truncatingIfNeeded: (8 &- end) &* 8)
            } else {
                let start = min(offset, text.count &- 8)
                word = text.word(at: start) &>> UInt64(truncatingIfNeeded: (offset &- start) &* 8)
            }
            word &= UInt64.max &>> UInt64(truncatingIfNeeded: (8 &- count) &* 8)
        } else {
            word = 0
            var index = count
            while index > 0 {
                index &-= 1
                let place = reading.contains(.fromBack) ? text.count &- 1 &- offset &- index : offset &+ index
                word = word << 8 | UInt64(text.byte(at: place))
            }
        }
        return reading.contains(.folded) ? ASCII.lowercased(word) : word
    }
}
