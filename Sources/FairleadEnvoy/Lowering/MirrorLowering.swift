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
        mirror.headerChanges = each("request_headers_mutations", proto.requestHeadersMutations) {
            $0.headerChange($1)
        }
        return mirror
    }

    private mutating func headerChange(_ proto: HeaderMutationProto) -> MirrorPolicy.HeaderChange {
        switch proto.action {
        case .remove(let name)?: return .remove(name)
        case .append(let option)?: return .add(within("append") { $0.addition(option) })
        case .removeOnMatch?: refuse("remove_on_match")
        case nil: trail.error(.missingField, "must hold remove or append")
        }
        return .remove("x")
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
        requestHeadersMutations = mirror.headerChanges.map { change in
            var proto = HeaderMutationProto()
            switch change {
            case .remove(let name): proto.remove = name
            case .add(let addition): proto.append = HeaderValueOptionProto(addition)
            }
            return proto
        }
    }
}

extension FieldUse {
    static let requestMirrorPolicy = FieldUse(
        RequestMirrorPolicyProto.self,
        read: """
            cluster runtime_fraction cluster_header disable_shadow_host_suffix_append host_rewrite_literal \
            request_headers_mutations
            """)
}
