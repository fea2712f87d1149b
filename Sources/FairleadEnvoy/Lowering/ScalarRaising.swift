// Fairlead: small values, raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Google_Protobuf_Duration {
    /// The same length of time.
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(seconds: seconds, nanos: Int32(attoseconds / 1_000_000_000))
    }

    /// The same limit, zero for none.
    init(limit: Duration?) { self.init(limit ?? .zero) }
}

extension Google_Protobuf_Any {
    /// A message of the type called `typeName`, by its bytes.
    init(typeName: String, bytes: [UInt8]) {
        self.init()
        typeURL = "type.googleapis.com/" + typeName
        value = Data(bytes)
    }

    /// A message of the schema.
    init(_ message: some Message) {
        let bytes: [UInt8]? = try? message.serializedBytes()
        self.init(typeName: type(of: message).protoMessageName, bytes: bytes ?? [])
    }
}

extension DataSourceProto {
    /// The same bytes, as text if they are one.
    init(_ bytes: [UInt8]) {
        self.init()
        if let text = String(validating: bytes, as: UTF8.self) {
            inlineString = text
        } else {
            inlineBytes = Data(bytes)
        }
    }
}

extension FractionalPercentProto {
    /// The same share.
    init(_ fraction: Fraction) {
        self.init()
        numerator = fraction.numerator
        switch fraction.denominator {
        case .hundred: denominator = .hundred
        case .tenThousand: denominator = .tenThousand
        case .million: denominator = .million
        }
    }
}

extension RuntimeFractionalPercentProto {
    /// The same share.
    init(_ fraction: RuntimeFraction) {
        self.init()
        defaultValue = FractionalPercentProto(fraction.fallback)
        runtimeKey = fraction.runtimeKey
    }
}

extension RegexMatcherProto {
    /// The same pattern.
    init(_ pattern: String) {
        self.init()
        regex = pattern
    }
}

extension RegexMatchAndSubstituteProto {
    /// The same substitution.
    init(_ substitution: PatternSubstitution) {
        self.init()
        pattern = RegexMatcherProto(substitution.pattern)
        self.substitution = substitution.substitution
    }
}

extension MetadataProto {
    /// The same metadata.
    init(_ metadata: Metadata) {
        self.init()
        for filter in metadata.filters {
            filterMetadata[filter.name] = Google_Protobuf_Value(filter.value).structValue
        }
    }
}

extension Google_Protobuf_Value {
    /// The same value.
    init(_ value: MetadataValue) {
        self.init()
        switch value {
        case .null: nullValue = .nullValue
        case .bool(let truth): boolValue = truth
        case .number(let number): numberValue = number
        case .text(let text): stringValue = text
        case .list(let values): listValue = Google_Protobuf_ListValue(values: values.map { Google_Protobuf_Value($0) })
        case .structure(let fields):
            structValue = Google_Protobuf_Struct(
                fields: Dictionary(
                    fields.map { ($0.name, Google_Protobuf_Value($0.value)) }, uniquingKeysWith: { first, _ in first }))
        }
    }
}

extension AddressProto {
    /// The same address.
    init(_ address: Address) {
        self.init()
        switch address {
        case .socket(let host, let port):
            socketAddress = SocketAddressProto()
            socketAddress.address = host
            socketAddress.portValue = UInt32(port)
        case .pipe(let path): pipe.path = path
        }
    }
}
