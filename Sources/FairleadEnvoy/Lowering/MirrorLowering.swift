// Fairlead: copies of requests, lowered and raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// Who gets copies of requests.
    mutating func mirrors(_ protos: [RequestMirrorPolicyProto]) -> [MirrorPolicy] {
        each("request_mirror_policies", protos) { $0.mirror($1) }
    }

    private mutating func mirror(_ proto: RequestMirrorPolicyProto) -> MirrorPolicy {
        account(for: proto, .requestMirrorPolicy)
        if !proto.cluster.isEmpty, !proto.clusterHeader.isEmpty {
            trail.error(
                .invalidValue, at: "cluster_header",
                "Only one of cluster '\(proto.cluster)' or cluster_header '\(proto.clusterHeader)' in request mirror "
                    + "policy can be specified")
        } else if proto.cluster.isEmpty, proto.clusterHeader.isEmpty {
            trail.error(
                .missingField, "Exactly one of cluster or cluster_header in request mirror policy need to be specified")
        }
        var mirror = MirrorPolicy(
            to: proto.clusterHeader.isEmpty
                ? .cluster(proto.cluster.isEmpty ? "unknown" : proto.cluster) : .header(proto.clusterHeader))
        if proto.hasRuntimeFraction {
            mirror.fraction = within("runtime_fraction") { $0.runtimeFraction(proto.runtimeFraction) }
        }
        mirror.keepsHost = proto.disableShadowHostSuffixAppend
        if !proto.hostRewriteLiteral.isEmpty { mirror.host = proto.hostRewriteLiteral }
        return mirror
    }
}

extension RequestMirrorPolicyProto {
    /// The message that lowers to `mirror`.
    init(_ mirror: MirrorPolicy) {
        self.init()
        switch mirror.target {
        case .cluster(let name): cluster = name
        case .header(let name): clusterHeader = name
        }
        if let fraction = mirror.fraction { runtimeFraction = RuntimeFractionalPercentProto(fraction) }
        disableShadowHostSuffixAppend = mirror.keepsHost
        hostRewriteLiteral = mirror.host ?? ""
    }
}

extension FieldUse {
    static let requestMirrorPolicy = FieldUse(
        RequestMirrorPolicyProto.self,
        read: "cluster runtime_fraction cluster_header disable_shadow_host_suffix_append host_rewrite_literal",
        refused: "request_headers_mutations")
}
