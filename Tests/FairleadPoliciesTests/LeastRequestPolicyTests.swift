// Fairlead: tests of least request
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin
import FairleadPolicies
import FairleadTestKit
import Testing

@Suite struct LeastRequestPolicyTests {
    private func rig(
        _ weights: [UInt32], _ parameters: [(String, PolicyParameters.Value)] = [], seed: UInt64 = 1
    ) -> PolicyRig {
        PolicyRig(LeastRequestPolicy(), .weighted(weights), PolicyParameters(parameters), seed: seed)
    }

    @Test func ofTwoHostsTheIdleOneIsAlwaysPicked() {
        let rig = rig([1, 1])
        rig.hosts.setActive([1, 0])
        #expect(rig.picks(200).allSatisfy { $0 == 1 })
    }

    /// Seed 1, 20,000 picks: Envoy draws the busier of two hosts twice a quarter of the time.
    @Test func withReplacementTheBusierOfTwoGetsAQuarter() {
        let rig = rig([1, 1], [("fairlead.sample_with_replacement", .bool(true))])
        rig.hosts.setActive([1, 0])
        #expect(abs(rig.counts(of: 20_000)[0] - 5000) < 370)
    }

    /// Seed 2, 100,000 picks of 10 hosts: within six standard deviations of 10,000, whatever the sample is.
    @Test(arguments: [2, 3, 7, 9, 10, 1000]) func idleHostsAreAllAsLikely(_ choices: UInt64) {
        for withReplacement in [false, true] {
            let counts = rig(
                [UInt32](repeating: 3, count: 10),
                [("choice_count", .unsigned(choices)), ("fairlead.sample_with_replacement", .bool(withReplacement))],
                seed: 2
            ).counts(of: 100_000)
            #expect(counts.allSatisfy { abs($0 - 10_000) < 570 }, "\(counts)")
        }
    }

    /// Seed 3, 50,000 picks: k different hosts of 10 hold the only idle one with probability k ÷ 10.
    @Test(arguments: [2, 3, 5, 9]) func samplesAreDifferentHosts(_ choices: Int) {
        let rig = rig(
            [UInt32](repeating: 1, count: 10), [("choice_count", .unsigned(UInt64(choices)))], seed: 3)
        rig.hosts.setActive([5, 5, 5, 5, 0, 5, 5, 5, 5, 5])
        #expect(abs(rig.counts(of: 50_000)[4] - choices * 5000) < 700)
    }

    @Test func asManyChoicesAsHostsFindTheIdleOne() {
        for choices: UInt64 in [7, 8, 4_294_967_295] {
            let rig = rig([UInt32](repeating: 1, count: 7), [("choice_count", .unsigned(choices))])
            rig.hosts.setActive([1, 2, 3, 0, 1, 1, 1])
            #expect(rig.picks(100).allSatisfy { $0 == 3 })
        }
    }

    /// Seed 4, 30,000 picks: within six standard deviations of a third.
    @Test(arguments: ["selection_method", "enable_full_scan"]) func aFullScanBreaksTiesEvenly(_ name: String) {
        let value: PolicyParameters.Value = name == "enable_full_scan" ? .bool(true) : .text("FULL_SCAN")
        let rig = rig([1, 1, 1, 1, 1], [(name, value)], seed: 4)
        rig.hosts.setActive([2, 1, 1, 9, 1])
        let counts = rig.counts(of: 30_000)
        #expect(counts[0] == 0 && counts[3] == 0)
        #expect([1, 2, 4].allSatisfy { abs(counts[$0] - 10_000) < 490 })
    }

    @Test func idleHostsOfDifferentWeightsTakeTurnsByWeight() {
        for parameters: [(String, PolicyParameters.Value)] in [
            [], [("choice_count", .unsigned(9))], [("active_request_bias", .double(0.5))],
            [("selection_method", .text("FULL_SCAN"))],
        ] {
            let rig = rig([1, 2, 5], parameters)
            for _ in 0..<5 { #expect(rig.counts(of: 8) == [1, 2, 5]) }
        }
    }

    @Test func withoutBiasLoadsDoNotMatter() {
        for name in ["active_request_bias", "active_request_bias.default_value"] {
            let rig = rig([1, 2, 5], [(name, .double(0))])
            rig.hosts.setActive([0, 50, 1000])
            #expect(rig.counts(of: 80) == [10, 20, 50])
        }
    }

    @Test func aHeavyHostMayBeBusierThanALightOne() {
        let rig = rig([1, 10])
        rig.hosts.setActive([1, 3])
        // 1·2÷1 against 3·4÷10, and with one request more each 2·3÷1 against 4·5÷10.
        #expect(rig.picks(50).allSatisfy { $0 == 1 })
        rig.hosts.setActive([1, 5])
        #expect(rig.picks(50).allSatisfy { $0 == 0 })
    }

    @Test func aHigherBiasCountsLoadsForMore() {
        // 2·3^b ÷ 10 against 1·2^b: for b = 1 the heavy host has the lower score, for b = 6.5 the light one.
        for (bias, expected) in [(1.0, 1), (6.5, 0)] {
            let rig = rig([1, 10], [("active_request_bias", .double(bias))])
            rig.hosts.setActive([1, 2])
            #expect(rig.picks(50).allSatisfy { $0 == expected })
        }
    }

    /// Seed 5: 30 requests are always open and end by chance. The hosts settle where active · (active + 1)^bias ÷ weight
    /// is equal: for a bias of 1 and weights 1 and 4 that is about 10 and 20, to within 10 %.
    @Test func busyHostsSettleWhereEnvoySettles() {
        let rig = rig([1, 4], seed: 5)
        var open: [Int] = []
        var random = RandomSource(seed: 6)
        var sums = [0, 0]
        for step in 0..<30_000 {
            if open.count == 30 {
                let place = Int(random.next(below: 30))
                rig.hosts.finish(open[place])
                open.remove(at: place)
            }
            let index = rig.pick()
            rig.hosts.start(index)
            open.append(index)
            if step >= 1000 { for host in 0..<2 { sums[host] += rig.hosts.activeRequests(host) } }
        }
        #expect(abs(Double(sums[1]) / Double(sums[0]) - 2) < 0.2)
    }

    @Test func aHostThatNeverAnswersIsSpared() {
        let rig = rig([1, 2, 5])
        for _ in 0..<1000 {
            let index = rig.pick()
            rig.hosts.start(index)
            if index != 2 { rig.hosts.finish(index) }
        }
        #expect(rig.hosts.activeRequests(2) <= 2)
    }

    @Test func equalWeightsNeedAlmostNoTable() {
        #expect(rig([UInt32](repeating: 7, count: 5000)).table.count == 8)
    }

    @Test func everyFaultIsReported() {
        let problems = LeastRequestPolicy().check(
            PolicyParameters([
                ("choice_count", .unsigned(1)), ("selection_method", .text("BEST")), ("enable_full_scan", .unsigned(1)),
                ("active_request_bias.default_value", .double(-1)), ("fairlead.sample_twice", .bool(true)),
                ("slow_start_config.aggression", .double(2)), ("active_request_bias.runtime_key", .text("k")),
            ]))
        #expect(
            problems.map { "\($0.severity) \($0.path)" } == [
                "error choice_count", "error selection_method", "error enable_full_scan",
                "warning active_request_bias.default_value", "warning fairlead.sample_twice",
            ])
    }

    @Test func aBiasThatIsNoneCountsAsOne() {
        for bias in [-1, Double.nan, .infinity, -.infinity] {
            let parameters = PolicyParameters([("active_request_bias", .double(bias))])
            #expect(LeastRequestPolicy().check(parameters).map(\.severity) == [.warning])
            let rig = rig([1, 10], [("active_request_bias", .double(bias))])
            #expect(rig.table == self.rig([1, 10]).table)
        }
    }

    @Test func anEnormousBiasDoesNoHarm() {
        let rig = rig([1, 10, 3], [("active_request_bias", .double(1e300))])
        rig.hosts.setActive([3, 4, 0])
        #expect(rig.counts(of: 300)[2] > 0)
        rig.hosts.setActive([3, 4, 5])
        #expect(rig.counts(of: 300).reduce(0, +) == 300)
    }
}
