// Fairlead: what a rate limit service is asked, raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import SwiftProtobuf

extension RateLimitProto {
    /// The message that lowers to `limit`.
    init(_ limit: RateLimit) {
        self.init()
        if limit.stage != 0 { stage = Google_Protobuf_UInt32Value(limit.stage) }
        disableKey = limit.disableKey
        actions = limit.actions.map { Action($0) }
        applyOnStreamDone = limit.appliesOnStreamDone
        if let place = limit.limit { self.limit.dynamicMetadata.metadataKey = MetadataKeyProto(place) }
    }
}

extension RateLimitProto.Action {
    /// The message that lowers to `action`.
    init(_ action: RateLimit.Action) {
        self.init()
        switch action {
        case .sourceCluster: sourceCluster = SourceCluster()
        case .destinationCluster: destinationCluster = DestinationCluster()
        case .remoteAddress: remoteAddress = RemoteAddress()
        case .requestHeader(let name, let key, let skips):
            requestHeaders.headerName = name
            requestHeaders.descriptorKey = key
            requestHeaders.skipIfAbsent = skips
        case .queryParameter(let name, let key, let skips):
            queryParameters.queryParameterName = name
            queryParameters.descriptorKey = key
            queryParameters.skipIfAbsent = skips
        case .maskedRemoteAddress(let version4, let version6):
            maskedRemoteAddress.v4PrefixMaskLen = Google_Protobuf_UInt32Value(version4)
            maskedRemoteAddress.v6PrefixMaskLen = Google_Protobuf_UInt32Value(version6)
        case .fixed(let key, let value):
            genericKey.descriptorKey = key
            genericKey.descriptorValue = value
        case .headerMatch(let key, let value, let expectsMatch, let headers):
            headerValueMatch.descriptorKey = key
            headerValueMatch.descriptorValue = value
            headerValueMatch.expectMatch = Google_Protobuf_BoolValue(expectsMatch)
            headerValueMatch.headers = headers.map { HeaderMatcherProto($0) }
        case .queryParameterMatch(let key, let value, let expectsMatch, let parameters):
            queryParameterValueMatch.descriptorKey = key
            queryParameterValueMatch.descriptorValue = value
            queryParameterValueMatch.expectMatch = Google_Protobuf_BoolValue(expectsMatch)
            queryParameterValueMatch.queryParameters = parameters.map { QueryParameterMatcherProto($0) }
        case .metadata(let source):
            metadata.descriptorKey = source.key
            metadata.metadataKey = MetadataKeyProto(source.place)
            metadata.source = source.isRoutes ? .routeEntry : .dynamic
            metadata.defaultValue = source.fallback
            metadata.skipIfAbsent = source.skipsIfAbsent
        }
    }
}

extension MetadataKeyProto {
    /// The message that names `place`.
    init(_ place: RateLimit.MetadataPlace) {
        self.init()
        key = place.filter
        path = place.path.map { name in
            var segment = PathSegment()
            segment.key = name
            return segment
        }
    }
}
