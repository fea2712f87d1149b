// Fairlead: tests of xxHash64
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@Suite struct XXHash64Tests {
    static let vectors: [(String, seed: UInt64, hash: UInt64)] = [
        ("", 0, 0xef46_db37_51d8_e999),
        ("a", 0, 0xd24e_c4f1_a98c_6e5b),
        ("127.0.0.1:21500", 0, 0xbbfb_feb2_ac5d_d03f),
        ("127.0.0.1:21500_0", 0, 0x7402_5cd8_2751_13cc),
        ("127.0.0.1:21501_7", 0, 0xf93f_6168_dedb_c3d4),
        ("a", 1, 0xdec2_bc81_c3cd_46c6),
        ("127.0.0.1:21500", 1, 0x441a_f22f_52be_4cbe),
    ]

    @Test(arguments: vectors)
    func hashesAreThoseOfEnvoy(text: String, seed: UInt64, expected: UInt64) {
        #expect(XXHash64.hash(text, seed: seed) == expected)
        #expect(XXHash64.hash(Array(text.utf8), seed: seed) == expected)
        #expect(Bytes.withBytes(of: text) { XXHash64.hash($0, seed: seed) } == expected)
    }

    @Test func missingBytesHashLikeEmptyOnes() {
        #expect(XXHash64.hash(Bytes.missing) == XXHash64.hash(""))
    }

    @Test func theHashesOfTwoPoliciesAreCombinedAsDocumented() {
        let first = XXHash64.hash("a")
        #expect((first << 1 | first >> 63) ^ XXHash64.hash("b") == 0xdcd8_a342_49eb_432c)
    }
}
