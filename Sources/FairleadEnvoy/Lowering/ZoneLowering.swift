// Fairlead: zone-aware routing, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// What the cluster's own field says.
    mutating func zones(_ proto: ClusterProto.CommonLbConfig.ZoneAwareLbConfig) -> ZoneRouting {
        account(for: proto, .olderZones)
        var zones = ZoneRouting()
        if proto.hasRoutingEnabled { zones.share = share(proto.routingEnabled) }
        if proto.hasMinClusterSize { zones.minimumEndpoints = proto.minClusterSize.value }
        zones.failsInPanic = proto.failTrafficOnPanic
        return zones
    }

    /// What the message of a policy says; `nil` when it says nothing.
    mutating func zones(of any: Google_Protobuf_Any) -> ZoneRouting? {
        let locality: LocalityLbConfigProto
        switch any.typeName {
        case LoadBalancing.roundRobin:
            guard let proto = unpack(any, as: RoundRobinProto.self), proto.hasLocalityLbConfig else { return nil }
            locality = proto.localityLbConfig
        case LoadBalancing.leastRequest:
            guard let proto = unpack(any, as: LeastRequestProto.self), proto.hasLocalityLbConfig else { return nil }
            locality = proto.localityLbConfig
        case LoadBalancing.random:
            guard let proto = unpack(any, as: RandomProto.self), proto.hasLocalityLbConfig else { return nil }
            locality = proto.localityLbConfig
        default: return nil
        }
        guard case .zoneAwareLbConfig(let proto)? = locality.localityConfigSpecifier else { return nil }
        return within("locality_lb_config") { $0.within("zone_aware_lb_config") { $0.zones(proto) } }
    }

    private mutating func zones(_ proto: LocalityLbConfigProto.ZoneAwareLbConfig) -> ZoneRouting {
        account(for: proto, .zones)
        var zones = ZoneRouting()
        if proto.hasRoutingEnabled { zones.share = share(proto.routingEnabled) }
        if proto.hasMinClusterSize { zones.minimumEndpoints = proto.minClusterSize.value }
        zones.failsInPanic = proto.failTrafficOnPanic
        if proto.hasForceLocalZone {
            zones.forcedMinimum = proto.forceLocalZone.hasMinSize ? proto.forceLocalZone.minSize.value : 1
        } else if proto.forceLocalityDirectRouting {
            zones.forcedMinimum = 1
        }
        if known(proto.localityBasis, at: "locality_basis") {
            zones.weighsEndpoints = proto.localityBasis == .healthyHostsWeight
        }
        return zones
    }

    /// A percentage as a whole number, rounded as in Envoy.
    private mutating func share(_ proto: PercentProto) -> UInt32 {
        guard proto.value >= 0, proto.value <= 100 else {
            trail.error(.outOfRange, at: "routing_enabled.value", "is not within 0 and 100")
            return 100
        }
        return UInt32(proto.value.rounded())
    }
}

extension FieldUse {
    static let olderZones = FieldUse(
        ClusterProto.CommonLbConfig.ZoneAwareLbConfig.self,
        read: "routing_enabled min_cluster_size fail_traffic_on_panic")
    static let zones = FieldUse(
        LocalityLbConfigProto.ZoneAwareLbConfig.self,
        read: """
            routing_enabled min_cluster_size fail_traffic_on_panic force_locality_direct_routing force_local_zone \
            locality_basis
            """)
}
