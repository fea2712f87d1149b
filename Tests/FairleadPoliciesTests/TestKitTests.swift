// Fairlead: tests of the test kit's small parts
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin
import FairleadPolicies
import FairleadTestKit
import Testing

@Suite struct TestKitTests {
    @Test func aManualClockOnlyGoesOn() {
        var clock = ManualClock(at: Instant(nanoseconds: 10))
        #expect(clock.advance(by: .nanoseconds(5)) == Instant(nanoseconds: 15))
        clock.advance(to: Instant(nanoseconds: 12))
        clock.advance(by: .seconds(-3))
        #expect(clock.now == Instant(nanoseconds: 15))
        clock.advance(to: Instant(nanoseconds: 100))
        #expect(clock.now == Instant(nanoseconds: 100))
    }

    @Test func fakeHostsCountTheirRequests() {
        let hosts = FakeHosts(3)
        hosts.setActive([2, 0, 5])
        hosts.start(1)
        hosts.finish(2, failed: true)
        #expect((0..<3).map { hosts.activeRequests($0) } == [2, 1, 4])
        #expect(hosts.activeRequests == 7)
        #expect(hosts.withLoads { loads in loads.activeRequests(2) + loads.count } == 7)
        hosts.setActive([0, 0, 0])
        #expect(hosts.activeRequests == 0)
    }

    @Test func pinnedWordsAreReadAsTableAndAsWorkerWords() {
        let pinned = PinnedWords([1, 0, 0, 0, 2, 0, 0, 0, 9])
        pinned.withTable { table in
            #expect(table.byteCount == 9)
            #expect(table.uint32(at: 4) == 2)
            #expect(table.uint64(at: 8) == 0)
        }
        pinned.withWorkerWords { words in
            words[0] = 77
            words[1] = 78
            #expect(words.count == 1)
        }
        #expect(pinned.words == [77])
        pinned.words = [5, 6]
        #expect(pinned.words == [5])
    }

    @Test func madeUpHostsHaveDifferentKeys() {
        #expect(Set(HostList.equal(70_000).hashKeys).count == 70_000)
        let slice = HostList.weighted([4, 5, 6, 7]).slice(1..<3)
        #expect(slice.weights == [5, 6])
        #expect(slice.hashKeys == [HostList.address(1), HostList.address(2)])
    }

    @Test func drawnNumbersStayInTheirRange() {
        var random = RandomSource(seed: 4)
        let numbers = (0..<1000).map { _ in random.number(in: 3...6) }
        #expect(Set(numbers) == [3, 4, 5, 6])
        #expect(random.number(in: 0...UInt64.max) != random.number(in: 0...UInt64.max))
        #expect(random.weights(500, in: .max - 1 ... .max).allSatisfy { $0 >= .max - 1 })
        #expect(Set(random.bytes(5000)).count == 256)
    }

    @Test func aRigKeepsTheWorkersWordsOverAnUpdate() {
        let rig = PolicyRig(RoundRobinPolicy(), .equal(3))
        _ = rig.picks(4)
        let words = rig.workerWords
        rig.replaceHosts(by: .equal(9))
        #expect(rig.workerWords == words)
        #expect(rig.hosts.count == 9)
        #expect(Set(rig.picks(9)) == Set(0..<9))
    }
}
