// Fairlead: how a cluster balances, raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension LoadBalancingPolicyProto {
    /// The message that lowers to `balancing`, but for its panic threshold.
    init(_ balancing: LoadBalancing) {
        self.init()
        var policy = Policy()
        policy.typedExtensionConfig.name = balancing.policy
        policy.typedExtensionConfig.typedConfig = Google_Protobuf_Any(balancing)
        policies = [policy]
        if let subsets = balancing.subsets {
            policy.typedExtensionConfig.name = SubsetProto.protoMessageName
            policy.typedExtensionConfig.typedConfig = Google_Protobuf_Any(SubsetProto(subsets, self))
            policies = [policy]
        }
        if let limit = balancing.endpointLimit {
            policy.typedExtensionConfig.name = RandomSubsettingProto.protoMessageName
            policy.typedExtensionConfig.typedConfig = Google_Protobuf_Any(RandomSubsettingProto(limit, self))
            policies = [policy]
        }
        if !balancing.overrideSources.isEmpty {
            policy.typedExtensionConfig.name = OverrideHostProto.protoMessageName
            policy.typedExtensionConfig.typedConfig = Google_Protobuf_Any(
                OverrideHostProto(balancing.overrideSources, self))
            policies = [policy]
        }
    }
}

extension Google_Protobuf_Any {
    /// A policy's configuration: as its own message if the schema has it and it holds all parameters, otherwise as a
    /// structure.
    fileprivate init(_ balancing: LoadBalancing) {
        let parameters = balancing.raisedParameters
        let isKnown = Schema.envoy.message(named: balancing.policy) != nil
        if isKnown, !parameters.payload.isEmpty {
            self.init(typeName: balancing.policy, bytes: parameters.payload)
        } else if isKnown, let bytes = ParameterGathering.bytes(parameters, as: balancing.policy) {
            self.init(typeName: balancing.policy, bytes: bytes)
        } else {
            self.init(TypedStructProto(balancing.policy, parameters))
        }
    }
}

extension LoadBalancing {
    /// The parameters, and what lowering took out of those of built-in policies.
    fileprivate var raisedParameters: PolicyParameters {
        var raised = parameters
        let hashes = [LoadBalancing.ringHash, LoadBalancing.maglev].contains(policy)
        // Pick first knows no localities.
        guard Lowering.builtInPolicies.contains(policy), policy != LoadBalancing.pickFirst else { return raised }
        if weighsLocalities {
            raised[(hashes ? "" : "locality_lb_config.") + "locality_weighted_lb_config"] = .bool(true)
        }
        if zones != ZoneRouting(), !hashes, !weighsLocalities {
            let prefix = "locality_lb_config.zone_aware_lb_config."
            if zones.share != 100 { raised[prefix + "routing_enabled.value"] = .double(Double(zones.share)) }
            if zones.minimumEndpoints != 6 { raised[prefix + "min_cluster_size"] = .unsigned(zones.minimumEndpoints) }
            if zones.failsInPanic { raised[prefix + "fail_traffic_on_panic"] = .bool(true) }
            if let least = zones.forcedMinimum {
                raised[prefix + "force_local_zone.min_size"] = .unsigned(UInt64(least))
            }
            if zones.weighsEndpoints { raised[prefix + "locality_basis"] = .text("HEALTHY_HOSTS_WEIGHT") }
        }
        if hashesHostnames, hashes { raised["consistent_hashing_lb_config.use_hostname_for_hashing"] = .bool(true) }
        return raised
    }
}

extension TypedStructProto {
    /// Parameters as a structure, under their names; bytes in base64 under a key of their own.
    fileprivate init(_ policy: String, _ parameters: PolicyParameters) {
        self.init()
        typeURL = "type.googleapis.com/" + policy
        value = Google_Protobuf_Struct()
        for (name, parameter) in parameters.values { value.fields[name] = Google_Protobuf_Value(parameter) }
        if !parameters.payload.isEmpty {
            value.fields[TypedStructProto.payloadKey] =
                Google_Protobuf_Value(stringValue: Base64Text.encode(parameters.payload))
        }
    }
}

extension Google_Protobuf_Value {
    /// The same value.
    fileprivate init(_ parameter: PolicyParameters.Value) {
        switch parameter {
        case .bool(let truth): self.init(boolValue: truth)
        case .unsigned(let number): self.init(numberValue: Double(number))
        case .double(let number): self.init(numberValue: number)
        case .text(let text): self.init(stringValue: text)
        }
    }
}
