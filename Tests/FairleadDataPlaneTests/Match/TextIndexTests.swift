// Fairlead: tests of the index of texts
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@testable import FairleadDataPlane

@Suite struct TextIndexTests {
    /// All subsets of `texts`.
    static func subsets(_ texts: [String]) -> [[String]] {
        (0..<(1 << texts.count)).map { chosen in
            texts.indices.filter { chosen >> $0 & 1 == 1 }.map { texts[$0] }
        }
    }

    /// Holds the index of every subset of `texts` against the plain search for every query; answers the first
    /// differences.
    static func compare(_ texts: [String], _ queries: [String], _ reading: TextReading) -> [String] {
        var differences: [String] = []
        for subset in subsets(texts) {
            let world = TextWorld(subset, reading)
            for query in queries {
                let limits = [query.utf8.count, max(query.utf8.count - 1, 0), min(query.utf8.count, 3)]
                if world.exact(query) != world.exactBySearch(query)
                    || limits.contains(where: {
                        world.longest(query, limit: $0) != world.longestBySearch(query, limit: $0)
                    })
                {
                    differences.append("\(subset): \(query)")
                }
            }
        }
        return Array(differences.prefix(5))
    }

    @Test(arguments: TextWorld.readings)
    func everySetOfVeryShortTextsIsSearchedRightly(reading: TextReading) {
        let texts = ["", "a", "b", "aa", "ab", "ba", "bb"]
        let queries = texts + ["aab", "aba", "bab", "bbb", "baab", "abba", "c", "ca", "ac"]
        #expect(Self.compare(texts, queries, reading) == [])
    }

    /// Texts of one letter: every length is a beginning of every longer one, and the search is over lengths alone.
    @Test(arguments: TextWorld.readings)
    func everySetOfNestedLengthsIsSearchedRightly(reading: TextReading) {
        let letters = (0...8).map { String(repeating: "a", count: $0) }
        let queries =
            letters + [
                String(repeating: "a", count: 9), String(repeating: "a", count: 20), "aaab", "baaa", "aaabaaa", "b",
            ]
        #expect(Self.compare(letters, queries, reading) == [])
    }

    /// The hash takes eight bytes at a time: lengths around its steps, with a difference in every place.
    @Test(arguments: TextWorld.readings)
    func everySetOfLengthsAroundWholeWordsIsSearchedRightly(reading: TextReading) {
        let long = "the-quick-brown-fox-jumps-over-it"
        let isFromBack = reading.contains(.fromBack)
        let texts = [1, 7, 8, 9, 15, 16, 17, 31].map { String(isFromBack ? long.suffix($0) : long.prefix($0)) }
        var queries = texts + [long, ""]
        for place in [0, 6, 7, 8, 14, 15, 16, 30] {
            var bytes = Array(long.utf8)
            bytes[isFromBack ? bytes.count - 1 - place : place] = UInt8(ascii: "X")
            queries.append(String(decoding: bytes, as: UTF8.self))
        }
        #expect(Self.compare(texts, queries, reading) == [])
    }

    @Test(arguments: [TextReading.folded, [.folded, .fromBack]])
    func foldedReadingIgnoresTheCaseOfASCIILetters(reading: TextReading) {
        let world = TextWorld(["ab", "a.b", "[", "é", "abcdefghij"], reading)
        #expect(world.exact("AB") == 0)
        #expect(world.exact("A.b") == 1)
        #expect(world.exact("{") == -1)
        #expect(world.exact("É") == -1)
        #expect(world.exact("ABCdefGHIJ") == 4)
        #expect(world.longest("XAB") == (reading.contains(.fromBack) ? 0 : -1))
    }

    @Test(arguments: [TextReading(), .fromBack])
    func unfoldedReadingDoesNot(reading: TextReading) {
        let world = TextWorld(["ab", "abcdefghij"], reading)
        #expect(world.exact("AB") == -1)
        #expect(world.exact("abcdefghiJ") == -1)
        #expect(world.longest("Ab") == -1)
        #expect(world.exact("ab") == 0)
    }

    @Test func anIndexWithoutTextsFindsNothing() {
        for reading in TextWorld.readings {
            let world = TextWorld([], reading)
            for query in ["", "a", "a longer query than eight"] {
                #expect(world.longest(query) == -1)
                #expect(world.exact(query) == -1)
            }
        }
        #expect(TextIndex.empty.root == 0)
    }

    @Test func theEmptyTextIsTheBeginningOfEverything() {
        for reading in TextWorld.readings {
            let world = TextWorld([""], reading)
            #expect(world.longest("") == 0)
            #expect(world.longest("anything at all") == 0)
            #expect(world.exact("") == 0)
            #expect(world.exact("a") == -1)
        }
    }

    /// Every length is there, and every text lies on the way to all longer ones.
    @Test(arguments: TextWorld.readings)
    func thousandsOfNestedTextsAreFound(reading: TextReading) {
        let count = 1500
        let world = TextWorld((1...count).map { String(repeating: "a", count: $0) }, reading)
        for length in stride(from: 1, through: count + 40, by: 7) {
            let query = String(repeating: "a", count: length)
            #expect(world.longest(query) == min(length, count) - 1)
            #expect(world.exact(query) == (length <= count ? length - 1 : -1))
            let broken = reading.contains(.fromBack) ? "b" + query : query + "b"
            #expect(world.longest(broken) == min(length, count) - 1)
        }
    }

    /// Two branches that share all but their last byte: markers of one must not lead the search for the other astray.
    @Test func branchesThatPartLateDoNotMisleadTheSearch() {
        var texts: [String] = []
        for length in 1...64 where length % 3 != 0 {
            texts.append(String(repeating: "x", count: length))
            texts.append(String(repeating: "x", count: length) + "y")
        }
        for reading in TextWorld.readings {
            let world = TextWorld(Array(Set(texts)).sorted(), reading)
            for length in 0...66 {
                for tail in ["", "y", "z", "yx", "yy"] {
                    let body = String(repeating: "x", count: length)
                    for query in [body + tail, tail + body] {
                        #expect(world.longest(query) == world.longestBySearch(query), "\(reading) \(query)")
                    }
                }
            }
        }
    }

    @Test func manyTextsKeepTheirOwnValues() {
        var random = RandomSource(seed: 11)
        var texts: Set<String> = []
        while texts.count < 5000 {
            texts.insert(
                (0..<random.next(below: 12)).map { _ in "abcd./-"[Int(random.next(below: 7))] }.joined())
        }
        let sorted = texts.sorted()
        for reading in TextWorld.readings {
            let world = TextWorld(sorted, reading)
            for (number, text) in sorted.enumerated() where world.exact(text) != number || world.longest(text) != number
            {
                Issue.record("\(text) is not found under \(reading)")
            }
        }
    }
}

extension String {
    fileprivate subscript(place: Int) -> String { String(self[index(startIndex, offsetBy: place)]) }
}
