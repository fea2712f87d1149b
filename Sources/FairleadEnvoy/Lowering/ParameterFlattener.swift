// Fairlead: from a policy's message to named values
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Flattens a message along the schema: each field becomes a value under its name, the names of nested messages before
/// it with dots between.
///
/// Boxed scalars become scalars, enums the names of their values, durations their seconds. A message without fields that
/// is there becomes `true`. Lists, maps and dynamic values have no named form and are only listed.
struct ParameterFlattener {
    /// What became of the message.
    private(set) var parameters = PolicyParameters()
    /// The names of fields that are set and have no named form.
    private(set) var leftOut: [String] = []
    private let schema = Schema.envoy
    private let bytes: [UInt8]

    /// Flattens `bytes`, a message of the type called `type`; nothing comes of a type that the schema does not have.
    init(_ bytes: [UInt8], type: String) {
        self.bytes = bytes
        if let index = schema.message(named: type) { message(schema.messages[index], bytes.indices, prefix: "") }
    }

    private mutating func message(_ message: MessageSchema, _ range: Range<Int>, prefix: String) {
        var reader = WireReader(bytes, range)
        if !prefix.isEmpty { noteZeros(of: message, prefix: prefix) }
        while !reader.isAtEnd {
            guard let (number, wireType) = reader.tag() else { return }
            guard let index = message.fieldIndex(numbered: number), message.fields[index].type.wireType == wireType
            else {
                guard reader.skip(wireType) else { return }
                continue
            }
            let field = message.fields[index]
            let name = prefix + field.name
            guard field.label == .singular else {
                if !leftOut.contains(name) { leftOut.append(name) }
                guard reader.skip(wireType) else { return }
                continue
            }
            if case .message(let type) = field.type {
                guard let content = reader.lengthDelimited() else { return }
                nested(schema.messages[type], content, name: name)
            } else {
                guard let value = scalar(field.type, &reader) else { return }
                // At the top a zero is as good as none, however it was written; further down its message is there.
                if !prefix.isEmpty || !ParameterFlattener.isZero(value, of: field.type) { parameters[name] = value }
            }
        }
    }

    /// A number that is not written is zero, and in a message that is there a zero says something.
    private mutating func noteZeros(of message: MessageSchema, prefix: String) {
        for field in message.fields where field.label == .singular && field.oneof == nil {
            if case .scalar(let type) = field.type, type == .double || type == .float {
                parameters[prefix + field.name] = .double(0)
            }
        }
    }

    private mutating func nested(_ message: MessageSchema, _ range: Range<Int>, name: String) {
        switch message.form {
        case .wrapper(let type):
            var reader = WireReader(bytes, range)
            var value = ParameterFlattener.zero(of: type)
            while let (number, wireType) = reader.tag() {
                if number == 1, wireType == type.wireType, let written = scalar(.scalar(type), &reader) {
                    value = written
                } else if !reader.skip(wireType) {
                    break
                }
            }
            parameters[name] = value
        case .duration: parameters[name] = .double(seconds(range))
        case .fields:
            if message.fields.isEmpty { parameters[name] = .bool(true) }
            self.message(message, range, prefix: name + ".")
        default: if !leftOut.contains(name) { leftOut.append(name) }
        }
    }

    private func seconds(_ range: Range<Int>) -> Double {
        var reader = WireReader(bytes, range)
        var seconds = 0.0
        while let (number, wireType) = reader.tag() {
            guard wireType == .varint, let value = reader.varint() else { break }
            seconds += Double(Int64(bitPattern: value)) / (number == 1 ? 1 : 1e9)
        }
        return seconds
    }

    private func scalar(_ type: FieldType, _ reader: inout WireReader) -> PolicyParameters.Value? {
        switch type.wireType {
        case .varint:
            guard let value = reader.varint() else { return nil }
            return ParameterFlattener.number(value, type, schema)
        case .fixed64, .fixed32:
            let start = reader.offset
            guard reader.skip(type.wireType) else { return nil }
            let bits = bytes[start..<reader.offset].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return .double(
                type.wireType == .fixed32
                    ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))) : Double(bitPattern: bits))
        default:
            guard let content = reader.lengthDelimited() else { return nil }
            return .text(String(decoding: bytes[content], as: UTF8.self))
        }
    }

    private static func number(_ value: UInt64, _ type: FieldType, _ schema: Schema) -> PolicyParameters.Value {
        switch type {
        case .enumeration(let index):
            let number = Int32(truncatingIfNeeded: value)
            return .text(schema.enums[index].values.first { $0.number == number }?.name ?? "\(number)")
        case .scalar(.bool): return .bool(value != 0)
        default:
            let signed = Int64(bitPattern: value)
            return type != .scalar(.uint64) && signed < 0 ? .double(Double(signed)) : .unsigned(value)
        }
    }

    private static func zero(of type: ScalarType) -> PolicyParameters.Value {
        switch type {
        case .bool: .bool(false)
        case .float, .double: .double(0)
        case .string, .bytes: .text("")
        default: .unsigned(0)
        }
    }

    private static func isZero(_ value: PolicyParameters.Value, of type: FieldType) -> Bool {
        switch type {
        case .scalar(let scalar): value == zero(of: scalar)
        case .enumeration(let index): Schema.envoy.enums[index].values.first.map { value == .text($0.name) } ?? false
        case .message: false
        }
    }
}
