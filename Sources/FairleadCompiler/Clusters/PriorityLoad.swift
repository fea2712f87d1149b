// Fairlead: how load is shared among priorities
// SPDX-License-Identifier: Apache-2.0

/// How many hosts of one priority are how well: counts, or sums of weights where health is weighed.
public struct PriorityHealth: Hashable, Sendable {
    /// All hosts that count: those that drain are left out.
    public var eligible: UInt64 = 0
    /// The healthy ones.
    public var healthy: UInt64 = 0
    /// The degraded ones.
    public var degraded: UInt64 = 0
    /// All hosts by number, those that drain too.
    public var hostCount: UInt64 = 0
    /// The ones that count, by number, whatever their weights.
    public var eligibleCount: UInt64 = 0
    /// The healthy ones by number.
    public var healthyCount: UInt64 = 0
    /// The degraded ones by number.
    public var degradedCount: UInt64 = 0

    /// A priority without hosts.
    public init() {}
}

/// The share of one priority in 100, and whether it is in panic.
public struct PriorityLoad: Hashable, Sendable {
    /// The share that goes to healthy hosts.
    public var healthy: UInt32 = 0
    /// The share that goes to degraded hosts.
    public var degraded: UInt32 = 0
    /// Whether health is ignored for want of healthy hosts.
    public var isPanic = false

    /// Shares 100 among the priorities, in Envoy's integer arithmetic (`load_balancer_impl.cc`): each priority offers
    /// its healthy share times the overprovisioning factor; load goes down the list until 100 are given out.
    ///
    /// - Parameters:
    ///   - priorities: the health of each priority, 0 first; at least one.
    ///   - factor: the overprovisioning factor in per cent, above 0.
    ///   - threshold: the panic threshold in per cent, 0 … 100.
    public static func shares(
        _ priorities: [PriorityHealth], overprovisioningFactor factor: UInt32, panicThreshold threshold: Double
    ) -> [PriorityLoad] {
        var loads = [PriorityLoad](repeating: PriorityLoad(), count: priorities.count)
        let healthy = priorities.map { offered($0.healthy, of: $0.eligible, factor) }
        let degraded = priorities.map { offered($0.degraded, of: $0.eligible, factor) }
        let available = min(100, healthy.reduce(0, +) + degraded.reduce(0, +))

        if available != 100 {
            for index in loads.indices { loads[index].isPanic = isPanic(priorities[index], threshold) }
        }
        if !loads.isEmpty, loads.allSatisfy({ $0.isPanic }) { return totalPanic(priorities, loads) }
        guard available > 0 else {
            if !loads.isEmpty { loads[0].healthy = 100 }
            return loads
        }
        var left: UInt32 = 100
        for index in loads.indices {
            loads[index].healthy = min(left, healthy[index] * 100 / available)
            left -= loads[index].healthy
        }
        for index in loads.indices {
            loads[index].degraded = min(left, degraded[index] * 100 / available)
            left -= loads[index].degraded
        }
        // What the divisions dropped goes to the first priority that offers anything.
        if let first = healthy.firstIndex(where: { $0 > 0 }) {
            loads[first].healthy += left
        } else if let first = degraded.firstIndex(where: { $0 > 0 }) {
            loads[first].degraded += left
        }
        return loads
    }

    private static func offered(_ part: UInt64, of whole: UInt64, _ factor: UInt32) -> UInt32 {
        guard whole > 0 else { return 0 }
        let (product, overflow) = part.multipliedReportingOverflow(by: UInt64(factor))
        return overflow ? 100 : UInt32(min(100, product / whole))
    }

    /// Whether fewer of a priority's hosts are well than `threshold` per cent.
    static func isPanic(_ priority: PriorityHealth, _ threshold: Double) -> Bool {
        guard priority.eligibleCount > 0 else { return 0 < threshold }
        let count = Double(priority.eligibleCount)
        return 100 * Double(priority.healthyCount) / count + 100 * Double(priority.degradedCount) / count < threshold
    }

    /// Every priority is in panic: load follows the number of hosts.
    private static func totalPanic(_ priorities: [PriorityHealth], _ loads: [PriorityLoad]) -> [PriorityLoad] {
        var loads = loads
        let total = priorities.reduce(0) { $0 + $1.hostCount }
        guard total > 0 else {
            loads[0].healthy = 100
            return loads
        }
        var left: UInt32 = 100
        for index in loads.indices {
            loads[index].healthy = UInt32(100 * priorities[index].hostCount / total)
            left -= loads[index].healthy
        }
        if let first = priorities.firstIndex(where: { $0.hostCount > 0 }) { loads[first].healthy += left }
        return loads
    }
}
