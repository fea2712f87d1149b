// Fairlead: clusters, raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import SwiftProtobuf

extension ClusterProto {
    /// The message that lowers to `cluster`.
    init(_ cluster: Cluster) {
        self.init()
        name = cluster.name
        switch cluster.discovery {
        case .fixed: type = .static
        case .hostNames: type = .strictDns
        case .endpointDiscovery(let serviceName):
            type = .eds
            edsClusterConfig.serviceName = serviceName
            edsClusterConfig.edsConfig.ads = Envoy_Config_Core_V3_AggregatedConfigSource()
            edsClusterConfig.edsConfig.resourceApiVersion = .v3
        }
        if type != .eds || cluster.assignment != EndpointAssignment(name: cluster.name) {
            loadAssignment = ClusterLoadAssignmentProto(cluster.assignment)
        }
        if cluster.connectTimeout != .seconds(5) { connectTimeout = Google_Protobuf_Duration(cluster.connectTimeout) }
        if cluster.circuitBreakers != CircuitBreakers() {
            circuitBreakers = CircuitBreakersProto(cluster.circuitBreakers)
        }
        raiseConnections(of: cluster)
        if !cluster.metadata.isEmpty { metadata = MetadataProto(cluster.metadata) }
        loadBalancingPolicy = LoadBalancingPolicyProto(cluster.loadBalancing)
        if cluster.loadBalancing.panicThreshold != 50 {
            commonLbConfig.healthyPanicThreshold.value = cluster.loadBalancing.panicThreshold
        }
    }

    private mutating func raiseConnections(of cluster: Cluster) {
        guard cluster.maximumRequestsPerConnection != 0 || cluster.idleTimeout != .seconds(3600) else { return }
        var options = UpstreamHttpProtocolOptionsProto()
        options.explicitHTTPConfig.httpProtocolOptions = Envoy_Config_Core_V3_Http1ProtocolOptions()
        if cluster.maximumRequestsPerConnection != 0 {
            options.commonHTTPProtocolOptions.maxRequestsPerConnection =
                Google_Protobuf_UInt32Value(cluster.maximumRequestsPerConnection)
        }
        if cluster.idleTimeout != .seconds(3600) {
            options.commonHTTPProtocolOptions.idleTimeout = Google_Protobuf_Duration(limit: cluster.idleTimeout)
        }
        typedExtensionProtocolOptions[UpstreamHttpProtocolOptionsProto.protoMessageName] = Google_Protobuf_Any(options)
    }
}
