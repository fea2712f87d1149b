// Fairlead: subsets of endpoints, lowered and raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// The cluster's own field for subsets, in addition to `balancing`.
    mutating func olderSubsets(_ proto: ClusterProto, _ balancing: inout LoadBalancing) {
        if proto.hasLoadBalancingPolicy {
            trail.error(
                .invalidValue, at: "lb_subset_config",
                "cluster: load_balancing_policy cannot be combined with lb_subset_config")
        } else if proto.lbPolicy == .clusterProvided {
            trail.error(
                .invalidValue, at: "lb_subset_config",
                "cluster: LB policy CLUSTER_PROVIDED cannot be combined with lb_subset_config")
        }
        let lowered = within("lb_subset_config") { $0.subsets(proto.lbSubsetConfig) }
        // As in Envoy, subsets without selectors are none.
        guard !lowered.selectors.isEmpty else { return }
        balancing.subsets = lowered
        if case .localityWeightedLbConfig? = proto.commonLbConfig.localityConfigSpecifier { return }
        if lowered.weighsLocalities {
            trail.error(
                .invalidValue, at: "lb_subset_config.locality_weight_aware",
                "Locality weight aware subset LB requires that a locality_weighted_lb_config be set in \(proto.name)")
        }
    }

    /// The extension for subsets: the policy that it holds, with subsets.
    mutating func subsets(_ proto: SubsetProto) -> LoadBalancing {
        account(for: proto, .subset)
        origins.add(balancingPath + ".lb_subset_config", from: trail.path)
        // The fields of the older message have the same names, numbers and values.
        var older = LbSubsetConfigProto()
        if let bytes: [UInt8] = try? proto.serializedBytes(),
            let read = try? LbSubsetConfigProto(serializedBytes: bytes)
        {
            older = read
            older.unknownFields = UnknownStorage()
        }
        var subsets = subsets(older)
        subsets.allowsRedundantKeys = proto.allowRedundantKeys
        guard proto.hasSubsetLbPolicy else {
            trail.error(.missingField, at: "subset_lb_policy", "is missing")
            return LoadBalancing()
        }
        var balancing = chosenPolicy(proto.subsetLbPolicy, at: "subset_lb_policy")
        if balancing.subsets != nil || balancing.endpointLimit != nil || !balancing.overrideSources.isEmpty {
            trail.error(
                .unsupported, at: "subset_lb_policy", "of the policies that hold others, subsets are the innermost")
        }
        balancing.subsets = subsets
        return balancing
    }

    private mutating func subsets(_ proto: LbSubsetConfigProto) -> SubsetBalancing {
        account(for: proto, .lbSubsetConfig)
        var subsets = SubsetBalancing(each("subset_selectors", proto.subsetSelectors) { $0.selector($1) })
        if known(proto.fallbackPolicy, at: "fallback_policy") {
            switch proto.fallbackPolicy {
            case .anyEndpoint: subsets.fallback = .anyEndpoint
            case .defaultSubset: subsets.fallback = .defaultSubset
            default: subsets.fallback = .none
            }
        }
        if case .structure(let fields) = Lowering.value(proto.defaultSubset) { subsets.defaultSubset = fields }
        subsets.weighsLocalities = proto.localityWeightAware
        subsets.scalesLocalityWeights = proto.scaleLocalityWeight
        subsets.panicsToAnyEndpoint = proto.panicModeAny
        subsets.listsMeanAnyValue = proto.listAsAny
        if known(proto.metadataFallbackPolicy, at: "metadata_fallback_policy") {
            subsets.usesFallbackList = proto.metadataFallbackPolicy == .fallbackList
        }
        return subsets
    }

    private mutating func selector(_ proto: LbSubsetConfigProto.LbSubsetSelector) -> SubsetBalancing.Selector {
        account(for: proto, .lbSubsetSelector)
        var selector = SubsetBalancing.Selector(proto.keys, choosesSingleEndpoint: proto.singleHostPerSubset)
        guard known(proto.fallbackPolicy, at: "fallback_policy") else { return selector }
        switch proto.fallbackPolicy {
        case .noFallback: selector.fallback = .none
        case .anyEndpoint: selector.fallback = .anyEndpoint
        case .defaultSubset: selector.fallback = .defaultSubset
        case .keysSubset: selector.fallback = .fewerKeys(proto.fallbackKeysSubset)
        default: selector.fallback = .inherited
        }
        if proto.fallbackPolicy != .keysSubset, !proto.fallbackKeysSubset.isEmpty {
            trail.error(
                .invalidValue, at: "fallback_keys_subset",
                "fallback_keys_subset can be set only for KEYS_SUBSET fallback_policy")
        }
        return selector
    }
}

extension SubsetProto {
    /// The message that lowers to `subsets` of endpoints that are balanced as `policy` says.
    init(_ subsets: SubsetBalancing, _ policy: LoadBalancingPolicyProto) {
        self.init()
        subsetSelectors = subsets.selectors.map { LbSubsetSelector($0) }
        switch subsets.fallback {
        case .none: fallbackPolicy = .noFallback
        case .anyEndpoint: fallbackPolicy = .anyEndpoint
        case .defaultSubset: fallbackPolicy = .defaultSubset
        }
        if !subsets.defaultSubset.isEmpty {
            defaultSubset = Google_Protobuf_Value(.structure(subsets.defaultSubset)).structValue
        }
        localityWeightAware = subsets.weighsLocalities
        scaleLocalityWeight = subsets.scalesLocalityWeights
        panicModeAny = subsets.panicsToAnyEndpoint
        listAsAny = subsets.listsMeanAnyValue
        metadataFallbackPolicy = subsets.usesFallbackList ? .fallbackList : .metadataNoFallback
        allowRedundantKeys = subsets.allowsRedundantKeys
        subsetLbPolicy = policy
    }
}

extension SubsetProto.LbSubsetSelector {
    fileprivate init(_ selector: SubsetBalancing.Selector) {
        self.init()
        keys = selector.keys
        singleHostPerSubset = selector.choosesSingleEndpoint
        switch selector.fallback {
        case .inherited: fallbackPolicy = .notDefined
        case .none: fallbackPolicy = .noFallback
        case .anyEndpoint: fallbackPolicy = .anyEndpoint
        case .defaultSubset: fallbackPolicy = .defaultSubset
        case .fewerKeys(let keys):
            fallbackPolicy = .keysSubset
            fallbackKeysSubset = keys
        }
    }
}

extension FieldUse {
    static let subset = FieldUse(
        SubsetProto.self,
        read: """
            fallback_policy default_subset subset_selectors locality_weight_aware scale_locality_weight panic_mode_any \
            list_as_any metadata_fallback_policy subset_lb_policy allow_redundant_keys
            """)
    static let lbSubsetConfig = FieldUse(
        LbSubsetConfigProto.self,
        read: """
            fallback_policy default_subset subset_selectors locality_weight_aware scale_locality_weight panic_mode_any \
            list_as_any metadata_fallback_policy
            """)
    static let lbSubsetSelector = FieldUse(
        LbSubsetConfigProto.LbSubsetSelector.self,
        read: "keys fallback_policy fallback_keys_subset single_host_per_subset")
}
