// Fairlead: metadata, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// Metadata by filter name; contents with types of their own are only reported.
    mutating func metadata(_ proto: MetadataProto) -> Metadata {
        account(for: proto, .metadata)
        return Metadata(
            Lowering.fields(proto.filterMetadata) { .structure(Lowering.fields($0.fields, Lowering.value)) })
    }

    /// Named values, sorted by name.
    private static func fields<Value>(
        _ fields: [String: Value], _ lower: (Value) -> MetadataValue
    ) -> [MetadataValue.Field] {
        fields.sorted { $0.key < $1.key }.map { MetadataValue.Field($0.key, lower($0.value)) }
    }

    /// A structure as a value.
    static func value(_ proto: Google_Protobuf_Struct) -> MetadataValue { .structure(fields(proto.fields, value)) }

    private static func value(_ proto: Google_Protobuf_Value) -> MetadataValue {
        switch proto.kind {
        case nil, .nullValue?: .null
        case .boolValue(let value)?: .bool(value)
        case .numberValue(let value)?: .number(value)
        case .stringValue(let value)?: .text(value)
        case .listValue(let list)?: .list(list.values.map(value))
        case .structValue(let structure)?: .structure(fields(structure.fields, value))
        }
    }
}

extension FieldUse {
    static let metadata = FieldUse(MetadataProto.self, read: "filter_metadata")
}
