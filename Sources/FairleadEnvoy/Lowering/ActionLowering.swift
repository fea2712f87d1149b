// Fairlead: what a route does, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// Forwarding, or an action that does nothing when the cluster cannot be made out.
    mutating func forward(_ proto: RouteActionProto) -> RouteAction {
        account(for: proto, .routeAction)
        var action = ForwardAction(to: .cluster(""))
        let target = target(proto)
        if let target { action.target = target }
        if known(proto.clusterNotFoundResponseCode, at: "cluster_not_found_response_code") {
            switch proto.clusterNotFoundResponseCode {
            case .notFound: action.clusterNotFound = .notFound
            case .internalServerError: action.clusterNotFound = .internalServerError
            default: action.clusterNotFound = .serviceUnavailable
            }
        }
        action.pathRewrite = pathRewrite(proto)
        action.hostRewrite = hostRewrite(proto)
        action.appendsForwardedHost = proto.appendXForwardedHost
        action.timeout = timeout(proto)
        if proto.hasMaxStreamDuration {
            action.streamLimit = within("max_stream_duration") { $0.streamLimit(proto.maxStreamDuration) }
        }
        action.grpcTimeout = grpcTimeout(proto)
        if proto.hasIdleTimeout { action.idleTimeout = duration(proto.idleTimeout, at: "idle_timeout") }
        if proto.hasRetryPolicy { action.retryPolicy = within("retry_policy") { $0.retryPolicy(proto.retryPolicy) } }
        action.hashPolicies = hashPolicies(proto.hashPolicy)
        if known(proto.priority, at: "priority") { action.priority = proto.priority == .high ? .high : .normal }
        if proto.hasMetadataMatch {
            action.metadataMatch = within("metadata_match") { $0.metadata(proto.metadataMatch) }
        }
        action.upgrades = each("upgrade_configs", proto.upgradeConfigs) { $0.upgrade($1) }
        action.mirrors = mirrors(proto.requestMirrorPolicies)
        action.internalRedirects = internalRedirects(proto)
        action.rateLimits = rateLimits(proto.rateLimits)
        action.includesVirtualHostRateLimits = proto.includeVhRateLimits.value
        return target == nil ? .nonForwarding : .forward(action)
    }

    private mutating func target(_ proto: RouteActionProto) -> ForwardAction.Target? {
        switch proto.clusterSpecifier {
        case .cluster(let name)?: return .cluster(name)
        case .clusterHeader(let name)?: return .header(name)
        case .weightedClusters(let clusters)?: return .weighted(within("weighted_clusters") { $0.weighted(clusters) })
        case .clusterSpecifierPlugin(let name)?: return target(namedClusterSpecifier(name))
        case .inlineClusterSpecifierPlugin(let plugin)?: return target(inlineClusterSpecifier(plugin))
        case nil: trail.error(.missingField, "must hold cluster, cluster_header or weighted_clusters")
        }
        return nil
    }

    private mutating func target(_ specifier: ClusterSpecifier) -> ForwardAction.Target? {
        switch specifier {
        case .tree(let tree): return .matched(tree)
        case .optional:
            isRouteIdle = true
            return nil
        case .refused: return nil
        }
    }

    private mutating func weighted(_ proto: WeightedClusterProto) -> WeightedClusters {
        account(for: proto, .weightedCluster)
        var clusters = WeightedClusters(each("clusters", proto.clusters) { $0.entry($1) })
        switch proto.randomValueSpecifier {
        // An empty name is as good as none.
        case .headerName(let name)?: clusters.randomValueHeader = name.isEmpty ? nil : ASCII.lowercased(name)
        case .useHashPolicy(let flag)?: clusters.usesHashPolicy = flag.value
        case nil: break
        }
        clusters.runtimeKeyPrefix = proto.runtimeKeyPrefix
        for entry in clusters.entries { if let key = clusters.runtimeKey(of: entry) { actedRuntimeKeys.insert(key) } }
        return clusters
    }

    private mutating func entry(_ proto: WeightedClusterProto.ClusterWeight) -> WeightedClusters.Entry {
        account(for: proto, .clusterWeight)
        if !proto.hasWeight { trail.error(.missingField, at: "weight", "is missing") }
        var entry = WeightedClusters.Entry(
            proto.name, weight: proto.hasWeight ? proto.weight.value : 1,
            header: proto.clusterHeader.isEmpty ? nil : proto.clusterHeader)
        entry.headerMutations = mutations(
            requestAdditions: proto.requestHeadersToAdd, requestRemovals: proto.requestHeadersToRemove,
            responseAdditions: proto.responseHeadersToAdd, responseRemovals: proto.responseHeadersToRemove)
        if !proto.hostRewriteLiteral.isEmpty { entry.hostRewrite = proto.hostRewriteLiteral }
        if proto.hasMetadataMatch {
            entry.metadataMatch = within("metadata_match") { $0.metadata(proto.metadataMatch) }
        }
        entry.filterConfigs = filterConfigs(proto.typedPerFilterConfig)
        return entry
    }

    private mutating func pathRewrite(_ proto: RouteActionProto) -> ForwardAction.PathRewrite? {
        let kinds = [
            (!proto.prefixRewrite.isEmpty, "prefix_rewrite"), (proto.hasRegexRewrite, "regex_rewrite"),
            (!proto.pathRewrite.isEmpty, "path_rewrite"), (proto.hasPathRewritePolicy, "path_rewrite_policy"),
        ].filter { $0.0 }
        if kinds.count > 1, let last = kinds.last {
            trail.error(
                .invalidValue, at: last.1, "Specify only one of prefix_rewrite, regex_rewrite or path_rewrite_policy")
        }
        if proto.hasPathRewritePolicy { return templateRewrite(proto.pathRewritePolicy) }
        // An empty prefix_rewrite is as good as none, and so is an empty path_rewrite.
        if !proto.prefixRewrite.isEmpty { return .prefix(proto.prefixRewrite) }
        if !proto.pathRewrite.isEmpty { return .format(format(proto.pathRewrite, at: "path_rewrite")) }
        return proto.hasRegexRewrite ? .pattern(within("regex_rewrite") { $0.substitution(proto.regexRewrite) }) : nil
    }

    private mutating func hostRewrite(_ proto: RouteActionProto) -> ForwardAction.HostRewrite? {
        switch proto.hostRewriteSpecifier {
        case nil: return nil
        case .hostRewriteLiteral(let host)?: return host.isEmpty ? nil : .literal(host)
        case .autoHostRewrite(let flag)?: return flag.value ? .endpointHostname : nil
        case .hostRewriteHeader(let name)?: return name.isEmpty ? nil : .header(name)
        case .hostRewritePathRegex(let regex)?:
            return .pathPattern(within("host_rewrite_path_regex") { $0.substitution(regex) })
        case .hostRewrite(let text)?: return text.isEmpty ? nil : .format(format(text, at: "host_rewrite"))
        }
    }

    /// The route's timeout. With `max_stream_duration`, even an empty one, neither it nor its default counts.
    private mutating func timeout(_ proto: RouteActionProto) -> Duration? {
        let timeout = proto.hasTimeout ? duration(proto.timeout, at: "timeout") : nil
        return proto.hasMaxStreamDuration ? .zero : timeout
    }

    private mutating func streamLimit(_ proto: RouteActionProto.MaxStreamDuration) -> StreamLimit {
        account(for: proto, .maxStreamDuration)
        var limit = StreamLimit()
        if proto.hasMaxStreamDuration { limit.maximum = duration(proto.maxStreamDuration, at: "max_stream_duration") }
        if proto.hasGrpcTimeoutHeaderMax {
            limit.grpcHeaderMaximum = duration(proto.grpcTimeoutHeaderMax, at: "grpc_timeout_header_max")
        }
        if proto.hasGrpcTimeoutHeaderOffset {
            limit.grpcHeaderOffset = duration(proto.grpcTimeoutHeaderOffset, at: "grpc_timeout_header_offset")
        }
        return limit
    }

    private mutating func upgrade(_ proto: RouteActionProto.UpgradeConfig) -> UpgradePolicy {
        account(for: proto, .upgradeConfig)
        var policy = UpgradePolicy(proto.upgradeType)
        policy.isEnabled = !proto.hasEnabled || proto.enabled.value
        return policy
    }

    /// The older way to the same, which does not count beside the newer one.
    private mutating func grpcTimeout(_ proto: RouteActionProto) -> GRPCTimeout? {
        guard proto.hasMaxGrpcTimeout, !proto.hasMaxStreamDuration else { return nil }
        var timeout = GRPCTimeout(maximum: duration(proto.maxGrpcTimeout, at: "max_grpc_timeout"))
        if proto.hasGrpcTimeoutOffset { timeout.offset = duration(proto.grpcTimeoutOffset, at: "grpc_timeout_offset") }
        return timeout
    }
}

extension FieldUse {
    static let routeAction = FieldUse(
        RouteActionProto.self,
        read: """
            cluster cluster_header weighted_clusters cluster_specifier_plugin inline_cluster_specifier_plugin \
            metadata_match prefix_rewrite host_rewrite_literal auto_host_rewrite host_rewrite_header \
            host_rewrite_path_regex host_rewrite timeout retry_policy priority hash_policy \
            cluster_not_found_response_code idle_timeout regex_rewrite max_stream_duration append_x_forwarded_host \
            internal_redirect_action path_rewrite request_mirror_policies max_grpc_timeout \
            grpc_timeout_offset upgrade_configs internal_redirect_policy max_internal_redirects path_rewrite_policy \
            rate_limits include_vh_rate_limits
            """,
        refused: "hedge_policy retry_policy_typed_config")
    static let weightedCluster = FieldUse(
        WeightedClusterProto.self, read: "clusters header_name use_hash_policy runtime_key_prefix")
    static let clusterWeight = FieldUse(
        WeightedClusterProto.ClusterWeight.self,
        read: """
            name weight metadata_match request_headers_to_add response_headers_to_add response_headers_to_remove \
            request_headers_to_remove host_rewrite_literal cluster_header typed_per_filter_config
            """)
    static let upgradeConfig = FieldUse(RouteActionProto.UpgradeConfig.self, read: "upgrade_type enabled")
    static let maxStreamDuration = FieldUse(
        RouteActionProto.MaxStreamDuration.self,
        read: "max_stream_duration grpc_timeout_header_max grpc_timeout_header_offset")
}
