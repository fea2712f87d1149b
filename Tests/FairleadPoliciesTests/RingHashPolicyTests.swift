// Fairlead: tests of ring hash
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin
import FairleadPolicies
import FairleadTestKit
import Testing

@Suite struct RingHashPolicyTests {
    /// The hosts of the vectors: 127.0.0.1:21500 and the two ports after it.
    static func local(_ weights: [UInt32]) -> HostList {
        HostList(weights: weights, hashKeys: weights.indices.map { "127.0.0.1:\(21_500 + $0)" })
    }

    private func rig(_ hosts: HostList, _ parameters: [(String, PolicyParameters.Value)] = []) -> PolicyRig {
        PolicyRig(RingHashPolicy(), hosts, PolicyParameters(parameters))
    }

    /// How many places the ring has: the first word of the table.
    private func size(_ rig: PolicyRig) -> UInt32 {
        PinnedWords(rig.table).withTable { $0.uint32(at: 0) }
    }

    @Test func theRingIsEnvoys() {
        let rig = rig(Self.local([1, 2, 5]), [("minimum_ring_size", .unsigned(4))])
        let places: [(hash: UInt64, host: Int)] = [
            (0x09d0_40c0_d782_61a0, 1), (0x444b_1848_7344_050b, 2), (0x56fc_079b_72e6_225e, 2),
            (0x5df2_21bc_2e93_feb6, 2), (0x7402_5cd8_2751_13cc, 0), (0x7fb9_bf59_edcd_1267, 1),
            (0xf2b3_aa69_f18b_7d5e, 2), (0xfe37_60b0_0dcf_2507, 2),
        ]
        #expect(size(rig) == 8)
        for (place, entry) in places.enumerated() {
            #expect(rig.pick(hash: entry.hash) == entry.host)
            let after = places[(place + 1) % places.count]
            #expect(rig.pick(hash: entry.hash + 1) == after.host)
            #expect(rig.pick(hash: after.hash &- 1) == after.host)
            for attempt: UInt32 in [1, 2, 7, 8, 9, .max] {
                let later = places[(place + Int(attempt)) % places.count].host
                #expect(rig.pick(hash: entry.hash, attempt: attempt) == later)
            }
        }
        #expect(rig.pick(hash: 0) == 1)
        #expect(rig.pick(hash: .max) == 1)
    }

    @Test func theLightestHostGetsAWholeNumberOfPlaces() {
        let rig = rig(Self.local([1, 2, 5]), [("minimum_ring_size", .unsigned(100))])
        #expect(size(rig) == 104)
        #expect(places(rig) == [13, 26, 65])
    }

    @Test func theMaximumWinsOverWholeNumbers() {
        let hosts = Self.local([1, 1, 1, 1])
        #expect(size(rig(hosts, [("minimum_ring_size", .unsigned(1)), ("maximum_ring_size", .unsigned(6))])) == 4)
        #expect(size(rig(hosts, [("minimum_ring_size", .unsigned(5)), ("maximum_ring_size", .unsigned(6))])) == 6)
        #expect(size(rig(hosts)) == 1024)
    }

    @Test func aRingOfNoPlacesPicksNobody() {
        let rig = rig(.equal(3), [("minimum_ring_size", .unsigned(0)), ("maximum_ring_size", .unsigned(0))])
        #expect(rig.pick(hash: 5) < 0)
        #expect(self.rig(.equal(0)).pick(hash: 5) < 0)
    }

    /// 40 random lists, with weights, localities and both hashes, against a ring that is built and searched plainly.
    @Test func ringsAndPicksAreThoseOfAPlainSearch() {
        var random = RandomSource(seed: 12)
        for round in 0..<40 {
            let count = Int(random.number(in: 1...60))
            var hosts = HostList.weighted(random.weights(count, in: 1...UInt32(random.number(in: 1...30))))
            if round % 3 == 0 { hosts.hashKeys = hosts.hashKeys.indices.map { HostList.address($0 / 3) } }
            if round % 4 == 0 {
                hosts.localities = random.weights(count, in: 0...3)
                hosts.localityWeights = [3, 0, 1, 7]
            }
            let minimum = random.number(in: 1...500)
            let maximum = minimum + random.number(in: 0...3000)
            let murmur = round % 2 == 1
            let rig = rig(
                hosts,
                [
                    ("minimum_ring_size", .unsigned(minimum)), ("maximum_ring_size", .unsigned(maximum)),
                    ("hash_function", .text(murmur ? "MURMUR_HASH_2" : "XX_HASH")),
                ])
            let plain = PlainRing(hosts, minimum: minimum, maximum: maximum, murmur: murmur)
            #expect(Int(size(rig)) == plain.places.count)
            let hashes = (0..<200).map { _ in random.next() } + plain.places.prefix(100).map(\.hash)
            for hash in hashes {
                let attempt = UInt32(random.next(below: 4))
                #expect(rig.pick(hash: hash, attempt: attempt) == plain.pick(hash, attempt: attempt))
            }
        }
    }

    @Test func hostsWithTheSameKeyStandInListOrder() {
        let hosts = HostList(weights: [1, 1, 1], hashKeys: ["a", "a", "a"])
        let rig = rig(hosts, [("minimum_ring_size", .unsigned(3))])
        let hash = XXHash64.hash("a_0")
        #expect((0..<4).map { rig.pick(hash: hash, attempt: $0) } == [0, 1, 2, 0])
    }

    @Test func hostsOfALocalityWithoutWeightAreLeftOut() {
        var hosts = HostList.equal(30)
        hosts.localities = (0..<30).map { UInt32($0 % 3) }
        hosts.localityWeights = [1, 0, 4]
        let counts = rig(hosts).counts(of: 5000)
        #expect(counts.indices.allSatisfy { (counts[$0] == 0) == ($0 % 3 == 1) })
        hosts.localityWeights = [0, 0, 0]
        #expect(rig(hosts).pick(hash: 1) < 0)
    }

    @Test func aLargeRingIsBuiltAndSearched() {
        var random = RandomSource(seed: 8)
        let hosts = HostList.weighted(random.weights(2000, in: 1...3))
        let rig = rig(hosts, [("minimum_ring_size", .unsigned(65_536))])
        let plain = PlainRing(hosts, minimum: 65_536, maximum: 8_388_608, murmur: false)
        for _ in 0..<2000 {
            let hash = random.next()
            #expect(rig.pick(hash: hash) == plain.pick(hash, attempt: 0))
        }
    }

    @Test func manyHostsWithOneKeyAreNoTrouble() {
        let hosts = HostList(
            weights: [UInt32](repeating: 1, count: 20_000), hashKeys: [String](repeating: "same", count: 20_000))
        #expect(rig(hosts).pick(hash: 77) == 0)
    }

    @Test func hostnamesAreAskedForByEitherField() {
        for name in ["use_hostname_for_hashing", "consistent_hashing_lb_config.use_hostname_for_hashing"] {
            let traits = RingHashPolicy().traits(for: PolicyParameters([(name, .bool(true))]))
            #expect(traits.prefersHostnames && traits.needsHashKeys && traits.scope == .priority)
        }
        #expect(!RingHashPolicy().traits(for: PolicyParameters()).prefersHostnames)
    }

    @Test func everyFaultIsReported() {
        let problems = RingHashPolicy().check(
            PolicyParameters([
                ("minimum_ring_size", .unsigned(10)), ("maximum_ring_size", .unsigned(5)),
                ("hash_function", .text("CRC")), ("hash_balance_factor", .unsigned(99)),
                ("consistent_hashing_lb_config.hash_balance_factor", .unsigned(1)),
                ("consistent_hashing_lb_config.hash_policy", .text("")), ("locality_weighted_lb_config", .bool(true)),
            ]))
        #expect(
            problems.map { "\($0.severity) \($0.path)" } == [
                "error maximum_ring_size", "error hash_function", "error hash_balance_factor",
                "error consistent_hashing_lb_config.hash_balance_factor",
            ])
        let tooLarge = PolicyParameters([
            ("minimum_ring_size", .unsigned(8_388_609)), ("maximum_ring_size", .unsigned(1 << 40)),
        ])
        #expect(RingHashPolicy().check(tooLarge).map(\.path) == ["minimum_ring_size", "maximum_ring_size"])
    }

    @Test func sumsOfWeightsHaveToFitInto32Bits() {
        let policy = RingHashPolicy()
        #expect(policy.check(.weighted([.max, 1]), PolicyParameters()).map(\.code) == [.limitExceeded])
        #expect(policy.check(.weighted([.max - 1, 1]), PolicyParameters()).isEmpty)
        var hosts = HostList.weighted([.max, .max])
        hosts.localities = [0, 1]
        hosts.localityWeights = [1, 2]
        #expect(policy.check(hosts, PolicyParameters()).isEmpty)
        hosts.localityWeights = [.max, 2]
        #expect(policy.check(hosts, PolicyParameters()).map(\.code) == [.limitExceeded])
    }

    /// How many of the ring's places each host has, by asking for every hash that the ring holds.
    private func places(_ rig: PolicyRig) -> [Int] {
        var counts = [Int](repeating: 0, count: rig.hosts.count)
        PinnedWords(rig.table).withTable { table in
            let hashes = Int(table.uint32(at: 8))
            for place in 0..<Int(table.uint32(at: 0)) {
                counts[rig.pick(hash: table.uint64(at: hashes + place * 8))] += 1
            }
        }
        return counts
    }
}

/// A hash ring built and searched in the plainest way: sorted, and scanned from the front.
struct PlainRing {
    var places: [(hash: UInt64, host: Int)] = []

    init(_ hosts: HostList, minimum: UInt64, maximum: UInt64, murmur: Bool) {
        let shares = PlainShares.of(hosts)
        guard let least = shares.map(\.share).min() else { return }
        let scale = min((least * Double(minimum)).rounded(.up) / least, Double(maximum))
        var due = 0.0
        for (host, share) in shares {
            due += scale * share
            var number = 0
            while Double(places.count) < due {
                let text = "\(hosts.hashKeys[host])_\(number)"
                places.append((murmur ? MurmurHash2.hash(text) : XXHash64.hash(text), host))
                number += 1
            }
        }
        places.sort { ($0.hash, $0.host) < ($1.hash, $1.host) }
    }

    func pick(_ hash: UInt64, attempt: UInt32) -> Int {
        guard !places.isEmpty else { return -1 }
        let place = places.firstIndex { $0.hash >= hash } ?? 0
        return places[(place + Int(attempt)) % places.count].host
    }
}

/// What part of a hash table each host is due, in Envoy's order.
enum PlainShares {
    static func of(_ hosts: HostList) -> [(host: Int, share: Double)] {
        if hosts.localities.isEmpty {
            let sum = hosts.weights.reduce(0) { $0 + UInt64($1) }
            return hosts.weights.enumerated().map { ($0, Double($1) * 1 / Double(sum)) }
        }
        let all = hosts.localityWeights.reduce(0) { $0 + UInt64($1) }
        return hosts.localityWeights.indices.filter { hosts.localityWeights[$0] > 0 }.flatMap { locality in
            let members = hosts.weights.indices.filter { hosts.localities[$0] == UInt32(locality) }
            let sum = members.reduce(0) { $0 + UInt64(hosts.weights[$1]) }
            let share = Double(hosts.localityWeights[locality]) / Double(all)
            return members.map { ($0, Double(hosts.weights[$0]) * share / Double(sum)) }
        }
    }
}
