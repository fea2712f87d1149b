// Fairlead: reads protobuf bytes field by field
// SPDX-License-Identifier: Apache-2.0

/// Takes fields off a run of protobuf bytes. Every read is checked; bytes that are no message give nil and leave the
/// reader where it was.
struct WireReader {
    private let bytes: [UInt8]
    private(set) var offset: Int
    private let end: Int

    /// A reader of `range` of `bytes`.
    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        offset = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { offset == end }

    /// The field number and wire type of the next field. Field numbers go from 1 to 2²⁹ - 1.
    mutating func tag() -> (number: Int, type: WireType)? {
        let start = offset
        guard let tag = varint(), tag <= UInt64(UInt32.max), tag >> 3 > 0, let type = WireType(rawValue: UInt8(tag & 7))
        else {
            offset = start
            return nil
        }
        return (Int(tag >> 3), type)
    }

    /// A number of up to ten groups of seven bits.
    mutating func varint() -> UInt64? {
        var value: UInt64 = 0
        var cursor = offset
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard cursor < end else { return nil }
            let byte = bytes[cursor]
            cursor += 1
            // The tenth byte has room for one bit; decoders drop what does not fit.
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 {
                offset = cursor
                return value
            }
        }
        return nil
    }

    /// Where the bytes of a length-delimited value lie.
    mutating func lengthDelimited() -> Range<Int>? {
        let start = offset
        guard let length = varint(), length <= UInt64(end - offset) else {
            offset = start
            return nil
        }
        let range = offset..<(offset + Int(length))
        offset = range.upperBound
        return range
    }

    /// Passes over a value; false when it is cut short, or is a group, which proto3 does not have.
    mutating func skip(_ type: WireType) -> Bool {
        switch type {
        case .varint: return varint() != nil
        case .fixed64: return skip(bytes: 8)
        case .fixed32: return skip(bytes: 4)
        case .lengthDelimited: return lengthDelimited() != nil
        case .startGroup, .endGroup: return false
        }
    }

    private mutating func skip(bytes count: Int) -> Bool {
        guard end - offset >= count else { return false }
        offset += count
        return true
    }
}
