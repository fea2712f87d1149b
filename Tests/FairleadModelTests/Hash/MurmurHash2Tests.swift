// Fairlead: tests of MurmurHash2
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@Suite struct MurmurHash2Tests {
    @Test(arguments: [
        ("", UInt64(0x553e_9390_1e46_2a6e)),
        ("a", 0x454d_dee4_88c1_ed6b),
        ("127.0.0.1:21500_0", 0xec52_5994_39d5_aa13),
    ])
    func hashesAreThoseOfEnvoy(text: String, expected: UInt64) {
        #expect(MurmurHash2.hash(text) == expected)
        #expect(MurmurHash2.hash(Array(text.utf8), seed: 0xc70f_6907) == expected)
    }

    @Test func everyByteOfEveryLengthCounts() {
        for length in 1...20 {
            let text = [UInt8](repeating: 0x61, count: length)
            var seen: Set<UInt64> = [MurmurHash2.hash(text)]
            for place in 0..<length {
                var other = text
                other[place] = 0xe1
                seen.insert(MurmurHash2.hash(other))
            }
            #expect(seen.count == length + 1)
        }
    }
}
