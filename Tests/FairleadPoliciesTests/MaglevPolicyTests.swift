// Fairlead: tests of Maglev
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin
import FairleadPolicies
import FairleadTestKit
import Testing

@Suite struct MaglevPolicyTests {
    private func rig(_ hosts: HostList, _ parameters: [(String, PolicyParameters.Value)] = []) -> PolicyRig {
        PolicyRig(MaglevPolicy(), hosts, PolicyParameters(parameters))
    }

    @Test func theTableIsEnvoys() {
        let rig = rig(RingHashPolicyTests.local([1, 2, 5]), [("table_size", .unsigned(11))])
        #expect((0..<11).map { rig.pick(hash: $0) } == [0, 2, 1, 1, 2, 2, 2, 0, 1, 2, 2])
        #expect(rig.pick(hash: 11 * 1_000_000 + 3) == 1)
        #expect(rig.pick(hash: .max) == rig.pick(hash: UInt64.max % 11))
    }

    @Test func slotsFollowTheWeights() {
        let rig = rig(RingHashPolicyTests.local([1, 2, 5]))
        var counts = [0, 0, 0]
        for hash in 0..<UInt64(65_537) { counts[rig.pick(hash: hash)] += 1 }
        #expect(counts == [8193, 16_385, 40_959])
    }

    @Test func everyRefusedTryChangesTheHash() {
        let rig = rig(.equal(50))
        for hash: UInt64 in [0, 1, 12_345_678_901_234, .max] {
            for attempt: UInt32 in [1, 2, 3, .max] {
                let changed = hash ^ (UInt64.max - UInt64(attempt) + 1)
                #expect(rig.pick(hash: hash, attempt: attempt) == rig.pick(hash: changed))
            }
        }
        #expect(rig.pick(hash: 5, attempt: 1) == rig.pick(hash: ~5))
    }

    /// 30 random lists, with weights, localities and twins, against a table that is filled plainly.
    @Test func tablesAreThoseOfAPlainFilling() {
        var random = RandomSource(seed: 21)
        for round in 0..<30 {
            let count = Int(random.number(in: 1...120))
            var hosts = HostList.weighted(random.weights(count, in: 1...UInt32(random.number(in: 1...50))))
            if round % 3 == 0 { hosts.hashKeys = hosts.hashKeys.indices.map { HostList.address($0 / 4) } }
            if round % 4 == 0 {
                hosts.localities = random.weights(count, in: 0...2)
                hosts.localityWeights = [1000, 0, 1]
            }
            let size: UInt64 = [2, 3, 11, 101, 1009, 2003][round % 6]
            let rig = rig(hosts, [("table_size", .unsigned(size))])
            let plain = PlainMaglev.slots(hosts, size: Int(size))
            #expect((0..<size).map { rig.pick(hash: $0) } == plain, "round \(round)")
        }
    }

    /// 70,000 hosts take slots of four bytes; against a table that is filled plainly.
    @Test func moreHostsThan16BitsCanName() {
        let hosts = HostList.weighted((0..<70_000).map { UInt32($0 % 5 + 1) })
        let rig = rig(hosts)
        let plain = PlainMaglev.slots(hosts, size: 65_537)
        for hash in stride(from: 0, to: UInt64(65_537), by: 7) { #expect(rig.pick(hash: hash) == plain[Int(hash)]) }
    }

    @Test func keysAreSortedByTheirBytes() {
        // As text, the two spellings of é would be the same, and sort before z.
        let hosts = HostList(weights: [3, 2, 1, 1], hashKeys: ["z", "\u{e9}", "e\u{301}", "a"])
        let rig = rig(hosts, [("table_size", .unsigned(101))])
        #expect((0..<101).map { rig.pick(hash: $0) } == PlainMaglev.slots(hosts, size: 101))
    }

    @Test func fewHeavyHostsAmongManyLightOnesAreNoTrouble() {
        var weights = [UInt32](repeating: 1, count: 20_000)
        weights[777] = 4_000_000_000
        let rig = rig(.weighted(weights))
        var counts = [Int](repeating: 0, count: weights.count)
        for hash in 0..<UInt64(65_537) { counts[rig.pick(hash: hash)] += 1 }
        #expect(counts[777] == 65_537 - 19_999)
        #expect(counts.min() == 1)
    }

    @Test func manyHostsWithOneKeyAreNoTrouble() {
        let hosts = HostList(
            weights: [UInt32](repeating: 1, count: 30_000), hashKeys: [String](repeating: "same", count: 30_000))
        let rig = rig(hosts)
        #expect(Set((0..<UInt64(65_537)).map { rig.pick(hash: $0) }).count == 30_000)
    }

    @Test func noHostGivesNone() {
        #expect(rig(.equal(0)).pick(hash: 5) < 0)
    }

    @Test func sizesThatAreNoPrimeAreRefused() {
        for size: UInt64 in [0, 1, 4, 65_536, 5_000_009] {
            let problems = MaglevPolicy().check(PolicyParameters([("table_size", .unsigned(size))]))
            #expect(problems.map(\.path) == ["table_size"])
        }
        for size: UInt64 in [2, 3, 65_537, 5_000_011] {
            #expect(MaglevPolicy().check(PolicyParameters([("table_size", .unsigned(size))])).isEmpty)
        }
        // The next prime after the largest allowed one.
        let tooLarge = MaglevPolicy().check(PolicyParameters([("table_size", .unsigned(5_000_077))]))
        #expect(tooLarge.map(\.path) == ["table_size"])
    }

    @Test func everyFaultIsReported() {
        let problems = MaglevPolicy().check(
            PolicyParameters([
                ("table_size", .text("large")), ("hash_balance_factor", .unsigned(150)),
                ("consistent_hashing_lb_config.hash_balance_factor", .unsigned(99)),
                ("consistent_hashing_lb_config.use_hostname_for_hashing", .unsigned(1)),
            ]))
        // Maglev's message never had the older fields on top.
        #expect(
            problems.map { "\($0.severity) \($0.path)" } == [
                "error table_size", "error consistent_hashing_lb_config.use_hostname_for_hashing",
                "error consistent_hashing_lb_config.hash_balance_factor", "warning hash_balance_factor",
            ])
    }
}

/// A Maglev table filled in the plainest way: every host is asked in every round.
enum PlainMaglev {
    static func slots(_ hosts: HostList, size: Int) -> [Int] {
        let shares = PlainShares.of(hosts).sorted { left, right in
            let (leftKey, rightKey) = (Array(hosts.hashKeys[left.host].utf8), Array(hosts.hashKeys[right.host].utf8))
            return leftKey == rightKey ? left.host < right.host : leftKey.lexicographicallyPrecedes(rightKey)
        }
        let most = shares.map(\.share).max() ?? 0
        var slots = [Int](repeating: -1, count: size)
        var targets = [Double](repeating: 0, count: shares.count)
        var steps = [UInt64](repeating: 0, count: shares.count)
        let offsets = shares.map { XXHash64.hash(hosts.hashKeys[$0.host]) % UInt64(size) }
        let skips = shares.map { XXHash64.hash(hosts.hashKeys[$0.host], seed: 1) % UInt64(size - 1) + 1 }
        var filled = 0
        var round = 1.0
        while filled < size {
            for place in shares.indices where filled < size && round * shares[place].share >= targets[place] {
                targets[place] += most
                var slot: Int
                repeat {
                    slot = Int((offsets[place] + skips[place] * steps[place]) % UInt64(size))
                    steps[place] += 1
                } while slots[slot] >= 0
                slots[slot] = shares[place].host
                filled += 1
            }
            round += 1
        }
        return slots
    }
}
