// Fairlead: how a cluster balances, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// How a cluster balances: by the extension in `load_balancing_policy`, or by the older fields.
    /// `path` is where the cluster will stand among the configuration values.
    mutating func loadBalancing(_ proto: ClusterProto, path: String) -> LoadBalancing {
        balancingPath = path
        var balancing = proto.hasLoadBalancingPolicy ? chosenPolicy(proto) : olderPolicy(proto)
        if proto.hasLbSubsetConfig { olderSubsets(proto, &balancing) }
        guard proto.hasCommonLbConfig else { return balancing }
        trail.enter("common_lb_config")
        defer { trail.leave() }
        let common = proto.commonLbConfig
        account(for: common, .commonLbConfig)
        if common.hasHealthyPanicThreshold { balancing.panicThreshold = common.healthyPanicThreshold.value }
        switch common.localityConfigSpecifier {
        case .localityWeightedLbConfig?: balancing.weighsLocalities = true
        case .zoneAwareLbConfig(let zones)?: balancing.zones = within("zone_aware_lb_config") { $0.zones(zones) }
        case nil: break
        }
        if common.hasConsistentHashingLbConfig { apply(common.consistentHashingLbConfig, of: proto, to: &balancing) }
        return balancing
    }

    private mutating func apply(
        _ hashing: ClusterProto.CommonLbConfig.ConsistentHashingLbConfig, of proto: ClusterProto,
        to balancing: inout LoadBalancing
    ) {
        if hashing.useHostnameForHashing, proto.type != .strictDns {
            trail.error(
                .invalidValue, at: "consistent_hashing_lb_config.use_hostname_for_hashing",
                "Cannot use hostname for consistent hashing loadbalancing for cluster of this type")
        }
        guard [LoadBalancing.ringHash, LoadBalancing.maglev].contains(balancing.policy) else {
            trail.warning(
                .unsupported, at: "consistent_hashing_lb_config", "has no effect: the cluster's policy does not hash")
            return
        }
        balancing.hashesHostnames = hashing.useHostnameForHashing
        if hashing.hasHashBalanceFactor {
            balancing.parameters[Lowering.balanceFactor] = .unsigned(UInt64(hashing.hashBalanceFactor.value))
        }
    }

    /// The name under which policies read the factor of bounded loads.
    static let balanceFactor = "consistent_hashing_lb_config.hash_balance_factor"

    private mutating func olderPolicy(_ proto: ClusterProto) -> LoadBalancing {
        guard known(proto.lbPolicy, at: "lb_policy") else { return LoadBalancing() }
        switch proto.lbPolicy {
        case .leastRequest: return older(proto, LoadBalancing.leastRequest)
        case .ringHash: return older(proto, LoadBalancing.ringHash)
        case .maglev: return older(proto, LoadBalancing.maglev)
        case .random: return older(proto, LoadBalancing.random)
        case .clusterProvided: refuse("lb_policy", "CLUSTER_PROVIDED")
        case .loadBalancingPolicyConfig:
            trail.error(
                .missingField, at: "load_balancing_policy", "cluster: field load_balancing_policy need to be set")
        default: return older(proto, LoadBalancing.roundRobin)
        }
        return LoadBalancing()
    }

    /// The policy called `name`, with the older field that belongs to it; that of another policy is passed over.
    private mutating func older(_ proto: ClusterProto, _ name: String) -> LoadBalancing {
        let (owner, field, message): (String, String, any Message)
        switch proto.lbConfig {
        case nil: return LoadBalancing(policy: name)
        case .ringHashLbConfig(let config)?:
            (owner, field, message) = (LoadBalancing.ringHash, "ring_hash_lb_config", config)
        case .maglevLbConfig(let config)?: (owner, field, message) = (LoadBalancing.maglev, "maglev_lb_config", config)
        case .leastRequestLbConfig(let config)?:
            (owner, field, message) = (LoadBalancing.leastRequest, "least_request_lb_config", config)
        case .roundRobinLbConfig(let config)?:
            (owner, field, message) = (LoadBalancing.roundRobin, "round_robin_lb_config", config)
        case .originalDstLbConfig?:
            refuse("original_dst_lb_config")
            return LoadBalancing(policy: name)
        }
        guard owner == name else {
            trail.warning(.unsupported, at: field, "has no effect: the cluster's policy is another one")
            return LoadBalancing(policy: name)
        }
        guard let bytes: [UInt8] = try? message.serializedBytes() else { return LoadBalancing(policy: name) }
        return within(field) { lowering in
            let flat = ParameterFlattener(bytes, type: type(of: message).protoMessageName)
            return lowering.settle(LoadBalancing(policy: name, parameters: flat.parameters))
        }
    }

    private mutating func chosenPolicy(_ proto: ClusterProto) -> LoadBalancing {
        if case .some = proto.lbConfig {
            trail.warning(.unsupported, at: "load_balancing_policy", "the older configuration beside it has no effect")
        }
        let common = proto.commonLbConfig
        if common.localityConfigSpecifier != nil || common.hasConsistentHashingLbConfig {
            trail.error(
                .invalidValue, at: "common_lb_config",
                "cluster: load_balancing_policy cannot be combined with partial fields (zone_aware_lb_config, "
                    + "locality_weighted_lb_config, consistent_hashing_lb_config) of common_lb_config")
        }
        return chosenPolicy(proto.loadBalancingPolicy, at: "load_balancing_policy")
    }

    /// The first policy of the list in `field` that is known here; when none is, the first of all, for the engine to
    /// judge.
    mutating func chosenPolicy(_ list: LoadBalancingPolicyProto, at field: String) -> LoadBalancing {
        trail.enter(field)
        defer { trail.leave() }
        let extensions = list.policies.map(\.typedExtensionConfig.typedConfig)
        guard !extensions.isEmpty else {
            trail.error(.missingField, at: "policies", "must name at least one policy")
            return LoadBalancing()
        }
        let choice = extensions.firstIndex {
            let name = policyName($0)
            return policies.contains(name) || Lowering.wrappingPolicies.contains(name)
        }
        for (index, skipped) in extensions.prefix(choice ?? 0).enumerated() {
            trail.warning(
                .unknownExtension, at: "policies[\(index)].typed_extension_config.typed_config",
                "no policy \(policyName(skipped)) is known; the next one is taken")
        }
        trail.enter("policies", index: choice ?? 0)
        trail.enter("typed_extension_config")
        trail.enter("typed_config")
        defer { for _ in 0..<3 { trail.leave() } }
        return policy(extensions[choice ?? 0])
    }

    /// The name of the policy that `any` configures.
    private func policyName(_ any: Google_Protobuf_Any) -> String {
        guard any.isA(TypedStructProto.self), let typed = try? TypedStructProto(unpackingAny: any) else {
            return any.typeName
        }
        return typed.typeName
    }

    private mutating func policy(_ any: Google_Protobuf_Any) -> LoadBalancing {
        guard !any.typeURL.isEmpty else {
            trail.error(.missingField, "is missing")
            return LoadBalancing()
        }
        if let typed = unpack(any, as: TypedStructProto.self) { return policy(typed) }
        if let subset = unpack(any, as: SubsetProto.self) { return subsets(subset) }
        if let limiting = unpack(any, as: RandomSubsettingProto.self) { return limited(limiting) }
        if let override = unpack(any, as: OverrideHostProto.self) { return overrides(override) }
        let bytes = [UInt8](any.value)
        let flat = ParameterFlattener(bytes, type: any.typeName)
        var balancing = LoadBalancing(policy: any.typeName, parameters: flat.parameters)
        if Lowering.builtInPolicies.contains(any.typeName) {
            for name in flat.leftOut { refuse(name) }
            if let zones = zones(of: any) { balancing.zones = zones }
        } else {
            balancing.parameters.payload = bytes
            if policies.contains(any.typeName), !bytes.isEmpty { understood.insert(trail.path) }
        }
        return settle(balancing)
    }

    /// The policies that restrict the choice of another one, whose configuration they hold.
    static let wrappingPolicies: Set<String> = [
        SubsetProto.protoMessageName, OverrideHostProto.protoMessageName,
        RandomSubsettingProto.protoMessageName,
    ]
    /// The policies whose messages are read in full, so that their bytes need not be kept.
    static let builtInPolicies: Set<String> = [
        LoadBalancing.roundRobin, LoadBalancing.leastRequest, LoadBalancing.ringHash, LoadBalancing.maglev,
        LoadBalancing.random, LoadBalancing.pickFirst,
    ]
    /// Where policies say that localities are chosen by their weights.
    private static let localityWeights = [
        "locality_lb_config.locality_weighted_lb_config", "locality_weighted_lb_config",
    ]
    /// Where policies say that host names are hashed.
    private static let hostnameHashing = [
        "use_hostname_for_hashing", "consistent_hashing_lb_config.use_hostname_for_hashing",
    ]
    /// Parameters that no policy reads yet.
    private static let idleParameters = ["slow_start_config"]
    /// Where policies say how requests stay in their zone; read of the message, as empty ones in it say something too.
    private static let zoneParameters = "locality_lb_config.zone_aware_lb_config"

    /// Notes what a policy's parameters say of localities and host names. Those of a built-in policy are then taken out:
    /// they are not its own.
    mutating func settle(_ balancing: LoadBalancing) -> LoadBalancing {
        var settled = balancing
        guard Lowering.builtInPolicies.contains(balancing.policy) else {
            settled.weighsLocalities = Lowering.localityWeights.contains { balancing.parameters[$0] != nil }
            return settled
        }
        for name in Lowering.localityWeights where settled.parameters[name] != nil {
            settled.weighsLocalities = true
            settled.parameters[name] = nil
        }
        for name in Lowering.hostnameHashing where settled.parameters[name] != nil {
            settled.hashesHostnames = settled.hashesHostnames || settled.parameters[name] == .bool(true)
            settled.parameters[name] = nil
        }
        if let factor = settled.parameters["hash_balance_factor"] {
            if settled.parameters[Lowering.balanceFactor] == nil { settled.parameters[Lowering.balanceFactor] = factor }
            settled.parameters["hash_balance_factor"] = nil
        }
        if case .text(let key)? = settled.parameters["active_request_bias.runtime_key"] { runtimeKeys.insert(key) }
        for name in settled.parameters.values.map(\.name) where name.hasPrefix(Lowering.zoneParameters) {
            settled.parameters[name] = nil
        }
        for idle in Lowering.idleParameters {
            let names = settled.parameters.values.map(\.name).filter { $0.hasPrefix(idle + ".") }
            if !names.isEmpty { trail.warning(.unsupported, at: idle, "\(idle) is not acted on yet") }
            for name in names { settled.parameters[name] = nil }
        }
        return settled
    }
}

extension FieldUse {
    static let commonLbConfig = FieldUse(
        ClusterProto.CommonLbConfig.self,
        read: """
            healthy_panic_threshold locality_weighted_lb_config consistent_hashing_lb_config zone_aware_lb_config
            """)
}
