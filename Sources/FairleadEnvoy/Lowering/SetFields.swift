// Fairlead: which fields of a message are set
// SPDX-License-Identifier: Apache-2.0

import SwiftProtobuf

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Visits a message and keeps the numbers of the fields that are set and not among those that are read anyway. It does
/// not look inside of messages.
struct SetFields: Visitor {
    /// The numbers, in order, each once.
    private(set) var numbers: [Int] = []
    /// Those of them that are boxed truth values and say no.
    private(set) var switchedOff: Set<Int> = []
    private let use: FieldUse

    /// The fields that are set in `message`, less those that `use` reads.
    init(of message: some Message, unreadBy use: FieldUse) {
        self.use = use
        // The visits below throw nothing.
        try? message.traverse(visitor: &self)
    }

    private mutating func visit(_ number: Int) {
        if !use.reads(number), numbers.last != number { numbers.append(number) }
    }

    mutating func visitSingularDoubleField(value: Double, fieldNumber: Int) { visit(fieldNumber) }
    mutating func visitSingularInt64Field(value: Int64, fieldNumber: Int) { visit(fieldNumber) }
    mutating func visitSingularUInt64Field(value: UInt64, fieldNumber: Int) { visit(fieldNumber) }
    mutating func visitSingularBoolField(value: Bool, fieldNumber: Int) { visit(fieldNumber) }
    mutating func visitSingularStringField(value: String, fieldNumber: Int) { visit(fieldNumber) }
    mutating func visitSingularBytesField(value: Data, fieldNumber: Int) { visit(fieldNumber) }
    mutating func visitSingularEnumField<E: Enum>(value: E, fieldNumber: Int) { visit(fieldNumber) }

    mutating func visitSingularMessageField<M: Message>(value: M, fieldNumber: Int) {
        visit(fieldNumber)
        if !use.reads(fieldNumber), let box = value as? Google_Protobuf_BoolValue, !box.value {
            switchedOff.insert(fieldNumber)
        }
    }

    mutating func visitMapField<KeyType, ValueType: MapValueType>(
        fieldType: _ProtobufMap<KeyType, ValueType>.Type, value: _ProtobufMap<KeyType, ValueType>.BaseType,
        fieldNumber: Int
    ) { visit(fieldNumber) }

    mutating func visitMapField<KeyType, ValueType>(
        fieldType: _ProtobufEnumMap<KeyType, ValueType>.Type, value: _ProtobufEnumMap<KeyType, ValueType>.BaseType,
        fieldNumber: Int
    ) where ValueType.RawValue == Int { visit(fieldNumber) }

    mutating func visitMapField<KeyType, ValueType>(
        fieldType: _ProtobufMessageMap<KeyType, ValueType>.Type,
        value: _ProtobufMessageMap<KeyType, ValueType>.BaseType, fieldNumber: Int
    ) { visit(fieldNumber) }

    /// Fields that the schema does not have are the readers' to report.
    mutating func visitUnknown(bytes: Data) {}
}
