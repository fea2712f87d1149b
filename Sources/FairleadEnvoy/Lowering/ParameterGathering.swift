// Fairlead: from named values to a policy's message
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Undoes `ParameterFlattener`: writes the message that flattens to given parameters.
struct ParameterGathering {
    private let schema = Schema.envoy
    private var writer = WireWriter()

    /// The bytes of the message of the type called `type` that flattens to the values of `parameters`; `nil` when the
    /// schema has no such type, or a value has no field of its name and kind.
    static func bytes(_ parameters: PolicyParameters, as type: String) -> [UInt8]? {
        var gathering = ParameterGathering()
        guard let index = gathering.schema.message(named: type) else { return nil }
        let values = parameters.values.map { (Array($0.name.utf8)[...], $0.value) }
        return gathering.write(values, in: gathering.schema.messages[index]) ? gathering.writer.bytes : nil
    }

    private typealias Named = (name: ArraySlice<UInt8>, value: PolicyParameters.Value)

    /// Writes the fields of one message; the values of nested ones stand together, because values are sorted by name.
    private mutating func write(_ values: [Named], in message: MessageSchema) -> Bool {
        var rest = values[...]
        while let first = rest.first {
            let head = first.name.prefix { $0 != UInt8(ascii: ".") }
            guard let index = message.fieldIndex(named: head.span), message.fields[index].label == .singular else {
                return false
            }
            let field = message.fields[index]
            let group = rest.prefix { $0.name.prefix { $0 != UInt8(ascii: ".") } == head }
            rest = rest.dropFirst(group.count)
            guard case .message(let type) = field.type else {
                guard group.count == 1, head.count == first.name.count, write(first.value, field) else { return false }
                continue
            }
            writer.tag(field.number, .lengthDelimited)
            let start = writer.begin()
            guard nested(Array(group), in: schema.messages[type], head: head.count) else { return false }
            writer.end(start)
        }
        return true
    }

    private mutating func nested(_ group: [Named], in message: MessageSchema, head: Int) -> Bool {
        switch message.form {
        case .wrapper:
            guard group.count == 1, group[0].name.count == head, let field = message.fields.first else { return false }
            return write(group[0].value, field)
        case .fields where message.fields.isEmpty: return group.count == 1 && group[0].value == .bool(true)
        case .fields:
            guard group.allSatisfy({ $0.name.count > head }) else { return false }
            return write(group.map { ($0.name.dropFirst(head + 1), $0.value) }, in: message)
        default: return false
        }
    }

    private mutating func write(_ value: PolicyParameters.Value, _ field: FieldSchema) -> Bool {
        switch (field.type, value) {
        case (.enumeration(let index), .text(let name)):
            guard let number = schema.enums[index].values.first(where: { $0.name == name })?.number else {
                return false
            }
            writer.tag(field.number, .varint)
            writer.varint(UInt64(bitPattern: Int64(number)))
        case (.scalar(.bool), .bool(let truth)):
            writer.tag(field.number, .varint)
            writer.varint(truth ? 1 : 0)
        case (.scalar(.string), .text(let text)):
            writer.tag(field.number, .lengthDelimited)
            writer.lengthDelimited(Array(text.utf8))
        case (.scalar(.double), .double(let number)):
            writer.tag(field.number, .fixed64)
            writer.fixed64(number.bitPattern)
        case (.scalar(let type), .unsigned(let number)) where type.wireType == .varint && type != .bool:
            guard type == .uint64 || number <= UInt64(UInt32.max) else { return false }
            writer.tag(field.number, .varint)
            writer.varint(number)
        default: return false
        }
        return true
    }
}
