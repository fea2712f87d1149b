// Fairlead: a caller's buffer for composed results
// SPDX-License-Identifier: Apache-2.0

/// A buffer that the caller owns, written from the front: for results that have to be composed, such as a rewritten
/// path or a Location.
///
/// It counts what it would need even when it is full, so that one call tells a caller how large to make the next
/// buffer. Borrowed like `Bytes`.
@safe
@frozen
public struct OutputBuffer {
    @usableFromInline let start: UnsafeMutablePointer<UInt8>?
    /// How many bytes fit.
    public let capacity: Int
    /// How many bytes were written or would have been, had they fitted.
    public private(set) var needed = 0

    /// Borrows `capacity` bytes at `start`.
    public init(start: UnsafeMutablePointer<UInt8>?, capacity: Int) {
        unsafe self.start = start
        self.capacity = unsafe start == nil ? 0 : max(capacity, 0)
    }

    /// Whether everything fitted.
    public var fits: Bool { needed <= capacity }

    /// How many bytes the buffer holds.
    public var count: Int { min(needed, capacity) }

    /// Appends one byte.
    public mutating func append(_ byte: UInt8) {
        if needed < capacity { unsafe start.unsafelyUnwrapped[needed] = byte }
        needed += 1
    }

    /// Appends `bytes`.
    public mutating func append(_ bytes: Bytes) {
        let room = min(bytes.count, max(capacity - needed, 0))
        if room > 0 {
            unsafe bytes.withUnsafeBytes { source in
                guard let from = source.baseAddress else { return }
                unsafe UnsafeMutableRawPointer(start.unsafelyUnwrapped + needed).copyMemory(
                    from: from, byteCount: room)
            }
        }
        needed += bytes.count
    }

    /// Appends a constant text.
    public mutating func append(_ text: StaticString) {
        append(unsafe Bytes(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends a number in decimal.
    public mutating func append(decimal number: UInt64) {
        if number >= 10 { append(decimal: number / 10) }
        append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
    }

    /// Appends the escape of one byte: `%` and two hexadecimal digits in upper case.
    public mutating func append(escaped byte: UInt8) {
        append(UInt8(ascii: "%"))
        append(hexadecimal: byte >> 4, upperCase: true)
        append(hexadecimal: byte & 15, upperCase: true)
    }

    /// Appends a hexadecimal digit, 0 ..< 16.
    package mutating func append(hexadecimal digit: UInt8, upperCase: Bool = false) {
        append(digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: upperCase ? "A" : "a") - 10))
    }

    /// How many bytes still fit.
    public var room: Int { max(capacity - needed, 0) }

    /// Counts `count` bytes as needed that are not written, because what they would hold cannot be made without room.
    public mutating func require(_ count: Int) { needed += max(count, 0) }

    /// Forgets everything after the first `length` bytes.
    public mutating func truncate(to length: Int) { needed = min(needed, max(length, 0)) }

    /// What was written so far, as far as it fitted; valid until the next append.
    public var written: Bytes {
        unsafe Bytes(start: start.map { unsafe UnsafePointer($0) }, count: count)
    }

    /// What was written behind the first `length` bytes, as far as it fitted: it stays valid as long as the buffer does.
    /// Never missing.
    public func written(from length: Int) -> Bytes {
        guard let start = unsafe start else { return Bytes("") }
        let offset = min(max(length, 0), count)
        return unsafe Bytes(start: start + offset, count: count - offset)
    }
}
