// Fairlead: filling a Maglev table
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

/// Fills a Maglev table as Envoy does (`maglev_lb.cc`): in rounds, every host that is due in a round takes the next free
/// slot in its own permutation of the slots. The host of the largest share is due in every round, one of half that share
/// in every other.
///
/// Envoy asks every host in every round; here a heap knows who is due next, so that a few heavy hosts among many light
/// ones do not cost rounds × hosts.
struct MaglevFilling {
    private static let free = UInt32.max

    private let size: Int
    private var slots: [UInt32]
    /// Who takes slots: hosts of `shares`, by the bytes of their keys.
    private let order: [Int]
    /// A permutation for each different key: where it goes on, and by how much it steps.
    private var positions: [Int] = []
    private var steps: [Int] = []
    /// Which permutation each of `order` follows.
    private var permutation: [Int] = []

    /// The host in each slot; no slots without hosts. `keys` are by host index; `size` is prime.
    static func slots(_ shares: HostShares, keys: [String], size: Int) -> [UInt32] {
        guard !shares.hosts.isEmpty else { return [] }
        let texts = KeyTexts(shares.hosts.map { Int($0) < keys.count ? keys[Int($0)] : "" }, hosts: shares.hosts)
        var filling = MaglevFilling(texts, size: size)
        if shares.smallest == shares.largest {
            filling.fillEqually(shares)
        } else {
            filling.fillByShare(shares)
        }
        return filling.slots
    }

    private init(_ texts: KeyTexts, size: Int) {
        self.size = size
        slots = [UInt32](repeating: Self.free, count: size)
        order = texts.sorted()
        permutation.reserveCapacity(order.count)
        for (place, index) in order.enumerated() {
            // Hosts with the same key share a permutation: what one has passed over is taken for the other, too.
            if place == 0 || !texts.isSame(index, order[place - 1]) {
                let text = texts.text(index)
                positions.append(Int(XXHash64.hash(text) % UInt64(size)))
                steps.append(Int(XXHash64.hash(text, seed: 1) % UInt64(size - 1)) + 1)
            }
            permutation.append(positions.count - 1)
        }
    }

    /// Gives the next free slot of its permutation to the host in `place` of the order.
    private mutating func take(_ place: Int, _ shares: HostShares) {
        let which = permutation[place]
        let step = steps[which]
        var slot = positions[which]
        while slots[slot] != Self.free {
            slot += step
            if slot >= size { slot -= size }
        }
        slots[slot] = shares.hosts[order[place]]
        slot += step
        positions[which] = slot >= size ? slot - size : slot
    }

    private mutating func fillEqually(_ shares: HostShares) {
        var place = 0
        for _ in 0..<size {
            take(place, shares)
            place = place + 1 == order.count ? 0 : place + 1
        }
    }

    private mutating func fillByShare(_ shares: HostShares) {
        // Who is due: the round in the upper half, the place in the order in the lower. Everyone is in the first round.
        var due = DueHeap(order.indices.map { UInt64(1) << 32 | UInt64($0) })
        var targets = [Double](repeating: 0, count: order.count)
        for _ in 0..<size {
            let first = due.first
            let place = Int(first & 0xffff_ffff)
            take(place, shares)
            targets[place] += shares.largest
            let round = Self.round(after: first >> 32, share: shares.shares[order[place]], target: targets[place])
            due.replaceFirst(by: round << 32 | UInt64(place))
        }
    }

    /// The first round after `round` that, times the share, is not below the target, by the very multiplication that
    /// Envoy does; beyond the last round it no longer matters which.
    private static func round(after round: UInt64, share: Double, target: Double) -> UInt64 {
        let last = UInt64(UInt32.max)
        guard target / share < Double(last - 1) else { return last }
        var next = max(UInt64(target / share), round + 1)
        while next > round + 1, Double(next - 1) * share >= target { next -= 1 }
        while Double(next) * share < target { next += 1 }
        return next
    }
}
