// Fairlead: the messages that are carried as bytes and not interpreted
// SPDX-License-Identifier: Apache-2.0

/// Messages that the schema names but does not describe.
///
/// A field of such a type is known, so that it is not reported as unknown; that its contents are not acted on is
/// reported once, for the field as a whole. In binary the contents survive as unknown fields of an empty message.
enum OpaqueMessages {
    static let names: Set<String> = [
        "envoy.config.accesslog.v3.AccessLog",
        "envoy.config.bootstrap.v3.Bootstrap.ApplicationLogConfig",
        "envoy.config.bootstrap.v3.Bootstrap.DeferredStatOptions",
        "envoy.config.bootstrap.v3.Bootstrap.GrpcAsyncClientManagerConfig",
        "envoy.config.bootstrap.v3.CustomInlineHeader",
        "envoy.config.bootstrap.v3.FatalAction",
        "envoy.config.bootstrap.v3.MemoryAllocatorManager",
        "envoy.config.bootstrap.v3.Watchdog",
        "envoy.config.bootstrap.v3.Watchdogs",
        "envoy.config.cluster.v3.Filter",
        "envoy.config.common.matcher.v3.MatchPredicate",
        "envoy.config.core.v3.AlternateProtocolsCacheOptions",
        "envoy.config.core.v3.DnsResolutionConfig",
        "envoy.config.core.v3.EventServiceConfig",
        "envoy.config.core.v3.GrpcService.GoogleGrpc.CallCredentials",
        "envoy.config.core.v3.GrpcService.GoogleGrpc.ChannelArgs",
        "envoy.config.core.v3.GrpcService.GoogleGrpc.ChannelCredentials",
        "envoy.config.core.v3.Http1ProtocolOptions",
        "envoy.config.core.v3.Http2ProtocolOptions",
        "envoy.config.core.v3.Http3ProtocolOptions",
        "envoy.config.core.v3.HttpUri",
        "envoy.config.core.v3.SocketOption",
        "envoy.config.core.v3.SocketOptionsOverride",
        "envoy.config.listener.v3.Listener.ConnectionBalanceConfig.CpuLocalityBalance",
        "envoy.config.listener.v3.UdpListenerConfig",
        "envoy.config.metrics.v3.StatsConfig",
        "envoy.config.metrics.v3.StatsMatcher",
        "envoy.config.metrics.v3.StatsSink",
        "envoy.config.overload.v3.OverloadManager",
        "envoy.config.route.v3.CorsPolicy",
        "envoy.config.route.v3.VirtualCluster",
        "envoy.config.trace.v3.Tracing",
        "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.ForwardProtoConfig",
        "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.HcmAccessLogOptions",
        "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.PathNormalizationOptions",
        "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.ProxyStatusConfig",
        "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.SetCurrentClientCertDetails",
        "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.Tracing",
        "envoy.extensions.filters.network.http_connection_manager.v3.LocalReplyConfig",
        "envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext",
        "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
        "envoy.extensions.transport_sockets.tls.v3.TlsCertificate",
        "envoy.extensions.transport_sockets.tls.v3.TlsSessionTicketKeys",
        "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
    ]
}
