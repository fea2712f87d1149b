// Fairlead: assignments and endpoints, raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension ClusterLoadAssignmentProto {
    /// The message that lowers to `assignment`.
    init(_ assignment: EndpointAssignment) {
        self.init()
        clusterName = assignment.name
        endpoints = assignment.localities.map { LocalityLbEndpointsProto($0) }
        if assignment.overprovisioningFactor != 140 {
            policy.overprovisioningFactor = Google_Protobuf_UInt32Value(assignment.overprovisioningFactor)
        }
        if assignment.weighsPriorityHealth { policy.weightedPriorityHealth = true }
        if let drop = assignment.dropOverload {
            var overload = Policy.DropOverload()
            overload.category = drop.category
            overload.dropPercentage = FractionalPercentProto(drop.fraction)
            policy.dropOverloads = [overload]
        }
    }
}

extension LocalityLbEndpointsProto {
    /// The message that lowers to `endpoints`.
    init(_ endpoints: LocalityEndpoints) {
        self.init()
        if endpoints.locality != Locality() {
            locality.region = endpoints.locality.region
            locality.zone = endpoints.locality.zone
            locality.subZone = endpoints.locality.subZone
        }
        priority = UInt32(clamping: endpoints.priority)
        if let weight = endpoints.weight { loadBalancingWeight = Google_Protobuf_UInt32Value(weight) }
        lbEndpoints = endpoints.endpoints.map { LbEndpointProto($0) }
    }
}

extension LbEndpointProto {
    /// The message that lowers to `endpoint`.
    init(_ endpoint: Endpoint) {
        self.init()
        self.endpoint.address = AddressProto(endpoint.address)
        self.endpoint.hostname = endpoint.hostname
        if endpoint.weight != 1 { loadBalancingWeight = Google_Protobuf_UInt32Value(endpoint.weight) }
        healthStatus = Envoy_Config_Core_V3_HealthStatus(rawValue: Int(endpoint.health.rawValue)) ?? .unknown
        if !endpoint.metadata.isEmpty { metadata = MetadataProto(endpoint.metadata) }
    }
}
