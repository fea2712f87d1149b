// Fairlead: tests of the random policy
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin
import FairleadPolicies
import FairleadTestKit
import Testing

@Suite struct RandomPolicyTests {
    /// Seed 11, 100,000 picks of 10 hosts: within six standard deviations of 10,000.
    @Test func everyHostIsAsLikelyWhateverItsWeight() {
        let rig = PolicyRig(RandomPolicy(), .weighted([1, 1000, 1, 7, 1, 1, 1, 1, 1, .max]), seed: 11)
        #expect(rig.counts(of: 100_000).allSatisfy { abs($0 - 10_000) < 570 })
    }

    @Test func itWritesNoTableAndNeedsNoWords() {
        #expect(PolicyRig(RandomPolicy(), .equal(9)).table.isEmpty)
        #expect(RandomPolicy().traits(for: PolicyParameters()) == PolicyTraits())
    }

    @Test func noHostGivesNone() {
        #expect(PolicyRig(RandomPolicy(), .equal(0)).pick() < 0)
    }
}
