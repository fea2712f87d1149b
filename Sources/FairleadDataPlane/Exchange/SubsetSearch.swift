// Fairlead: from a route's criteria to a subset of endpoints
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Looks for the endpoints that a request may go to, in a cluster that has subsets (Envoy's `subset_lb.cc`): one answer
/// after the other, each to be tried when the one before has no endpoint to give.
///
/// A subset is found by one probe of a hash table: the criteria were hashed when the route was compiled. A search with
/// fewer keys hashes nothing either, as the hashes of criteria are added up.
struct SubsetSearch {
    /// Endpoints that may be tried.
    struct Answer {
        /// What led to them.
        enum Kind: UInt8 {
            /// The criteria.
            case subset
            /// There is no subset for the criteria.
            case anyEndpoint
            /// There is no subset for the criteria.
            case defaultSubset
            /// The fallback has nobody to give.
            case panic
        }

        /// What led to them.
        var kind: Kind
        /// Where the load goes.
        var targets: BlockArray<PickTarget>
        /// The ordinal of the only endpoint plus one; 0 when there are targets.
        var single: UInt32 = 0
        /// The subset's number; -1 when it is none.
        var subset = -1
    }

    /// The keys that a search is restricted to; `nil` for all.
    private typealias Keys = BlockArray<BlockText>?

    private let cluster: BlockView
    private let everyone: BlockArray<PickTarget>
    private let subsets: SubsetsRecord
    private let route: BlockView
    /// What is asked for, one after the other.
    private var asked: BlockArray<CriteriaRecord>
    private var criteria: BlockArray<CriterionRecord>
    private var next = 0
    private var mayPanic = false

    /// A search in `cluster`, which has subsets, for what the route of `exchange` asks.
    init(_ cluster: ClusterView, _ exchange: borrowing ExchangeState) {
        self.cluster = cluster.block
        everyone = cluster.header.targets
        subsets = cluster.block[cluster.header.subsets]
        asked = .empty
        criteria = .empty
        route = exchange.virtualHost ?? cluster.block
        guard let reference = exchange.criteria else { return }
        let record = route[reference]
        criteria = record.criteria
        if subsets.flags.contains(.usesFallbackList) { asked = record.alternatives }
    }

    /// The next endpoints to be tried; `nil` when there are no more.
    mutating func nextAnswer() -> Answer? {
        if mayPanic {
            mayPanic = false
            return Answer(kind: .panic, targets: everyone)
        }
        while next == 0 || next < Int(asked.count) {
            if asked.count != 0 { criteria = route[asked, next].criteria }
            next &+= 1
            if let answer = answer() { return answer }
        }
        return nil
    }

    /// The answer to `criteria`.
    private mutating func answer() -> Answer? {
        var keys: Keys = nil
        // Each round has fewer keys than the one before.
        while true {
            if subsets.flags.contains(.allowsRedundantKeys), let wanted = firstContained(keys) { keys = wanted }
            if let found = find(keys) {
                let entry = cluster[subsets.subsets, found]
                return Answer(kind: .subset, targets: entry.targets, single: entry.single, subset: found)
            }
            guard let selector = selector(of: keys) else { break }
            switch selector.fallback {
            case .none: return nil
            case .anyEndpoint: return Answer(kind: .anyEndpoint, targets: everyone)
            case .defaultSubset: return Answer(kind: .defaultSubset, targets: subsets.defaultTargets)
            case .fewerKeys:
                keys = selector.fewerKeys
                continue
            case .undefined: break
            }
            break
        }
        switch subsets.fallback {
        case .anyEndpoint:
            mayPanic = subsets.flags.contains(.panicsToAnyEndpoint)
            return Answer(kind: .anyEndpoint, targets: everyone)
        case .defaultSubset:
            mayPanic = subsets.flags.contains(.panicsToAnyEndpoint)
            return Answer(kind: .defaultSubset, targets: subsets.defaultTargets)
        case .none, .undefined, .fewerKeys: return nil
        }
    }

    // MARK: Subsets

    /// The number of the subset for the criteria whose names are among `keys`.
    private func find(_ keys: Keys) -> Int? {
        guard subsets.places.count != 0 else { return nil }
        var hash: UInt64 = 0
        var count = 0
        for index in 0..<Int(criteria.count) where contains(keys, index) {
            hash &+= route[criteria, index].hash
            count &+= 1
        }
        guard count != 0 else { return nil }
        let mask = Int(subsets.places.count) &- 1
        var place = Int(truncatingIfNeeded: hash) & mask
        // At most half of the places are taken.
        while true {
            let number = cluster[subsets.places, place]
            if number == 0 { return nil }
            let entry = cluster[subsets.subsets, Int(number) &- 1]
            if entry.hash == hash, Int(entry.criteria.count) == count, isFor(entry, keys) { return Int(number) &- 1 }
            place = (place &+ 1) & mask
        }
    }

    /// Whether a subset with as many criteria is the one for those whose names are among `keys`.
    private func isFor(_ entry: SubsetEntry, _ keys: Keys) -> Bool {
        var place = 0
        for index in 0..<Int(criteria.count) where contains(keys, index) {
            let (wanted, has) = (route[criteria, index], cluster[entry.criteria, place])
            guard route.bytes(wanted.name).elementsEqual(cluster.bytes(has.name)),
                route.bytes(wanted.value).elementsEqual(cluster.bytes(has.value))
            else { return false }
            place &+= 1
        }
        return true
    }

    // MARK: Keys

    /// Whether the criterion at `index` is among `keys`.
    private func contains(_ keys: Keys, _ index: Int) -> Bool {
        guard let keys else { return true }
        return position(of: route.bytes(route[criteria, index].name), in: keys) != nil
    }

    private func position(of name: Bytes, in keys: BlockArray<BlockText>) -> Int? {
        for index in 0..<Int(keys.count) where cluster.bytes(cluster[keys, index]).elementsEqual(name) { return index }
        return nil
    }

    /// How many of the criteria among `keys` have their name among `others`, and how many there are.
    private func count(_ keys: Keys, in others: BlockArray<BlockText>) -> (shared: Int, all: Int) {
        var (shared, all) = (0, 0)
        for index in 0..<Int(criteria.count) where contains(keys, index) {
            all &+= 1
            if position(of: route.bytes(route[criteria, index].name), in: others) != nil { shared &+= 1 }
        }
        return (shared, all)
    }

    /// The selector whose keys are exactly those of the criteria.
    private func selector(of keys: Keys) -> SelectorEntry? {
        for index in 0..<Int(subsets.selectors.count) {
            let selector = cluster[subsets.selectors, index]
            let (shared, all) = count(keys, in: selector.keys)
            if all != 0, shared == all, all == Int(selector.keys.count) { return selector }
        }
        return nil
    }

    /// The keys of the first selector all of which the criteria have.
    private func firstContained(_ keys: Keys) -> Keys {
        for index in 0..<Int(subsets.selectors.count) {
            let wanted = cluster[subsets.selectors, index].keys
            if wanted.count != 0, count(keys, in: wanted).shared == Int(wanted.count) { return wanted }
        }
        return nil
    }
}

extension ExchangeState {
    /// What the exchange's route, or the weighted cluster that was chosen, asks of endpoints; in the virtual host's
    /// block.
    var criteria: BlockReference<CriteriaRecord>? {
        guard let host = virtualHost, disposition == .forward else { return nil }
        let header: VirtualHostHeader = host.load(0)
        let entry = host[header.routes, Int(route)]
        guard entry.actionKind == .forward else { return nil }
        let forward: ForwardRecord = host.load(Int(entry.action))
        if weightedEntry != 0, weightedEntry != ExchangeState.unroutable, forward.weighted.exists {
            let chosen = host[host[forward.weighted].entries, Int(weightedEntry) - 1]
            if chosen.details.exists {
                let reference = host[chosen.details].criteria
                if reference.exists { return reference }
            }
        }
        guard forward.extras.exists else { return nil }
        let reference = host[forward.extras].criteria
        return reference.exists ? reference : nil
    }
}
