// Fairlead: compiling texts with substitution commands, and metadata
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadDataPlane
import FairleadModel

extension BlockWriter {
    /// Stores a text with substitution commands as its pieces.
    mutating func append(pieces text: String) -> SubstitutionText {
        append(pieces: pieces(of: text))
    }

    /// Stores a text as it is when no command is in it, and as pieces when one is.
    mutating func textOrPieces(_ text: String) -> (text: BlockText, pieces: SubstitutionText) {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return (self.text(text), .empty) }
        let format = pieces(of: text)
        if let literal = format.literal { return (self.text(String(decoding: literal, as: UTF8.self)), .empty) }
        return (.empty, append(pieces: format))
    }

    /// A text that was checked; one that was not stands for nothing.
    private func pieces(of text: String) -> SubstitutionFormat {
        (try? SubstitutionFormat(parsing: text)) ?? SubstitutionFormat()
    }

    private mutating func append(pieces format: SubstitutionFormat) -> SubstitutionText {
        append(
            format.parts.map { part in
                switch part {
                case .literal(let bytes):
                    var piece = SubstitutionPart(.literal)
                    piece.first = text(String(decoding: bytes, as: UTF8.self))
                    return piece
                case .command(let command): return piece(command)
                }
            })
    }

    private mutating func piece(_ command: SubstitutionCommand) -> SubstitutionPart {
        // The numbers are the same; a test holds that.
        let subject = SubstitutionPart.Subject(rawValue: command.subject.rawValue) ?? .literal
        var piece = SubstitutionPart(subject, limit: command.limit ?? .max)
        switch command.subject {
        case .routeMetadata, .virtualHostMetadata, .clusterMetadata:
            piece.names = append(command.arguments.map { text($0) })
        default:
            if let first = command.arguments.first { piece.first = text(first) }
            if command.arguments.count > 1 { piece.second = text(command.arguments[1]) }
        }
        return piece
    }

    /// Stores metadata as a tree by names.
    mutating func append(metadata: Metadata) -> BlockArray<MetadataNode> { append(fields: metadata.filters) }

    /// Stores named values as a tree by names.
    mutating func append(fields: [MetadataValue.Field]) -> BlockArray<MetadataNode> {
        append(
            fields.map { field in
                let name = text(field.name)
                var children = BlockArray<MetadataNode>.empty
                if case .structure(let inner) = field.value { children = append(fields: inner) }
                return MetadataNode(
                    name: name, text: text(field.value.plainText), children: children, kind: field.value.kind)
            })
    }
}

extension MetadataValue {
    /// What kind of value it is.
    fileprivate var kind: MetadataNode.Kind {
        switch self {
        case .null: .null
        case .bool: .bool
        case .number: .number
        case .text: .text
        case .list: .list
        case .structure: .structure
        }
    }

    /// The value as Envoy writes it: texts and numbers as they are, lists and structures as JSON; `nil` for null.
    var plainText: String? {
        switch self {
        case .null: nil
        case .text(let text): text
        case .bool, .number, .list, .structure: jsonText
        }
    }

    /// The value as JSON.
    var jsonText: String {
        switch self {
        case .null: return "null"
        case .bool(let truth): return truth ? "true" : "false"
        case .number(let number): return NumberText.shortest(number)
        case .text(let text): return MetadataValue.quoted(text)
        case .list(let values):
            var json = "["
            for value in values { json += (json.utf8.count == 1 ? "" : ",") + value.jsonText }
            return json + "]"
        case .structure(let fields):
            var json = "{"
            for field in fields {
                json +=
                    (json.utf8.count == 1 ? "" : ",") + MetadataValue.quoted(field.name) + ":" + field.value.jsonText
            }
            return json + "}"
        }
    }

    /// A text as JSON.
    static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x08: bytes += Array("\\b".utf8)
            case 0x09: bytes += Array("\\t".utf8)
            case 0x0A: bytes += Array("\\n".utf8)
            case 0x0C: bytes += Array("\\f".utf8)
            case 0x0D: bytes += Array("\\r".utf8)
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Numbers as texts.
enum NumberText {
    /// The shortest text that reads back as `number`: plain or with an exponent, plain when both are as long. This is what
    /// C++'s `to_chars` writes, and so Envoy.
    static func shortest(_ number: Double) -> String {
        guard number.isFinite else { return number.isNaN ? "nan" : number < 0 ? "-inf" : "inf" }
        let (digits, exponent) = decimal("\(number.magnitude)")
        let sign = number.sign == .minus ? "-" : ""
        let plain = sign + plainText(digits, exponent)
        let scientific = sign + scientificText(digits, exponent)
        return scientific.utf8.count < plain.utf8.count ? scientific : plain
    }

    /// The digits of a number in either form, without zeros around them, and the power of ten of the first one.
    private static func decimal(_ text: String) -> (digits: [UInt8], exponent: Int) {
        let parts = text.utf8.split(separator: UInt8(ascii: "e"), omittingEmptySubsequences: false)
        var exponent = parts.count > 1 ? Int(String(decoding: Array(parts[1]), as: UTF8.self)) ?? 0 : 0
        let mantissa = Array(parts[0])
        let point = mantissa.firstIndex(of: UInt8(ascii: ".")) ?? mantissa.count
        var digits = mantissa.filter { $0 != UInt8(ascii: ".") }
        exponent += point - 1
        while digits.count > 1, digits[0] == UInt8(ascii: "0") {
            digits.removeFirst()
            exponent -= 1
        }
        while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return digits == [UInt8(ascii: "0")] ? (digits, 0) : (digits, exponent)
    }

    private static func plainText(_ digits: [UInt8], _ exponent: Int) -> String {
        let zero = UInt8(ascii: "0")
        var text: [UInt8] = []
        if exponent < 0 {
            text = [zero, UInt8(ascii: ".")] + [UInt8](repeating: zero, count: -exponent - 1) + digits
        } else if exponent + 1 >= digits.count {
            text = digits + [UInt8](repeating: zero, count: exponent + 1 - digits.count)
        } else {
            text = Array(digits[...exponent]) + [UInt8(ascii: ".")] + Array(digits[(exponent + 1)...])
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func scientificText(_ digits: [UInt8], _ exponent: Int) -> String {
        var text: [UInt8] = [digits[0]]
        if digits.count > 1 { text += [UInt8(ascii: ".")] + Array(digits[1...]) }
        let power = exponent.magnitude
        text += Array("e\(exponent < 0 ? "-" : "+")\(power < 10 ? "0" : "")\(power)".utf8)
        return String(decoding: text, as: UTF8.self)
    }
}
