// Fairlead: what circuit breakers tell
// SPDX-License-Identifier: Apache-2.0

import FairleadDataPlane

/// What the circuit breakers of a cluster tell of requests of one priority.
public struct BreakerStatistics: Hashable, Sendable {
    /// One cap, and what there is of it.
    public struct Gauge: Hashable, Sendable {
        /// How much is under way.
        public var active: UInt64
        /// How much there may be; a budget's cap moves.
        public var limit: UInt64
        /// `active` of `limit`.
        public init(active: UInt64, limit: UInt64) {
            self.active = active
            self.limit = limit
        }

        /// Whether the cap is reached.
        public var isOpen: Bool { active >= limit }
        /// How much more there may be.
        public var remaining: UInt64 { limit - min(active, limit) }
    }

    /// Requests.
    public var requests: Gauge
    /// Connections that hosts hold permits for.
    public var connections: Gauge
    /// Requests that hosts let wait for a connection.
    public var pendingRequests: Gauge
    /// Groups of connections that hosts hold permits for.
    public var connectionPools: Gauge
    /// Retries.
    public var retries: Gauge
    /// Whether the configuration wants it told what is left.
    public var tracksRemaining: Bool

    init(_ cluster: ClusterView, priority: Int) {
        let slot = cluster.clusterSlot
        let breaker = cluster.breaker(priority)
        func gauge(_ work: CountedWork) -> Gauge {
            Gauge(active: slot.active(work, priority: priority), limit: breaker.limit(work))
        }
        let active = slot.requestPermits(priority).active
        requests = Gauge(active: active, limit: UInt64(breaker.requests))
        connections = gauge(.connections)
        pendingRequests = gauge(.pendingRequests)
        connectionPools = gauge(.connectionPools)
        retries = gauge(.retries)
        if breaker.hasBudget == 1 { retries.limit = breaker.retries(besides: active) }
        tracksRemaining = breaker.tracksRemaining == 1
    }
}
