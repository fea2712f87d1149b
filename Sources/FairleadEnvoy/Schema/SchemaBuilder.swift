// Fairlead: from a descriptor set to the schema table
// SPDX-License-Identifier: Apache-2.0

import SwiftProtobuf

/// Turns a `google.protobuf.FileDescriptorSet` into a `Schema`: names first, so that types may refer to one another in
/// any order, then the fields.
struct SchemaBuilder {
    private var messageNames: [String: Int] = [:]
    private var enumNames: [String: Int] = [:]
    private var messages: [(name: String, proto: Google_Protobuf_DescriptorProto)] = []
    private var enums: [EnumSchema] = []

    /// The schema of a descriptor set in base64. A set that cannot be read gives an empty schema, which knows no type.
    static func build(descriptorSet base64: String) -> Schema {
        guard let bytes = Base64Text.decode(base64.utf8.span, ignoringLineBreaks: true),
            let set = try? Google_Protobuf_FileDescriptorSet(serializedBytes: bytes)
        else { return Schema(messages: [], enums: []) }
        var builder = SchemaBuilder()
        for file in set.file {
            for message in file.messageType { builder.collect(message, in: file.package) }
            for proto in file.enumType { builder.collect(proto, in: file.package) }
        }
        return Schema(
            messages: builder.messages.map { builder.schema(of: $0.proto, named: $0.name) }, enums: builder.enums)
    }

    private mutating func collect(_ message: Google_Protobuf_DescriptorProto, in scope: String) {
        let name = scope + "." + message.name
        messageNames["." + name] = messages.count
        messages.append((name, message))
        for nested in message.nestedType { collect(nested, in: name) }
        for proto in message.enumType { collect(proto, in: name) }
    }

    private mutating func collect(_ proto: Google_Protobuf_EnumDescriptorProto, in scope: String) {
        let name = scope + "." + proto.name
        enumNames["." + name] = enums.count
        enums.append(EnumSchema(name: name, values: proto.value.map { ($0.name, $0.number) }))
    }

    private func schema(of message: Google_Protobuf_DescriptorProto, named name: String) -> MessageSchema {
        let fields = message.field.compactMap(field)
        return MessageSchema(
            name: name, form: form(of: message, named: name, fields), fields: fields,
            oneofs: message.oneofDecl.map(\.name))
    }

    private func field(_ proto: Google_Protobuf_FieldDescriptorProto) -> FieldSchema? {
        let type: FieldType
        switch proto.type {
        case .message:
            guard let index = messageNames[proto.typeName] else { return nil }
            type = .message(index)
        case .enum:
            guard let index = enumNames[proto.typeName] else { return nil }
            type = .enumeration(index)
        default:
            guard let scalar = scalar(proto.type) else { return nil }
            type = .scalar(scalar)
        }
        var label: FieldLabel = proto.label == .repeated ? .repeated : .singular
        if case .message(let index) = type, messages[index].proto.options.mapEntry { label = .map }
        return FieldSchema(
            name: proto.name, jsonName: proto.jsonName, number: Int(proto.number), type: type, label: label,
            oneof: proto.hasOneofIndex ? Int(proto.oneofIndex) : nil)
    }

    private func scalar(_ type: Google_Protobuf_FieldDescriptorProto.TypeEnum) -> ScalarType? {
        switch type {
        case .bool: .bool
        case .int32: .int32
        case .int64: .int64
        case .uint32: .uint32
        case .uint64: .uint64
        case .float: .float
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        // Envoy's schema has no zigzag or fixed integers and no groups.
        default: nil
        }
    }

    private func form(
        of message: Google_Protobuf_DescriptorProto, named name: String, _ fields: [FieldSchema]
    ) -> MessageSchema.Form {
        if message.options.mapEntry { return .mapEntry }
        if OpaqueMessages.names.contains(name) { return .opaque }
        guard name.hasPrefix("google.protobuf.") else { return .fields }
        switch message.name {
        case "Any": return .any
        case "Duration": return .duration
        case "Timestamp": return .timestamp
        case "Struct": return .structure
        case "Value": return .value
        case "ListValue": return .list
        default:
            guard message.name.hasSuffix("Value"), let type = fields.first?.type, case .scalar(let scalar) = type
            else { return .fields }
            return .wrapper(scalar)
        }
    }
}
