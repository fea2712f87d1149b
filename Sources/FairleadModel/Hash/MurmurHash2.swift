// Fairlead: MurmurHash2, the other hash of Envoy's rings
// SPDX-License-Identifier: Apache-2.0

/// MurmurHash2, 64-bit variant A (Austin Appleby), with the seed of libstdc++'s `std::hash`, as Envoy's ring hash uses
/// it for `MURMUR_HASH_2`.
public enum MurmurHash2 {
    /// The seed that Envoy fixes.
    public static let seed: UInt64 = 0xc70f_6907

    /// The hash of `bytes`. O(n).
    public static func hash(_ bytes: [UInt8], seed: UInt64 = MurmurHash2.seed) -> UInt64 {
        let multiplier: UInt64 = 0xc6a4_a793_5bd1_e995
        // Every multiplication below wraps: the hash is defined over 64-bit words.
        var hash = seed ^ (UInt64(bytes.count) &* multiplier)
        var index = 0
        while index + 8 <= bytes.count {
            var word: UInt64 = 0
            for offset in 0..<8 { word |= UInt64(bytes[index + offset]) << UInt64(8 * offset) }
            word = word &* multiplier
            word ^= word >> 47
            word = word &* multiplier
            hash = (hash ^ word) &* multiplier
            index += 8
        }
        if index < bytes.count {
            for offset in 0..<(bytes.count - index) { hash ^= UInt64(bytes[index + offset]) << UInt64(8 * offset) }
            hash = hash &* multiplier
        }
        hash ^= hash >> 47
        hash = hash &* multiplier
        return hash ^ (hash >> 47)
    }

    /// The hash of a text's UTF-8. O(n).
    public static func hash(_ text: String) -> UInt64 { hash(Array(text.utf8)) }
}
