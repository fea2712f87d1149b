// Fairlead: scalars and enums from text
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension Transcoder {
    /// One scalar, ready to be written.
    enum ScalarValue {
        case varint(UInt64)
        case fixed32(UInt32)
        case fixed64(UInt64)
        case bytes(ArraySlice<UInt8>)
    }

    /// Writes a scalar without its tag.
    mutating func put(_ value: ScalarValue) {
        switch value {
        case .varint(let number): writer.varint(number)
        case .fixed32(let bits): writer.fixed32(bits)
        case .fixed64(let bits): writer.fixed64(bits)
        case .bytes(let bytes): writer.lengthDelimited(bytes)
        }
    }

    /// The scalar at `node`, or nil after a report.
    mutating func scalar(_ type: ScalarType, _ node: Int) -> ScalarValue? {
        switch type {
        case .bool: bool(node)
        case .int32: integer(node, as: Int32.self).map { .varint(UInt64(bitPattern: Int64($0))) }
        case .int64: integer(node, as: Int64.self).map { .varint(UInt64(bitPattern: $0)) }
        case .uint32: integer(node, as: UInt32.self).map { .varint(UInt64($0)) }
        case .uint64: integer(node, as: UInt64.self).map { .varint($0) }
        case .float: number(node, "a number", NumberText.float).map { .fixed32($0.bitPattern) }
        case .double: number(node, "a number", NumberText.double).map { .fixed64($0.bitPattern) }
        case .string: string(node)
        case .bytes: bytes(node)
        }
    }

    private mutating func bool(_ node: Int) -> ScalarValue? {
        switch tree.nodes[node].kind {
        case .yes: return .varint(1)
        case .no: return .varint(0)
        case .text:
            switch tree.string(node).lowercased() {
            case "true", "t", "yes", "y", "1": return .varint(1)
            case "false", "f", "no", "n", "0": return .varint(0)
            default: break
            }
        default: break
        }
        wrongType(node, "true or false")
        return nil
    }

    private mutating func integer<Value: FixedWidthInteger & Sendable>(_ node: Int, as type: Value.Type) -> Value? {
        number(node, "a whole number from \(Value.min) to \(Value.max)") { NumberText.integer($0, as: type) }
    }

    private mutating func number<Value: Sendable>(
        _ node: Int, _ wanted: @autoclosure () -> String, _ read: (ArraySlice<UInt8>) -> NumberText.Reading<Value>
    ) -> Value? {
        guard tree.nodes[node].kind == .number || tree.nodes[node].kind == .text else {
            wrongType(node, wanted())
            return nil
        }
        switch read(tree.scalar(node)) {
        case .value(let value): return value
        case .outOfRange, .notWhole:
            report(.error, .outOfRange, node, "\(wanted()) is expected, found \(description(of: node))")
        case .notANumber: wrongType(node, wanted())
        }
        return nil
    }

    private mutating func string(_ node: Int) -> ScalarValue? {
        switch tree.nodes[node].kind {
        case .text, .ignored: return .bytes(tree.scalar(node))
        case .number, .yes, .no: wrongType(node, "a string", hint: "; put it in quotes")
        default: wrongType(node, "a string")
        }
        return nil
    }

    private mutating func bytes(_ node: Int) -> ScalarValue? {
        guard tree.nodes[node].kind == .text else {
            wrongType(node, "bytes in base64")
            return nil
        }
        let text = tree.scalar(node)
        if let bytes = Base64Text.decode(text.span) { return .bytes(bytes[...]) }
        report(.error, .invalidValue, node, "bytes in base64 are expected, found \(description(of: node))")
        return nil
    }

    /// The number of the enum value at `node`, by name or by number, or nil after a report. Numbers that the enum
    /// does not have are kept: proto3 enums are open.
    mutating func enumNumber(_ type: EnumSchema, _ node: Int) -> Int32? {
        switch tree.nodes[node].kind {
        case .text:
            let text = tree.scalar(node)
            if let number = type.number(named: text.span) { return number }
            if case .value(let number) = NumberText.integer(text, as: Int32.self) { return number }
            let name = tree.string(node)
            var message = "\(type.name) has no value \(description(of: node))"
            if let nearest = NearestName.suggestion(for: name, among: type.values.lazy.map(\.name)) {
                message += "; did you mean \(nearest)?"
            }
            report(.error, .unknownEnumValue, node, message)
            return nil
        case .number:
            return integer(node, as: Int32.self)
        default:
            wrongType(node, "a name of \(type.name)")
            return nil
        }
    }
}
