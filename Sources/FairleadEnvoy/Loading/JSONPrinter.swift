// Fairlead: from protobuf bytes to JSON
// SPDX-License-Identifier: Apache-2.0

/// Prints a message as JSON, by protobuf's mapping and along the schema, with the names of the .proto files as Envoy's own
/// dumps have them. Fields come in the order of the schema and keys of maps sorted, so that equal messages print equally.
///
/// It is for messages that this library wrote itself; what it cannot read it leaves out.
struct JSONPrinter {
    private let schema = Schema.envoy
    private let bytes: [UInt8]
    private(set) var output: [UInt8] = []
    private var indentation: Int

    /// The text of `bytes`, a message of the type called `type`, each line after the first `indentation` levels in.
    static func print(_ bytes: [UInt8], as type: String, indentation: Int = 0) -> String {
        var printer = JSONPrinter(bytes: bytes, indentation: indentation)
        if let index = printer.schema.message(named: type) {
            printer.message(printer.schema.messages[index], bytes.indices)
        } else {
            printer.append("{}")
        }
        return String(decoding: printer.output, as: UTF8.self)
    }

    private init(bytes: [UInt8], indentation: Int) {
        self.bytes = bytes
        self.indentation = indentation
    }

    /// One value on the wire: a run of bytes, or a number.
    private enum WireValue {
        case bytes(Range<Int>)
        case number(UInt64)
    }

    /// What a message holds, by the index of its fields.
    private func contents(_ message: MessageSchema, _ range: Range<Int>) -> [Int: [WireValue]] {
        var reader = WireReader(bytes, range)
        var contents: [Int: [WireValue]] = [:]
        while let (number, wireType) = reader.tag() {
            let start = reader.offset
            guard let index = message.fieldIndex(numbered: number) else {
                guard reader.skip(wireType) else { break }
                continue
            }
            let field = message.fields[index]
            if wireType == .lengthDelimited {
                guard let content = reader.lengthDelimited() else { break }
                if field.isPacked {
                    contents[index, default: []] += numbers(field.type, content)
                } else {
                    contents[index, default: []].append(.bytes(content))
                }
            } else if wireType == .varint {
                guard let value = reader.varint() else { break }
                contents[index, default: []].append(.number(value))
            } else {
                guard reader.skip(wireType) else { break }
                contents[index, default: []].append(.number(fixed(start..<reader.offset)))
            }
        }
        return contents
    }

    private func numbers(_ type: FieldType, _ range: Range<Int>) -> [WireValue] {
        var reader = WireReader(bytes, range)
        var values: [WireValue] = []
        while !reader.isAtEnd {
            let start = reader.offset
            if type.wireType == .varint {
                guard let value = reader.varint() else { break }
                values.append(.number(value))
            } else {
                guard reader.skip(type.wireType) else { break }
                values.append(.number(fixed(start..<reader.offset)))
            }
        }
        return values
    }

    private func fixed(_ range: Range<Int>) -> UInt64 { bytes[range].reversed().reduce(0) { $0 << 8 | UInt64($1) } }

    private mutating func message(_ message: MessageSchema, _ range: Range<Int>) {
        switch message.form {
        case .fields, .opaque, .mapEntry: object { $0.fields(of: message, range) }
        case .any: any(range)
        case .duration: duration(message, range)
        // Fairlead's values hold no points in time.
        case .timestamp: append("\"1970-01-01T00:00:00Z\"")
        case .wrapper(let type):
            let value = contents(message, range)[0]?.last
            scalar(.scalar(type), value ?? (type.wireType == .lengthDelimited ? .bytes(0..<0) : .number(0)))
        case .structure:
            let entries = contents(message, range)[0] ?? []
            if let field = message.fields.first { map(field, entries) }
        case .value: dynamicValue(message, range)
        case .list: list(message, range)
        }
    }

    private mutating func fields(of message: MessageSchema, _ range: Range<Int>) -> [(
        String, (inout JSONPrinter) -> Void
    )] {
        let contents = contents(message, range)
        return message.fields.indices.compactMap { index in
            guard let values = contents[index], let last = values.last else { return nil }
            let field = message.fields[index]
            switch field.label {
            case .singular: return (field.name, { $0.value(field.type, last) })
            case .map: return (field.name, { $0.map(field, values) })
            case .repeated:
                return (field.name, { $0.array(values.map { value in { $0.value(field.type, value) } }) })
            }
        }
    }

    private mutating func value(_ type: FieldType, _ value: WireValue) {
        if case .message(let index) = type, case .bytes(let range) = value {
            message(schema.messages[index], range)
        } else {
            scalar(type, value)
        }
    }

    private mutating func map(_ field: FieldSchema, _ values: [WireValue]) {
        guard case .message(let index) = field.type, let valueField = schema.messages[index].fields.last else { return }
        let entry = schema.messages[index]
        var pairs: [(String, WireValue)] = []
        for case .bytes(let range) in values {
            let contents = contents(entry, range)
            guard case .bytes(let key)? = contents[0]?.last ?? .bytes(0..<0) else { continue }
            pairs.append((String(decoding: bytes[key], as: UTF8.self), contents[1]?.last ?? .bytes(0..<0)))
        }
        pairs.sort { $0.0 < $1.0 }
        object { _ in pairs.map { pair in (pair.0, { $0.value(valueField.type, pair.1) }) } }
    }

    private mutating func any(_ range: Range<Int>) {
        guard let index = schema.message(named: "google.protobuf.Any") else { return }
        let contents = contents(schema.messages[index], range)
        guard case .bytes(let url)? = contents[0]?.last else { return append("{}") }
        var payload = 0..<0
        if case .bytes(let range)? = contents[1]?.last { payload = range }
        let text = String(decoding: bytes[url], as: UTF8.self)
        let name = String(text[(text.lastIndex(of: "/").map(text.index(after:)) ?? text.startIndex)...])
        object { printer in
            var fields: [(String, (inout JSONPrinter) -> Void)] = [("@type", { $0.string(text) })]
            if let type = printer.schema.message(named: name) {
                let message = printer.schema.messages[type]
                if message.form == .fields || message.form == .opaque {
                    fields += printer.fields(of: message, payload)
                } else {
                    fields.append(("value", { $0.message(message, payload) }))
                }
            }
            return fields
        }
    }

    private mutating func duration(_ message: MessageSchema, _ range: Range<Int>) {
        let contents = contents(message, range)
        var parts: [Int64] = [0, 0]
        for index in 0..<2 {
            if case .number(let value)? = contents[index]?.last { parts[index] = Int64(bitPattern: value) }
        }
        let nanoseconds = String(parts[1].magnitude)
        var text = parts[0] < 0 || parts[1] < 0 ? "-" : ""
        text += String(parts[0].magnitude)
        if parts[1] != 0 {
            let digits = String(repeating: "0", count: 9 - nanoseconds.count) + nanoseconds
            text +=
                "." + digits.prefix(upTo: digits.lastIndex { $0 != "0" }.map(digits.index(after:)) ?? digits.endIndex)
        }
        append("\"\(text)s\"")
    }

    private mutating func dynamicValue(_ message: MessageSchema, _ range: Range<Int>) {
        guard let (index, values) = contents(message, range).first, let value = values.last else {
            return append("null")
        }
        let field = message.fields[index]
        if field.number == 1 { append("null") } else { self.value(field.type, value) }
    }

    private mutating func list(_ message: MessageSchema, _ range: Range<Int>) {
        guard let field = message.fields.first else { return }
        array((contents(message, range)[0] ?? []).map { value in { $0.value(field.type, value) } })
    }

    private mutating func scalar(_ type: FieldType, _ value: WireValue) {
        switch (type, value) {
        case (.enumeration(let index), .number(let number)):
            let value = Int32(truncatingIfNeeded: number)
            if let name = schema.enums[index].values.first(where: { $0.number == value })?.name {
                string(name)
            } else {
                append("\(value)")
            }
        case (.scalar(.bool), .number(let number)): append(number == 0 ? "false" : "true")
        case (.scalar(.double), .number(let bits)): number(Double(bitPattern: bits))
        case (.scalar(.float), .number(let bits)): number(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))))
        case (.scalar(.int32), .number(let number)): append("\(Int32(truncatingIfNeeded: number))")
        case (.scalar(.uint32), .number(let number)): append("\(UInt32(truncatingIfNeeded: number))")
        case (.scalar(.int64), .number(let number)): append("\"\(Int64(bitPattern: number))\"")
        case (.scalar(.uint64), .number(let number)): append("\"\(number)\"")
        case (.scalar(.bytes), .bytes(let range)): append("\"\(Base64Text.encode(Array(bytes[range])))\"")
        case (_, .bytes(let range)): string(String(decoding: bytes[range], as: UTF8.self))
        default: append("null")
        }
    }

    private mutating func number(_ number: Double) {
        if number.isNaN {
            append("\"NaN\"")
        } else if number.isInfinite {
            append(number < 0 ? "\"-Infinity\"" : "\"Infinity\"")
        } else {
            append(Int64(exactly: number).map { "\($0)" } ?? "\(number)")
        }
    }
}

extension JSONPrinter {
    private mutating func append(_ text: String) { output += text.utf8 }

    private mutating func line() { append("\n" + String(repeating: " ", count: indentation)) }

    private mutating func object(_ fields: (inout JSONPrinter) -> [(String, (inout JSONPrinter) -> Void)]) {
        let fields = fields(&self)
        enclose(
            "{", "}",
            fields.map { field in
                {
                    $0.string(field.0); $0.append(": "); field.1(&$0)
                }
            })
    }

    private mutating func array(_ elements: [(inout JSONPrinter) -> Void]) { enclose("[", "]", elements) }

    private mutating func enclose(_ open: String, _ close: String, _ elements: [(inout JSONPrinter) -> Void]) {
        append(open)
        guard !elements.isEmpty else { return append(close) }
        indentation += 1
        for (index, element) in elements.enumerated() {
            if index > 0 { append(",") }
            line()
            element(&self)
        }
        indentation -= 1
        line()
        append(close)
    }

    private mutating func string(_ text: String) {
        append("\"")
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": append("\\\(scalar)")
            case "\n": append("\\n")
            case "\r": append("\\r")
            case "\t": append("\\t")
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
            default: append(String(scalar))
            }
        }
        append("\"")
    }
}
