// Fairlead: clusters, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// A cluster; `path` is where it will stand among the configuration values.
    mutating func cluster(_ proto: ClusterProto, path: String) -> Cluster {
        account(for: proto, .cluster)
        var cluster = Cluster(name: proto.name)
        cluster.discovery = discovery(proto)
        if proto.hasLoadAssignment {
            cluster.assignment = within("load_assignment") { $0.assignment(proto.loadAssignment) }
        }
        cluster.loadBalancing = loadBalancing(proto, path: path)
        if proto.hasConnectTimeout { cluster.connectTimeout = duration(proto.connectTimeout, at: "connect_timeout") }
        if proto.hasCircuitBreakers {
            cluster.circuitBreakers = within("circuit_breakers") {
                $0.circuitBreakers(proto.circuitBreakers, path: path + ".circuit_breakers")
            }
        }
        if proto.hasMaxRequestsPerConnection {
            cluster.maximumRequestsPerConnection = proto.maxRequestsPerConnection.value
        }
        if proto.hasCommonHTTPProtocolOptions {
            within("common_http_protocol_options") { $0.apply(proto.commonHTTPProtocolOptions, to: &cluster) }
        }
        applyExtensions(proto, to: &cluster, path: path)
        if proto.hasMetadata { cluster.metadata = within("metadata") { $0.metadata(proto.metadata) } }
        if proto.hasTransportSocket { within("transport_socket") { $0.transportSocket(proto.transportSocket) } }
        return cluster
    }

    private mutating func discovery(_ proto: ClusterProto) -> Cluster.Discovery {
        if case .clusterType(let custom)? = proto.clusterDiscoveryType {
            let type = custom.typedConfig.typeName
            within("cluster_type") { lowering in
                if type == Envoy_Extensions_Clusters_Aggregate_V3_ClusterConfig.protoMessageName {
                    lowering.refuse("typed_config", type)
                } else {
                    lowering.trail.error(
                        .unknownExtension, at: "typed_config", "there is no kind of cluster of type \(type)")
                }
            }
            return .fixed
        }
        guard known(proto.type, at: "type") else { return .fixed }
        switch proto.type {
        case .strictDns: return .hostNames
        case .logicalDns:
            let endpoints = proto.loadAssignment.endpoints
            if endpoints.count != 1 || endpoints[0].lbEndpoints.count != 1 {
                trail.error(
                    .invalidValue, at: "load_assignment",
                    "LOGICAL_DNS clusters must have a single locality_lb_endpoint and a single lb_endpoint")
            }
            return .hostNames
        case .eds:
            within("eds_cluster_config") { lowering in
                lowering.account(for: proto.edsClusterConfig, .edsClusterConfig)
                if !proto.edsClusterConfig.hasEdsConfig {
                    lowering.trail.error(
                        .missingField, at: "eds_config", "cannot create an EDS cluster without an EDS config")
                }
            }
            let name = proto.edsClusterConfig.serviceName
            return .endpointDiscovery(serviceName: name.isEmpty ? proto.name : name)
        case .originalDst: refuse("type", "ORIGINAL_DST")
        default: break
        }
        return .fixed
    }

    private mutating func apply(_ options: HttpProtocolOptionsProto, to cluster: inout Cluster) {
        account(for: options, .httpProtocolOptions)
        if options.hasIdleTimeout { cluster.idleTimeout = limit(options.idleTimeout, at: "idle_timeout") }
        if options.hasMaxRequestsPerConnection {
            cluster.maximumRequestsPerConnection = options.maxRequestsPerConnection.value
        }
    }

    /// How the connections of a cluster speak HTTP.
    private mutating func applyExtensions(_ proto: ClusterProto, to cluster: inout Cluster, path: String) {
        let options = UpstreamHttpProtocolOptionsProto.protoMessageName
        for (key, any) in proto.typedExtensionProtocolOptions.sorted(by: { $0.key < $1.key }) {
            trail.enter(ProtoPath([.field("typed_extension_protocol_options"), .key(key)]).description)
            defer { trail.leave() }
            if key == options, let message = unpack(any, as: UpstreamHttpProtocolOptionsProto.self) {
                origins.add(
                    path + ".common_http_protocol_options", from: trail.path(to: "common_http_protocol_options"))
                apply(message, to: &cluster)
            } else if key == options, any.typeName != options {
                trail.error(.unknownExtension, "\(options) is expected, found \(any.typeName)")
            } else if key != options {
                trail.warning(.unsupported, "\(key) is not acted on yet")
            }
        }
    }

    private mutating func apply(_ message: UpstreamHttpProtocolOptionsProto, to cluster: inout Cluster) {
        account(for: message, .upstreamHttpProtocolOptions)
        within("common_http_protocol_options") { $0.apply(message.commonHTTPProtocolOptions, to: &cluster) }
        switch message.upstreamProtocolOptions {
        case .explicitHTTPConfig(let config)?:
            within("explicit_http_config") { $0.account(for: config, .explicitHttpConfig) }
        case .useDownstreamProtocolConfig?, .autoConfig?: break
        case nil:
            trail.error(
                .missingField, "must hold explicit_http_config, use_downstream_protocol_config or auto_config")
        }
    }

    /// What connections are wrapped in: nothing, so far.
    mutating func transportSocket(_ proto: TransportSocketProto) {
        let type = proto.typedConfig.typeName
        if type == Envoy_Extensions_TransportSockets_RawBuffer_V3_RawBuffer.protoMessageName { return }
        if type.hasPrefix("envoy.extensions.transport_sockets.tls.") {
            trail.error(.unsupported, at: "typed_config", "TLS is not supported yet")
        } else if proto.configType != nil {
            trail.error(.unknownExtension, at: "typed_config", "there is no transport socket of type \(type)")
        } else if proto.name != "envoy.transport_sockets.raw_buffer" {
            trail.error(.missingField, at: "typed_config", "is missing")
        }
    }
}

extension FieldUse {
    static let cluster = FieldUse(
        ClusterProto.self,
        read: """
            name type cluster_type eds_cluster_config connect_timeout lb_policy load_assignment circuit_breakers \
            max_requests_per_connection ring_hash_lb_config maglev_lb_config least_request_lb_config \
            round_robin_lb_config original_dst_lb_config transport_socket metadata common_lb_config \
            common_http_protocol_options typed_extension_protocol_options load_balancing_policy lb_subset_config
            """,
        refused: "filters transport_socket_matches transport_socket_matcher upstream_config")
    static let edsClusterConfig = FieldUse(ClusterProto.EdsClusterConfig.self, read: "service_name")
    static let httpProtocolOptions = FieldUse(
        HttpProtocolOptionsProto.self, read: "idle_timeout max_requests_per_connection")
    static let upstreamHttpProtocolOptions = FieldUse(
        UpstreamHttpProtocolOptionsProto.self, read: "common_http_protocol_options explicit_http_config",
        refused: "http_filters request_mirror_policies hash_policy retry_policy")
    static let explicitHttpConfig = FieldUse(
        UpstreamHttpProtocolOptionsProto.ExplicitHttpConfig.self, read: "http_protocol_options")
}
