// Fairlead: tests of consistent hashing with bounded loads
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin
import FairleadPolicies
import FairleadTestKit
import Testing

@Suite struct BoundedLoadPickerTests {
    private static let factor = "consistent_hashing_lb_config.hash_balance_factor"

    private func rigs(_ hosts: HostList, factor: UInt64) -> [(bounded: PolicyRig, plain: PolicyRig)] {
        let maglev: [(String, PolicyParameters.Value)] = [("table_size", .unsigned(1009))]
        let bound: [(String, PolicyParameters.Value)] = [(Self.factor, .unsigned(factor))]
        return [
            (
                PolicyRig(RingHashPolicy(), hosts, PolicyParameters(bound)),
                PolicyRig(RingHashPolicy(), hosts, PolicyParameters())
            ),
            (
                PolicyRig(MaglevPolicy(), hosts, PolicyParameters(maglev + bound)),
                PolicyRig(MaglevPolicy(), hosts, PolicyParameters(maglev))
            ),
        ]
    }

    @Test func theTestsOwnTwisterIsStandard() {
        // The C++ standard demands this of std::mt19937.
        var twister = PlainTwister(seed: 5489)
        var last: UInt32 = 0
        for _ in 0..<10_000 { last = twister.next() }
        #expect(last == 4_123_659_995)
    }

    @Test func idleHostsAreThoseOfTheHash() {
        for (bounded, plain) in rigs(.weighted([1, 2, 5, 3]), factor: 125) {
            for hash: UInt64 in 0..<500 {
                let hash = RandomSource.mixed(hash)
                #expect(bounded.pick(hash: hash) == plain.pick(hash: hash))
            }
        }
    }

    /// Random loads on lists of up to 256 hosts: the hosts that Envoy's shuffle finds.
    @Test func overloadedHostsArePassedOverInEnvoysOrder() {
        var random = RandomSource(seed: 31)
        for round in 0..<24 {
            let count = [2, 3, 10, 50, 256][round % 5]
            var hosts = HostList.weighted(random.weights(count, in: 1...8))
            if round % 4 == 3 {
                hosts.localities = random.weights(count, in: 0...2)
                hosts.localityWeights = [2, 0, 3]
            }
            let factor = random.number(in: 100...200)
            for (bounded, plain) in rigs(hosts, factor: factor) {
                for _ in 0..<20 {
                    bounded.hosts.setActive((0..<count).map { _ in Int(random.next(below: 12)) })
                    bounded.tellsClusterRequests = random.next(below: 2) == 0
                    let hash = random.next()
                    let attempt = UInt32(random.next(below: 3))
                    let first = plain.pick(hash: hash, attempt: attempt)
                    let expected = PlainBoundedLoads.pick(first, hash, hosts, bounded.hosts, factor: factor)
                    #expect(bounded.pick(hash: hash, attempt: attempt) == expected, "round \(round)")
                }
            }
        }
    }

    @Test func whenAllHaveTooMuchTheLeastOverloadedWins() {
        for (bounded, _) in rigs(.equal(5), factor: 100) {
            // A cluster that has more hosts than this list: 1 request for each of these is allowed.
            bounded.tellsClusterRequests = false
            bounded.hosts.setActive([100, 0, 0, 0, 0])
            #expect(bounded.picks(100).allSatisfy { $0 != 0 })
        }
    }

    /// 1000 hosts of which all but three have too much: after 256 probes in Envoy's order the rest is asked as it stands.
    @Test func theFewFreeHostsOfManyAreFound() {
        let free = [123, 456, 999]
        for (bounded, _) in rigs(.equal(1000), factor: 100) {
            // 600 each allow no host more than 599.
            bounded.hosts.setActive((0..<1000).map { free.contains($0) ? 0 : 600 })
            for hash: UInt64 in 1...20 { #expect(free.contains(bounded.pick(hash: RandomSource.mixed(hash)))) }
        }
    }

    @Test func theOlderFieldBoundsRingsToo() {
        let rig = PolicyRig(RingHashPolicy(), .equal(2), PolicyParameters([("hash_balance_factor", .unsigned(100))]))
        rig.hosts.setActive([0, 50])
        #expect(rig.picks(50).allSatisfy { $0 == 0 })
    }
}

/// Envoy's choice with bounded loads, in the plainest way: a list of all hosts, shuffled as it goes.
enum PlainBoundedLoads {
    static func pick(_ first: Int, _ hash: UInt64, _ list: HostList, _ hosts: FakeHosts, factor: UInt64) -> Int {
        let shares = PlainShares.of(list)
        let total = Double((UInt64(hosts.activeRequests + 1) * factor + 99) / 100)
        func overload(_ host: Int) -> Double {
            let share = shares.first { $0.host == host }?.share ?? 0
            return Double(hosts.activeRequests(host)) / max((total * share).rounded(.up), 1)
        }
        guard overload(first) > 1 else { return first }
        var twister = PlainTwister(seed: UInt32(truncatingIfNeeded: hash))
        var order = Array(shares.indices)
        var best = first
        for place in order.indices {
            let bound = UInt64(order.count - place)
            var draw: UInt64
            repeat { draw = UInt64(twister.next()) / ((1 << 32) / bound) } while draw >= bound
            order.swapAt(place, place + Int(draw))
            let host = shares[order[place]].host
            if host == first { continue }
            if overload(host) <= 1 { return host }
            if overload(host) < overload(best) { best = host }
        }
        return best
    }
}

/// MT19937 as its authors wrote it down: all words are twisted at once.
struct PlainTwister {
    private var words: [UInt32]
    private var place = 624

    init(seed: UInt32) {
        words = [seed]
        for index in 1..<624 {
            let last = words[index - 1]
            words.append(1_812_433_253 &* (last ^ (last >> 30)) &+ UInt32(index))
        }
    }

    mutating func next() -> UInt32 {
        if place == 624 {
            for index in 0..<624 {
                let mixed = (words[index] & 0x8000_0000) | (words[(index + 1) % 624] & 0x7fff_ffff)
                words[index] = words[(index + 397) % 624] ^ (mixed >> 1) ^ (mixed % 2 == 0 ? 0 : 0x9908_b0df)
            }
            place = 0
        }
        var word = words[place]
        place += 1
        word ^= word >> 11
        word ^= (word << 7) & 0x9d2c_5680
        word ^= (word << 15) & 0xefc6_0000
        return word ^ (word >> 18)
    }
}
