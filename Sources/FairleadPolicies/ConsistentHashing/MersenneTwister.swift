// Fairlead: MT19937, for the one place where Envoy's choice depends on it
// SPDX-License-Identifier: Apache-2.0

/// The 32-bit Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998), C++'s `std::mt19937`. It lives on the stack,
/// 2.5 kB, and twists one word a draw instead of all at once, since few draws are ever made.
struct MersenneTwister {
    private static var size: Int { 624 }

    private var words = InlineArray<624, UInt32>(repeating: 0)
    private var place = 0

    /// The generator that `seed` decides.
    init(seed: UInt32) {
        // The multiplications wrap: the generator is defined over 32-bit words.
        var word = seed
        words[0] = word
        for index in 1..<Self.size {
            word = 1_812_433_253 &* (word ^ (word >> 30)) &+ UInt32(truncatingIfNeeded: index)
            words[index] = word
        }
    }

    /// The next 32 random bits.
    mutating func next() -> UInt32 {
        let following = place + 1 == Self.size ? 0 : place + 1
        let middle = place < Self.size - 397 ? place + 397 : place + 397 - Self.size
        let mixed = (words[place] & 0x8000_0000) | (words[following] & 0x7fff_ffff)
        var word = words[middle] ^ (mixed >> 1) ^ (mixed & 1 == 0 ? 0 : 0x9908_b0df)
        words[place] = word
        place = following
        word ^= word >> 11
        word ^= (word << 7) & 0x9d2c_5680
        word ^= (word << 15) & 0xefc6_0000
        return word ^ (word >> 18)
    }
}
