// Fairlead: seeded randomness
// SPDX-License-Identifier: Apache-2.0

/// A small, fast, seeded random source: SplitMix64 (Steele, Lea and Flood, 2014).
///
/// Randomness is an argument everywhere in Fairlead, so that the same seed and the same inputs give the same decisions
/// (the Replay law). Not for cryptography.
@frozen
public struct RandomSource: RandomNumberGenerator, BitwiseCopyable, Sendable {
    /// The whole state.
    public var state: UInt64

    /// A source whose sequence `seed` alone decides.
    @inlinable
    public init(seed: UInt64) { state = seed }

    /// The next 64 random bits.
    @inlinable
    @inline(__always)
    public mutating func next() -> UInt64 {
        // Additions and multiplications wrap: the generator is defined over 64-bit words.
        state = state &+ 0x9e37_79b9_7f4a_7c15
        return RandomSource.mixed(state)
    }

    /// A value in 0 ..< `bound` (Lemire's multiply-and-shift; its bias is below `bound` ÷ 2^64); 0 when `bound` is 0.
    @inlinable
    @inline(__always)
    public mutating func next(below bound: UInt64) -> UInt64 { next().multipliedFullWidth(by: bound).high }

    /// The finaliser of SplitMix64: spreads every input bit over the whole word.
    @inlinable
    @inline(__always)
    public static func mixed(_ value: UInt64) -> UInt64 {
        var word = value
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
