// Fairlead: building a hash ring
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

/// A hash ring: places sorted by hash, each with its host, and an index over the top bits of the hashes.
///
/// How many places a host gets, and what is hashed for each, is Envoy's (`ring_hash_lb.cc`).
struct HashRing {
    /// The places' hashes, ascending.
    private(set) var hashes: [UInt64] = []
    /// The places' hosts; of places with the same hash the lower host stands first.
    private(set) var hosts: [UInt32] = []
    /// How many bits of a hash the index is over, 0 … 31.
    private(set) var indexBits = 0
    /// Where the places of each value of the top bits begin; one more at the end. 2^indexBits + 1 numbers.
    private(set) var index: [UInt32] = [0, 0]

    /// The ring of the hosts in `shares`; `keys` are by host index. O(places).
    init(
        _ shares: HostShares, keys: [String], minimum: UInt64, maximum: UInt64,
        function: RingHashConfiguration.Function
    ) {
        guard !shares.hosts.isEmpty else { return }
        // As many places as make the host of the smallest share have a whole number of them.
        let scale = min((shares.smallest * Double(minimum)).rounded(.up) / shares.smallest, Double(maximum))
        hashes.reserveCapacity(Int(scale) + 1)
        hosts.reserveCapacity(Int(scale) + 1)
        var placed = 0.0
        var due = 0.0
        for (host, share) in zip(shares.hosts, shares.shares) {
            due += scale * share
            var text = Int(host) < keys.count ? Array(keys[Int(host)].utf8) : []
            text.append(UInt8(ascii: "_"))
            let stem = text.count
            var number: UInt64 = 0
            while placed < due {
                Self.append(number, to: &text)
                hashes.append(function == .murmurHash2 ? MurmurHash2.hash(text) : XXHash64.hash(text))
                hosts.append(host)
                text.removeLast(text.count - stem)
                number += 1
                placed += 1
            }
        }
        sort()
    }

    private static func append(_ number: UInt64, to text: inout [UInt8]) {
        if number >= 10 { append(number / 10, to: &text) }
        text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
    }

    /// Sorts by hash, then host: the index spreads the places over slots of one or two, and what shares a slot is
    /// sorted there.
    private mutating func sort() {
        let count = hashes.count
        guard count > 0 else { return }
        indexBits = max(Int.bitWidth - count.leadingZeroBitCount - 1, 0)
        let shift = UInt64(63 - indexBits)
        index = [UInt32](repeating: 0, count: (1 << indexBits) + 1)
        for hash in hashes { index[Int((hash >> 1) >> shift) + 1] += 1 }
        for slot in 1..<index.count { index[slot] += index[slot - 1] }
        var next = index
        var sortedHashes = hashes
        var sortedHosts = hosts
        for place in 0..<count {
            let slot = Int((hashes[place] >> 1) >> shift)
            let target = Int(next[slot])
            next[slot] += 1
            sortedHashes[target] = hashes[place]
            sortedHosts[target] = hosts[place]
        }
        hashes = sortedHashes
        hosts = sortedHosts
        for slot in 1..<index.count { sortSlot(Int(index[slot - 1])..<Int(index[slot])) }
    }

    private mutating func sortSlot(_ range: Range<Int>) {
        guard range.count <= 16 else { return sortLargeSlot(range) }
        for start in range.dropFirst() {
            let (hash, host) = (hashes[start], hosts[start])
            var place = start
            while place > range.lowerBound, (hash, host) < (hashes[place - 1], hosts[place - 1]) {
                hashes[place] = hashes[place - 1]
                hosts[place] = hosts[place - 1]
                place -= 1
            }
            hashes[place] = hash
            hosts[place] = host
        }
    }

    /// Many hosts with the same key, or very bad luck.
    private mutating func sortLargeSlot(_ range: Range<Int>) {
        var places = range.map { (hash: hashes[$0], host: hosts[$0]) }
        places.sort { ($0.hash, $0.host) < ($1.hash, $1.host) }
        for (offset, place) in places.enumerated() {
            hashes[range.lowerBound + offset] = place.hash
            hosts[range.lowerBound + offset] = place.host
        }
    }
}
