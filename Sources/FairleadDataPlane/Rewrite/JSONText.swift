// Fairlead: texts inside of JSON
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Texts as they stand between the quotes of JSON.
enum JSONText {
    /// Writes `text` with its escapes. Of a text that is not UTF-8, every byte that is not plain ASCII is escaped as the
    /// character of that number, as Envoy does it (`json_sanitizer.cc`).
    static func write(_ text: Bytes, into output: inout OutputBuffer) {
        let isWell = isUTF8(text)
        for index in 0..<text.count {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                guard isWell else { escape(byte, into: &output); continue }
                output.append(UInt8(ascii: "\\"))
                output.append(byte)
            case 0x08 where isWell: output.append("\\b")
            case 0x09 where isWell: output.append("\\t")
            case 0x0A where isWell: output.append("\\n")
            case 0x0C where isWell: output.append("\\f")
            case 0x0D where isWell: output.append("\\r")
            case 0..<0x20: escape(byte, into: &output)
            case 0x80...0xFF where !isWell: escape(byte, into: &output)
            default: output.append(byte)
            }
        }
    }

    private static func escape(_ byte: UInt8, into output: inout OutputBuffer) {
        output.append("\\u00")
        output.append(hexadecimal: byte >> 4)
        output.append(hexadecimal: byte & 15)
    }

    /// Whether `text` is UTF-8: no longer forms than needed, no surrogates, nothing above U+10FFFF.
    static func isUTF8(_ text: Bytes) -> Bool {
        var index = 0
        while index < text.count {
            let first = text[index]
            index += 1
            if first < 0x80 { continue }
            let count: Int
            var lower: UInt8 = 0x80
            var upper: UInt8 = 0xBF
            switch first {
            case 0xC2...0xDF: count = 1
            case 0xE0...0xEF:
                count = 2
                if first == 0xE0 { lower = 0xA0 }
                if first == 0xED { upper = 0x9F }
            case 0xF0...0xF4:
                count = 3
                if first == 0xF0 { lower = 0x90 }
                if first == 0xF4 { upper = 0x8F }
            default: return false
            }
            for place in 0..<count {
                guard index < text.count, text[index] >= (place == 0 ? lower : 0x80),
                    text[index] <= (place == 0 ? upper : 0xBF)
                else { return false }
                index += 1
            }
        }
        return true
    }
}
