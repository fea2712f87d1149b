// Fairlead: the first few places of a shuffle, without a list to shuffle
// SPDX-License-Identifier: Apache-2.0

/// The order in which Envoy asks hosts when loads are bounded: a Fisher–Yates shuffle of 0 ..< count, driven by
/// MT19937.
///
/// Envoy shuffles a list of all hosts, freshly allocated for each request. Only the places that were swapped differ from
/// their index, so here a small table on the stack remembers those, and the shuffle ends after `longest` places.
struct SparseShuffle {
    /// How many places it gives at most.
    static var longest: Int { 256 }

    private static var slotCount: Int { 512 }

    private let count: Int
    private var given = 0
    private var generator: MersenneTwister
    /// Open addressing: place + 1 in the upper half, what stands there in the lower; 0 is free. Half full at most.
    private var swapped = InlineArray<512, UInt64>(repeating: 0)

    /// The shuffle of 0 ..< `count` that `seed` decides.
    init(count: Int, seed: UInt32) {
        self.count = min(count, Int(UInt32.max) - 1)
        generator = MersenneTwister(seed: seed)
    }

    /// The next place; `nil` after all, or `longest`, of them.
    mutating func next() -> Int? {
        guard given < count, given < Self.longest else { return nil }
        let other = given + Int(below(UInt32(truncatingIfNeeded: count - given)))
        let mine = swapped[slot(of: given)]
        let slot = slot(of: other)
        let place = swapped[slot] == 0 ? other : Int(swapped[slot] & 0xffff_ffff)
        // What stood in the place that is given now moves to where the answer came from.
        let moved = mine == 0 ? UInt64(given) : mine & 0xffff_ffff
        swapped[slot] = UInt64(other + 1) << 32 | moved
        given += 1
        return place
    }

    /// The slot that holds `place`, or the free one where it belongs.
    private func slot(of place: Int) -> Int {
        // A multiplication that wraps spreads neighbouring places.
        var slot = Int(truncatingIfNeeded: (UInt64(place) &* 0x9e37_79b9_7f4a_7c15) >> 55)
        while swapped[slot] != 0, swapped[slot] >> 32 != UInt64(place + 1) { slot = (slot + 1) % Self.slotCount }
        return slot
    }

    /// A number below `bound`, which is not 0, drawn as Envoy draws it.
    private mutating func below(_ bound: UInt32) -> UInt32 {
        let width = (UInt64(1) << 32) / UInt64(max(bound, 1))
        while true {
            // More than half of all draws are good.
            let draw = UInt64(generator.next()) / width
            if draw < UInt64(bound) { return UInt32(truncatingIfNeeded: draw) }
        }
    }
}
