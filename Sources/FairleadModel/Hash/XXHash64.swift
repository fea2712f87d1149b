// Fairlead: xxHash64, the hash of Envoy's hash policies and rings
// SPDX-License-Identifier: Apache-2.0

import CXXHash

/// xxHash64 (Yann Collet), the hash that Envoy uses for hash policies, rings and Maglev tables.
public enum XXHash64 {
    /// The hash of `bytes`. O(n).
    public static func hash(_ bytes: Bytes, seed: UInt64 = 0) -> UInt64 {
        unsafe bytes.withUnsafeBytes { unsafe fl_xxh64($0.baseAddress, $0.count, seed) }
    }

    /// The hash of a text's UTF-8. O(n).
    public static func hash(_ text: String, seed: UInt64 = 0) -> UInt64 {
        Bytes.withBytes(of: text) { hash($0, seed: seed) }
    }

    /// The hash of an array. O(n).
    public static func hash(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 {
        Bytes.withBytes(of: bytes) { hash($0, seed: seed) }
    }
}
