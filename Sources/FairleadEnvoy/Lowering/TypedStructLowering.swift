// Fairlead: configurations of types that only their reader knows, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension TypedStructProto {
    /// The key under which a dump keeps the bytes of a message that no schema describes.
    static let payloadKey = "@payload"

    /// The full name of the type, without the URL before it.
    var typeName: String {
        String(typeURL[(typeURL.lastIndex(of: "/").map(typeURL.index(after:)) ?? typeURL.startIndex)...])
    }
}

extension Lowering {
    /// A policy whose configuration is spelled as a structure, which is how text can carry one that the schema does not
    /// have. Its scalars become parameters; lists have no named form and are refused.
    mutating func policy(_ typed: TypedStructProto) -> LoadBalancing {
        if typed.typeURL.isEmpty { trail.error(.missingField, at: "type_url", "is missing") }
        var parameters = PolicyParameters()
        trail.enter("value")
        defer { trail.leave() }
        flatten(typed.value, prefix: "", into: &parameters)
        if case .text(let text)? = parameters[TypedStructProto.payloadKey] {
            parameters[TypedStructProto.payloadKey] = nil
            if let bytes = Base64Text.decode(Array(text.utf8).span) {
                parameters.payload = bytes
            } else {
                trail.error(.invalidValue, at: TypedStructProto.payloadKey, "is not in base64")
            }
        }
        return typed.typeURL.isEmpty
            ? LoadBalancing() : settle(LoadBalancing(policy: typed.typeName, parameters: parameters))
    }

    private mutating func flatten(
        _ structure: Google_Protobuf_Struct, prefix: String, into parameters: inout PolicyParameters
    ) {
        for (key, value) in structure.fields.sorted(by: { $0.key < $1.key }) {
            let name = prefix + key
            switch value.kind {
            case nil, .nullValue?: break
            case .boolValue(let truth)?: parameters[name] = .bool(truth)
            case .stringValue(let text)?: parameters[name] = .text(text)
            case .numberValue(let number)?:
                parameters[name] = UInt64(exactly: number).map { .unsigned($0) } ?? .double(number)
            case .structValue(let nested)?:
                // A message without fields says something by being there.
                if nested.fields.isEmpty { parameters[name] = .bool(true) }
                flatten(nested, prefix: name + ".", into: &parameters)
            case .listValue?: trail.error(.unsupported, at: name, "a list cannot be a policy's parameter")
            }
        }
    }
}
