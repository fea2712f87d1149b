// Fairlead: a cluster's endpoints in canonical order
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadDataPlane
import FairleadModel

/// The endpoints of a cluster as the compiler sees them: each address once, by priority, then in the order of the
/// assignment; localities numbered.
struct HostSet {
    /// The endpoints by ordinal, as the block gets them; the offsets of their texts count from the start of `texts`.
    private(set) var entries: [EndpointEntry] = []
    /// The texts of all endpoints in their order: the address, and behind it the host name if there is one.
    private(set) var texts: [UInt8] = []
    /// The ordinals of each priority.
    private(set) var priorities: [Range<Int>] = []
    /// The localities by number, in Envoy's order: the engine's own first, then by region, zone and sub-zone.
    private(set) var localities: [Locality] = []
    /// The weight of each locality in each priority.
    private var weights: [[UInt32]] = []
    /// Where the endpoints came from, and the place of each there.
    private let groups: [LocalityEndpoints]
    private let states: [Address: EndpointState]
    private var places: [Place] = []

    private struct Place {
        var group: Int32
        var index: Int32
    }

    /// The endpoints of `assignment`; `own` is where the engine itself stands, `states` what was observed of whom.
    init(_ assignment: EndpointAssignment, own: Locality?, states: [Address: EndpointState] = [:]) {
        groups = assignment.localities
        self.states = states
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
        let total = groups.reduce(0) { $0 + $1.endpoints.count }
        var distinct = DistinctAddresses(capacity: total)
        entries.reserveCapacity(total)
        places.reserveCapacity(total)
        texts.reserveCapacity(total * 20)
        for group in groups.indices where (0..<count).contains(groups[group].priority) {
            let locality = numbers[groups[group].locality] ?? 0
            for index in groups[group].endpoints.indices { add(group, index, locality, &distinct) }
        }
        sortByPriority(count)
    }

    /// Adds an endpoint. The first of two with the same address counts, whatever their priorities.
    private mutating func add(_ group: Int, _ index: Int, _ locality: Int, _ distinct: inout DistinctAddresses) {
        let start = texts.count
        let (port, isPipe) = texts.append(address: groups[group].endpoints[index].address)
        let address = BlockText(
            offset: UInt32(truncatingIfNeeded: start), count: UInt32(truncatingIfNeeded: texts.count - start))
        guard distinct.insert(address, isPipe: isPipe, in: texts) else {
            texts.removeLast(texts.count - start)
            return
        }
        var hostname = BlockText.empty
        if !groups[group].endpoints[index].hostname.isEmpty {
            texts.append(contentsOf: groups[group].endpoints[index].hostname.utf8)
            let end = start + Int(address.count)
            hostname = BlockText(
                offset: UInt32(truncatingIfNeeded: end), count: UInt32(truncatingIfNeeded: texts.count - end))
        }
        entries.append(
            EndpointEntry(
                address: address, hostname: hostname, port: port, weight: groups[group].endpoints[index].weight,
                locality: UInt16(truncatingIfNeeded: locality),
                priority: UInt8(truncatingIfNeeded: groups[group].priority),
                health: health(of: groups[group].endpoints[index]).rawValue))
        places.append(Place(group: Int32(group), index: Int32(index)))
    }

    /// How well `endpoint` is: what is configured and what was observed.
    private func health(of endpoint: Endpoint) -> HealthStatus {
        guard !states.isEmpty, let state = states[endpoint.address] else { return endpoint.health }
        return endpoint.health.with(state)
    }

    /// Brings the endpoints, which are in the order of the assignment, into the order of their priorities.
    private mutating func sortByPriority(_ count: Int) {
        var sizes = [Int](repeating: 0, count: count)
        for entry in entries { sizes[Int(entry.priority)] += 1 }
        var end = 0
        for size in sizes {
            priorities.append(end..<(end + size))
            end += size
        }
        if zip(entries, entries.dropFirst()).allSatisfy({ $0.priority <= $1.priority }) { return }
        var next = priorities.map { $0.lowerBound }
        var order = [Int](repeating: 0, count: entries.count)
        for (index, entry) in entries.enumerated() {
            order[next[Int(entry.priority)]] = index
            next[Int(entry.priority)] += 1
        }
        let (former, formerTexts) = (entries, texts)
        places = order.map { places[$0] }
        entries.removeAll(keepingCapacity: true)
        texts.removeAll(keepingCapacity: true)
        for index in order {
            let moved = former[index].moved(from: Int(former[index].address.offset), to: texts.count)
            texts.append(contentsOf: formerTexts[former[index].textRange])
            entries.append(moved)
        }
    }

    /// The endpoint at `ordinal`, as it was configured.
    func endpoint(_ ordinal: Int) -> Endpoint {
        groups[Int(places[ordinal].group)].endpoints[Int(places[ordinal].index)]
    }

    /// How well the endpoint at `ordinal` is.
    func health(_ ordinal: Int) -> HealthStatus { HealthStatus(rawValue: entries[ordinal].health) ?? .unknown }

    private mutating func number(_ groups: [LocalityEndpoints], own: Locality?) {
        let distinct = Set(groups.lazy.filter { !$0.endpoints.isEmpty }.map { $0.locality })
        localities = distinct.sorted()
        if let own, let place = localities.firstIndex(of: own) {
            localities.remove(at: place)
            localities.insert(own, at: 0)
        }
    }

    /// The weights of all localities in a priority.
    func weights(priority: Int) -> [UInt32] { weights[priority] }

    /// The health of a priority that has the hosts at `ordinals`.
    func health(of ordinals: some Collection<Int>, weighted: Bool) -> PriorityHealth {
        var health = PriorityHealth()
        for ordinal in ordinals {
            health.hostCount += 1
            let status = self.health(ordinal)
            guard status != .draining else { continue }
            let share = weighted ? UInt64(entries[ordinal].weight) : 1
            health.eligible += share
            health.eligibleCount += 1
            switch status.condition {
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

    /// Those of `ordinals` whose hosts are in a condition; all of them for `nil`.
    func ordinals(_ ordinals: some Collection<Int>, in condition: HealthStatus.Condition?) -> [Int] {
        ordinals.filter { condition == nil || health($0).condition == condition }
    }

    /// One locality that takes part in a priority: its hosts in a condition, and by how much its weight counts.
    struct Share {
        var ordinals: [Int]
        var weight: Double
    }

    /// The localities with a weight and, of the hosts at `ordinals`, some in the condition, in their order; the weight of
    /// each counts less when too few of its hosts are in the condition. O(hosts + localities).
    func shares(
        of ordinals: some Collection<Int>, weights: [UInt32], _ condition: HealthStatus.Condition, factor: UInt32
    ) -> [Share] {
        var members = [[Int]](repeating: [], count: localities.count)
        var eligible = [Int](repeating: 0, count: localities.count)
        for ordinal in ordinals {
            let locality = Int(entries[ordinal].locality)
            guard health(ordinal) != .draining else { continue }
            eligible[locality] += 1
            if health(ordinal).condition == condition { members[locality].append(ordinal) }
        }
        return localities.indices.compactMap { locality in
            let weight = weights[locality]
            guard weight > 0, !members[locality].isEmpty else { return nil }
            let ratio = Double(members[locality].count) / Double(eligible[locality])
            return Share(
                ordinals: members[locality], weight: Double(weight) * min(1, Double(factor) / 100 * ratio))
        }
    }
}
