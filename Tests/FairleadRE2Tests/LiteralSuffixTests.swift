// Fairlead: tests of the literal end of a pattern
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin
import FairleadRE2
import Testing

@Suite struct LiteralSuffixTests {
    private let engine = RE2PatternEngine(maximumProgramSize: .max)

    @Test(arguments: [
        ("/foo", "/foo"), (".*/foo", "/foo"), ("/[^/]+/items", "/items"), ("/(a|b)/x", "/x"),
        ("/v\\d+/x\\.json", "/x.json"),
        ("/a*bc$", "bc"), ("[[:alpha:]]]x", "]x"), ("[]a]b", "b"), ("[^]a]b", "b"), ("[a\\]]b", "b"), ("(?:x|y)z", "z"),
        ("(?P<n>x)-z", "-z"), ("a{2}b", "b"), ("\\bx", "x"), ("a^b", "b"), ("x\\/y", "x/y"),
    ])
    func findsTheLiteralEnd(pattern: String, suffix: String) throws {
        #expect(String(decoding: try engine.compile(pattern).requiredSuffix, as: UTF8.self) == suffix)
    }

    @Test(arguments: [
        "", ".*", "a|b", "ab*", "ab+", "ab?", "ab{2}", "(ab)", "[ab]", "(?i)ab", "a(?i)b", "a(?i:b)", "\\Qab\\E",
        "\\x41",
        "\\pN", "\\p{Greek}", "\\101", "a\\d", "é", "(a|b)|c", "x(?s:.)|y",
    ])
    func findsNoneWhereMatchesMayDiffer(pattern: String) throws {
        #expect(try engine.compile(pattern).requiredSuffix.isEmpty)
    }

    @Test func everyMatchEndsWithIt() throws {
        var random = RandomSource(seed: 43)
        let texts = PatternTexts.all(over: Array("abA/".utf8), upTo: 4)
        var suffixed = 0
        var matched = 0
        for _ in 0..<400 {
            let text = PatternTexts.pattern(depth: 3, &random) + ["", "a", "/b"][Int(random.next(below: 3))]
            let pattern = try engine.compile(text)
            let suffix = pattern.requiredSuffix
            if suffix.isEmpty { continue }
            suffixed += 1
            for candidate in texts where Bytes.withBytes(of: candidate, { pattern.matches($0) }) {
                matched += 1
                #expect(candidate.suffix(suffix.count).elementsEqual(suffix), "\(text) matches \(candidate)")
            }
        }
        #expect(suffixed > 50 && matched > 300, "the sample tells something")
    }
}
