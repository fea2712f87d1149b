// Fairlead: the layout of a cluster's circuit breakers
// SPDX-License-Identifier: Apache-2.0

/// The caps on concurrent work for requests of one priority.
public struct BreakerRecord: BitwiseCopyable, Sendable {
    /// Connections.
    public var connections: UInt32 = .max
    /// Connections to one endpoint, over both priorities.
    public var connectionsPerEndpoint: UInt32 = .max
    /// Requests that wait for a connection.
    public var pendingRequests: UInt32 = .max
    /// Groups of connections.
    public var connectionPools: UInt32 = .max
    /// Requests under way.
    public var requests: UInt32 = .max
    /// Retries under way; what a budget allows at least, where there is one.
    public var retries: UInt32 = .max
    /// Which share of the requests under way may be retries, in per cent; meaningless without a budget.
    public var budgetPercent: Double = 0
    /// Whether retries have a budget (1) or a fixed cap (0).
    public var hasBudget: UInt32 = 0
    /// Whether statistics tell what is left (1) or not (0).
    public var tracksRemaining: UInt32 = 0

    /// No caps.
    public init() {}

    /// How much of `work` there may be. Retries: the fixed cap, or the least that a budget allows.
    public func limit(_ work: CountedWork) -> UInt64 {
        switch work {
        case .connections: UInt64(connections)
        case .pendingRequests: UInt64(pendingRequests)
        case .connectionPools: UInt64(connectionPools)
        case .retries: UInt64(retries)
        }
    }

    /// How many retries there may be beside `requests` under way, in Envoy's arithmetic (`resource_manager_impl.h`).
    public func retries(besides requests: UInt64) -> UInt64 {
        let share = budgetPercent / 100 * Double(requests)
        return max(UInt64(share), UInt64(retries))
    }
}
