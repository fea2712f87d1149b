// Fairlead: endpoints that requests name themselves, lowered and raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// The extension by which requests name their endpoints: the policy that it holds, with the places of the names.
    mutating func overrides(_ proto: OverrideHostProto) -> LoadBalancing {
        account(for: proto, .overrideHost)
        for index in proto.overrideHostSources.indices {
            origins.add(
                balancingPath + ".override_host_sources[\(index)]",
                from: trail.path(to: "override_host_sources", index: index))
        }
        if proto.overrideHostSources.isEmpty {
            trail.error(.missingField, at: "override_host_sources", "must name at least one source")
        }
        let sources = each("override_host_sources", proto.overrideHostSources) { $0.overrideSource($1) }
        guard proto.hasFallbackPolicy else {
            trail.error(.missingField, at: "fallback_policy", "is missing")
            return LoadBalancing()
        }
        var balancing = chosenPolicy(proto.fallbackPolicy, at: "fallback_policy")
        if !balancing.overrideSources.isEmpty {
            trail.error(.unsupported, at: "fallback_policy", "override_host inside of itself is not supported")
        }
        balancing.overrideSources = sources
        return balancing
    }

    private mutating func overrideSource(_ proto: OverrideHostProto.OverrideHostSource) -> OverrideSource {
        account(for: proto, .overrideHostSource)
        switch (proto.header.isEmpty, proto.hasMetadata) {
        case (true, false): trail.error(.missingField, "Empty override source")
        case (false, true): trail.error(.invalidValue, "Only one override source must be set")
        case (true, true):
            return .metadata(filter: proto.metadata.key, path: proto.metadata.path.map { $0.key })
        case (false, false): break
        }
        return .header(proto.header.isEmpty ? "x" : proto.header)
    }
}

extension OverrideHostProto {
    /// The message that lowers to `sources` in front of `policy`.
    init(_ sources: [OverrideSource], _ policy: LoadBalancingPolicyProto) {
        self.init()
        overrideHostSources = sources.map { source in
            var message = OverrideHostSource()
            switch source {
            case .header(let name): message.header = name
            case .metadata(let filter, let path):
                message.metadata.key = filter
                message.metadata.path = path.map { name in
                    var segment = MetadataKeyProto.PathSegment()
                    segment.key = name
                    return segment
                }
            }
            return message
        }
        fallbackPolicy = policy
    }
}

extension FieldUse {
    static let overrideHost = FieldUse(
        OverrideHostProto.self, read: "override_host_sources fallback_policy", refused: "selected_host_key")
    static let overrideHostSource = FieldUse(OverrideHostProto.OverrideHostSource.self, read: "header metadata")
}
