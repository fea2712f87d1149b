// Fairlead: a cluster's endpoints in canonical order
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel

/// The endpoints of a cluster as the compiler sees them: each address once, by priority, then in the order of the
/// assignment; localities numbered.
struct HostSet {
    /// One endpoint.
    struct Host {
        var endpoint: Endpoint
        var priority: Int
        var locality: Int
    }

    /// One locality within one priority.
    struct Place {
        var locality: Locality
        var priority: Int
        var weight: UInt32
    }

    /// The endpoints by ordinal.
    private(set) var hosts: [Host] = []
    /// The ordinals of each priority.
    private(set) var priorities: [Range<Int>] = []
    /// The localities by number, in Envoy's order: the engine's own first, then by region, zone and sub-zone.
    private(set) var localities: [Locality] = []
    /// The weight of each locality in each priority.
    private var weights: [[UInt32]] = []

    /// The endpoints of `assignment`; `own` is where the engine itself stands.
    init(_ assignment: EndpointAssignment, own: Locality?) {
        let groups = assignment.localities
        let count = (groups.lazy.filter { !$0.endpoints.isEmpty }.map { $0.priority }.max() ?? 0) + 1
        number(groups, own: own)
        weights = [[UInt32]](repeating: [UInt32](repeating: 0, count: localities.count), count: count)
        var numbers: [Locality: Int] = [:]
        for (number, locality) in localities.enumerated() { numbers[locality] = number }

        // The first of two endpoints with the same address counts, whatever their priorities.
        var seen: Set<Address> = []
        var byPriority = [[Host]](repeating: [], count: count)
        for group in groups where !group.endpoints.isEmpty && (0..<count).contains(group.priority) {
            let locality = numbers[group.locality] ?? 0
            weights[group.priority][locality] = group.weight ?? 0
            for endpoint in group.endpoints where seen.insert(endpoint.address).inserted {
                byPriority[group.priority].append(
                    Host(endpoint: endpoint, priority: group.priority, locality: locality))
            }
        }
        for members in byPriority {
            priorities.append(hosts.count..<(hosts.count + members.count))
            hosts += members
        }
    }

    private mutating func number(_ groups: [LocalityEndpoints], own: Locality?) {
        let distinct = Set(groups.lazy.filter { !$0.endpoints.isEmpty }.map { $0.locality })
        localities = distinct.sorted()
        if let own, let place = localities.firstIndex(of: own) {
            localities.remove(at: place)
            localities.insert(own, at: 0)
        }
    }

    /// The weight of a locality in a priority; 0 when it has none.
    func weight(ofLocality locality: Int, priority: Int) -> UInt32 { weights[priority][locality] }

    /// The health of a priority.
    func health(of priority: Int, weighted: Bool) -> PriorityHealth {
        var health = PriorityHealth()
        for host in hosts[priorities[priority]] {
            health.hostCount += 1
            guard host.endpoint.health != .draining else { continue }
            let share = weighted ? UInt64(host.endpoint.weight) : 1
            health.eligible += share
            health.eligibleCount += 1
            switch host.endpoint.health.condition {
            case .healthy:
                health.healthy += share
                health.healthyCount += 1
            case .degraded:
                health.degraded += share
                health.degradedCount += 1
            case .unhealthy: break
            }
        }
        return health
    }

    /// The ordinals of a priority's hosts in a condition, of one locality or of all.
    func ordinals(priority: Int, _ condition: HealthStatus.Condition?, locality: Int? = nil) -> [Int] {
        priorities[priority].filter { ordinal in
            let host = hosts[ordinal]
            return (condition == nil || host.endpoint.health.condition == condition)
                && (locality == nil || host.locality == locality)
        }
    }

    /// By how much a locality's weight counts in a priority: less when too few of its hosts are in the condition.
    func effectiveWeight(
        ofLocality locality: Int, priority: Int, _ condition: HealthStatus.Condition, factor: UInt32
    ) -> Double {
        var eligible = 0
        var wanted = 0
        for ordinal in priorities[priority] where hosts[ordinal].locality == locality {
            guard hosts[ordinal].endpoint.health != .draining else { continue }
            eligible += 1
            if hosts[ordinal].endpoint.health.condition == condition { wanted += 1 }
        }
        guard eligible > 0, wanted > 0 else { return 0 }
        let ratio = Double(wanted) / Double(eligible)
        return Double(weight(ofLocality: locality, priority: priority)) * min(1, Double(factor) / 100 * ratio)
    }
}
