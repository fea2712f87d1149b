// Fairlead: writing one answer as a JSON line
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// Appends JSON to an output that is written in large blocks.
struct AnswerLine {
    private(set) var bytes: [UInt8] = []

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func append(_ number: UInt16) { append(String(number)) }

    /// A text in quotes, or null for one that is missing. Bytes that are not UTF-8 are replaced.
    mutating func append(quoted text: Bytes) {
        guard !text.isMissing else { return append("null") }
        bytes.append(UInt8(ascii: "\""))
        let start = bytes.count
        for index in 0..<text.count {
            let byte = text[index]
            guard AnswerLine.isPlain(byte) else {
                bytes.removeLast(bytes.count - start)
                for byte in text.string.utf8 { append(escaped: byte) }
                break
            }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// A text in quotes.
    mutating func append(quoted text: [UInt8]) { Bytes.withBytes(of: text) { append(quoted: $0) } }

    /// Whether a byte stands for itself, whatever its neighbours are.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
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
