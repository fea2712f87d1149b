// Fairlead: random messages of the schema
// SPDX-License-Identifier: Apache-2.0

@testable import FairleadEnvoy

/// Makes random messages along the schema, in binary. A singular field is written at most once and a oneof has at most
/// one member, so that a message has one text.
struct RandomMessages {
    private let schema = Schema.envoy
    private var generator: SplitMix
    private var depth = 0
    /// Whether the last message has a number in a `google.protobuf.Value`. In YAML it would become a string, as with
    /// Envoy.
    private(set) var hasDynamicNumber = false

    init(seed: UInt64) { generator = SplitMix(seed: seed) }

    /// The bytes of a message of that full name.
    mutating func message(named name: String) throws -> [UInt8] {
        guard let type = schema.message(named: name) else { throw UnknownMessage() }
        hasDynamicNumber = false
        return message(type)
    }

    struct UnknownMessage: Error {}

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }

    private mutating func message(_ type: Int) -> [UInt8] {
        depth += 1
        defer { depth -= 1 }
        let message = schema.messages[type]
        var writer = WireWriter()
        switch message.form {
        case .any:
            let type = chance(50) ? "envoy.extensions.filters.http.router.v3.Router" : "envoy.config.core.v3.Locality"
            write(Array("type.googleapis.com/\(type)".utf8), 1, &writer)
            if let index = schema.message(named: type) { write(self.message(index), 2, &writer) }
        case .duration:
            let seconds = Int64.random(in: -TimeText.largestSeconds...TimeText.largestSeconds, using: &generator)
            writer.tag(1, .varint)
            writer.varint(UInt64(bitPattern: seconds))
            let nanoseconds = Int64.random(in: 0...999_999_999, using: &generator) * (seconds < 0 ? -1 : 1)
            writer.tag(2, .varint)
            writer.varint(UInt64(bitPattern: chance(50) ? nanoseconds : 0))
        case .value: value(&writer)
        default: fields(message, &writer)
        }
        return writer.bytes
    }

    private mutating func fields(_ message: MessageSchema, _ writer: inout WireWriter) {
        var oneofs = Set<Int>()
        let odds = depth < 3 ? 60 : depth < 7 ? 25 : 5
        for field in message.fields where message.form == .mapEntry || chance(odds) {
            if let oneof = field.oneof, !oneofs.insert(oneof).inserted { continue }
            // Maps get one entry, as two might have the same key.
            for _ in 0..<(field.label == .repeated ? Int.random(in: 1...3, using: &generator) : 1) {
                write(field, &writer)
            }
        }
    }

    private mutating func write(_ field: FieldSchema, _ writer: inout WireWriter) {
        switch field.type {
        case .message(let type): write(message(type), field.number, &writer)
        case .enumeration(let type):
            writer.tag(field.number, .varint)
            let number = schema.enums[type].values.randomElement(using: &generator)?.number ?? 0
            writer.varint(UInt64(bitPattern: Int64(number)))
        case .scalar(let type):
            if type.wireType == .lengthDelimited {
                write(type == .string ? text() : bytes(), field.number, &writer)
            } else {
                writer.tag(field.number, type.wireType)
                scalar(type, &writer)
            }
        }
    }

    private mutating func write(_ content: [UInt8], _ number: Int, _ writer: inout WireWriter) {
        writer.tag(number, .lengthDelimited)
        writer.lengthDelimited(content)
    }

    private mutating func scalar(_ type: ScalarType, _ writer: inout WireWriter) {
        let bits = chance(30) ? UInt64.random(in: 0...3, using: &generator) : generator.next()
        switch type {
        case .bool: writer.varint(bits & 1)
        case .int32: writer.varint(UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: bits))))
        case .uint32: writer.varint(UInt64(UInt32(truncatingIfNeeded: bits)))
        case .float: writer.fixed32(Float.random(in: -1e6...1e6, using: &generator).bitPattern)
        case .double: writer.fixed64(Double.random(in: -1e9...1e9, using: &generator).bitPattern)
        default: writer.varint(bits)
        }
    }

    private mutating func value(_ writer: inout WireWriter) {
        let message = schema.messages[schema.message(named: "google.protobuf.Value") ?? 0]
        let scalars = message.fields.filter { if case .message = $0.type { depth < 6 } else { true } }
        guard let field = scalars.randomElement(using: &generator) else { return }
        if field.type == .scalar(.double) { hasDynamicNumber = true }
        write(field, &writer)
    }

    private mutating func text() -> [UInt8] {
        let words = [
            "", "a", "true", "5", "null", "~", "é", "😀", "\"", "\\", "\n\t", "a: b", "- x", "#", "\u{7F}", "{", "1.5",
        ]
        return Array(
            (0..<Int.random(in: 0...3, using: &generator)).map { _ in words.randomElement(using: &generator) ?? "" }
                .joined().utf8)
    }

    private mutating func bytes() -> [UInt8] {
        (0..<Int.random(in: 0...8, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
}
