// Fairlead: what comes of fields that are read, where it is not that they are acted on
// SPDX-License-Identifier: Apache-2.0

@testable import FairleadEnvoy

/// What comes of fields that lowering reads and that no decision of the engine looks at.
///
/// The tables of lowering tell only that such a field is read: what it is read for is told here, for the page about every
/// field of the schema.
enum FieldFate {
    /// Fields that are kept for the host, by message; names with blanks between them.
    static let kept: [String: String] = [
        AdminProto.protoMessageName: "address",
        CircuitBreakersProto.Thresholds.protoMessageName: "max_connections max_pending_requests max_connection_pools",
        ClusterLoadAssignmentProto.Policy.DropOverload.protoMessageName: "category",
        ClusterProto.protoMessageName: "connect_timeout max_requests_per_connection",
        ClusterWeight.protoMessageName: "typed_per_filter_config",
        DiscoveryResponseProto.protoMessageName: "version_info type_url nonce control_plane canary",
        FilterConfigProto.protoMessageName: "config is_optional disabled",
        HttpConnectionManagerProto.protoMessageName: """
        stat_prefix server_name generate_request_id stream_idle_timeout request_timeout \
        preserve_external_request_id always_set_request_id_in_response
        """,
        HttpProtocolOptionsProto.protoMessageName: "idle_timeout max_requests_per_connection",
        ListenerProto.protoMessageName: "address",
        NodeProto.protoMessageName: "id cluster",
        ResourceProto.protoMessageName: "name version",
        RouteActionProto.protoMessageName: "idle_timeout upgrade_configs",
        RouteActionProto.UpgradeConfig.protoMessageName: "upgrade_type enabled",
        RouteConfigurationProto.protoMessageName: "typed_per_filter_config",
        RouteProto.protoMessageName: """
        typed_per_filter_config decorator stat_prefix tracing request_body_buffer_limit per_request_buffer_limit_bytes
        """,
        RouterProto.protoMessageName: "suppress_envoy_headers",
        TracingProto.protoMessageName: """
        client_sampling random_sampling overall_sampling custom_tags operation upstream_operation
        """,
        VirtualHostProto.protoMessageName: """
        typed_per_filter_config request_body_buffer_limit per_request_buffer_limit_bytes
        """,
    ]

    /// Fields that are read only to be refused.
    static let refused: [String: String] = [
        ClusterProto.protoMessageName: "original_dst_lb_config",
        FilterChainProto.protoMessageName: "filter_chain_match",
        FilterProto.protoMessageName: "config_discovery",
        HttpFilterProto.protoMessageName: "config_discovery",
        LbEndpointProto.protoMessageName: "endpoint_name",
        MatcherProto.OnMatch.protoMessageName: "keep_matching",
        RateLimitProto.Action.protoMessageName: "dynamic_metadata extension",
        RouteProto.protoMessageName: "filter_action",
        SocketAddressProto.protoMessageName: "named_port",
        StringMatcherProto.protoMessageName: "custom",
        TreeStringMatcherProto.protoMessageName: "custom",
    ]

    /// Fields that are read only to say that they are not acted on.
    static let carried: [String: String] = [
        HttpConnectionManagerProto.protoMessageName: "codec_type scoped_routes",
        ListenerProto.protoMessageName: "listener_filters",
        RateLimitProto.protoMessageName: "hits_addend",
        RegexMatcherProto.GoogleRE2.protoMessageName: "max_program_size",
        RuntimeLayerProto.protoMessageName: "disk_layer admin_layer",
    ]

    /// What holds a message that is read differently here and there, in the order of `FieldUseTests.uses`.
    static let holders: [String: [String]] = [
        HttpProtocolOptionsProto.protoMessageName: ["connection managers", "clusters"]
    ]

    /// Whether `table` names `field` of `message`.
    static func names(_ field: String, of message: String, in table: [String: String]) -> Bool {
        table[message]?.split(separator: " ").contains { $0 == field } ?? false
    }

    private typealias ClusterWeight = WeightedClusterProto.ClusterWeight
    private typealias HashPolicy = RouteActionProto.HashPolicy
}
