// Fairlead: what a rate limit service is asked, lowered and raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// What a rate limit service is asked about requests.
    mutating func rateLimits(_ protos: [RateLimitProto]) -> [RateLimit] {
        each("rate_limits", protos) { $0.rateLimit($1) }
    }

    private mutating func rateLimit(_ proto: RateLimitProto) -> RateLimit {
        account(for: proto, .rateLimit)
        var limit = RateLimit(each("actions", proto.actions) { $0.action($1) })
        limit.stage = proto.hasStage ? proto.stage.value : 0
        limit.disableKey = proto.disableKey
        if let key = limit.runtimeKey { actedRuntimeKeys.insert(key) }
        limit.appliesOnStreamDone = proto.applyOnStreamDone
        if proto.hasLimit { limit.limit = within("limit") { $0.limit(proto.limit) } }
        if proto.hasHitsAddend { within("hits_addend") { $0.check(proto.hitsAddend) } }
        return limit
    }

    /// A rule whose action cannot be made out has been reported; its place is held by one that is legal.
    private mutating func action(_ proto: RateLimitProto.Action) -> RateLimit.Action {
        switch proto.actionSpecifier {
        case .sourceCluster?: return .sourceCluster
        case .destinationCluster?: return .destinationCluster
        case .remoteAddress?: return .remoteAddress
        case .requestHeaders(let action)?:
            return .requestHeader(action.headerName, key: action.descriptorKey, skipsIfAbsent: action.skipIfAbsent)
        case .queryParameters(let action)?:
            return .queryParameter(
                action.queryParameterName, key: action.descriptorKey, skipsIfAbsent: action.skipIfAbsent)
        case .maskedRemoteAddress(let action)?:
            return .maskedRemoteAddress(
                version4: action.hasV4PrefixMaskLen ? action.v4PrefixMaskLen.value : 32,
                version6: action.hasV6PrefixMaskLen ? action.v6PrefixMaskLen.value : 128)
        case .genericKey(let action)?:
            return .fixed(
                key: action.descriptorKey.isEmpty ? "generic_key" : action.descriptorKey, value: action.descriptorValue)
        case .headerValueMatch(let action)?:
            return .headerMatch(
                key: action.descriptorKey.isEmpty ? "header_match" : action.descriptorKey,
                value: action.descriptorValue, expectsMatch: !action.hasExpectMatch || action.expectMatch.value,
                within("header_value_match") { lowering in
                    lowering.each("headers", action.headers) { $0.header($1) }
                })
        case .queryParameterValueMatch(let action)?:
            return .queryParameterMatch(
                key: action.descriptorKey.isEmpty ? "query_match" : action.descriptorKey,
                value: action.descriptorValue, expectsMatch: !action.hasExpectMatch || action.expectMatch.value,
                within("query_parameter_value_match") { lowering in
                    lowering.each("query_parameters", action.queryParameters) { $0.queryParameter($1) }
                })
        case .metadata(let action)?: return .metadata(within("metadata") { $0.source(action) })
        case .dynamicMetadata?:
            trail.error(.unsupported, at: "dynamic_metadata", "is no longer taken, by Envoy neither; use metadata")
        case .extension(let action)?:
            within("extension") { $0.refuse("typed_config", "a descriptor of type \(action.typedConfig.typeName)") }
        case nil: trail.error(.missingField, "must hold an action")
        }
        return .fixed(key: "generic_key", value: "unknown")
    }

    private mutating func source(_ proto: RateLimitProto.Action.MetaData) -> RateLimit.Source {
        let isKnown = known(proto.source, at: "source")
        if !proto.hasMetadataKey { trail.error(.missingField, at: "metadata_key", "is missing") }
        var source = RateLimit.Source(
            key: proto.descriptorKey,
            proto.hasMetadataKey
                ? RateLimit.MetadataPlace(proto.metadataKey) : RateLimit.MetadataPlace("unknown", ["unknown"]),
            isRoutes: isKnown && proto.source == .routeEntry)
        source.fallback = proto.defaultValue
        source.skipsIfAbsent = proto.skipIfAbsent
        return source
    }

    private mutating func limit(_ proto: RateLimitProto.Override) -> RateLimit.MetadataPlace? {
        guard case .dynamicMetadata(let place)? = proto.overrideSpecifier else {
            trail.error(.missingField, "must hold dynamic_metadata")
            return nil
        }
        guard place.hasMetadataKey else {
            trail.error(.missingField, at: "dynamic_metadata.metadata_key", "is missing")
            return nil
        }
        return RateLimit.MetadataPlace(place.metadataKey)
    }

    /// Envoy checks it and does not act on it, other than in configurations of the filter itself.
    private mutating func check(_ proto: RateLimitProto.HitsAddend) {
        if proto.number.value > 1_000_000_000 {
            trail.error(.invalidValue, at: "number", "must not be more than 1000000000")
        }
        if !proto.format.isEmpty, !proto.format.hasPrefix("%") || !proto.format.hasSuffix("%") {
            trail.error(.invalidValue, at: "format", "must begin and end with '%'")
        }
        trail.warning(.unsupported, "has no effect here, as in Envoy")
    }
}

extension RateLimit.MetadataPlace {
    /// The place that `proto` names.
    init(_ proto: MetadataKeyProto) { self.init(proto.key, proto.path.map { $0.key }) }
}

extension FieldUse {
    static let rateLimit = FieldUse(
        RateLimitProto.self, read: "stage disable_key actions limit hits_addend apply_on_stream_done")
}
