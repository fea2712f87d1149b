// Fairlead: finds what we do not know in binary messages
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Walks protobuf bytes along the schema and reports, each with its path, unknown field numbers, unknown types inside
/// `Any`, contents that are carried but not interpreted, and bytes that are no message.
///
/// It looks and does not change anything: SwiftProtobuf decodes the same bytes afterwards and keeps unknown fields.
struct WireWalker {
    private let schema: Schema
    private let bytes: [UInt8]
    private let unknownSeverity: Problem.Severity
    private var path: PathStack
    private var problems: ProblemCollector
    private var depth = 0
    private var isMalformed = false

    /// The deepest nesting of messages that is followed, as for the decoder.
    static let maximumDepth = 400

    /// The problems of `bytes`, a message of index `type`.
    static func walk(
        _ bytes: [UInt8], as type: Int, schema: Schema, limits: TextLimits = .standard,
        unknownSeverity: Problem.Severity = .warning, prefix: ProtoPath = ProtoPath()
    ) -> [Problem] {
        var walker = WireWalker(
            schema: schema, bytes: bytes, unknownSeverity: unknownSeverity, path: PathStack(prefix),
            problems: ProblemCollector(limit: limits.maximumProblems))
        walker.message(type, bytes.indices)
        return walker.problems.list
    }

    private init(
        schema: Schema, bytes: [UInt8], unknownSeverity: Problem.Severity, path: PathStack, problems: ProblemCollector
    ) {
        self.schema = schema
        self.bytes = bytes
        self.unknownSeverity = unknownSeverity
        self.path = path
        self.problems = problems
    }

    private mutating func message(_ type: Int, _ range: Range<Int>) {
        let message = schema.messages[type]
        guard depth < WireWalker.maximumDepth else {
            isMalformed = true
            return report(.error, .limitExceeded, "nested deeper than \(WireWalker.maximumDepth) messages")
        }
        depth += 1
        defer { depth -= 1 }
        switch message.form {
        case .opaque:
            if !range.isEmpty { report(.warning, .unsupported, "\(message.name) is carried, but not interpreted") }
        case .any: any(range)
        // Their text forms leave no room for unknown fields, and paths into them follow the text form.
        case .structure, .value, .list: break
        default: fields(message, range)
        }
    }

    private mutating func fields(_ message: MessageSchema, _ range: Range<Int>) {
        var reader = WireReader(bytes, range)
        var counts: [Int: Int] = [:]
        while !reader.isAtEnd, !isMalformed {
            guard let (number, wireType) = reader.tag() else { return malformed(reader.offset) }
            guard let index = message.fieldIndex(numbered: number) else {
                unknown(number, in: message)
                if !reader.skip(wireType) { malformed(reader.offset) }
                continue
            }
            let field = message.fields[index]
            guard wireType == .lengthDelimited, let content = reader.lengthDelimited() else {
                if wireType != field.type.wireType { mismatch(field) }
                if wireType == .lengthDelimited || !reader.skip(wireType) { malformed(reader.offset) }
                continue
            }
            // Packed numbers come with a length, whatever their own wire type.
            guard field.type.wireType == .lengthDelimited || field.isPacked else {
                mismatch(field)
                continue
            }
            path.push(.field(field))
            if field.label == .repeated, !field.isPacked {
                path.push(.index(counts[index, default: 0]))
                counts[index, default: 0] += 1
                value(field, content)
                path.pop()
            } else {
                value(field, content)
            }
            path.pop()
        }
    }

    private mutating func value(_ field: FieldSchema, _ range: Range<Int>) {
        switch field.type {
        case .message(let type):
            if field.label == .map { mapEntry(schema.messages[type], range) } else { message(type, range) }
        case .scalar(.string):
            if (try? UTF8Span(validating: bytes[range].span)) == nil {
                report(.error, .malformed, "a string is not UTF-8")
            }
        case .scalar, .enumeration: break
        }
    }

    private mutating func mapEntry(_ entry: MessageSchema, _ range: Range<Int>) {
        var reader = WireReader(bytes, range)
        var key = bytes[range.lowerBound..<range.lowerBound]
        var value: Range<Int>?
        while !reader.isAtEnd {
            guard let (number, wireType) = reader.tag() else { return malformed(reader.offset) }
            guard wireType == .lengthDelimited, number == 1 || number == 2 else {
                if !reader.skip(wireType) { return malformed(reader.offset) }
                continue
            }
            guard let content = reader.lengthDelimited() else { return malformed(reader.offset) }
            if number == 1 { key = bytes[content] } else { value = content }
        }
        path.push(.key(key))
        if let value, let field = entry.fields.last { self.value(field, value) }
        path.pop()
    }

    private mutating func any(_ range: Range<Int>) {
        var reader = WireReader(bytes, range)
        var url = ""
        var payload = range.upperBound..<range.upperBound
        while !reader.isAtEnd {
            guard let (number, wireType) = reader.tag() else { return malformed(reader.offset) }
            guard wireType == .lengthDelimited, number == 1 || number == 2 else {
                if !reader.skip(wireType) { return malformed(reader.offset) }
                continue
            }
            guard let content = reader.lengthDelimited() else { return malformed(reader.offset) }
            if number == 1 { url = String(decoding: bytes[content], as: UTF8.self) } else { payload = content }
        }
        guard !url.isEmpty else { return }
        let name = url.lastIndex(of: "/").map { url[url.index(after: $0)...] } ?? url[...]
        guard let type = schema.message(named: String(name)) else {
            return report(
                unknownSeverity, .unknownExtension, "no type \(url) is known; its contents are not interpreted")
        }
        message(type, payload)
    }

    private mutating func unknown(_ number: Int, in message: MessageSchema) {
        path.push(.unknown(ArraySlice("\(number)".utf8)))
        report(unknownSeverity, .unknownField, "\(message.name) has no field of number \(number)")
        path.pop()
    }

    /// A known number with the wrong wire type: decoders keep it as an unknown field.
    private mutating func mismatch(_ field: FieldSchema) {
        path.push(.field(field))
        report(unknownSeverity, .unknownField, "the bytes of field \(field.number) are not of its type")
        path.pop()
    }

    private mutating func malformed(_ offset: Int) {
        isMalformed = true
        report(.error, .malformed, "not a protobuf message from byte \(offset) on")
    }

    private mutating func report(_ severity: Problem.Severity, _ code: Problem.Code, _ message: String) {
        problems.add(Problem(severity, code, at: path.path.description, message))
    }
}
