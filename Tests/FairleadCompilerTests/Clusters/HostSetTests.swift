// Fairlead: tests of a cluster's endpoints in canonical order
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadDataPlane
import FairleadModel
import Testing

@testable import FairleadCompiler

@Suite struct HostSetTests {
    static func endpoint(_ port: UInt16, weight: UInt32 = 1, _ health: HealthStatus = .unknown) -> Endpoint {
        Endpoint(.socket(host: "10.0.0.1", port: port), weight: weight, health: health)
    }

    static func group(
        _ zone: String, priority: Int = 0, weight: UInt32? = nil, _ endpoints: [Endpoint]
    ) -> LocalityEndpoints {
        LocalityEndpoints(locality: Locality(zone: zone), priority: priority, weight: weight, endpoints: endpoints)
    }

    static func set(_ groups: [LocalityEndpoints], own: Locality? = nil) -> HostSet {
        HostSet(EndpointAssignment(name: "a", localities: groups), own: own)
    }

    static func ports(_ set: HostSet, _ ordinals: some Sequence<Int>) -> [UInt16] {
        ordinals.map { ordinal in
            if case .socket(_, let port) = set.endpoint(ordinal).address { port } else { 0 }
        }
    }

    /// The shares of the localities in the first priority.
    static func shares(_ set: HostSet, _ condition: HealthStatus.Condition, factor: UInt32) -> [HostSet.Share] {
        set.shares(of: set.priorities[0], weights: set.weights(priority: 0), condition, factor: factor)
    }

    @Test func endpointsStandByPriorityAndThenInTheOrderOfTheAssignment() {
        let set = Self.set([
            Self.group("b", priority: 1, [Self.endpoint(1), Self.endpoint(2)]), Self.group("a", [Self.endpoint(3)]),
            Self.group("c", priority: 1, [Self.endpoint(4)]), Self.group("b", [Self.endpoint(5)]),
        ])
        #expect(Self.ports(set, set.entries.indices) == [3, 5, 1, 2, 4])
        #expect(set.priorities == [0..<2, 2..<5])
        #expect(set.entries.map { $0.priority } == [0, 0, 1, 1, 1])
    }

    @Test func ofTwoEndpointsWithTheSameAddressTheFirstCounts() {
        let set = Self.set([
            Self.group("a", priority: 1, [Self.endpoint(1, weight: 7), Self.endpoint(1, weight: 8)]),
            Self.group("a", [Self.endpoint(1, weight: 9), Self.endpoint(2)]),
        ])
        #expect(Self.ports(set, set.entries.indices) == [2, 1])
        #expect(set.endpoint(1).weight == 7)
        #expect(set.entries[1].priority == 1)
    }

    @Test func gapsBetweenPrioritiesAreEmptyPriorities() {
        let set = Self.set([Self.group("a", priority: 3, [Self.endpoint(1)]), Self.group("a", [Self.endpoint(2)])])
        #expect(set.priorities == [0..<1, 1..<1, 1..<1, 1..<2])
        #expect(set.health(of: set.priorities[1], weighted: false).hostCount == 0)
    }

    @Test func groupsWithoutEndpointsMakeNoPrioritiesAndNoLocalities() {
        let set = Self.set([
            Self.group("a", priority: 5, []), Self.group("b", [Self.endpoint(1)]), Self.group("c", []),
        ])
        #expect(set.priorities.count == 1)
        #expect(set.localities == [Locality(zone: "b")])
        let empty = Self.set([])
        #expect(empty.priorities == [0..<0])
        #expect(empty.localities.isEmpty && empty.entries.isEmpty)
    }

    @Test func prioritiesOutOfRangeDoNoHarm() {
        let set = Self.set([Self.group("a", priority: -1, [Self.endpoint(1)]), Self.group("a", [Self.endpoint(2)])])
        #expect(Self.ports(set, set.entries.indices) == [2])
    }

    @Test func localitiesStandInTheirOrderTheOwnOneFirst() {
        let groups = ["c", "a", "d", "b"].enumerated().map {
            Self.group($0.element, [Self.endpoint(UInt16($0.offset))])
        }
        #expect(Self.set(groups).localities.map { $0.zone } == ["a", "b", "c", "d"])
        #expect(Self.set(groups, own: Locality(zone: "c")).localities.map { $0.zone } == ["c", "a", "b", "d"])
        // The own one counts only if it has hosts.
        #expect(Self.set(groups, own: Locality(zone: "x")).localities.map { $0.zone } == ["a", "b", "c", "d"])
        #expect(
            Self.set(groups, own: Locality(region: "r", zone: "c")).localities.map { $0.zone } == ["a", "b", "c", "d"])
        let set = Self.set(groups, own: Locality(zone: "d"))
        #expect(set.entries.map { set.localities[Int($0.locality)].zone } == ["c", "a", "d", "b"])
    }

    @Test func healthIsCounted() {
        let set = Self.set([
            Self.group(
                "a",
                [
                    Self.endpoint(1, weight: 10), Self.endpoint(2, weight: 20, .healthy),
                    Self.endpoint(3, weight: 3, .degraded),
                    Self.endpoint(4, weight: 4, .unhealthy), Self.endpoint(5, weight: 5, .timeout),
                    Self.endpoint(6, weight: 6, .draining),
                ])
        ])
        let counts = set.health(of: set.priorities[0], weighted: false)
        #expect([counts.healthy, counts.degraded, counts.eligible, counts.hostCount] == [2, 1, 5, 6])
        #expect([counts.healthyCount, counts.degradedCount, counts.eligibleCount] == [2, 1, 5])
        let weights = set.health(of: set.priorities[0], weighted: true)
        #expect([weights.healthy, weights.degraded, weights.eligible, weights.hostCount] == [30, 3, 42, 6])
        #expect([weights.healthyCount, weights.degradedCount, weights.eligibleCount] == [2, 1, 5])
    }

    @Test func ordinalsAreChosenByCondition() {
        let set = Self.set([
            Self.group("a", [Self.endpoint(1, .unhealthy), Self.endpoint(2)]),
            Self.group("b", [Self.endpoint(3, .degraded), Self.endpoint(4, .draining), Self.endpoint(5, .healthy)]),
        ])
        #expect(set.ordinals(set.priorities[0], in: .healthy) == [1, 4])
        #expect(set.ordinals(set.priorities[0], in: .degraded) == [2])
        #expect(set.ordinals(set.priorities[0], in: .unhealthy) == [0, 3])
        #expect(set.ordinals(set.priorities[0], in: nil) == [0, 1, 2, 3, 4])
    }

    // MARK: Weights of localities

    @Test func effectiveWeightsCountAvailability() {
        let set = Self.set([
            Self.group("a", weight: 1, [Self.endpoint(1)]),
            Self.group("b", weight: 3, [Self.endpoint(2), Self.endpoint(3, .unhealthy)]),
            Self.group("c", weight: 2, [Self.endpoint(4), Self.endpoint(5, .draining)]),
            Self.group(
                "d", weight: 10, [Self.endpoint(6), Self.endpoint(7), Self.endpoint(8), Self.endpoint(9, .timeout)]),
            Self.group("e", weight: 7, [Self.endpoint(10, .degraded)]), Self.group("f", [Self.endpoint(11)]),
        ])
        let healthy = Self.shares(set, .healthy, factor: 140)
        #expect(healthy.map { $0.weight } == [1, 3 * (1.4 * 0.5), 2, 10])
        #expect(healthy.map { Self.ports(set, $0.ordinals) } == [[1], [2], [4], [6, 7, 8]])
        let degraded = Self.shares(set, .degraded, factor: 140)
        #expect(degraded.map { $0.weight } == [7])
        #expect(degraded.map { Self.ports(set, $0.ordinals) } == [[10]])
        #expect(Self.shares(set, .healthy, factor: 50).map { $0.weight } == [0.5, 0.75, 1, 3.75])
    }

    @Test func weightsBelongToPriorities() {
        let set = Self.set([
            Self.group("a", weight: 1, [Self.endpoint(1)]), Self.group("a", priority: 1, weight: 5, [Self.endpoint(2)]),
            Self.group("b", priority: 1, weight: 6, [Self.endpoint(3)]),
        ])
        #expect(set.weights(priority: 0)[0] == 1)
        #expect(set.weights(priority: 1)[0] == 5)
        #expect(set.weights(priority: 0)[1] == 0)
        #expect(set.weights(priority: 1)[1] == 6)
        #expect(Self.shares(set, .healthy, factor: 140).count == 1)
    }

    /// Seen on Envoy 1.40: groups of one locality are one locality, and the last weight that is given counts.
    @Test func theLastWeightGivenForALocalityCounts() {
        let set = Self.set([
            Self.group("a", weight: 9, [Self.endpoint(1)]), Self.group("a", [Self.endpoint(2)]),
            Self.group("b", weight: 1, [Self.endpoint(3)]), Self.group("b", weight: 4, [Self.endpoint(4)]),
            Self.group("c", weight: 5, []), Self.group("c", [Self.endpoint(5)]),
        ])
        let shares = Self.shares(set, .healthy, factor: 140)
        #expect(shares.map { $0.weight } == [9, 4, 5])
        #expect(shares.map { Self.ports(set, $0.ordinals) } == [[1, 2], [3, 4], [5]])
    }

    @Test func manyLocalitiesAreWeighedInOnePass() {
        let groups = (0..<5000).map { Self.group("\($0)", weight: 1, [Self.endpoint(UInt16($0))]) }
        let set = Self.set(groups)
        #expect(set.localities.count == 5000)
        #expect(Self.shares(set, .healthy, factor: 140).count == 5000)
    }
}
