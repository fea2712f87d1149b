// Fairlead: compiling circuit breakers
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadDataPlane

extension BreakerRecord {
    /// The record of the caps of one priority.
    init(_ caps: CircuitBreakers.Thresholds) {
        self.init()
        connections = caps.connections
        connectionsPerEndpoint = caps.connectionsPerEndpoint ?? .max
        pendingRequests = caps.pendingRequests
        connectionPools = caps.connectionPools ?? .max
        requests = caps.requests
        retries = caps.retryBudget?.minimumConcurrency ?? caps.retries
        // A runtime value may be any number: what is none or below 0 allows only the least.
        budgetPercent = max(0, min(caps.retryBudget?.percent ?? 0, 1_000_000))
        hasBudget = caps.retryBudget == nil ? 0 : 1
        tracksRemaining = caps.tracksRemaining ? 1 : 0
    }
}
