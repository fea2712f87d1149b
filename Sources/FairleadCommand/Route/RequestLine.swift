// Fairlead: reading one request from a JSON line
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// Why a line is not a request.
struct LineFault: Error {
    /// What is wrong and at which byte, from 1.
    var message: String
}

/// Reads one JSON object from the bytes of a line straight into a `Request`.
///
/// Strict RFC 8259. Keys that the contract does not know are read and left alone, a repeated key counts as its last
/// value, null as absent. Nesting is capped.
struct RequestLine {
    private static let maximumDepth = 64

    private let bytes: Bytes
    private var position = 0
    private var text: [UInt8] = []
    private var name: [UInt8] = []

    /// Reads from `bytes`, which stay where they are until it is done.
    init(_ bytes: Bytes) { self.bytes = bytes }

    /// Fills `request`, which is empty, from the line.
    mutating func read(into request: Request) throws(LineFault) {
        request.set(method: "GET")
        request.set(scheme: "http")
        try expect(UInt8(ascii: "{"), "an object")
        var hasPath = false
        if try !accept(UInt8(ascii: "}")) {
            repeat {
                try readString()
                let key = String(decoding: text, as: UTF8.self)
                try expect(UInt8(ascii: ":"), "':'")
                if key == "path" { hasPath = true }
                try readField(key, request)
            } while try accept(UInt8(ascii: ","))
            try expect(UInt8(ascii: "}"), "',' or '}'")
        }
        skipBlanks()
        guard position == bytes.count else { throw fault("nothing more") }
        guard hasPath else { throw LineFault(message: "no \"path\"") }
    }

    private mutating func readField(_ key: String, _ request: Request) throws(LineFault) {
        skipBlanks()
        if peek() == UInt8(ascii: "n") { return try skipValue(depth: 1) }
        switch key {
        case "method":
            try readString()
            request.set(method: text)
        case "scheme":
            try readString()
            request.set(scheme: String(decoding: text, as: UTF8.self))
        case "authority":
            try readString()
            request.set(authority: text)
        case "path":
            try readString()
            request.set(path: text)
        case "source":
            try readString()
            request.set(source: String(decoding: text, as: UTF8.self))
        case "headers": try readHeaders(request)
        default: try skipValue(depth: 1)
        }
    }

    private mutating func readHeaders(_ request: Request) throws(LineFault) {
        request.removeHeaders()
        try expect(UInt8(ascii: "["), "an array of [name, value] pairs")
        if try accept(UInt8(ascii: "]")) { return }
        repeat {
            try expect(UInt8(ascii: "["), "a [name, value] pair")
            try readString()
            swap(&name, &text)
            try expect(UInt8(ascii: ","), "',' and a value")
            try readString()
            try expect(UInt8(ascii: "]"), "']'")
            request.addHeader(name, text)
        } while try accept(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"), "',' or ']'")
    }

    // MARK: Values

    /// Reads a string into `text`, escapes resolved.
    private mutating func readString() throws(LineFault) {
        try expect(UInt8(ascii: "\""), "a string")
        text.removeAll(keepingCapacity: true)
        while true {
            let start = position
            while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\"),
                bytes[position] >= 0x20
            {
                position += 1
            }
            for index in start..<position { text.append(bytes[index]) }
            guard position < bytes.count else { throw fault("the end of the string") }
            position += 1
            switch bytes[position - 1] {
            case UInt8(ascii: "\""):
                guard isUTF8(text) else { throw LineFault(message: "a string is not UTF-8 at byte \(position)") }
                return
            case UInt8(ascii: "\\"): try readEscape()
            default:
                position -= 1
                throw fault("no control character in a string")
            }
        }
    }

    private func isUTF8(_ text: [UInt8]) -> Bool {
        !text.contains { $0 >= 0x80 } || String(validating: text, as: UTF8.self) != nil
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
            guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
            else { throw fault("the second half of a surrogate pair") }
            position += 2
            let low = try readHexadecimal()
            guard low >= 0xdc00, low < 0xe000 else { throw fault("the second half of a surrogate pair") }
            code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw fault("a surrogate pair") }
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    private mutating func readHexadecimal() throws(LineFault) -> UInt32 {
        guard position + 4 <= bytes.count else { throw fault("four hexadecimal digits") }
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = bytes[position]
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw fault("four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    /// Reads any value and forgets it.
    private mutating func skipValue(depth: Int) throws(LineFault) {
        guard depth < Self.maximumDepth else { throw LineFault(message: "nested deeper than \(Self.maximumDepth)") }
        skipBlanks()
        switch peek() {
        case UInt8(ascii: "\""): try readString()
        case UInt8(ascii: "["):
            position += 1
            if try accept(UInt8(ascii: "]")) { return }
            repeat { try skipValue(depth: depth + 1) } while try accept(UInt8(ascii: ","))
            try expect(UInt8(ascii: "]"), "',' or ']'")
        case UInt8(ascii: "{"):
            position += 1
            if try accept(UInt8(ascii: "}")) { return }
            repeat {
                try readString()
                try expect(UInt8(ascii: ":"), "':'")
                try skipValue(depth: depth + 1)
            } while try accept(UInt8(ascii: ","))
            try expect(UInt8(ascii: "}"), "',' or '}'")
        default: try skipWord()
        }
    }

    /// A number, true, false or null.
    private mutating func skipWord() throws(LineFault) {
        let start = position
        while let byte = peek(), byte != UInt8(ascii: ","), byte != UInt8(ascii: "]"), byte != UInt8(ascii: "}"), byte > 0x20 {
            position += 1
        }
        let word = bytes[start..<position].string
        let isNumber = Double(word) != nil && !word.lowercased().contains { "xpni+".contains($0) && $0 != "+" }
        guard ["true", "false", "null"].contains(word) || isNumber else {
            position = start
            throw fault("a value")
        }
    }

    // MARK: Bytes

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipBlanks() {
        while position < bytes.count, [0x20, 0x09, 0x0d, 0x0a].contains(bytes[position]) { position += 1 }
    }

    private mutating func accept(_ byte: UInt8) throws(LineFault) -> Bool {
        skipBlanks()
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ byte: UInt8, _ what: String) throws(LineFault) {
        guard try accept(byte) else { throw fault(what) }
    }

    private func fault(_ expected: String) -> LineFault {
        LineFault(message: "expected \(expected) at byte \(position + 1)")
    }
}
