// Fairlead: tests of building an index of texts
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@testable import FairleadCompiler
@testable import FairleadDataPlane

@Suite struct TextIndexBuilderTests {
    static func build(
        _ texts: [(String, isWhole: Bool)], _ reading: TextReading = []
    ) -> (result: TextIndexBuilder.Result, block: Block) {
        var writer = BlockWriter(header: DirectoryHeader.self)
        var builder = TextIndexBuilder(reading)
        for (text, isWhole) in texts { builder.add(text, at: writer.text(text), isWhole: isWhole) }
        #expect(builder.count == texts.count)
        let result = builder.build(into: &writer)
        return (result, writer.finish())
    }

    @Test func parentsAreTheLongestTextsThatATextBeginsWith() {
        let texts = ["abc", "a", "", "ab", "b", "abcd", "ac"].map { ($0, false) }
        #expect(Self.build(texts).result.parents == [3, 2, -1, 1, 2, 0, 1])
    }

    @Test func readFromTheBackParentsAreEnds() {
        let texts = ["abc", "c", "bc", "b", "xbc"].map { ($0, false) }
        #expect(Self.build(texts, .fromBack).result.parents == [2, -1, 1, -1, 2])
    }

    @Test func wholeTextsAreNobodysParents() {
        let result = Self.build([("a", true), ("ab", false), ("a", false), ("abc", true)]).result
        #expect(result.parents == [2, 2, -1, 1])
    }

    @Test func theLengthsAreThoseOfBeginningsOnceEach() {
        let (result, block) = Self.build([
            ("aa", false), ("bb", false), ("", false), ("abcd", false), ("abcdef", true), ("a", false),
        ])
        #expect((0..<Int(result.prefixes.lengths.count)).map { block.view[result.prefixes.lengths, $0] } == [1, 2, 4])
        #expect(result.prefixes.root == 3)
        #expect(result.exact.lengths.count == 0)
    }

    @Test func theTableIsHalfEmptyAtLeastAndAPowerOfTwo() {
        for count in [1, 2, 3, 4, 5, 100, 1000] {
            let (result, block) = Self.build((0..<count).map { ("text \($0)", true) })
            let size = Int(result.exact.entries.count)
            #expect(size & (size - 1) == 0)
            let taken = (0..<size).filter { block.view[result.exact.entries, $0].fingerprint != 0 }.count
            #expect(taken == count)
            #expect(taken * 2 <= size)
            #expect(size <= max(count * 4, 4))
        }
    }

    @Test func sharedMarkersTakeOnePlace() {
        // 500 texts of the same length beside a few of others share the markers on the way to them.
        let (result, block) = Self.build(
            (0..<500).map { ("common-beginning-\(1000 + $0)", false) } + [("com", false), ("common-be", false)])
        let size = Int(result.prefixes.entries.count)
        let taken = (0..<size).filter { block.view[result.prefixes.entries, $0].fingerprint != 0 }.count
        #expect(taken == 502)
        #expect(size <= 2048)
    }

    @Test func withoutTextsNothingIsWritten() {
        let (result, block) = Self.build([])
        #expect(result.exact.entries.count == 0 && result.prefixes.entries.count == 0)
        #expect(result.parents == [])
        #expect(block.byteCount == MemoryLayout<DirectoryHeader>.size)
    }

    @Test func theSameTextsGiveTheSameBytes() {
        let texts = (0..<300).map { ("/path/\($0 % 50)/\($0)", $0 % 3 == 0) }
        for reading in [TextReading(), .folded, .fromBack, [.folded, .fromBack]] {
            #expect(Self.build(texts, reading).block.hasSameBytes(as: Self.build(texts, reading).block))
        }
    }
}
