// Fairlead: ASCII letters, case folded
// SPDX-License-Identifier: Apache-2.0

/// Case folding of ASCII letters, one byte and eight bytes at a time. HTTP compares hosts and header names so.
public enum ASCII {
    /// The byte with `A`…`Z` turned to `a`…`z`.
    @inlinable
    @inline(__always)
    public static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- 65 < 26 ? byte | 0x20 : byte
    }

    /// Eight bytes with `A`…`Z` turned to `a`…`z`, all at once.
    @inlinable
    @inline(__always)
    public static func lowercased(_ word: UInt64) -> UInt64 {
        let sevenBits = word & 0x7f7f_7f7f_7f7f_7f7f
        // Bit 7 of each byte: set when the byte is at least "A", and when it is above "Z". Bytes over 0x7f stay.
        let atLeastA = sevenBits &+ 0x3f3f_3f3f_3f3f_3f3f
        let aboveZ = sevenBits &+ 0x2525_2525_2525_2525
        let upper = (atLeastA & ~aboveZ & ~word) & 0x8080_8080_8080_8080
        return word | (upper >> 2)
    }

    /// A text with its ASCII letters in lower case; everything else as it was.
    public static func lowercased(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 &- 65 < 26 }) else { return text }
        return String(decoding: text.utf8.map(lowercased), as: UTF8.self)
    }
}

extension Bytes {
    /// Whether both are equal when the case of ASCII letters is ignored.
    @inlinable
    public func equalsIgnoringCase(_ other: Bytes) -> Bool {
        guard count == other.count else { return false }
        var index = 0
        while index < count {
            if ASCII.lowercased(byte(at: index)) != ASCII.lowercased(other.byte(at: index)) { return false }
            index += 1
        }
        return true
    }

    /// Whether these bytes, folded, equal `lowered`, which is in lower case already.
    @inlinable
    @inline(__always)
    public func foldedEquals(_ lowered: Bytes) -> Bool {
        guard count == lowered.count else { return false }
        var index = 0
        while index &+ 8 <= count {
            if ASCII.lowercased(word(at: index)) != lowered.word(at: index) { return false }
            index &+= 8
        }
        while index < count {
            if ASCII.lowercased(byte(at: index)) != lowered.byte(at: index) { return false }
            index &+= 1
        }
        return true
    }

    /// Whether these bytes, folded, equal a constant text in lower case.
    @inlinable
    @inline(__always)
    public func foldedEquals(_ lowered: StaticString) -> Bool { foldedEquals(Bytes(lowered)) }

    /// Whether these bytes equal a constant text.
    @inlinable
    @inline(__always)
    public func elementsEqual(_ text: StaticString) -> Bool { elementsEqual(Bytes(text)) }

    /// The bytes of a constant text: they live as long as the program.
    @inlinable
    @inline(__always)
    public init(_ text: StaticString) { unsafe self.init(start: text.utf8Start, count: text.utf8CodeUnitCount) }
}
