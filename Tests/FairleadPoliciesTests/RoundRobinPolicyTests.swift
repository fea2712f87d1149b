// Fairlead: tests of round robin
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin
import FairleadPolicies
import FairleadTestKit
import Testing

@Suite struct RoundRobinPolicyTests {
    @Test func equalHostsTakeTurnsInListOrder() {
        let picks = PolicyRig(RoundRobinPolicy(), .equal(5), seed: 7).picks(50)
        for (earlier, later) in zip(picks, picks.dropFirst()) { #expect(later == (earlier + 1) % 5) }
    }

    @Test func everyEightPicksHonourWeightsOneTwoFive() {
        let rig = PolicyRig(RoundRobinPolicy(), .weighted([1, 2, 5]))
        for _ in 0..<10 { #expect(rig.counts(of: 8) == [1, 2, 5]) }
    }

    @Test func noHostGivesNoneAndOneHostIsAlwaysPicked() {
        #expect(PolicyRig(RoundRobinPolicy(), .equal(0)).picks(3) == [-1, -1, -1])
        #expect(PolicyRig(RoundRobinPolicy(), .weighted([99])).picks(3) == [0, 0, 0])
    }

    @Test func loadsDoNotMatter() {
        let rig = PolicyRig(RoundRobinPolicy(), .equal(3))
        rig.hosts.setActive([100, 0, 0])
        #expect(rig.counts(of: 30) == [10, 10, 10])
    }

    @Test func anUpdateDoesNotRestartTheTurns() {
        let rig = PolicyRig(RoundRobinPolicy(), .equal(10), seed: 3)
        let last = rig.picks(7)[6]
        rig.replaceHosts(by: .weighted([UInt32](repeating: 4, count: 10)))
        #expect(rig.pick() == (last + 1) % 10)
    }

    @Test func manyWorkersTogetherAreEven() {
        // 64 workers pick once from 64 hosts: were they in step, one host would get everything.
        var counts = [Int](repeating: 0, count: 64)
        for seed: UInt64 in 0..<64 { counts[PolicyRig(RoundRobinPolicy(), .equal(64), seed: seed).pick()] += 1 }
        #expect(counts.max() ?? 64 <= 6)
    }

    @Test func parametersOfOtherPartsAreLeftAloneAndUnknownOnesNamed() {
        let policy = RoundRobinPolicy()
        let known = PolicyParameters([
            ("slow_start_config.aggression", .double(1)),
            ("locality_lb_config.locality_weighted_lb_config", .bool(true)),
        ])
        #expect(policy.check(known).isEmpty)
        let problems = policy.check(PolicyParameters([("slow_start_configuration", .bool(true))]))
        #expect(problems.map(\.path) == ["slow_start_configuration"])
        #expect(problems.map(\.severity) == [.warning])
    }
}
