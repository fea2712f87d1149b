// Fairlead: walking over the bytes of a JSON text
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// Why a line is not a request.
struct LineFault: Error {
    /// What is wrong and at which byte, from 1.
    var message: String
}

/// Walks over the bytes of one JSON text: strict RFC 8259, nesting capped, strings checked to be UTF-8.
struct JSONCursor {
    static let maximumDepth = 64

    private let bytes: Bytes
    private(set) var position = 0
    /// The string that was read last, escapes resolved.
    private(set) var text: [UInt8] = []

    /// Reads from `bytes`, which stay where they are until it is done.
    init(_ bytes: Bytes) { self.bytes = bytes }

    /// The next byte that is no blank, without taking it.
    mutating func next() -> UInt8? {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0d, 0x0a: position += 1
            default: return bytes[position]
            }
        }
        return nil
    }

    /// Takes `byte` if it is next.
    mutating func accept(_ byte: UInt8) -> Bool {
        guard next() == byte else { return false }
        position += 1
        return true
    }

    /// Takes `byte`, which has to be next.
    mutating func expect(_ byte: UInt8, _ what: String) throws(LineFault) {
        guard accept(byte) else { throw fault(what) }
    }

    /// Nothing but blanks may follow.
    mutating func expectEnd() throws(LineFault) {
        guard next() == nil else { throw fault("nothing more") }
    }

    /// Looks whether an object is next, without taking it.
    mutating func expectObject() throws(LineFault) {
        guard next() == UInt8(ascii: "{") else { throw fault("an object") }
    }

    /// The bytes from `start` to where the walk is, as text.
    func text(from start: Int) -> String { bytes[start..<position].string }

    private func fault(_ expected: String) -> LineFault {
        LineFault(message: "expected \(expected) at byte \(position + 1)")
    }

    // MARK: Values

    /// Reads any value and forgets it.
    mutating func skipValue() throws(LineFault) { try skipValue(depth: 0) }

    private mutating func skipValue(depth: Int) throws(LineFault) {
        guard depth < Self.maximumDepth else { throw LineFault(message: "nested deeper than \(Self.maximumDepth)") }
        switch next() {
        case UInt8(ascii: "\""): try readString()
        case UInt8(ascii: "["):
            position += 1
            if accept(UInt8(ascii: "]")) { return }
            repeat { try skipValue(depth: depth + 1) } while accept(UInt8(ascii: ","))
            try expect(UInt8(ascii: "]"), "',' or ']'")
        case UInt8(ascii: "{"):
            position += 1
            if accept(UInt8(ascii: "}")) { return }
            repeat {
                try readString()
                try expect(UInt8(ascii: ":"), "':'")
                try skipValue(depth: depth + 1)
            } while accept(UInt8(ascii: ","))
            try expect(UInt8(ascii: "}"), "',' or '}'")
        case UInt8(ascii: "t"): try skipWord("true")
        case UInt8(ascii: "f"): try skipWord("false")
        case UInt8(ascii: "n"): try skipWord("null")
        default: try skipNumber()
        }
    }

    private mutating func skipWord(_ word: String) throws(LineFault) {
        for byte in word.utf8 {
            guard position < bytes.count, bytes[position] == byte else { throw fault(word) }
            position += 1
        }
    }

    private mutating func skipNumber() throws(LineFault) {
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try skipDigits("a value") }
        if take(UInt8(ascii: ".")) { try skipDigits("digits") }
        guard take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) else { return }
        if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
        try skipDigits("digits")
    }

    private mutating func skipDigits(_ what: String) throws(LineFault) {
        let start = position
        while position < bytes.count, bytes[position] &- 48 < 10 { position += 1 }
        guard position > start else { throw fault(what) }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    // MARK: Strings

    /// Reads a string into `text`.
    mutating func readString() throws(LineFault) {
        try expect(UInt8(ascii: "\""), "a string")
        text.removeAll(keepingCapacity: true)
        var isASCII = true
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard isASCII || String(validating: text, as: UTF8.self) != nil else {
                    throw LineFault(message: "a string is not UTF-8 before byte \(position)")
                }
                return
            case UInt8(ascii: "\\"): try readEscape()
            case 0..<0x20:
                position -= 1
                throw fault("no control character in a string")
            default:
                if byte >= 0x80 { isASCII = false }
                text.append(byte)
            }
        }
        throw fault("the end of the string")
    }

    private mutating func readEscape() throws(LineFault) {
        guard position < bytes.count else { throw fault("an escape") }
        position += 1
        switch bytes[position - 1] {
        case UInt8(ascii: "\""): text.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): text.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "/"): text.append(UInt8(ascii: "/"))
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "u"): try readCodePoint()
        default:
            position -= 1
            throw fault("an escape that JSON knows")
        }
    }

    private mutating func readCodePoint() throws(LineFault) {
        var code = try readHexadecimal()
        if code >= 0xd800, code < 0xdc00 {
            guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
                throw fault("the second half of a surrogate pair")
            }
            let low = try readHexadecimal()
            guard low >= 0xdc00, low < 0xe000 else { throw fault("the second half of a surrogate pair") }
            code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw fault("a surrogate pair") }
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    private mutating func readHexadecimal() throws(LineFault) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard position < bytes.count, let digit = Self.hexadecimal(bytes[position]) else {
                throw fault("four hexadecimal digits")
            }
            value = value << 4 | digit
            position += 1
        }
        return value
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
