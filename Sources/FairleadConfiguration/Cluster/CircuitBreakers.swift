// Fairlead: caps on concurrent work
// SPDX-License-Identifier: Apache-2.0

/// Caps on concurrent work, for each priority of requests.
public struct CircuitBreakers: Hashable, Sendable {
    /// The caps of one priority.
    public struct Thresholds: Hashable, Sendable {
        /// Connections.
        public var connections: UInt32 = 1024
        /// Connections to one endpoint; `nil` for any number.
        public var connectionsPerEndpoint: UInt32?
        /// Requests that wait for a connection.
        public var pendingRequests: UInt32 = 1024
        /// Groups of connections that belong together; `nil` for any number.
        public var connectionPools: UInt32?
        /// Requests under way.
        public var requests: UInt32 = 1024
        /// Retries under way; has no effect where there is a budget.
        public var retries: UInt32 = 3
        /// A cap on retries that moves with the requests, in place of `retries`.
        public var retryBudget: RetryBudget?
        /// Whether statistics tell what is left.
        public var tracksRemaining = false

        /// Envoy's defaults.
        public init() {}
    }

    /// A cap on retries that moves with the requests under way.
    public struct RetryBudget: Hashable, Sendable {
        /// Which share of the requests under way may be retries, in per cent, 0 … 100.
        public var percent: Double
        /// How many retries there may be in any case.
        public var minimumConcurrency: UInt32

        /// A budget; Envoy's values if nothing is said.
        public init(percent: Double = 20, minimumConcurrency: UInt32 = 3) {
            self.percent = percent
            self.minimumConcurrency = minimumConcurrency
        }
    }

    /// For requests of normal priority.
    public var normal = Thresholds()
    /// For requests of high priority.
    public var high = Thresholds()

    /// Envoy's defaults for both.
    public init() {}
}

extension Cluster {
    /// The caps for requests of normal and of high priority, with the runtime values that stand in for them
    /// (`circuit_breakers.<cluster>.<default|high>.<setting>`).
    public func thresholds(with runtime: RuntimeValues) -> [CircuitBreakers.Thresholds] {
        [("default", circuitBreakers.normal), ("high", circuitBreakers.high)].map { priority, configured in
            let prefix = "circuit_breakers.\(name).\(priority)."
            func value(_ setting: String, _ fallback: UInt32) -> UInt32 {
                UInt32(clamping: runtime.whole(prefix + setting, fallback: UInt64(fallback)))
            }
            var caps = configured
            caps.connections = value("max_connections", caps.connections)
            caps.pendingRequests = value("max_pending_requests", caps.pendingRequests)
            caps.requests = value("max_requests", caps.requests)
            caps.retries = value("max_retries", caps.retries)
            let pools = value("max_connection_pools", caps.connectionPools ?? .max)
            caps.connectionPools = pools == .max ? nil : pools
            if var budget = caps.retryBudget {
                budget.percent = runtime.number(prefix + "retry_budget.budget_percent", fallback: budget.percent)
                budget.minimumConcurrency = value(
                    "retry_budget.min_retry_concurrency", budget.minimumConcurrency)
                caps.retryBudget = budget
            }
            return caps
        }
    }

    /// What the names of the runtime values begin with that stand in for its caps.
    public var breakerKeyPrefix: String { "circuit_breakers.\(name)." }
}
