// Fairlead: tests of filing routes under their paths
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@testable import FairleadCompiler
@testable import FairleadDataPlane

@Suite struct PathIndexBuilderTests {
    /// A route to be filed.
    struct Filed {
        var text: String
        var isWhole = false
        var isUnconditional = true
    }

    /// What is filed under each text: its routes, the parent's text, and the best ordinal on the way up.
    struct Key: Equatable {
        var routes: [UInt32]
        var parent: Int
        var minimum: UInt32
    }

    /// The keys of an index over `routes`, in the order of their texts' first mention.
    static func keys(_ routes: [Filed], _ reading: TextReading = []) -> [Key] {
        var writer = BlockWriter(header: PathIndex.self)
        var builder = PathIndexBuilder()
        for (ordinal, route) in routes.enumerated() {
            builder.add(
                PathIndexBuilder.Filing(
                    ordinal: UInt32(ordinal), text: route.text, place: writer.text(route.text), isWhole: route.isWhole,
                    isUnconditional: route.isUnconditional))
        }
        var patterns = PatternTable(nil)
        let index = builder.build(into: &writer, reading, CandidateListBuilder(routes: []), &patterns)
        let block = writer.finish()
        return (0..<Int(index.keys.count)).map { number in
            let key = block.view[index.keys, number]
            return Key(
                routes: (0..<Int(key.routes.count)).map { block.view[key.routes, $0] }, parent: Int(key.parent) - 1,
                minimum: key.minimum)
        }
    }

    @Test func eachTextKnowsTheLongestOneThatItBeginsWith() {
        let keys = Self.keys([
            Filed(text: "/a/b/c", isUnconditional: false), Filed(text: "", isUnconditional: false),
            Filed(text: "/a", isUnconditional: false), Filed(text: "/a/bx", isUnconditional: false),
            Filed(text: "/a/b", isUnconditional: false),
        ])
        #expect(keys.map { $0.parent } == [4, -1, 1, 4, 2])
        #expect(keys.map { $0.routes } == [[0], [1], [2], [3], [4]])
        #expect(keys.map { $0.minimum } == [0, 1, 1, 1, 1])
    }

    @Test func routesBehindOneThatTakesEverythingUnderTheirTextAreLeftOut() {
        let keys = Self.keys([
            Filed(text: "/a", isUnconditional: false), Filed(text: "/a"), Filed(text: "/a"),
            Filed(text: "/a", isUnconditional: false),
        ])
        #expect(keys.map { $0.routes } == [[0, 1]])
    }

    @Test func routesBehindAShorterTextThatTakesEverythingAreLeftOut() {
        let keys = Self.keys([
            Filed(text: "/a/b", isUnconditional: false), Filed(text: "/a"), Filed(text: "/a/b"), Filed(text: "/a/b/c"),
            Filed(text: "/x"), Filed(text: ""), Filed(text: "/y"), Filed(text: "/x/y"),
        ])
        // In the order of first mention: /a/b, /a, /a/b/c, /x, "", /y, /x/y.
        #expect(keys.map { $0.routes } == [[0], [1], [], [4], [5], [], []])
        #expect(keys.map { $0.minimum } == [0, 1, 0, 4, 5, 5, 4])
    }

    @Test func conditionalRoutesDoNotHideOthers() {
        let keys = Self.keys([
            Filed(text: "", isUnconditional: false), Filed(text: "/a", isUnconditional: false), Filed(text: "/a/b"),
            Filed(text: "/a"),
        ])
        #expect(keys.map { $0.routes } == [[0], [1, 3], [2]])
        #expect(keys.map { $0.minimum } == [0, 0, 0])
    }

    @Test func wholeTextsAndBeginningsOfTheSameTextAreKeysOfTheirOwn() {
        let keys = Self.keys([
            Filed(text: "/a", isWhole: true), Filed(text: "/a"), Filed(text: "/a/b", isWhole: true),
            Filed(text: "/a", isWhole: true),
        ])
        // The whole text lies under the beginning of the same text, and hides nothing from it.
        #expect(keys.map { $0.routes } == [[0], [1], []])
        #expect(keys.map { $0.parent } == [1, -1, 1])
    }

    @Test func textsThatOnlyLookAlikeAreKeysOfTheirOwn() {
        let keys = Self.keys([Filed(text: "/\u{e9}"), Filed(text: "/e\u{301}")])
        #expect(keys.map { $0.routes } == [[0], [1]])
    }

    @Test func withoutRoutesThereAreNoKeys() {
        #expect(Self.keys([]) == [])
    }

    /// Every path's candidates by the keys' chain are those of a plain search, less the ones that can never win.
    @Test func chainsHoldEveryRouteThatCouldWin() {
        var random = RandomSource(seed: 9)
        for _ in 0..<200 {
            let routes = (0..<(2 + random.next(below: 12))).map { _ in
                Filed(
                    text: String((0..<random.next(below: 4)).map { _ in random.next(below: 2) == 0 ? "a" : "b" }),
                    isUnconditional: random.next(below: 3) == 0)
            }
            let keys = Self.keys(routes)
            var texts: [String] = []
            for route in routes where !texts.contains(route.text) { texts.append(route.text) }
            for (number, text) in texts.enumerated() {
                var found: Set<UInt32> = []
                var step = number
                while step >= 0 {
                    found.formUnion(keys[step].routes)
                    step = keys[step].parent
                }
                var expected: Set<UInt32> = []
                for (ordinal, route) in routes.enumerated() where text.hasPrefix(route.text) {
                    expected.insert(UInt32(ordinal))
                    if route.isUnconditional { break }
                }
                #expect(expected.isSubset(of: found))
                #expect(keys[number].minimum == found.min() ?? .max)
            }
        }
    }
}
