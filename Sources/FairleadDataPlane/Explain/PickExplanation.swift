// Fairlead: why a pick comes to an endpoint
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

extension WorkerCell {
    /// Does what the first `pick` of `exchange` would do, step by step as `Pick.swift` does it, and tells of each step.
    /// The cursors of the policy are put back afterwards; nothing is counted, and no endpoint takes a request.
    func explainPick(_ exchange: ExchangeState, _ random: RandomSource) -> Explanation.EndpointSelection {
        guard let block = snapshot.cluster(exchange.clusterID) else {
            return Explanation.EndpointSelection(.clusterNotFound)
        }
        let cluster = ClusterView(block)
        var told = explainChoice(cluster, exchange, random)
        // A permit is asked for when there is an endpoint.
        if told.result == .endpoint, !cluster.clusterSlot.requestPermits(Int(exchange.priority)).isOneFree {
            told.result = .overflow
            told.endpoint = nil
        }
        return told
    }

    private func explainChoice(
        _ cluster: ClusterView, _ exchange: ExchangeState, _ random: RandomSource
    ) -> Explanation.EndpointSelection {
        let block = cluster.block
        let header = cluster.header
        var source = random
        var told = Explanation.EndpointSelection(.noEndpoint)
        told.policy = block.bytes(header.policy).string
        told.hash = exchange.hasHash == 1 ? exchange.hash : nil
        if !header.subsets.exists { told.targets = Self.targets(header.targets, in: block) }
        if header.dropDenominator != 0 {
            let drawn = UInt32(truncatingIfNeeded: source.next() % UInt64(header.dropDenominator))
            told.drop = Explanation.EndpointSelection.Drop(
                numerator: header.dropNumerator, denominator: header.dropDenominator, drawn: drawn)
            if drawn < header.dropNumerator {
                told.result = .dropped
                return told
            }
        }
        var overrides = exchange.overrides
        if !overrides.isEmpty, header.overrides.exists,
            let ordinal = overrides.take(block[header.overrides], in: cluster)
        {
            told.isNamedByRequest = true
            told.targets = []
            told.hostCount = 1
            told.take(ordinal, of: cluster)
            return told
        }
        guard header.subsets.exists else {
            explainTargets(cluster, header.targets, exchange, &source, &told)
            return told
        }
        var search = SubsetSearch(cluster, exchange)
        while told.result != .endpoint, let answer = search.nextAnswer() {
            told.subset = answer.name(in: cluster)
            if answer.single != 0 {
                told.hostCount = 1
                told.take(Int(answer.single) - 1, of: cluster)
            } else {
                told.targets = Self.targets(answer.targets, in: block)
                explainTargets(cluster, answer.targets, exchange, &source, &told)
            }
        }
        return told
    }

    /// Priority, locality and host.
    private func explainTargets(
        _ cluster: ClusterView, _ targets: BlockArray<PickTarget>, _ exchange: ExchangeState,
        _ source: inout RandomSource, _ told: inout Explanation.EndpointSelection
    ) {
        guard targets.count != 0 else { return }
        var position = 0
        if targets.count != 1 {
            told.hashDecidesPriority = cluster.header.hashDecidesPriority == 1
            let chance = told.hashDecidesPriority ? exchange.hash : source.next()
            let point = UInt32(truncatingIfNeeded: chance % 100) + 1
            told.point = Int(point)
            while point > cluster.block[targets, position].end, position + 1 < Int(targets.count) { position += 1 }
        }
        told.chosen = position
        explainHost(cluster, cluster.block[targets, position], exchange, &source, &told)
    }

    /// Locality and host.
    private func explainHost(
        _ cluster: ClusterView, _ target: PickTarget, _ exchange: ExchangeState, _ source: inout RandomSource,
        _ told: inout Explanation.EndpointSelection
    ) {
        var listIndex = target.list
        if target.zones.exists {
            guard let zone = target.zone(in: cluster.block, &source) else { return }
            told.zone =
                switch zone {
                case 0: .any
                case 1 where cluster.block[target.zones].hasOwn == 1: .own
                default: .other
                }
            listIndex += zone
        } else if target.localityCount != 0 {
            told.weighedLocalities = Int(target.localityCount)
            let words = cluster.words(target.scheduleWord, UInt32(WeightedSchedule.workerWords), worker: index)
            let before = SavedWords(words)
            let locality = WeightedSchedule(cluster.block.table(target.schedule)).next(words, 0, &source)
            before.restore()
            listIndex += UInt32(truncatingIfNeeded: min(max(locality, 0), Int(target.localityCount) - 1))
        }
        let list = cluster.block[cluster.header.lists, Int(listIndex)]
        told.hostCount = Int(list.count)
        guard list.count != 0 else { return }
        let words = cluster.words(listIndex &* cluster.header.wordsPerList, cluster.header.wordsPerList, worker: index)
        let before = SavedWords(words)
        var context = PickContext(
            random: source, hash: exchange.hash, hasHash: exchange.hasHash == 1, attempt: 0,
            loads: cluster.loads(list), words: words)
        let picked = cluster.pick(list, &context)
        before.restore()
        source = context.random
        guard picked >= 0, picked < Int(list.count) else { return }
        told.take(context.loads.ordinal(picked), of: cluster)
    }

    private static func targets(
        _ array: BlockArray<PickTarget>, in block: BlockView
    ) -> [Explanation.EndpointSelection.Target] {
        var targets: [Explanation.EndpointSelection.Target] = []
        var start: UInt32 = 0
        for index in 0..<Int(array.count) {
            let target = block[array, index]
            targets.append(
                Explanation.EndpointSelection.Target(
                    priority: Int(target.priority), share: Int(target.end) - Int(start),
                    isDegraded: target.isDegraded == 1, isPanic: target.isPanic == 1))
            start = target.end
        }
        return targets
    }
}

/// What a policy kept in its words before it was asked.
private struct SavedWords {
    let words: WorkerWords
    let values: [UInt64]

    init(_ words: WorkerWords) {
        self.words = words
        values = (0..<words.count).map { words[$0] }
    }

    func restore() { for index in values.indices { words[index] = values[index] } }
}

extension Explanation.EndpointSelection {
    /// Notes that the endpoint at `ordinal` was picked.
    fileprivate mutating func take(_ ordinal: Int, of cluster: ClusterView) {
        result = .endpoint
        endpoint = Endpoint(EndpointView(cluster.block, ordinal: ordinal), cluster.slot(ordinal))
    }
}

extension SubsetSearch.Answer {
    /// What the endpoints are called in explanations.
    fileprivate func name(in cluster: ClusterView) -> String {
        switch kind {
        case .anyEndpoint: return "any endpoint, as there is no subset"
        case .defaultSubset: return "the default subset, as there is no other"
        case .panic: return "any endpoint, as the fallback has none"
        case .subset: break
        }
        let entry = cluster.block[cluster.block[cluster.header.subsets].subsets, subset]
        var text = ""
        for index in 0..<Int(entry.criteria.count) {
            let criterion = cluster.block[entry.criteria, index]
            text += text.isEmpty ? "" : ", "
            text += cluster.block.bytes(criterion.name).string + "=" + cluster.block.bytes(criterion.value).string
        }
        return text
    }
}

extension Explanation.EndpointSelection.Endpoint {
    init(_ endpoint: EndpointView, _ slot: EndpointSlot) {
        address = endpoint.address.string
        hostname = endpoint.hostname.isMissing ? nil : endpoint.hostname.string
        let place = endpoint.locality
        locality =
            Locality(region: place.region.string, zone: place.zone.string, subZone: place.subZone.string).description
        weight = endpoint.weight
        health = endpoint.health
        activeRequests = slot.activeRequests
    }
}
