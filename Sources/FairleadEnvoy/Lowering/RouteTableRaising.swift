// Fairlead: route tables, virtual hosts and routes, raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import SwiftProtobuf

extension RouteConfigurationProto {
    /// The message that lowers to `table`, as one that stands by itself.
    init(_ table: RouteConfiguration) {
        self.init()
        name = table.name
        virtualHosts = table.virtualHosts.map { VirtualHostProto($0) }
        let mutations = table.headerMutations
        requestHeadersToAdd = mutations.requestAdditions.map { HeaderValueOptionProto($0) }
        requestHeadersToRemove = mutations.requestRemovals
        responseHeadersToAdd = mutations.responseAdditions.map { HeaderValueOptionProto($0) }
        responseHeadersToRemove = mutations.responseRemovals
        mostSpecificHeaderMutationsWins = table.mostSpecificHeaderMutationsWin
        if let validates = table.validatesClusters { validateClusters = Google_Protobuf_BoolValue(validates) }
        ignorePortInHostMatching = table.ignoresPortInHostMatching
        ignorePathParametersInPathMatching = table.ignoresPathParameters
        vhostHeader = table.virtualHostHeader ?? ""
        internalOnlyHeaders = table.internalOnlyHeaders
        if let bytes = table.virtualHostDiscovery, let message = try? VhdsProto(serializedBytes: bytes) {
            vhds = message
        }
        requestMirrorPolicies = table.mirrors.map { RequestMirrorPolicyProto($0) }
        typedPerFilterConfig = Lowering.raised(table.filterConfigs)
        if table.maximumDirectResponseBody != 4096 {
            maxDirectResponseBodySizeBytes = Google_Protobuf_UInt32Value(table.maximumDirectResponseBody)
        }
    }
}

extension VirtualHostProto {
    /// The message that lowers to `host`.
    init(_ host: VirtualHost) {
        self.init()
        name = host.name
        domains = host.domains
        routes = host.routes.map { RouteProto($0) }
        if let tree = host.matcher { matcher = MatcherProto(tree) }
        switch host.tlsRequirement {
        case .none: requireTls = .none
        case .externalOnly: requireTls = .externalOnly
        case .all: requireTls = .all
        }
        requestHeadersToAdd = host.headerMutations.requestAdditions.map { HeaderValueOptionProto($0) }
        requestHeadersToRemove = host.headerMutations.requestRemovals
        responseHeadersToAdd = host.headerMutations.responseAdditions.map { HeaderValueOptionProto($0) }
        responseHeadersToRemove = host.headerMutations.responseRemovals
        if let retryPolicy = host.retryPolicy { self.retryPolicy = RetryPolicyProto(retryPolicy) }
        includeRequestAttemptCount = host.includesRequestAttemptCount
        includeAttemptCountInResponse = host.includesAttemptCountInResponse
        if !host.metadata.isEmpty { metadata = MetadataProto(host.metadata) }
        requestMirrorPolicies = host.mirrors.map { RequestMirrorPolicyProto($0) }
        rateLimits = host.rateLimits.map { RateLimitProto($0) }
        typedPerFilterConfig = Lowering.raised(host.filterConfigs)
        if let limit = host.bodyLimit { requestBodyBufferLimit = Google_Protobuf_UInt64Value(limit) }
    }
}

extension RouteProto {
    /// The message that lowers to `route`.
    init(_ route: Route) {
        self.init()
        name = route.name
        match = RouteMatchProto(route.match)
        switch route.action {
        case .forward(let action): self.route = RouteActionProto(action)
        case .redirect(let action): redirect = RedirectActionProto(action)
        case .directResponse(let response):
            directResponse.status = UInt32(response.status)
            if !response.body.isEmpty { directResponse.body = DataSourceProto(response.body) }
            if let format = response.format {
                if let json = format.json {
                    directResponse.bodyFormat.jsonFormat = Google_Protobuf_Value(.structure(json)).structValue
                } else {
                    directResponse.bodyFormat.textFormatSource = DataSourceProto(Array(format.text.utf8))
                }
                directResponse.bodyFormat.omitEmptyValues = format.omitsMissing
                directResponse.bodyFormat.contentType = format.contentType
            }
        case .nonForwarding: nonForwardingAction = Envoy_Config_Route_V3_NonForwardingAction()
        }
        requestHeadersToAdd = route.headerMutations.requestAdditions.map { HeaderValueOptionProto($0) }
        requestHeadersToRemove = route.headerMutations.requestRemovals
        responseHeadersToAdd = route.headerMutations.responseAdditions.map { HeaderValueOptionProto($0) }
        responseHeadersToRemove = route.headerMutations.responseRemovals
        if !route.metadata.isEmpty { metadata = MetadataProto(route.metadata) }
        typedPerFilterConfig = Lowering.raised(route.filterConfigs)
        statPrefix = route.statPrefix
        // The bytes came from such a message; bytes that are none say nothing.
        if let bytes = route.tracing, let message = try? TracingProto(serializedBytes: bytes) { tracing = message }
        if let limit = route.bodyLimit { requestBodyBufferLimit = Google_Protobuf_UInt64Value(limit) }
        if let decorator = route.decorator {
            self.decorator.operation = decorator.operation
            self.decorator.propagate = Google_Protobuf_BoolValue(decorator.propagates)
        }
    }
}

extension HeaderValueOptionProto {
    /// The message that lowers to `addition`.
    init(_ addition: HeaderMutations.Addition) {
        self.init()
        header.key = addition.name
        header.value = addition.value
        keepEmptyValue = addition.keepsEmptyValue
        switch addition.rule {
        case .appendOrAdd: appendAction = .appendIfExistsOrAdd
        case .addIfAbsent: appendAction = .addIfAbsent
        case .overwriteOrAdd: appendAction = .overwriteIfExistsOrAdd
        case .overwriteIfExists: appendAction = .overwriteIfExists
        }
    }
}
