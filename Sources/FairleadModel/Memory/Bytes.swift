// Fairlead: borrowed bytes
// SPDX-License-Identifier: Apache-2.0

/// A run of bytes that somebody else owns: a request's path, a text inside a block.
///
/// It has the layout of C's `fl_bytes` (pointer, count), so that the ABI hands requests through without a copy. Who
/// receives one may read it for the length of the call and must not keep it.
@safe
@frozen
public struct Bytes: BitwiseCopyable {
    @usableFromInline let start: UnsafePointer<UInt8>?
    /// How many bytes there are.
    public let count: Int

    /// Borrows `count` bytes at `start`; `nil` stands for no bytes and is told apart by `isMissing`.
    @inlinable
    @inline(__always)
    public init(start: UnsafePointer<UInt8>?, count: Int) {
        unsafe self.start = start
        self.count = unsafe start == nil ? 0 : count
    }

    /// Bytes that are not there at all, as opposed to empty ones.
    @inlinable
    @inline(__always)
    public static var missing: Bytes { unsafe Bytes(start: nil, count: 0) }

    /// Whether there is no value at all (not even an empty one).
    @inlinable
    @inline(__always)
    public var isMissing: Bool { unsafe start == nil }

    /// Whether no byte is there.
    @inlinable
    @inline(__always)
    public var isEmpty: Bool { count == 0 }

    /// The byte at `index`, 0 ..< count.
    @inlinable
    @inline(__always)
    public subscript(index: Int) -> UInt8 {
        precondition(index >= 0 && index < count)
        return unsafe start.unsafelyUnwrapped[index]
    }

    /// The bytes in `range`, clamped to what is there.
    @inlinable
    @inline(__always)
    public subscript(range: Range<Int>) -> Bytes {
        guard let start = unsafe start else { return .missing }
        let lower = min(max(range.lowerBound, 0), count)
        let upper = min(max(range.upperBound, lower), count)
        return unsafe Bytes(start: start + lower, count: upper - lower)
    }

    /// The first `length` bytes, or all of them.
    @inlinable
    @inline(__always)
    public func prefix(_ length: Int) -> Bytes { self[0..<max(length, 0)] }

    /// What follows the first `length` bytes; nothing when there are no more.
    @inlinable
    @inline(__always)
    public func dropFirst(_ length: Int) -> Bytes { self[min(length, count)..<count] }

    /// Runs `body` over the memory, for wrappers of C libraries and copies.
    @inlinable
    @inline(__always)
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        unsafe body(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// Whether both hold the same bytes; a missing value equals only a missing one.
    @inlinable
    @inline(__always)
    public func elementsEqual(_ other: Bytes) -> Bool {
        count == other.count && isMissing == other.isMissing && sharesFirst(count, with: other)
    }

    /// Whether the bytes begin with `other`.
    @inlinable
    @inline(__always)
    public func starts(with other: Bytes) -> Bool {
        other.count <= count && sharesFirst(other.count, with: other)
    }

    /// Whether the bytes end with `other`.
    @inlinable
    public func ends(with other: Bytes) -> Bool {
        other.count <= count && self[(count - other.count)..<count].sharesFirst(other.count, with: other)
    }

    /// Whether the first `length` bytes of both are the same; both have that many.
    ///
    /// Eight bytes at a time, and the last eight overlapping: routing compares short texts, for which a call of
    /// `memcmp` costs more than the comparison.
    @inlinable
    @inline(__always)
    func sharesFirst(_ length: Int, with other: Bytes) -> Bool {
        if length >= 8 {
            var index = 0
            while index &+ 8 <= length {
                if word(at: index) != other.word(at: index) { return false }
                index &+= 8
            }
            return word(at: length &- 8) == other.word(at: length &- 8)
        }
        var index = 0
        while index < length {
            if byte(at: index) != other.byte(at: index) { return false }
            index &+= 1
        }
        return true
    }

    /// The place of the first `byte` at or after `from`.
    @inlinable
    public func firstIndex(of byte: UInt8, from: Int = 0) -> Int? {
        var index = max(from, 0)
        let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
        while index &+ 8 <= count {
            // A byte of `difference` is zero where the text holds `byte`; the borrow trick finds the first such byte.
            let difference = word(at: index) ^ pattern
            let zeros = (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
            if zeros != 0 { return index &+ (zeros.trailingZeroBitCount >> 3) }
            index &+= 8
        }
        while index < count {
            if self.byte(at: index) == byte { return index }
            index &+= 1
        }
        return nil
    }

    /// The place of the last `byte`. O(n).
    @inlinable
    public func lastIndex(of byte: UInt8) -> Int? {
        var index = count - 1
        while index >= 0 {
            if unsafe start.unsafelyUnwrapped[index] == byte { return index }
            index -= 1
        }
        return nil
    }

    /// Loads eight bytes at `offset` in little-endian order; the caller knows that they are there.
    @inlinable
    @inline(__always)
    package func word(at offset: Int) -> UInt64 {
        assert(offset >= 0 && offset + 8 <= count)
        let raw = unsafe UnsafeRawPointer(start.unsafelyUnwrapped + offset)
        return UInt64(littleEndian: unsafe raw.loadUnaligned(as: UInt64.self))
    }

    /// The byte at `offset` without a check in release; the caller knows that it is there.
    @inlinable
    @inline(__always)
    package func byte(at offset: Int) -> UInt8 {
        assert(offset >= 0 && offset < count)
        return unsafe start.unsafelyUnwrapped[offset]
    }

    /// A copy as an array.
    public var array: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }

    /// A copy as text; bytes that are not UTF-8 are replaced.
    public var string: String { unsafe withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) } }
}

// SAFETY: the memory is borrowed and never written through this type.
extension Bytes: @unchecked Sendable {}

extension Bytes {
    /// Borrows the bytes of an array for the length of `body`.
    @inlinable
    public static func withBytes<Result>(of array: [UInt8], _ body: (Bytes) -> Result) -> Result {
        unsafe array.withUnsafeBufferPointer { buffer in
            // An empty array may have no address; it is an empty value all the same.
            guard let start = buffer.baseAddress else { return Bytes.withEmpty(body) }
            return unsafe body(Bytes(start: start, count: buffer.count))
        }
    }

    /// Borrows the UTF-8 of a text for the length of `body`.
    @inlinable
    public static func withBytes<Result>(of text: String, _ body: (Bytes) -> Result) -> Result {
        // Native strings lend their bytes; only foreign ones have to be copied.
        let lent = unsafe text.utf8.withContiguousStorageIfAvailable { buffer in
            guard let start = buffer.baseAddress, !buffer.isEmpty else { return withEmpty(body) }
            return body(unsafe Bytes(start: start, count: buffer.count))
        }
        return lent ?? withBytes(of: Array(text.utf8), body)
    }

    /// Hands out a number in decimal.
    public static func withDecimal<Result>(_ number: UInt16, _ body: (Bytes) -> Result) -> Result {
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 5) { buffer in
            var rest = number
            var start = 5
            repeat {
                start -= 1
                unsafe buffer[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            return body(
                unsafe Bytes(start: UnsafePointer(buffer.baseAddress).map { unsafe $0 + start }, count: 5 - start))
        }
    }

    /// Hands out an empty value that is not missing.
    @inlinable
    public static func withEmpty<Result>(_ body: (Bytes) -> Result) -> Result {
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1) { buffer in
            body(unsafe Bytes(start: UnsafePointer(buffer.baseAddress), count: 0))
        }
    }
}

extension Bytes {
    /// Whether these bytes come before `other` in the order of their bytes; a beginning comes before the whole.
    @inlinable
    public func precedes(_ other: Bytes) -> Bool {
        let shared = min(count, other.count)
        var index = 0
        while index &+ 8 <= shared {
            let mine = word(at: index)
            let theirs = other.word(at: index)
            if mine != theirs { return mine.byteSwapped < theirs.byteSwapped }
            index &+= 8
        }
        while index < shared {
            let mine = byte(at: index)
            let theirs = other.byte(at: index)
            if mine != theirs { return mine < theirs }
            index &+= 1
        }
        return count < other.count
    }
}
