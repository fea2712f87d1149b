// Fairlead: tests of patterns that are asked at once
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin
import FairleadRE2
import Testing

@Suite struct RE2PatternSetTests {
    private let engine = RE2PatternEngine(maximumProgramSize: .max)

    private func answer(_ set: CompiledPatternSet, _ text: String) -> PatternSetAnswer {
        Bytes.withBytes(of: text) { set.matches($0) }
    }

    @Test func tellsWhichPatternsMatchTheWholeText() throws {
        let set = try #require(engine.compileSet(["/a.*", "/ab", "b", "/a"]))
        let both = answer(set, "/ab")
        #expect(both.isKnown)
        #expect((0..<5).map { both[$0] } == [true, true, false, false, false])
        let none = answer(set, "x")
        #expect(none.isKnown)
        #expect((0..<256).allSatisfy { !none[$0] })
    }

    @Test func agreesWithThePatternsAskedOneByOne() throws {
        var random = RandomSource(seed: 7)
        let texts = PatternTexts.all(over: Array("abA/".utf8), upTo: 4)
        var matched = 0
        for _ in 0..<30 {
            let patterns = (0..<20).map { _ in PatternTexts.pattern(depth: 3, &random) }
            let set = try #require(engine.compileSet(patterns))
            let single = try patterns.map { try engine.compile($0) }
            for text in texts {
                let answer = Bytes.withBytes(of: text) { set.matches($0) }
                #expect(answer.isKnown)
                for (index, pattern) in single.enumerated() {
                    let alone = Bytes.withBytes(of: text) { pattern.matches($0) }
                    if alone { matched += 1 }
                    #expect(answer[index] == alone, "\(patterns[index]) and \(text)")
                }
            }
        }
        #expect(matched > 1000, "the sample tells something")
    }

    @Test func hasRoomFor256Patterns() throws {
        let set = try #require(engine.compileSet((0..<256).map { "/x\($0)/.*" }))
        #expect(answer(set, "/x255/a")[255])
        #expect(!answer(set, "/x25/a")[255])
        #expect(engine.compileSet((0..<257).map { "/x\($0)" }) == nil)
    }

    @Test func bytesOfEveryKindAreTexts() throws {
        let set = try #require(engine.compileSet(["\\xff.*", "", "a\\x00"]))
        #expect(Bytes.withBytes(of: [0xff, 0x80], { set.matches($0) })[0])
        #expect(Bytes.withBytes(of: [] as [UInt8], { set.matches($0) })[1])
        #expect(Bytes.withBytes(of: [0x61, 0], { set.matches($0) })[2])
    }
}
