// Fairlead: tests of the pick-first policy
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin
import FairleadPolicies
import FairleadTestKit
import Testing

@Suite struct PickFirstPolicyTests {
    static let shuffled = PolicyParameters([("shuffle_address_list", .bool(true))])

    @Test func theFirstHostIsPickedAndTheNextOneWhereItIsRefused() {
        let rig = PolicyRig(PickFirstPolicy(), .weighted([1, 9, 9]))
        #expect(Set(rig.picks(9)) == [0])
        #expect((0..<5).map { rig.pick(attempt: $0) } == [0, 1, 2, 0, 1])
    }

    @Test func shuffledEachWorkerKeepsToOne() {
        var firsts: Set<Int> = []
        for seed in 0..<30 {
            let picks = Set(PolicyRig(PickFirstPolicy(), .equal(3), Self.shuffled, seed: UInt64(seed)).picks(9))
            #expect(picks.count == 1)
            firsts.formUnion(picks)
        }
        #expect(firsts == [0, 1, 2])
    }

    @Test func itWritesNoTableAndKnowsNoZones() {
        #expect(PolicyRig(PickFirstPolicy(), .equal(9)).table.isEmpty)
        #expect(PickFirstPolicy().traits(for: PolicyParameters()).workerWords == 0)
        #expect(PickFirstPolicy().traits(for: Self.shuffled).workerWords == 1)
        #expect(!PickFirstPolicy().traits(for: Self.shuffled).keepsZones)
    }

    @Test func noHostGivesNone() {
        #expect(PolicyRig(PickFirstPolicy(), .equal(0)).pick() < 0)
        #expect(PolicyRig(PickFirstPolicy(), .equal(0), Self.shuffled).pick() < 0)
    }

    @Test func otherParametersAreFaults() {
        #expect(PickFirstPolicy().check(PolicyParameters([("shuffle_address_list", .text("yes"))])).count == 1)
        #expect(PickFirstPolicy().check(Self.shuffled).isEmpty)
    }
}
