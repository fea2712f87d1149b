// Fairlead: one field of a message, as text and wire readers need it
// SPDX-License-Identifier: Apache-2.0

/// The scalar types that Envoy's schema uses.
enum ScalarType: UInt8, Sendable {
    case bool, int32, int64, uint32, uint64, float, double, string, bytes

    /// The wire type of one value of it.
    var wireType: WireType {
        switch self {
        case .bool, .int32, .int64, .uint32, .uint64: .varint
        case .float: .fixed32
        case .double: .fixed64
        case .string, .bytes: .lengthDelimited
        }
    }
}

/// What a field holds. Messages and enums are indices into the schema's tables.
enum FieldType: Equatable, Sendable {
    case scalar(ScalarType)
    case message(Int)
    case enumeration(Int)

    /// The wire type of one value of it.
    var wireType: WireType {
        switch self {
        case .scalar(let scalar): scalar.wireType
        case .message: .lengthDelimited
        case .enumeration: .varint
        }
    }
}

/// How many values a field holds.
enum FieldLabel: Equatable, Sendable {
    case singular
    case repeated
    /// A map; the field's type is its entry message, with the key at 1 and the value at 2.
    case map
}

/// One field of a message: its two names, its number, what it holds and which oneof it belongs to.
///
/// A reference, so that handing one around costs a retain and not a copy of its strings.
final class FieldSchema: Sendable {
    /// The name in the .proto file, `snake_case`.
    let name: String
    /// The name in canonical JSON, `lowerCamelCase`.
    let jsonName: String
    let number: Int
    let type: FieldType
    let label: FieldLabel
    /// The index of its oneof within the message, if it is a member of one.
    let oneof: Int?

    init(name: String, jsonName: String, number: Int, type: FieldType, label: FieldLabel, oneof: Int?) {
        self.name = name
        self.jsonName = jsonName
        self.number = number
        self.type = type
        self.label = label
        self.oneof = oneof
    }

    /// Whether a list of it is written as one packed run.
    var isPacked: Bool { label == .repeated && type.wireType != .lengthDelimited }
}
