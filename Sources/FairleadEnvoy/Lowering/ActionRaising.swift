// Fairlead: what a route does, raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import SwiftProtobuf

extension RouteActionProto {
    /// The message that lowers to `action`.
    init(_ action: ForwardAction) {
        self.init()
        switch action.target {
        case .cluster(let name): cluster = name
        case .header(let name): clusterHeader = name
        case .weighted(let clusters): weightedClusters = WeightedClusterProto(clusters)
        case .matched(let tree): inlineClusterSpecifierPlugin = ClusterSpecifierPluginProto(tree)
        }
        switch action.clusterNotFound {
        case .serviceUnavailable: clusterNotFoundResponseCode = .serviceUnavailable
        case .notFound: clusterNotFoundResponseCode = .notFound
        case .internalServerError: clusterNotFoundResponseCode = .internalServerError
        }
        switch action.pathRewrite {
        case nil: break
        case .prefix(let prefix): prefixRewrite = prefix
        case .pattern(let substitution): regexRewrite = RegexMatchAndSubstituteProto(substitution)
        case .format(let text): pathRewrite = text
        case .template(let template): pathRewritePolicy = TypedExtensionConfigProto(rewriting: template)
        }
        switch action.hostRewrite {
        case nil: break
        case .literal(let host): hostRewriteLiteral = host
        case .endpointHostname: autoHostRewrite = Google_Protobuf_BoolValue(true)
        case .header(let name): hostRewriteHeader = name
        case .pathPattern(let substitution): hostRewritePathRegex = RegexMatchAndSubstituteProto(substitution)
        case .format(let text): hostRewrite = text
        }
        appendXForwardedHost = action.appendsForwardedHost
        if let timeout = action.timeout { self.timeout = Google_Protobuf_Duration(timeout) }
        if let idleTimeout = action.idleTimeout { self.idleTimeout = Google_Protobuf_Duration(idleTimeout) }
        if let limit = action.streamLimit {
            maxStreamDuration = MaxStreamDuration()
            if let maximum = limit.maximum { maxStreamDuration.maxStreamDuration = Google_Protobuf_Duration(maximum) }
            if let maximum = limit.grpcHeaderMaximum {
                maxStreamDuration.grpcTimeoutHeaderMax = Google_Protobuf_Duration(maximum)
            }
            if let offset = limit.grpcHeaderOffset {
                maxStreamDuration.grpcTimeoutHeaderOffset = Google_Protobuf_Duration(offset)
            }
        }
        if let timeout = action.grpcTimeout {
            maxGrpcTimeout = Google_Protobuf_Duration(timeout.maximum)
            if let offset = timeout.offset { grpcTimeoutOffset = Google_Protobuf_Duration(offset) }
        }
        if let retryPolicy = action.retryPolicy { self.retryPolicy = RetryPolicyProto(retryPolicy) }
        hashPolicy = action.hashPolicies.map { HashPolicy($0) }
        priority = action.priority == .high ? .high : .default
        if !action.metadataMatch.isEmpty { metadataMatch = MetadataProto(action.metadataMatch) }
        if let redirects = action.internalRedirects { internalRedirectPolicy = InternalRedirectPolicyProto(redirects) }
        upgradeConfigs = action.upgrades.map { upgrade in
            var message = UpgradeConfig()
            message.upgradeType = upgrade.type
            message.enabled = Google_Protobuf_BoolValue(upgrade.isEnabled)
            return message
        }
        requestMirrorPolicies = action.mirrors.map { RequestMirrorPolicyProto($0) }
        rateLimits = action.rateLimits.map { RateLimitProto($0) }
        if action.includesVirtualHostRateLimits { includeVhRateLimits = Google_Protobuf_BoolValue(true) }
    }
}

extension WeightedClusterProto {
    /// The message that lowers to `clusters`.
    init(_ clusters: WeightedClusters) {
        self.init()
        self.clusters = clusters.entries.map { entry in
            var weight = ClusterWeight()
            weight.name = entry.cluster
            weight.clusterHeader = entry.header ?? ""
            weight.weight = Google_Protobuf_UInt32Value(entry.weight)
            weight.requestHeadersToAdd = entry.headerMutations.requestAdditions.map { HeaderValueOptionProto($0) }
            weight.requestHeadersToRemove = entry.headerMutations.requestRemovals
            weight.responseHeadersToAdd = entry.headerMutations.responseAdditions.map { HeaderValueOptionProto($0) }
            weight.responseHeadersToRemove = entry.headerMutations.responseRemovals
            if let host = entry.hostRewrite { weight.hostRewriteLiteral = host }
            if !entry.metadataMatch.isEmpty { weight.metadataMatch = MetadataProto(entry.metadataMatch) }
            weight.typedPerFilterConfig = Lowering.raised(entry.filterConfigs)
            return weight
        }
        runtimeKeyPrefix = clusters.runtimeKeyPrefix
        if let header = clusters.randomValueHeader {
            headerName = header
        } else if clusters.usesHashPolicy {
            useHashPolicy = Google_Protobuf_BoolValue(true)
        }
    }
}

extension RedirectActionProto {
    /// The message that lowers to `redirect`.
    init(_ redirect: RedirectAction) {
        self.init()
        hostRedirect = redirect.host ?? ""
        portRedirect = UInt32(redirect.port)
        switch redirect.scheme {
        case nil: break
        case .https: httpsRedirect = true
        case .scheme(let scheme): schemeRedirect = scheme
        }
        switch redirect.path {
        case nil: break
        case .path(let path): pathRedirect = path
        case .prefix(let prefix): prefixRewrite = prefix
        case .pattern(let substitution): regexRewrite = RegexMatchAndSubstituteProto(substitution)
        case .format(let text): pathRewrite = text
        }
        switch redirect.status {
        case .movedPermanently: responseCode = .movedPermanently
        case .found: responseCode = .found
        case .seeOther: responseCode = .seeOther
        case .temporaryRedirect: responseCode = .temporaryRedirect
        case .permanentRedirect: responseCode = .permanentRedirect
        }
        stripQuery = redirect.stripsQuery
    }
}

extension RouteActionProto.HashPolicy {
    /// The message that lowers to `policy`.
    init(_ policy: HashPolicy) {
        self.init()
        terminal = policy.isTerminal
        switch policy.source {
        case .header(let name, let substitution):
            header.headerName = name
            if let substitution { header.regexRewrite = RegexMatchAndSubstituteProto(substitution) }
        case .cookie(let cookie):
            self.cookie.name = cookie.name
            if let timeToLive = cookie.timeToLive { self.cookie.ttl = Google_Protobuf_Duration(timeToLive) }
            self.cookie.path = cookie.path
            self.cookie.attributes = cookie.attributes.map { attribute in
                var message = RouteActionProto.HashPolicy.CookieAttribute()
                message.name = attribute.name
                message.value = attribute.value
                return message
            }
        case .sourceIP: connectionProperties.sourceIp = true
        case .queryParameter(let name): queryParameter.name = name
        case .filterState(let key): filterState.key = key
        }
    }
}
