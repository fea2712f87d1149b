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
}
