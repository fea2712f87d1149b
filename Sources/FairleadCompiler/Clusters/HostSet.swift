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

        for group in groups where (0..<count).contains(group.priority) {
            // The last weight given for a locality counts, even from a group without endpoints.
            guard let weight = group.weight, let locality = numbers[group.locality] else { continue }
            weights[group.priority][locality] = weight
        }
        // The first of two endpoints with the same address counts, whatever their priorities.
        var seen: Set<Address> = []
        var byPriority = [[Host]](repeating: [], count: count)
        for group in groups where !group.endpoints.isEmpty && (0..<count).contains(group.priority) {
            let locality = numbers[group.locality] ?? 0
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

    /// The ordinals of a priority's hosts in a condition; of all hosts for `nil`.
    func ordinals(priority: Int, _ condition: HealthStatus.Condition?) -> [Int] {
        priorities[priority].filter { condition == nil || hosts[$0].endpoint.health.condition == condition }
    }

    /// One locality that takes part in a priority: its hosts in a condition, and by how much its weight counts.
    struct Share {
        var ordinals: [Int]
        var weight: Double
    }

    /// The localities of a priority that have weight and hosts in the condition, in their order; the weight of each
    /// counts less when too few of its hosts are in the condition. O(hosts + localities).
    func shares(priority: Int, _ condition: HealthStatus.Condition, factor: UInt32) -> [Share] {
        var members = [[Int]](repeating: [], count: localities.count)
        var eligible = [Int](repeating: 0, count: localities.count)
        for ordinal in priorities[priority] {
            let host = hosts[ordinal]
            guard host.endpoint.health != .draining else { continue }
            eligible[host.locality] += 1
            if host.endpoint.health.condition == condition { members[host.locality].append(ordinal) }
        }
        return localities.indices.compactMap { locality in
            let weight = weights[priority][locality]
            guard weight > 0, !members[locality].isEmpty else { return nil }
            let ratio = Double(members[locality].count) / Double(eligible[locality])
            return Share(
                ordinals: members[locality], weight: Double(weight) * min(1, Double(factor) / 100 * ratio))
        }
    }
}
