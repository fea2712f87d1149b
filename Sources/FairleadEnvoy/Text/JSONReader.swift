// Fairlead: JSON to a text tree
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Reads one JSON text by RFC 8259, and nothing beyond it: no comments, trailing commas or single quotes, which Envoy
/// would let pass. A byte order mark at the beginning is passed over.
///
/// It keeps no call stack of its own, so that no nesting can exhaust one. The first thing that is not JSON ends it, at
/// its place.
struct JSONReader {
    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    /// The offset at which the line begins.
    private var lineStart = 0
    /// Bytes of this line so far that begin no character.
    private var continuationBytes = 0
    private var builder: TextTreeBuilder
    /// Whether each open container is an object.
    private var open: [Bool] = []

    /// The tree of `input`.
    static func read(_ input: [UInt8], limits: TextLimits) throws(Problem) -> TextTree {
        var reader = JSONReader(
            bytes: input,
            builder: TextTreeBuilder(maximumDepth: limits.maximumDepth, expectedBytes: input.count))
        try reader.checkEncoding()
        try reader.text()
        return reader.builder.tree
    }

    private init(bytes: [UInt8], builder: TextTreeBuilder) {
        self.bytes = bytes
        self.builder = builder
    }

    private var place: Problem.Place {
        Problem.Place(line: line, column: index - lineStart - continuationBytes + 1)
    }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func checkEncoding() throws(Problem) {
        do {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            while index < error.byteOffsets.lowerBound {
                if bytes[index] == UInt8(ascii: "\n") { newLine(after: index) }
                if bytes[index] & 0xC0 == 0x80 { continuationBytes += 1 }
                index += 1
            }
            throw Problem(syntax: "not UTF-8", at: place)
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            index = 3
            lineStart = 3
        }
    }

    private mutating func text() throws(Problem) {
        skipSpace()
        repeat {
            try value()
            try afterValue()
        } while !open.isEmpty
        if next != nil { throw unexpected("the end") }
    }

    /// Takes a scalar, or opens containers until a scalar or an empty container has been taken.
    private mutating func value() throws(Problem) {
        while let byte = next {
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                let isObject = byte == UInt8(ascii: "{")
                guard builder.openContainer(isObject ? .mapping : .sequence, line: line, column: place.column) != nil
                else { throw builder.tooDeep(at: place) }
                open.append(isObject)
                index += 1
                skipSpace()
                // An empty container is closed by `afterValue`.
                if next == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) { return }
                if isObject { try key() }
                continue
            case UInt8(ascii: "\""): try string()
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
            case UInt8(ascii: "t"): try literal("true", .yes)
            case UInt8(ascii: "f"): try literal("false", .no)
            case UInt8(ascii: "n"): try literal("null", .null)
            default: throw unexpected("a value")
            }
            return
        }
        throw unexpected("a value")
    }

    /// Closes what closes here, and takes the comma and the key before the next value if there is one.
    private mutating func afterValue() throws(Problem) {
        while true {
            skipSpace()
            guard let isObject = open.last else { return }
            if next == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                builder.closeContainer()
                open.removeLast()
                index += 1
                continue
            }
            guard next == UInt8(ascii: ",") else { throw unexpected(isObject ? "',' or '}'" : "',' or ']'") }
            index += 1
            skipSpace()
            if isObject { try key() }
            return
        }
    }

    private mutating func key() throws(Problem) {
        guard next == UInt8(ascii: "\"") else { throw unexpected("a key in double quotes") }
        try string()
        skipSpace()
        guard next == UInt8(ascii: ":") else { throw unexpected("':'") }
        index += 1
        skipSpace()
    }

    private mutating func literal(_ word: StaticString, _ kind: TextNode.Kind) throws(Problem) {
        let begin = place
        let text = word.description.utf8
        guard bytes[index...].starts(with: text) else { throw unexpected("a value") }
        index += text.count
        builder.scalar(kind, text, line: begin.line, column: begin.column)
    }

    private mutating func number() throws(Problem) {
        let begin = place
        let start = index
        if next == UInt8(ascii: "-") { index += 1 }
        if next == UInt8(ascii: "0") { index += 1 } else { try digits() }
        if next == UInt8(ascii: ".") {
            index += 1
            try digits()
        }
        if let mark = next, mark | 0x20 == UInt8(ascii: "e") {
            index += 1
            if let sign = next, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { index += 1 }
            try digits()
        }
        builder.scalar(.number, bytes[start..<index], line: begin.line, column: begin.column)
    }

    private mutating func digits() throws(Problem) {
        let start = index
        while let byte = next, byte.decimalDigit != nil { index += 1 }
        if index == start { throw unexpected("a digit") }
    }

    private mutating func string() throws(Problem) {
        let begin = place
        index += 1
        let start = index
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { try plain(byte) }
        if next == UInt8(ascii: "\"") {
            builder.scalar(.text, bytes[start..<index], line: begin.line, column: begin.column)
        } else {
            var text = Array(bytes[start..<index])
            while let byte = next, byte != UInt8(ascii: "\"") {
                if byte == UInt8(ascii: "\\") {
                    try escape(into: &text)
                } else {
                    try plain(byte)
                    text.append(byte)
                }
            }
            guard next != nil else { throw unexpected("'\"'") }
            builder.scalar(.text, text, line: begin.line, column: begin.column)
        }
        index += 1
    }

    private mutating func plain(_ byte: UInt8) throws(Problem) {
        if byte < 0x20 { throw Problem(syntax: "a control character in a string has to be escaped", at: place) }
        if byte & 0xC0 == 0x80 { continuationBytes += 1 }
        index += 1
    }

    private mutating func escape(into text: inout [UInt8]) throws(Problem) {
        let begin = place
        index += 1
        guard let letter = next else { throw unexpected("an escape") }
        index += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(try character(begin)).utf8)
        default: throw Problem(syntax: "there is no such escape", at: begin)
        }
    }

    /// The character of one `\u` escape, or of two that make a surrogate pair.
    private mutating func character(_ begin: Problem.Place) throws(Problem) -> Unicode.Scalar {
        let first = try codeUnit(begin)
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, next == UInt8(ascii: "\\"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "u")
        else { throw Problem(syntax: "half of a surrogate pair", at: begin) }
        index += 2
        let second = try codeUnit(begin)
        guard 0xDC00..<0xE000 ~= second,
            let scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
        else { throw Problem(syntax: "half of a surrogate pair", at: begin) }
        return scalar
    }

    private mutating func codeUnit(_ begin: Problem.Place) throws(Problem) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = next?.hexDigit else {
                throw Problem(syntax: "'\\u' needs four hexadecimal digits", at: begin)
            }
            value = value << 4 | UInt16(digit)
            index += 1
        }
        return value
    }

    private mutating func skipSpace() {
        while let byte = next {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"): break
            case UInt8(ascii: "\n"): newLine(after: index)
            case UInt8(ascii: "\r"):
                if index + 1 == bytes.count || bytes[index + 1] != UInt8(ascii: "\n") { newLine(after: index) }
            default: return
            }
            index += 1
        }
    }

    private mutating func newLine(after offset: Int) {
        line += 1
        lineStart = offset + 1
        continuationBytes = 0
    }

    private func unexpected(_ wanted: String) -> Problem {
        guard let byte = next else { return Problem(syntax: "the text ends where \(wanted) should be", at: place) }
        let found = byte >= 0x21 && byte < 0x7F ? "'\(Unicode.Scalar(byte))'" : "a character"
        return Problem(syntax: "\(found) where \(wanted) should be", at: place)
    }
}
