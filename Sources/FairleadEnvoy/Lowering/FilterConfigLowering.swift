// Fairlead: what is said to HTTP filters, lowered and raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import SwiftProtobuf

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Lowering {
    /// What is said to HTTP filters, sorted by their names. The messages themselves are the host's to read.
    mutating func filterConfigs(_ protos: [String: Google_Protobuf_Any]) -> [FilterConfig] {
        let names = protos.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return names.compactMap { name in
            protos[name].map { any in
                let place = ProtoPath([.field("typed_per_filter_config"), .key(name)]).description
                return within(place) { $0.filterConfig(name, any) }
            }
        }
    }

    private mutating func filterConfig(_ name: String, _ any: Google_Protobuf_Any) -> FilterConfig {
        guard any.isA(FilterConfigProto.self), let proto = unpack(any, as: FilterConfigProto.self) else {
            return FilterConfig(name, typeURL: any.typeURL, value: Array(any.value))
        }
        account(for: proto, .filterConfig)
        var config = FilterConfig(name, typeURL: proto.config.typeURL, value: Array(proto.config.value))
        config.isDisabled = proto.disabled
        config.isOptional = proto.isOptional
        return config
    }

    /// What is said to HTTP filters, as a map.
    static func raised(_ configs: [FilterConfig]) -> [String: Google_Protobuf_Any] {
        var map: [String: Google_Protobuf_Any] = [:]
        for config in configs {
            var any = Google_Protobuf_Any()
            any.typeURL = config.typeURL
            any.value = Data(config.value)
            if config.isDisabled || config.isOptional || config.typeURL.isEmpty {
                var proto = FilterConfigProto()
                if !config.typeURL.isEmpty { proto.config = any }
                proto.disabled = config.isDisabled
                proto.isOptional = config.isOptional
                any = Google_Protobuf_Any(proto)
            }
            map[config.name] = any
        }
        return map
    }
}

extension FieldUse {
    static let filterConfig = FieldUse(FilterConfigProto.self, read: "config is_optional disabled")
}
