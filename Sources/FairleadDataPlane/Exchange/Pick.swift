// Fairlead: from cluster to endpoint
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

/// What a pick came to.
public enum PickResult: UInt8, BitwiseCopyable, Sendable {
    /// The attempt has an endpoint.
    case endpoint = 0
    /// The cluster does not exist (any more).
    case clusterNotFound = 1
    /// No endpoint can be picked.
    case noEndpoint = 2
    /// The request was dropped to relieve the endpoints.
    case dropped = 3
    /// The exchange does not forward.
    case notForwarding = 4
    /// The cluster has as many requests under way as its circuit breaker allows.
    case overflow = 5
}

extension WorkerCell {
    /// Picks an endpoint for the next attempt of `exchange`, among the hosts of the worker's current snapshot.
    ///
    /// The attempt pins that snapshot until it is reported or detached. O(1) for most policies. Allocates nothing.
    public func pick(_ exchange: inout ExchangeState, _ attempt: inout AttemptState) -> PickResult {
        attempt = .idle
        guard exchange.disposition == .forward else { return .notForwarding }
        guard let block = snapshot.cluster(exchange.clusterID) else {
            giveRetryBack(&exchange)
            return .clusterNotFound
        }
        let cluster = ClusterView(block)
        var source = random
        defer { random = source }
        // A request is dropped as a whole or not at all: its retries are not put to the test again.
        if cluster.header.dropDenominator != 0, exchange.attempts == 0,
            source.next() % UInt64(cluster.header.dropDenominator) < UInt64(cluster.header.dropNumerator)
        {
            cluster.count(.dropped, worker: index)
            giveRetryBack(&exchange)
            return .dropped
        }
        // Without a hash of its own a request is hashed by chance, anew for each attempt.
        if exchange.attempts != 0, exchange.hasHash == 0 { exchange.hash = source.next() }
        var choice: Choice?
        if !exchange.overrides.isEmpty, cluster.header.overrides.exists,
            let ordinal = exchange.overrides.take(block[cluster.header.overrides], in: cluster)
        {
            choice = Choice(ordinal: ordinal, isPanic: 0)
        } else if exchange.attempts != 0 {
            choice = chooseAgain(cluster, &exchange, &source)
        } else if cluster.header.subsets.exists {
            choice = chooseInSubset(cluster, &exchange, attempt: 0, &source)
        } else {
            choice = choose(cluster, cluster.header.targets, &exchange, attempt: 0, &source)
        }
        guard let choice else {
            cluster.count(.noEndpoint, worker: index)
            counters.add(.noEndpoint)
            giveRetryBack(&exchange)
            return .noEndpoint
        }
        guard cluster.clusterSlot.requestPermits(Int(exchange.priority)).take(worker: index) else {
            cluster.count(.requestOverflow, worker: index)
            giveRetryBack(&exchange)
            return .overflow
        }
        open(&attempt, &exchange, cluster, choice)
        return .endpoint
    }

    private struct Choice {
        var ordinal: Int
        var isPanic: UInt8
    }

    /// Chooses for a retry: again and again while a host was tried already.
    @inline(never)
    private func chooseAgain(
        _ cluster: ClusterView, _ exchange: inout ExchangeState, _ source: inout RandomSource
    ) -> Choice? {
        var tries: UInt32 = 1
        var avoidsTried = false
        if let retry = exchange.retryPolicy, retry.avoidsPreviousHosts == 1 {
            avoidsTried = true
            tries = min(retry.hostSelectionAttempts, .max - 1) + 1
        }
        var last: Choice?
        for attempt in 0..<tries {
            let choice =
                cluster.header.subsets.exists
                ? chooseInSubset(cluster, &exchange, attempt: attempt, &source)
                : choose(cluster, cluster.header.targets, &exchange, attempt: attempt, &source)
            guard let choice else { return last }
            last = choice
            if !avoidsTried || !exchange.tried.contains(cluster.slot(choice.ordinal)) { break }
        }
        return last
    }

    /// Chooses among the endpoints that have what the route asks of them.
    @inline(never)
    private func chooseInSubset(
        _ cluster: ClusterView, _ exchange: inout ExchangeState, attempt: UInt32, _ source: inout RandomSource
    ) -> Choice? {
        var search = SubsetSearch(cluster, exchange)
        while let answer = search.nextAnswer() {
            if answer.single != 0 { return Choice(ordinal: Int(answer.single) &- 1, isPanic: 0) }
            if let choice = choose(cluster, answer.targets, &exchange, attempt: attempt, &source) { return choice }
        }
        return nil
    }

    /// Chooses priority, locality and host among `targets`. The exchange is passed in place: it is too large to be
    /// copied.
    @inline(__always)
    private func choose(
        _ cluster: ClusterView, _ targets: BlockArray<PickTarget>, _ exchange: inout ExchangeState, attempt: UInt32,
        _ source: inout RandomSource
    ) -> Choice? {
        guard targets.count != 0 else { return nil }
        var position = 0
        if targets.count != 1 {
            let chance = cluster.header.hashDecidesPriority == 1 ? exchange.hash : source.next()
            let point = UInt32(truncatingIfNeeded: chance % 100) &+ 1
            while point > cluster.block[targets, position].end, position &+ 1 < Int(targets.count) { position &+= 1 }
        }
        let target = cluster.block[targets, position]
        var listIndex = target.list
        if target.zones.exists {
            guard let zone = target.zone(in: cluster.block, &source) else { return nil }
            listIndex &+= zone
        } else if target.localityCount != 0 {
            let words = cluster.words(target.scheduleWord, UInt32(WeightedSchedule.workerWords), worker: index)
            let locality = WeightedSchedule(cluster.block.table(target.schedule)).next(words, 0, &source)
            listIndex &+= UInt32(truncatingIfNeeded: min(max(locality, 0), Int(target.localityCount) &- 1))
        }
        let list = cluster.block[cluster.header.lists, Int(listIndex)]
        guard list.count != 0 else { return nil }
        let words = cluster.words(listIndex &* cluster.header.wordsPerList, cluster.header.wordsPerList, worker: index)
        var context = PickContext(
            random: source, hash: exchange.hash, hasHash: exchange.hasHash == 1, attempt: attempt,
            loads: cluster.loads(list), words: words)
        let picked = cluster.pick(list, &context)
        source = context.random
        guard picked >= 0 else { return nil }
        guard picked < Int(list.count) else {
            counters.add(.policyFaults)
            return nil
        }
        return Choice(ordinal: context.loads.ordinal(picked), isPanic: target.isPanic)
    }

    @inline(__always)
    private func open(
        _ attempt: inout AttemptState, _ exchange: inout ExchangeState, _ cluster: ClusterView, _ choice: Choice
    ) {
        let slot = cluster.slot(choice.ordinal)
        slot.start()
        exchange.attempts &+= 1
        exchange.openAttempts &+= 1
        if exchange.retriesLeft != 0 || exchange.attempts > 1 { exchange.tried.insert(slot) }
        attempt.snapshot = pin()
        attempt.cluster = cluster.block
        attempt.clusterSlot = cluster.clusterSlot
        attempt.slot = slot
        attempt.ordinal = UInt32(truncatingIfNeeded: choice.ordinal)
        attempt.number = exchange.attempts
        attempt.isPanic = choice.isPanic
        attempt.priority = exchange.priority
        if exchange.holdsRetry == 1 {
            exchange.holdsRetry = 0
            // A cluster that went and came again has a new slot, which knows nothing of the permit.
            if cluster.clusterSlot.incarnation == exchange.retryIncarnation {
                attempt.holdsRetry = 1
            }
            cluster.count(.retries, worker: index)
        }
        if choice.isPanic == 1 { cluster.count(.panics, worker: index) }
        cluster.count(.requests, worker: index)
        counters.add(.picks)
    }
}
