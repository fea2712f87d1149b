// Fairlead: assignments and endpoints, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// A cluster's endpoints.
    mutating func assignment(_ proto: ClusterLoadAssignmentProto) -> EndpointAssignment {
        account(for: proto, .clusterLoadAssignment)
        var assignment = EndpointAssignment(name: proto.clusterName)
        within("policy") { lowering in
            let policy = proto.policy
            lowering.account(for: policy, .assignmentPolicy)
            if policy.hasOverprovisioningFactor {
                assignment.overprovisioningFactor = policy.overprovisioningFactor.value
            }
            assignment.weighsPriorityHealth = policy.weightedPriorityHealth
            assignment.dropOverload = lowering.dropOverload(policy.dropOverloads)
        }
        assignment.localities = each("endpoints", proto.endpoints) { $0.locality($1) }
        return assignment
    }

    private mutating func dropOverload(
        _ protos: [ClusterLoadAssignmentProto.Policy.DropOverload]
    ) -> EndpointAssignment.DropOverload? {
        if protos.count > 1 {
            trail.error(
                .invalidValue, at: "drop_overloads",
                "Cluster drop_overloads config has \(protos.count) categories. Envoy only support one.")
        }
        return protos.first.map { proto in
            within("drop_overloads", index: 0) { lowering in
                EndpointAssignment.DropOverload(
                    category: proto.category,
                    fraction: lowering.within("drop_percentage") { $0.fraction(proto.dropPercentage) })
            }
        }
    }

    private mutating func locality(_ proto: LocalityLbEndpointsProto) -> LocalityEndpoints {
        account(for: proto, .localityLbEndpoints)
        var endpoints = LocalityEndpoints(
            locality: Locality(
                region: proto.locality.region, zone: proto.locality.zone, subZone: proto.locality.subZone),
            priority: Int(proto.priority),
            weight: proto.hasLoadBalancingWeight ? proto.loadBalancingWeight.value : nil)
        endpoints.endpoints = each("lb_endpoints", proto.lbEndpoints) { $0.endpoint($1) }
        return endpoints
    }

    private mutating func endpoint(_ proto: LbEndpointProto) -> Endpoint {
        account(for: proto, .lbEndpoint)
        var address = Address.socket(host: "0.0.0.0", port: 0)
        var hostname = ""
        switch proto.hostIdentifier {
        case .endpoint(let endpoint)?:
            trail.enter("endpoint")
            account(for: endpoint, .endpoint)
            hostname = endpoint.hostname
            if endpoint.hasAddress {
                address = within("address") { $0.address(endpoint.address) }
            } else {
                trail.error(.missingField, at: "address", "is missing")
            }
            trail.leave()
        case .endpointName?: refuse("endpoint_name")
        case nil: trail.error(.missingField, "must hold endpoint")
        }
        return Endpoint(
            address, hostname: hostname,
            weight: proto.hasLoadBalancingWeight ? proto.loadBalancingWeight.value : 1, health: health(proto),
            metadata: proto.hasMetadata ? within("metadata") { $0.metadata(proto.metadata) } : Metadata())
    }

    private mutating func health(_ proto: LbEndpointProto) -> HealthStatus {
        guard known(proto.healthStatus, at: "health_status") else { return .unknown }
        return HealthStatus(rawValue: UInt8(clamping: proto.healthStatus.rawValue)) ?? .unknown
    }
}

extension FieldUse {
    static let clusterLoadAssignment = FieldUse(
        ClusterLoadAssignmentProto.self, read: "cluster_name endpoints policy", refused: "named_endpoints")
    static let assignmentPolicy = FieldUse(
        ClusterLoadAssignmentProto.Policy.self, read: "drop_overloads overprovisioning_factor weighted_priority_health")
    static let localityLbEndpoints = FieldUse(
        LocalityLbEndpointsProto.self, read: "locality lb_endpoints load_balancing_weight priority",
        refused: "load_balancer_endpoints leds_cluster_locality_config")
    static let lbEndpoint = FieldUse(
        LbEndpointProto.self, read: "endpoint endpoint_name health_status metadata load_balancing_weight")
    static let endpoint = FieldUse(EndpointProto.self, read: "address hostname")
}
