// Fairlead: writes protobuf bytes
// SPDX-License-Identifier: Apache-2.0

/// Appends fields to a growing message.
///
/// The length of a nested message is not known when it begins: one byte is left for it, and where more are needed when
/// it ends, its contents move up. Only messages of 128 bytes and more move, once for each level they lie under.
struct WireWriter {
    private(set) var bytes: [UInt8] = []

    /// The tag of a field.
    mutating func tag(_ number: Int, _ type: WireType) { varint(UInt64(number) << 3 | UInt64(type.rawValue)) }

    /// A number in groups of seven bits, lowest first.
    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Four bytes, lowest first.
    mutating func fixed32(_ value: UInt32) {
        for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    /// Eight bytes, lowest first.
    mutating func fixed64(_ value: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    /// A length and that many bytes.
    mutating func lengthDelimited(_ content: some Collection<UInt8>) {
        varint(UInt64(content.count))
        bytes.append(contentsOf: content)
    }

    /// Begins a length-delimited value; hand the answer to `end`.
    mutating func begin() -> Int {
        bytes.append(0)
        return bytes.count
    }

    /// Ends the value that began at `start`.
    mutating func end(_ start: Int) {
        var rest = bytes.count - start
        if rest < 0x80 {
            bytes[start - 1] = UInt8(rest)
            return
        }
        bytes[start - 1] = UInt8(truncatingIfNeeded: rest) | 0x80
        rest >>= 7
        var more: [UInt8] = []
        while rest >= 0x80 {
            more.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        more.append(UInt8(rest))
        bytes.insert(contentsOf: more, at: start)
    }
}
