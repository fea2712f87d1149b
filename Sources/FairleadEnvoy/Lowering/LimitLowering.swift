// Fairlead: using only some of many endpoints, lowered and raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// The extension that uses only some endpoints: the policy that it holds, with their number.
    mutating func limited(_ proto: RandomSubsettingProto) -> LoadBalancing {
        account(for: proto, .randomSubsetting)
        origins.add(balancingPath + ".subset_size", from: trail.path(to: "subset_size"))
        guard proto.hasChildPolicy else {
            trail.error(.missingField, at: "child_policy", "is missing")
            return LoadBalancing()
        }
        var balancing = chosenPolicy(proto.childPolicy, at: "child_policy")
        if balancing.endpointLimit != nil || !balancing.overrideSources.isEmpty {
            trail.error(
                .unsupported, at: "child_policy", "neither random_subsetting nor override_host may be inside of it")
        }
        if !proto.hasSubsetSize { trail.error(.missingField, at: "subset_size", "is missing") }
        balancing.endpointLimit = proto.hasSubsetSize ? proto.subsetSize.value : 1
        return balancing
    }
}

extension RandomSubsettingProto {
    /// The message that lowers to `limit` in front of `policy`.
    init(_ limit: UInt32, _ policy: LoadBalancingPolicyProto) {
        self.init()
        subsetSize = Google_Protobuf_UInt32Value(limit)
        childPolicy = policy
    }
}

extension FieldUse {
    static let randomSubsetting = FieldUse(RandomSubsettingProto.self, read: "subset_size child_policy")
}
