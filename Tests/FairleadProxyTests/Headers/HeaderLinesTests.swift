// Fairlead: tests of header lines
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import Testing

@testable import FairleadProxy

@Suite struct HeaderLinesTests {
    static func lines(_ pairs: (String, String)...) -> HeaderLines { HeaderLines(received: HTTPHeaders(pairs)) }

    static func text(_ lines: HeaderLines) -> [String] { lines.lines.map { "\($0.name): \($0.value)" } }

    @Test func namesAreLoweredAndOrderStays() {
        #expect(Self.text(Self.lines(("X-B", "1"), ("A", "2"), ("x-b", "3"))) == ["x-b: 1", "a: 2", "x-b: 3"])
    }

    @Test func settingReplacesAllLinesOfTheName() {
        var lines = Self.lines(("a", "1"), ("b", "2"), ("a", "3"))
        lines.set("a", "4")
        #expect(Self.text(lines) == ["a: 4", "b: 2"])
        lines.set("c", "5")
        #expect(Self.text(lines) == ["a: 4", "b: 2", "c: 5"])
    }

    @Test func removingTakesAllLinesOfTheName() {
        var lines = Self.lines(("a", "1"), ("b", "2"), ("a", "3"))
        lines.remove("a")
        #expect(Self.text(lines) == ["b: 2"])
        #expect(lines["a"] == nil)
        #expect(lines.count(of: "b") == 1)
    }
}
