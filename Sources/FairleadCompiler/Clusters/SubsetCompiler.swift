// Fairlead: compiling subsets of endpoints
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadDataPlane
import FairleadModel

extension ClusterCompiler {
    /// The subsets of the cluster, and which of all targets are whose.
    struct Subsets {
        var balancing: SubsetBalancing
        var selectors: [SubsetBalancing.Selector]
        var sorted: [SubsetSorting.Subset]
        /// The targets of each subset; none for a single endpoint.
        var targets: [Range<Int>]
        var defaultTargets: Range<Int>
    }

    /// Adds the targets of all subsets; `nil` for a cluster without.
    mutating func addSubsets() -> Subsets? {
        guard let balancing = cluster.loadBalancing.subsets else { return nil }
        let selectors = balancing.settledSelectors
        let sorted = SubsetSorting(hosts, selectors, listsMeanAnyValue: balancing.listsMeanAnyValue).subsets
        let targets = sorted.map { subset in
            subset.isSingle
                ? 0..<0 : addTargets(for: HostMembers(hosts, subset: subset.ordinals, cluster.loadBalancing))
        }
        var defaultTargets = 0..<0
        if balancing.fallback == .defaultSubset || selectors.contains(where: { $0.fallback == .defaultSubset }) {
            let ordinals = hosts.entries.indices.filter {
                balancing.defaultSubsetHolds(hosts.endpoint($0).metadata.balancingFields)
            }
            defaultTargets = addTargets(for: HostMembers(hosts, subset: ordinals, cluster.loadBalancing))
        }
        return Subsets(
            balancing: balancing, selectors: selectors, sorted: sorted, targets: targets,
            defaultTargets: defaultTargets)
    }

    /// Writes the index of `subsets`, whose targets are among those at `placed`.
    mutating func write(_ subsets: Subsets, _ placed: BlockArray<PickTarget>) -> BlockReference<SubsetsRecord> {
        var record = SubsetsRecord()
        switch subsets.balancing.fallback {
        case .none: record.fallback = .none
        case .anyEndpoint: record.fallback = .anyEndpoint
        case .defaultSubset: record.fallback = .defaultSubset
        }
        if subsets.balancing.panicsToAnyEndpoint { record.flags.insert(.panicsToAnyEndpoint) }
        if subsets.balancing.usesFallbackList { record.flags.insert(.usesFallbackList) }
        if subsets.balancing.allowsRedundantKeys { record.flags.insert(.allowsRedundantKeys) }
        record.defaultTargets = placed.part(subsets.defaultTargets)
        record.selectors = writer.append(subsets.selectors.map { entry(of: $0) })
        let entries = zip(subsets.sorted, subsets.targets).map { subset, targets in
            SubsetEntry(
                hash: subset.criteria.reduce(0) {
                    $0 &+ CriterionRecord.hash(name: $1.name, value: $1.value.jsonText)
                },
                criteria: writer.append(criteria: subset.criteria), targets: placed.part(targets),
                single: subset.isSingle ? UInt32(subset.ordinals[0] + 1) : 0)
        }
        record.places = writer.append(HashPlaces.of(entries.map { $0.hash }))
        record.subsets = writer.append(entries)
        return writer.append(shared: record)
    }

    private mutating func entry(of selector: SubsetBalancing.Selector) -> SelectorEntry {
        var fewerKeys = BlockArray<BlockText>.empty
        let fallback: SubsetsRecord.Fallback
        switch selector.fallback {
        case .inherited: fallback = .undefined
        case .none: fallback = .none
        case .anyEndpoint: fallback = .anyEndpoint
        case .defaultSubset: fallback = .defaultSubset
        case .fewerKeys(let keys):
            fallback = .fewerKeys
            fewerKeys = writer.append(keys.map { writer.text($0) })
        }
        return SelectorEntry(
            keys: writer.append(selector.keys.map { writer.text($0) }), fewerKeys: fewerKeys, fallback: fallback)
    }
}

extension BlockArray<PickTarget> {
    /// Those at `range`; nothing for an empty range.
    func part(_ range: Range<Int>) -> BlockArray {
        guard !range.isEmpty else { return .empty }
        return BlockArray(
            offset: offset + UInt32(range.lowerBound * MemoryLayout<PickTarget>.stride), count: UInt32(range.count))
    }
}
