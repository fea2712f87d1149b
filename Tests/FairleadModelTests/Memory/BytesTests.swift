// Fairlead: tests of borrowed bytes
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@Suite struct BytesTests {
    /// The lengths around which comparison and search change their step of eight bytes.
    static let lengths = [0, 1, 7, 8, 9, 15, 16, 17, 24, 31]

    static func text(_ length: Int) -> [UInt8] { (0..<length).map { UInt8(65 + $0) } }

    // MARK: Missing and empty

    @Test func missingBytesAreEmptyButEmptyOnesAreNotMissing() {
        #expect(Bytes.missing.isMissing)
        #expect(Bytes.missing.isEmpty)
        #expect(Bytes.missing.count == 0)
        Bytes.withEmpty { empty in
            #expect(!empty.isMissing)
            #expect(empty.isEmpty)
            #expect(!empty.elementsEqual(.missing))
            #expect(!Bytes.missing.elementsEqual(empty))
            #expect(empty.elementsEqual(empty))
        }
        #expect(Bytes.missing.elementsEqual(.missing))
    }

    @Test func noAddressMeansNoBytesWhateverTheCount() {
        let bytes = Bytes(start: nil, count: 7)
        #expect(bytes.count == 0)
        #expect(bytes.isMissing)
    }

    @Test func emptyTextsAndArraysAreLentAsEmptyNotAsMissing() {
        Bytes.withBytes(of: "") { #expect(!$0.isMissing && $0.isEmpty) }
        Bytes.withBytes(of: [UInt8]()) { #expect(!$0.isMissing && $0.isEmpty) }
    }

    @Test func everyPartOfMissingBytesIsMissing() {
        #expect(Bytes.missing[0..<3].isMissing)
        #expect(Bytes.missing.prefix(2).isMissing)
        #expect(Bytes.missing.dropFirst(2).isMissing)
    }

    // MARK: Parts

    @Test(arguments: lengths)
    func bytesAreReadByIndexAndCopied(length: Int) {
        let text = Self.text(length)
        Bytes.withBytes(of: text) { bytes in
            #expect(bytes.count == length)
            #expect((0..<length).map { bytes[$0] } == text)
            #expect(bytes.array == text)
            #expect(bytes.string == String(decoding: text, as: UTF8.self))
        }
    }

    @Test(arguments: lengths)
    func partsAreClampedToWhatIsThere(length: Int) {
        let text = Self.text(length)
        Bytes.withBytes(of: text) { bytes in
            for lower in -2...(length + 2) {
                for upper in lower...(length + 4) {
                    let expected = text[min(max(lower, 0), length)..<min(max(upper, lower, 0), length)]
                    #expect(bytes[lower..<upper].array == Array(expected), "\(lower)..<\(upper) of \(length)")
                    #expect(!bytes[lower..<upper].isMissing)
                }
            }
        }
    }

    @Test(arguments: [-5, -1, 0, 1, 2, 3, 4, 100, Int.max, Int.min])
    func prefixAndRestTakeAnyLength(length: Int) {
        Bytes.withBytes(of: "abc") { bytes in
            let kept = min(max(length, 0), 3)
            #expect(bytes.prefix(length).string == String("abc".prefix(kept)))
            #expect(bytes.dropFirst(length).string == String("abc".dropFirst(kept)))
        }
    }

    // MARK: Comparison

    /// Every pair of texts of the lengths above that differ in at most one byte.
    @Test(arguments: lengths)
    func comparisonSeesADifferenceInAnyByte(length: Int) {
        let text = Self.text(length)
        for other in Self.lengths {
            let same = Self.text(other)
            Bytes.withBytes(of: text) { left in
                Bytes.withBytes(of: same) { right in
                    #expect(left.elementsEqual(right) == (length == other))
                    #expect(left.starts(with: right) == (other <= length))
                    #expect(left.precedes(right) == (length < other))
                }
            }
        }
        for place in 0..<length {
            var changed = text
            changed[place] += 1
            Bytes.withBytes(of: text) { left in
                Bytes.withBytes(of: changed) { right in
                    #expect(!left.elementsEqual(right))
                    #expect(!left.starts(with: right))
                    #expect(!left.ends(with: right))
                    #expect(left.precedes(right))
                    #expect(!right.precedes(left))
                    #expect(left.prefix(place).elementsEqual(right.prefix(place)))
                    #expect(left.dropFirst(place + 1).elementsEqual(right.dropFirst(place + 1)))
                }
            }
        }
    }

    @Test(arguments: lengths)
    func bytesEndWithEachOfTheirOwnEnds(length: Int) {
        let text = Self.text(length)
        Bytes.withBytes(of: text) { bytes in
            for cut in 0...length { #expect(bytes.ends(with: bytes.dropFirst(cut))) }
            Bytes.withBytes(of: [0] + text) { longer in
                #expect(!bytes.ends(with: longer))
                #expect(longer.ends(with: bytes))
            }
        }
    }

    @Test func everythingBeginsAndEndsWithNothing() {
        for text in ["", "a", "abcdefghi"] {
            Bytes.withBytes(of: text) { bytes in
                Bytes.withEmpty { #expect(bytes.starts(with: $0) && bytes.ends(with: $0)) }
                #expect(bytes.starts(with: .missing) && bytes.ends(with: .missing))
            }
        }
    }

    @Test func orderIsThatOfBytesNotOfLetters() {
        let ascending = ["", "A", "Aa", "B", "a", "aaaaaaaa", "aaaaaaaab", "aaaaaaab", "b", "é", "\u{10348}"]
        for (low, left) in ascending.enumerated() {
            for (high, right) in ascending.enumerated() {
                Bytes.withBytes(of: left) { left in
                    Bytes.withBytes(of: right) { right in #expect(left.precedes(right) == (low < high)) }
                }
            }
        }
    }

    @Test func orderComparesTheFirstDifferingByteOfAWord() {
        // Read as a little-endian number, the second would be the smaller one.
        Bytes.withBytes(of: [1, 0, 0, 0, 0, 0, 0, 9]) { left in
            Bytes.withBytes(of: [2, 0, 0, 0, 0, 0, 0, 1]) { right in
                #expect(left.precedes(right))
                #expect(!right.precedes(left))
            }
        }
    }

    // MARK: Search

    @Test(arguments: lengths)
    func searchFindsTheFirstAndTheLastOccurrence(length: Int) {
        for first in 0..<length {
            for last in first..<length {
                var text = [UInt8](repeating: 0x2e, count: length)
                text[first] = 0x2f
                text[last] = 0x2f
                Bytes.withBytes(of: text) { bytes in
                    for from in 0...length {
                        let expected = text[from...].firstIndex(of: 0x2f)
                        #expect(bytes.firstIndex(of: 0x2f, from: from) == expected)
                    }
                    #expect(bytes.lastIndex(of: 0x2f) == last)
                    #expect(bytes.firstIndex(of: 0x30) == nil)
                    #expect(bytes.lastIndex(of: 0x30) == nil)
                }
            }
        }
    }

    /// The search over words borrows between bytes: neighbours of the byte must not be taken for it.
    @Test(arguments: [UInt8(0), 1, 0x7f, 0x80, 0x81, 0xfe, 0xff])
    func searchIsExactForBytesThatDifferByOne(byte: UInt8) {
        for neighbour in [byte &- 1, byte &+ 1, byte ^ 0x80, byte ^ 0x01] {
            for place in 0..<8 {
                var text = [UInt8](repeating: neighbour, count: 8)
                text[place] = byte
                Bytes.withBytes(of: text) { #expect($0.firstIndex(of: byte) == place) }
            }
            Bytes.withBytes(of: [UInt8](repeating: neighbour, count: 16)) { #expect($0.firstIndex(of: byte) == nil) }
        }
    }

    @Test func searchFromBeyondEitherEndIsHarmless() {
        Bytes.withBytes(of: "a/b/c") { bytes in
            #expect(bytes.firstIndex(of: 0x2f, from: 5) == nil)
            #expect(bytes.firstIndex(of: 0x2f, from: 99) == nil)
            #expect(bytes.firstIndex(of: 0x2f, from: -99) == 1)
        }
        #expect(Bytes.missing.firstIndex(of: 0) == nil)
        #expect(Bytes.missing.lastIndex(of: 0) == nil)
    }

    // MARK: Copies

    @Test func bytesThatAreNotTextAreReplacedInTexts() {
        Bytes.withBytes(of: [0x61, 0xff, 0x62]) { bytes in
            #expect(bytes.string == "a\u{fffd}b")
            #expect(bytes.array == [0x61, 0xff, 0x62])
        }
    }

    @Test func smallAndLargeTextsAreLentAsTheirUTF8() {
        // Up to 15 bytes Swift keeps a text inside of the value itself.
        for text in ["a", "fifteen bytes!!", "sixteen bytes!!!", String(repeating: "é", count: 100)] {
            Bytes.withBytes(of: text) { #expect($0.array == Array(text.utf8)) }
        }
    }
}
