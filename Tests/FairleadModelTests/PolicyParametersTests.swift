// Fairlead: tests of policy parameters
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@Suite struct PolicyParametersTests {
    @Test func valuesAreKeptSortedByName() {
        let parameters = PolicyParameters([("b", .unsigned(2)), ("c", .text("x")), ("a", .bool(true))])
        #expect(parameters.values.map { $0.name } == ["a", "b", "c"])
        #expect(parameters["b"] == .unsigned(2))
        #expect(parameters["d"] == nil)
    }

    @Test func theLastValueOfANameWins() {
        var parameters = PolicyParameters([("a", .unsigned(1)), ("a", .unsigned(2))])
        #expect(parameters.values.count == 1)
        #expect(parameters["a"] == .unsigned(2))
        parameters["a"] = .double(3)
        #expect(parameters["a"] == .double(3))
        parameters["a"] = nil
        #expect(parameters["a"] == nil)
        #expect(parameters.values.isEmpty)
    }

    @Test func theOrderOfSettingDoesNotMatter() {
        let values: [(String, PolicyParameters.Value)] = [
            ("x", .bool(false)), ("a", .unsigned(1)), ("m", .double(0.5)),
        ]
        let one = PolicyParameters(values)
        let other = PolicyParameters(values.reversed())
        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
    }

    @Test func everyPartCountsForEquality() {
        let one = PolicyParameters([("a", .unsigned(1))], payload: [1])
        #expect(one != PolicyParameters([("a", .unsigned(2))], payload: [1]))
        #expect(one != PolicyParameters([("b", .unsigned(1))], payload: [1]))
        #expect(one != PolicyParameters([("a", .unsigned(1))], payload: []))
        #expect(one != PolicyParameters([("a", .unsigned(1)), ("b", .unsigned(1))], payload: [1]))
        #expect(one != PolicyParameters([("a", .double(1))], payload: [1]))
    }

    @Test func valuesOfTheWrongKindReadAsTheFallback() {
        let parameters = PolicyParameters([
            ("u", .unsigned(7)), ("d", .double(0.5)), ("b", .bool(true)), ("t", .text("word")),
        ])
        #expect(["u", "d", "b", "t", "-"].map { parameters.unsigned($0, default: 1) } == [7, 1, 1, 1, 1])
        #expect(["u", "d", "b", "t", "-"].map { parameters.double($0, default: 2) } == [7, 0.5, 2, 2, 2])
        #expect(
            ["u", "d", "b", "t", "-"].map { parameters.bool($0, default: false) } == [false, false, true, false, false])
        #expect(["u", "d", "b", "t", "-"].map { parameters.text($0, default: "f") } == ["f", "f", "f", "word", "f"])
    }
}
