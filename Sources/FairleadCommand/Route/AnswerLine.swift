// Fairlead: writing one answer as a JSON line
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// Appends JSON to an output that is written in large blocks.
struct AnswerLine {
    private(set) var bytes: [UInt8] = []

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// A text in quotes, or null for one that is missing. Bytes that are not UTF-8 are replaced.
    mutating func append(quoted text: Bytes) {
        guard !text.isMissing else { return append("null") }
        text.withUnsafeBytes { append(quoted: $0) }
    }

    /// A text in quotes.
    mutating func append(quoted text: [UInt8]) { text.withUnsafeBytes { append(quoted: $0) } }

    mutating func append(_ number: UInt16) { bytes.append(contentsOf: String(number).utf8) }

    private mutating func append(quoted raw: UnsafeRawBufferPointer) {
        bytes.append(UInt8(ascii: "\""))
        if raw.contains(where: { $0 >= 0x80 || $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
            for byte in String(decoding: raw, as: UTF8.self).utf8 { append(escaped: byte) }
        } else {
            bytes.append(contentsOf: raw)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func append(escaped byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
        case 0..<0x20:
            let digits = Array("0123456789abcdef".utf8)
            bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        default: bytes.append(byte)
        }
    }
}
