// Fairlead: tests of how load is shared among priorities
// SPDX-License-Identifier: Apache-2.0

import FairleadCompiler
import Testing

@Suite struct PriorityLoadTests {
    /// A priority of hosts that are healthy, degraded, unhealthy and draining, all of the same weight.
    static func priority(
        _ healthy: UInt64, _ degraded: UInt64 = 0, _ unhealthy: UInt64 = 0, draining: UInt64 = 0
    ) -> PriorityHealth {
        var health = PriorityHealth()
        health.healthy = healthy
        health.degraded = degraded
        health.eligible = healthy + degraded + unhealthy
        health.healthyCount = healthy
        health.degradedCount = degraded
        health.eligibleCount = health.eligible
        health.hostCount = health.eligible + draining
        return health
    }

    /// What one case comes to: the healthy shares, the degraded ones, and who is in panic.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var priorities: [PriorityHealth]
        var healthy: [UInt32]
        var degraded: [UInt32]
        var panics: [Bool]
        var factor: UInt32
        var threshold: Double
        var testDescription: String { name }

        init(
            _ name: String, _ priorities: [PriorityHealth], _ healthy: [UInt32], degraded: [UInt32]? = nil,
            panics: [Bool]? = nil, factor: UInt32 = 140, threshold: Double = 50
        ) {
            self.name = name
            self.priorities = priorities
            self.healthy = healthy
            self.degraded = degraded ?? priorities.map { _ in 0 }
            self.panics = panics ?? priorities.map { _ in false }
            self.factor = factor
            self.threshold = threshold
        }
    }

    static let cases: [Case] = [
        Case("all healthy", [priority(3)], [100]),
        Case("two of five, then all", [priority(2, 0, 3), priority(4)], [56, 44]),
        Case("one of five twice", [priority(1, 0, 4), priority(1, 0, 4)], [50, 50], threshold: 0),
        Case("draining ones do not count", [priority(1, draining: 1), priority(1)], [100, 0]),
        Case("ones that timed out do", [priority(1, 0, 1), priority(1)], [70, 30]),
        Case(
            "degraded ones after all healthy ones", [priority(1, 2, 4), priority(1, 0, 1)], [20, 70], degraded: [10, 0]),
        Case("a quarter at a factor of 200", [priority(1, 0, 3), priority(3)], [50, 50], factor: 200),
        Case("enough for all", [priority(5, 0, 2), priority(1)], [100, 0]),
        Case("just not enough", [priority(7, 0, 3), priority(1)], [98, 2]),
        Case("spilling over three", [priority(1, 0, 3), priority(1, 0, 3), priority(9)], [35, 35, 30]),
        Case("scaled up when all is too little", [priority(1, 0, 3), priority(1, 0, 6)], [64, 36], threshold: 0),
        Case(
            "what divisions drop goes to the first", [priority(1, 0, 9), priority(1, 0, 9), priority(1, 0, 9)],
            [34, 33, 33], threshold: 0),
        Case("empty priorities have no load", [priority(0), priority(2), priority(0)], [0, 100, 0]),
        Case("only degraded ones", [priority(0, 3)], [0], degraded: [100]),
        Case("degraded before the next priority's healthy", [priority(1, 1), priority(2)], [70, 30]),
        Case(
            "what divisions drop goes to degraded ones", [priority(0, 1, 9), priority(0, 1, 9), priority(0, 1, 9)],
            [0, 0, 0], degraded: [34, 33, 33], threshold: 0),
        Case("the largest factor", [priority(1, 0, 999), priority(1)], [100, 0], factor: .max),
        Case("a factor of one", [priority(9), priority(1)], [50, 50], factor: 1),
    ]

    static let panicCases: [Case] = [
        // Total panic: by the number of hosts.
        Case("nobody is well", [priority(0, 0, 4), priority(0, 0, 6)], [40, 60], panics: [true, true]),
        Case("too few everywhere", [priority(1, 0, 9), priority(1, 0, 9)], [50, 50], panics: [true, true]),
        Case(
            "thirds", [priority(0, 0, 1), priority(0, 0, 1), priority(0, 0, 1)], [34, 33, 33],
            panics: [true, true, true]),
        Case(
            "the rest to the first with hosts", [priority(0), priority(0, 0, 1), priority(0, 0, 2)], [0, 34, 66],
            panics: [true, true, true]),
        Case(
            "draining ones count in panic", [priority(0, draining: 3), priority(0, 0, 1)], [75, 25],
            panics: [true, true]),
        Case("no hosts at all", [priority(0), priority(0)], [100, 0], panics: [true, true]),
        Case("one priority without hosts", [priority(0)], [100], panics: [true]),
        // Some are in panic.
        Case(
            "one in panic beside one that is not", [priority(1, 0, 9), priority(3, 0, 3)], [17, 83],
            panics: [true, false]),
        Case("an empty priority beside too few", [priority(3, 0, 3), priority(0)], [100, 0], panics: [false, true]),
        // Enough in all: nobody is, however bad one priority.
        Case("a hundred in all", [priority(0, 0, 9), priority(5)], [0, 100]),
        // Degraded ones count for panic.
        Case("half healthy or degraded", [priority(1, 1, 2)], [50], degraded: [50], threshold: 50),
        Case("just below", [priority(1, 1, 3)], [100], panics: [true]),
        // Without a threshold there is no panic.
        Case("a threshold of zero", [priority(0, 0, 4)], [100], threshold: 0),
        Case("a threshold of zero and no hosts", [priority(0), priority(0)], [100, 0], threshold: 0),
        Case("a threshold of a hundred", [priority(7, 0, 3)], [100], panics: [true], threshold: 100),
        Case("a threshold of a hundred with enough", [priority(8, 0, 2)], [100], threshold: 100),
        Case("a threshold between two shares", [priority(1, 0, 2)], [100], panics: [true], threshold: 33.34),
        Case("and just below it", [priority(1, 0, 2)], [100], threshold: 33.33),
    ]

    static func check(_ item: Case) {
        let loads = PriorityLoad.shares(
            item.priorities, overprovisioningFactor: item.factor, panicThreshold: item.threshold)
        #expect(loads.map { $0.healthy } == item.healthy)
        #expect(loads.map { $0.degraded } == item.degraded)
        #expect(loads.map { $0.isPanic } == item.panics)
    }

    @Test(arguments: cases) func loadGoesDownTheList(item: Case) { Self.check(item) }
    @Test(arguments: panicCases) func panicIgnoresHealth(item: Case) { Self.check(item) }

    @Test func weightedHealthCountsWeightsAndPanicCountsHosts() {
        // One healthy host of weight 10 beside nine unhealthy ones of weight 10.
        var health = PriorityHealth()
        health.healthy = 10
        health.eligible = 100
        health.healthyCount = 1
        health.eligibleCount = 10
        health.hostCount = 10
        let loads = PriorityLoad.shares([health, Self.priority(1)], overprovisioningFactor: 140, panicThreshold: 50)
        #expect(loads.map { $0.healthy } == [14, 86])
        // Half of the hosts are well, but hardly any of the weight.
        health.healthy = 1
        health.healthyCount = 5
        let light = PriorityLoad.shares([health], overprovisioningFactor: 140, panicThreshold: 50)
        #expect(light.map { $0.healthy } == [100] && !light[0].isPanic)
    }

    @Test func sumsThatAreTooLargeDoNotTrap() {
        var health = PriorityHealth()
        health.healthy = .max / 2
        health.eligible = .max
        health.eligibleCount = .max
        health.healthyCount = .max / 2
        health.hostCount = 1 << 57
        for factor: UInt32 in [1, 140, .max] {
            let loads = PriorityLoad.shares([health, health], overprovisioningFactor: factor, panicThreshold: 50)
            #expect(loads.reduce(0) { $0 + $1.healthy } == 100)
        }
    }

    @Test func noPrioritiesHaveNoLoad() {
        #expect(PriorityLoad.shares([], overprovisioningFactor: 140, panicThreshold: 50) == [])
    }

    /// Whatever the counts, the shares add up to a hundred.
    @Test func sharesAlwaysAddUpToAHundred() {
        for first in 0...4 as ClosedRange<UInt64> {
            for second in 0...4 as ClosedRange<UInt64> {
                for third in 0...3 as ClosedRange<UInt64> {
                    for threshold in [0.0, 30, 50, 100] {
                        let loads = PriorityLoad.shares(
                            [
                                Self.priority(first, second, third), Self.priority(third, first, second),
                                Self.priority(0),
                            ],
                            overprovisioningFactor: 140, panicThreshold: threshold)
                        #expect(loads.reduce(0) { $0 + $1.healthy + $1.degraded } == 100)
                    }
                }
            }
        }
    }
}
