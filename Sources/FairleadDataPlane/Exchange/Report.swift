// Fairlead: the third verb: what became of an attempt
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// What to do after an attempt was reported.
public struct Verdict: BitwiseCopyable, Sendable {
    /// Whether another attempt should be made.
    public let retries: Bool
    /// How long to wait before it, in milliseconds.
    public let delayMilliseconds: UInt64

    /// The exchange is done.
    static let done = Verdict(retries: false, delayMilliseconds: 0)
}

extension WorkerCell {
    /// Reports what became of `attempt` and asks whether, and after how long, to try again. The attempt is closed.
    ///
    /// A verdict to retry holds one of the cluster's retry permits until the retry is reported or the exchange ends.
    /// Whether a retry is possible at all (no response bytes sent yet, body still at hand) only the host knows: it
    /// passes `mayRetry`. O(1), allocates nothing.
    public func report(
        _ attempt: inout AttemptState, _ outcome: Outcome, _ exchange: inout ExchangeState, mayRetry: Bool,
        _ facts: RetryFacts = RetryFacts()
    ) -> Verdict {
        guard attempt.isOpen else { return .done }
        let failed = outcome.isFailure
        if let block = attempt.cluster {
            let cluster = ClusterView(block)
            if failed { cluster.count(.failures, worker: index) }
            if outcome.kind == .cancelled { cluster.count(.cancelled, worker: index) }
        }
        // The permit that this attempt holds goes back before another is asked for. The attempt's snapshot is given up
        // last: the block of its cluster may be gone with it.
        releaseRetry(&attempt)
        var verdict = Verdict.done
        if mayRetry, exchange.retriesLeft != 0, exchange.openAttempts <= 1, exchange.holdsRetry == 0 {
            verdict = retry(outcome, facts, &exchange, attempt.cluster)
        }
        close(&attempt, failed: failed, &exchange)
        return verdict
    }

    /// There are retries left. The order is Envoy's: condition, permit, back-off.
    private func retry(
        _ outcome: Outcome, _ facts: RetryFacts, _ exchange: inout ExchangeState, _ block: BlockView?
    ) -> Verdict {
        // Most responses are good ones: no policy has to be read for them.
        if RetryRules.isGood(outcome), exchange.retryConditions.isDisjoint(with: RetryRules.lookAtGood) { return .done }
        guard let rules = exchange.retryRules, rules.apply(to: outcome, facts) else { return .done }
        exchange.retriesLeft &-= 1
        guard let cluster = (block ?? snapshot.cluster(exchange.clusterID)).map({ ClusterView($0) }) else {
            return .done
        }
        let priority = Int(exchange.priority)
        guard cluster.clusterSlot.take(.retries, priority: priority, limit: cluster.retryLimit(priority)) else {
            cluster.count(.retryOverflow, worker: index)
            counters.add(.retryOverflow)
            return .done
        }
        exchange.holdsRetry = 1
        exchange.retryIncarnation = cluster.clusterSlot.incarnation
        counters.add(.retries)
        return Verdict(retries: true, delayMilliseconds: backOff(rules, outcome, facts, &exchange))
    }

    /// How long to wait, in milliseconds: as long as the response asks and up to half as long again, or a random time
    /// within the window. That doubles while it stays below half the maximum, then it is the maximum.
    private func backOff(
        _ rules: RetryRules, _ outcome: Outcome, _ facts: RetryFacts, _ exchange: inout ExchangeState
    ) -> UInt64 {
        var source = random
        defer { random = source }
        if outcome.kind == .response, let interval = rules.resetInterval(facts) {
            return interval + source.next() % max(interval / 2, 1)
        }
        let delay = source.next() % max(exchange.backOff, 1)
        let maximum = rules.policy.backOffMaximum
        exchange.backOff = exchange.backOff < maximum / 2 ? exchange.backOff * 2 : maximum
        return delay
    }

    /// Gives up the snapshot of `attempt` and keeps only its endpoint's slot: for long streams, so that they do not
    /// hold old snapshots.
    public func detach(_ attempt: inout AttemptState) {
        guard let pinned = attempt.snapshot, let slot = attempt.slot else { return }
        // Held before the pin ends: from here on the slot itself says that somebody uses it.
        slot.hold()
        attempt.clusterSlot?.hold()
        releaseRetry(&attempt)
        attempt.snapshot = nil
        attempt.cluster = nil
        unpin(pinned)
    }

    /// Ends the exchange and gives up everything that it holds. Attempts that are still open are reported as cancelled
    /// by whoever keeps them, before.
    public func end(_ exchange: inout ExchangeState) {
        guard let pinned = exchange.snapshot else { return }
        giveRetryBack(&exchange)
        unpin(pinned)
        openExchanges &-= 1
        exchange.reset()
    }

    private func close(_ attempt: inout AttemptState, failed: Bool, _ exchange: inout ExchangeState) {
        if let slot = attempt.slot {
            slot.finish(failed: failed)
            if attempt.snapshot == nil { slot.release() }
        }
        if let cluster = attempt.clusterSlot {
            cluster.requestPermits(Int(attempt.priority)).giveBack(worker: index)
            if attempt.snapshot == nil { cluster.release() }
        }
        if let pinned = attempt.snapshot { unpin(pinned) }
        exchange.openAttempts &-= exchange.openAttempts == 0 ? 0 : 1
        attempt = .idle
    }

    private func releaseRetry(_ attempt: inout AttemptState) {
        guard attempt.holdsRetry == 1 else { return }
        attempt.clusterSlot?.giveBack(.retries, priority: Int(attempt.priority))
        attempt.holdsRetry = 0
    }

    /// Gives back the permit of a retry that does not take place.
    func giveRetryBack(_ exchange: inout ExchangeState) {
        guard exchange.holdsRetry == 1 else { return }
        exchange.holdsRetry = 0
        guard let block = snapshot.cluster(exchange.clusterID) else { return }
        let slot = ClusterView(block).clusterSlot
        // A cluster that went and came again has a new slot, which knows nothing of the permit.
        if slot.incarnation == exchange.retryIncarnation { slot.giveBack(.retries, priority: Int(exchange.priority)) }
    }
}

extension ExchangeState {
    /// The retry policy of the route, or of its virtual host.
    var retryPolicy: RetryRecord? {
        guard let host = virtualHost, disposition == .forward else { return nil }
        let header: VirtualHostHeader = host.load(0)
        let entry = host[header.routes, Int(route)]
        let forward: ForwardRecord = host.load(Int(entry.action))
        let retry = forward.retry.exists ? forward.retry : header.retry
        return retry.exists ? host[retry] : nil
    }
}
