// Fairlead: route tables, virtual hosts and routes, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// A route table. `isInline` when it stands inside of a listener: clusters are then looked for unless it says not to.
    mutating func routeConfiguration(_ proto: RouteConfigurationProto, isInline: Bool) -> RouteConfiguration {
        account(for: proto, .routeConfiguration)
        readClusterSpecifiers(proto.clusterSpecifierPlugins)
        defer { clusterSpecifiers = [:] }
        var table = RouteConfiguration(name: proto.name)
        table.virtualHosts = each("virtual_hosts", proto.virtualHosts) { $0.virtualHost($1) }
        table.headerMutations = mutations(
            requestAdditions: proto.requestHeadersToAdd, requestRemovals: proto.requestHeadersToRemove,
            responseAdditions: proto.responseHeadersToAdd, responseRemovals: proto.responseHeadersToRemove)
        table.mostSpecificHeaderMutationsWin = proto.mostSpecificHeaderMutationsWins
        table.validatesClusters = proto.hasValidateClusters ? proto.validateClusters.value : isInline ? true : nil
        table.ignoresPortInHostMatching = proto.ignorePortInHostMatching
        table.ignoresPathParameters = proto.ignorePathParametersInPathMatching
        table.internalOnlyHeaders = proto.internalOnlyHeaders.map { ASCII.lowercased($0) }
        if !proto.vhostHeader.isEmpty { table.virtualHostHeader = ASCII.lowercased(proto.vhostHeader) }
        if proto.hasMaxDirectResponseBodySizeBytes {
            table.maximumDirectResponseBody = proto.maxDirectResponseBodySizeBytes.value
        }
        if proto.hasVhds { table.virtualHostDiscovery = try? proto.vhds.serializedBytes() }
        table.mirrors = mirrors(proto.requestMirrorPolicies)
        table.filterConfigs = filterConfigs(proto.typedPerFilterConfig)
        return table
    }

    /// A virtual host.
    mutating func virtualHost(_ proto: VirtualHostProto) -> VirtualHost {
        account(for: proto, .virtualHost)
        var host = VirtualHost(name: proto.name, domains: proto.domains)
        if known(proto.requireTls, at: "require_tls") {
            host.tlsRequirement =
                VirtualHost.TLSRequirement(rawValue: UInt8(clamping: proto.requireTls.rawValue)) ?? .none
        }
        host.routes = each("routes", proto.routes) { $0.route($1) }
        if proto.hasMatcher { host.matcher = within("matcher") { $0.matchTree(proto.matcher) } }
        host.headerMutations = mutations(
            requestAdditions: proto.requestHeadersToAdd, requestRemovals: proto.requestHeadersToRemove,
            responseAdditions: proto.responseHeadersToAdd, responseRemovals: proto.responseHeadersToRemove)
        if proto.hasRetryPolicy { host.retryPolicy = within("retry_policy") { $0.retryPolicy(proto.retryPolicy) } }
        host.includesRequestAttemptCount = proto.includeRequestAttemptCount
        host.includesAttemptCountInResponse = proto.includeAttemptCountInResponse
        if proto.hasMetadata { host.metadata = within("metadata") { $0.metadata(proto.metadata) } }
        host.mirrors = mirrors(proto.requestMirrorPolicies)
        host.rateLimits = rateLimits(proto.rateLimits)
        host.filterConfigs = filterConfigs(proto.typedPerFilterConfig)
        host.bodyLimit = bodyLimit(
            proto.hasRequestBodyBufferLimit ? proto.requestBodyBufferLimit : nil,
            older: proto.hasPerRequestBufferLimitBytes ? proto.perRequestBufferLimitBytes : nil)
        return host
    }

    /// How much of a body may be kept: the newer field counts.
    private func bodyLimit(
        _ limit: Google_Protobuf_UInt64Value?, older: Google_Protobuf_UInt32Value?
    ) -> UInt64? {
        limit?.value ?? older.map { UInt64($0.value) }
    }

    mutating func route(_ proto: RouteProto) -> Route {
        account(for: proto, .route)
        if !proto.hasMatch { trail.error(.missingField, at: "match", "is missing") }
        let match = proto.hasMatch ? within("match") { $0.match(proto.match) } : RouteMatch(.prefix(""))
        isRouteIdle = false
        var route = Route(name: proto.name, match: match, action: action(proto))
        // A share of nothing: the next routes are looked at, as in Envoy.
        if isRouteIdle { route.match.fraction = RuntimeFraction(Fraction(0)) }
        route.headerMutations = mutations(
            requestAdditions: proto.requestHeadersToAdd, requestRemovals: proto.requestHeadersToRemove,
            responseAdditions: proto.responseHeadersToAdd, responseRemovals: proto.responseHeadersToRemove)
        if proto.hasMetadata { route.metadata = within("metadata") { $0.metadata(proto.metadata) } }
        route.filterConfigs = filterConfigs(proto.typedPerFilterConfig)
        route.statPrefix = proto.statPrefix
        route.bodyLimit = bodyLimit(
            proto.hasRequestBodyBufferLimit ? proto.requestBodyBufferLimit : nil,
            older: proto.hasPerRequestBufferLimitBytes ? proto.perRequestBufferLimitBytes : nil)
        if proto.hasTracing { route.tracing = try? proto.tracing.serializedBytes() }
        if proto.hasDecorator {
            var decorator = Decorator(proto.decorator.operation)
            decorator.propagates = !proto.decorator.hasPropagate || proto.decorator.propagate.value
            route.decorator = decorator
        }
        return route
    }

    private mutating func action(_ proto: RouteProto) -> RouteAction {
        switch proto.action {
        case .route(let action)?: return within("route") { $0.forward(action) }
        case .redirect(let action)?: return .redirect(within("redirect") { $0.redirect(action) })
        case .directResponse(let action)?:
            return .directResponse(within("direct_response") { $0.directResponse(action) })
        case .nonForwardingAction?: return .nonForwarding
        case .filterAction?: refuse("filter_action")
        case nil:
            trail.error(.missingField, "must hold route, redirect, direct_response or non_forwarding_action")
        }
        return .nonForwarding
    }
}

extension FieldUse {
    static let routeConfiguration = FieldUse(
        RouteConfigurationProto.self,
        read: """
            name virtual_hosts response_headers_to_add response_headers_to_remove request_headers_to_add \
            request_headers_to_remove validate_clusters most_specific_header_mutations_wins \
            max_direct_response_body_size_bytes ignore_port_in_host_matching ignore_path_parameters_in_path_matching \
            vhost_header internal_only_headers request_mirror_policies typed_per_filter_config \
            cluster_specifier_plugins
            """)
    static let virtualHost = FieldUse(
        VirtualHostProto.self,
        read: """
            name domains routes require_tls request_headers_to_add request_headers_to_remove response_headers_to_add \
            response_headers_to_remove include_request_attempt_count include_attempt_count_in_response retry_policy \
            metadata request_mirror_policies typed_per_filter_config matcher rate_limits request_body_buffer_limit \
            per_request_buffer_limit_bytes
            """,
        refused: "hedge_policy retry_policy_typed_config")
    static let route = FieldUse(
        RouteProto.self,
        read: """
            match route redirect direct_response filter_action non_forwarding_action metadata request_headers_to_add \
            response_headers_to_add response_headers_to_remove request_headers_to_remove name \
            typed_per_filter_config decorator tracing stat_prefix request_body_buffer_limit per_request_buffer_limit_bytes
            """)
}
