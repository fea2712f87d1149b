// Fairlead: tests of case folding
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@Suite struct ASCIITests {
    /// What folding has to do, spelled out: only `A` … `Z` change.
    static func folded(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte + 32 : byte }

    @Test func everyByteIsFolded() {
        for byte in UInt8.min...UInt8.max { #expect(ASCII.lowercased(byte) == Self.folded(byte)) }
    }

    @Test(arguments: 0..<8)
    func everyByteIsFoldedInEveryPlaceOfAWord(place: Int) {
        let shift = UInt64(place * 8)
        for byte in UInt8.min...UInt8.max {
            // The other bytes are ones that a carry would damage.
            for filler: UInt8 in [0, 0x41, 0x5a, 0x7f, 0x80, 0xc1, 0xff] {
                let rest = (0x0101_0101_0101_0101 &* UInt64(filler)) & ~(0xff << shift)
                let foldedRest = (0x0101_0101_0101_0101 &* UInt64(Self.folded(filler))) & ~(0xff << shift)
                let expected = foldedRest | UInt64(Self.folded(byte)) << shift
                #expect(ASCII.lowercased(rest | UInt64(byte) << shift) == expected, "\(byte) at \(place)")
            }
        }
    }

    @Test func textsAreFoldedAndOtherLettersStay() {
        let cases = [
            ("", ""), ("abc", "abc"), ("ABC", "abc"), ("X-Forwarded-PROTO", "x-forwarded-proto"), ("[@`{", "[@`{"),
            ("ÄÖÜ", "ÄÖÜ"), ("É É", "É É"), ("İI", "İi"), ("Straße", "straße"), ("\u{212a}K", "\u{212a}k"),
        ]
        for (text, expected) in cases { #expect(Array(ASCII.lowercased(text).utf8) == Array(expected.utf8)) }
    }

    @Test(arguments: BytesTests.lengths)
    func comparisonIgnoresCaseInEveryPlace(length: Int) {
        let lower = (0..<length).map { UInt8(97 + $0 % 26) }
        let upper = lower.map { $0 - 32 }
        Bytes.withBytes(of: lower) { lower in
            Bytes.withBytes(of: upper) { upper in
                #expect(lower.equalsIgnoringCase(upper))
                #expect(upper.equalsIgnoringCase(lower))
                #expect(upper.foldedEquals(lower))
                // The right side has to be in lower case already.
                #expect(lower.foldedEquals(upper) == (length == 0))
            }
        }
        for place in 0..<length {
            var other = upper
            other[place] = 0x2d
            Bytes.withBytes(of: lower) { lower in
                Bytes.withBytes(of: other) { other in
                    #expect(!lower.equalsIgnoringCase(other))
                    #expect(!other.foldedEquals(lower))
                }
            }
        }
    }

    @Test func lettersOutsideOfASCIIKeepTheirCase() {
        Bytes.withBytes(of: "É") { upper in
            Bytes.withBytes(of: "é") { lower in
                #expect(!upper.equalsIgnoringCase(lower))
                #expect(!upper.foldedEquals(lower))
            }
        }
    }

    @Test func bytesThatDifferInTheCaseBitAloneAreNotEqual() {
        // "@" and "`", "[" and "{": 32 apart, and no letters.
        for (left, right) in [("@@@@@@@@@", "`````````"), ("[", "{"), ("\u{1}", "!")] {
            Bytes.withBytes(of: left) { left in
                Bytes.withBytes(of: right) { right in
                    #expect(!left.equalsIgnoringCase(right))
                    #expect(!left.foldedEquals(right))
                }
            }
        }
    }
}
