// Fairlead: single resources and lists of them, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// A list of resources of any kinds, as a discovery server answers it.
    mutating func discoveryResponse(_ proto: DiscoveryResponseProto) {
        account(for: proto, .discoveryResponse)
        for (index, any) in proto.resources.enumerated() {
            within("resources", index: index) { $0.resource(any, isWrapped: false) }
        }
        settleInlineTables()
    }

    /// One resource, whose type its URL tells. Delta and heartbeat protocols wrap it once more.
    mutating func resource(_ any: Google_Protobuf_Any, isWrapped: Bool) {
        switch any.typeName {
        case ListenerProto.protoMessageName:
            if let proto = unpack(any, as: ListenerProto.self) { add(proto) }
        case RouteConfigurationProto.protoMessageName:
            if let proto = unpack(any, as: RouteConfigurationProto.self) { add(proto) }
        case ClusterProto.protoMessageName:
            if let proto = unpack(any, as: ClusterProto.self) { add(proto) }
        case ClusterLoadAssignmentProto.protoMessageName:
            if let proto = unpack(any, as: ClusterLoadAssignmentProto.self) { add(proto) }
        case RuntimeProto.protoMessageName:
            if let proto = unpack(any, as: RuntimeProto.self) { add(proto) }
        case ResourceProto.protoMessageName where !isWrapped:
            guard let proto = unpack(any, as: ResourceProto.self) else { return }
            account(for: proto, .resource)
            within("resource") { $0.resource(proto.resource, isWrapped: true) }
        case "": trail.error(.missingField, "a resource is missing")
        default: trail.error(.unsupported, "resources of type \(any.typeName) are not supported yet")
        }
    }
}

extension FieldUse {
    static let discoveryResponse = FieldUse(
        DiscoveryResponseProto.self, read: "version_info resources type_url nonce control_plane canary")
    static let resource = FieldUse(ResourceProto.self, read: "name version resource")
}
