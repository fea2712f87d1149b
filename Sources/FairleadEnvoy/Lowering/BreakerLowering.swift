// Fairlead: circuit breakers, lowered and raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// Circuit breakers. The first thresholds of a priority count, as in Envoy. `path` is where they will stand among the
    /// configuration values: normal priority first, then high.
    mutating func circuitBreakers(_ proto: CircuitBreakersProto, path: String) -> CircuitBreakers {
        account(for: proto, .circuitBreakers)
        var breakers = CircuitBreakers()
        eachPriority("thresholds", proto.thresholds) { lowering, thresholds in
            lowering.account(for: thresholds, .thresholds)
            let index = thresholds.priority == .high ? 1 : 0
            lowering.origins.add(path + ".thresholds[\(index)]", from: lowering.trail.path)
            lowering.apply(thresholds, to: &breakers[thresholds.priority])
        }
        eachPriority("per_host_thresholds", proto.perHostThresholds) { lowering, thresholds in
            lowering.account(for: thresholds, .thresholds)
            if thresholds.hasMaxPendingRequests || thresholds.hasMaxRequests || thresholds.hasMaxRetries
                || thresholds.hasMaxConnectionPools || thresholds.hasRetryBudget
            {
                lowering.trail.error(.invalidValue, "Unsupported field in per_host_thresholds")
            }
            guard thresholds.hasMaxConnections else { return }
            breakers[thresholds.priority].connectionsPerEndpoint = thresholds.maxConnections.value
        }
        return breakers
    }

    private mutating func eachPriority(
        _ field: String, _ list: [CircuitBreakersProto.Thresholds],
        _ body: (inout Lowering, CircuitBreakersProto.Thresholds) -> Void
    ) {
        var seen: Set<Int> = []
        for (index, thresholds) in list.enumerated() {
            trail.enter(field, index: index)
            defer { trail.leave() }
            guard known(thresholds.priority, at: "priority") else { continue }
            guard seen.insert(thresholds.priority.rawValue).inserted else {
                trail.warning(.duplicate, at: "priority", "the first thresholds of a priority count")
                continue
            }
            body(&self, thresholds)
        }
    }

    private mutating func apply(_ proto: CircuitBreakersProto.Thresholds, to caps: inout CircuitBreakers.Thresholds) {
        if proto.hasMaxConnections { caps.connections = proto.maxConnections.value }
        if proto.hasMaxPendingRequests { caps.pendingRequests = proto.maxPendingRequests.value }
        if proto.hasMaxRequests { caps.requests = proto.maxRequests.value }
        if proto.hasMaxRetries { caps.retries = proto.maxRetries.value }
        // The largest number is none at all.
        let pools = proto.maxConnectionPools.value
        if proto.hasMaxConnectionPools, pools != .max { caps.connectionPools = pools }
        caps.tracksRemaining = proto.trackRemaining
        if proto.hasRetryBudget { caps.retryBudget = within("retry_budget") { $0.retryBudget(proto.retryBudget) } }
    }

    private mutating func retryBudget(
        _ proto: CircuitBreakersProto.Thresholds.RetryBudget
    ) -> CircuitBreakers.RetryBudget {
        account(for: proto, .retryBudget)
        var budget = CircuitBreakers.RetryBudget()
        if proto.hasBudgetPercent { budget.percent = proto.budgetPercent.value }
        if proto.hasMinRetryConcurrency { budget.minimumConcurrency = proto.minRetryConcurrency.value }
        return budget
    }
}

extension CircuitBreakers {
    /// The caps of a priority.
    fileprivate subscript(priority: Envoy_Config_Core_V3_RoutingPriority) -> Thresholds {
        get { priority == .high ? high : normal }
        set { if priority == .high { high = newValue } else { normal = newValue } }
    }
}

extension CircuitBreakersProto {
    /// The message that lowers to `breakers`.
    init(_ breakers: CircuitBreakers) {
        self.init()
        let both: [(Envoy_Config_Core_V3_RoutingPriority, CircuitBreakers.Thresholds)] = [
            (.default, breakers.normal), (.high, breakers.high),
        ]
        for (priority, caps) in both {
            var alone = caps
            alone.connectionsPerEndpoint = nil
            if alone != CircuitBreakers.Thresholds() { thresholds.append(Thresholds(alone, priority: priority)) }
            guard let connections = caps.connectionsPerEndpoint else { continue }
            var perHost = Thresholds()
            perHost.priority = priority
            perHost.maxConnections = Google_Protobuf_UInt32Value(connections)
            perHostThresholds.append(perHost)
        }
    }
}

extension CircuitBreakersProto.Thresholds {
    /// The message that lowers to `caps` for requests of `priority`.
    init(_ caps: CircuitBreakers.Thresholds, priority: Envoy_Config_Core_V3_RoutingPriority) {
        self.init()
        self.priority = priority
        maxConnections = Google_Protobuf_UInt32Value(caps.connections)
        maxPendingRequests = Google_Protobuf_UInt32Value(caps.pendingRequests)
        maxRequests = Google_Protobuf_UInt32Value(caps.requests)
        maxRetries = Google_Protobuf_UInt32Value(caps.retries)
        if let pools = caps.connectionPools { maxConnectionPools = Google_Protobuf_UInt32Value(pools) }
        trackRemaining = caps.tracksRemaining
        if let budget = caps.retryBudget {
            retryBudget.budgetPercent.value = budget.percent
            retryBudget.minRetryConcurrency = Google_Protobuf_UInt32Value(budget.minimumConcurrency)
        }
    }
}

extension FieldUse {
    static let circuitBreakers = FieldUse(CircuitBreakersProto.self, read: "thresholds per_host_thresholds")
    static let thresholds = FieldUse(
        CircuitBreakersProto.Thresholds.self,
        read: """
            priority max_connections max_pending_requests max_requests max_retries track_remaining \
            max_connection_pools retry_budget
            """)
    static let retryBudget = FieldUse(
        CircuitBreakersProto.Thresholds.RetryBudget.self, read: "budget_percent min_retry_concurrency")
}
