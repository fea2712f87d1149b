// Fairlead: tests of the literal prefix that every match of a pattern begins with
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin
import FairleadRE2
import Testing

@Suite
struct RequiredPrefixTests {
    private let engine = RE2PatternEngine(maximumProgramSize: .max)

    /// Patterns and prefixes that the route index counts on.
    @Test(arguments: [
        ("/foo", "/foo"), ("/foo/.*", "/foo/"), ("/users/[0-9]+/x", "/users/"), ("/api/v[12]/(users|items)", "/api/v"),
        ("^/foo$", "/foo"), ("^/foo.*", "/foo"), ("(?m)^/foo", "/foo"), ("(/a/b|/a/c)/d", "/a/"), ("/a|/b", "/"),
        ("/é.*", "/é"), ("/a\\.b/[^/]*", "/a.b/"), ("\\Q/a.b\\E.*", "/a.b"), ("(?s)/x.*", "/x"), ("/a{3}b?", "/aaa"),
        ("/a\0b.*", "/a\0b"), ("((((/a))))", "/a"), ("/foo(/.*|0)", "/foo"), ("/foo(/.*|00)", "/foo"),
    ])
    func findsTheLiteralStart(pattern: String, prefix: String) throws {
        #expect(String(decoding: try engine.compile(pattern).requiredPrefix, as: UTF8.self) == prefix)
    }

    @Test(arguments: ["", ".*foo", "a*", "(?i)foo", "[ab]c", "(a|)b", "a?b", "x{0}a|b", "\\b.*", "(?i)k.*", "\\C*a"])
    func findsNoneWhereMatchesDiffer(pattern: String) throws {
        #expect(try engine.compile(pattern).requiredPrefix.isEmpty)
    }

    @Test func endsBeforeLettersOfEitherCase() throws {
        #expect(try engine.compile("(?i)/foo").requiredPrefix == Array("/".utf8))
        #expect(try engine.compile("/a(?i:b)c").requiredPrefix == Array("/a".utf8))
        #expect(try engine.compile("^(?i)/123-a").requiredPrefix == Array("/123-".utf8))
    }

    @Test func isCappedAt256Bytes() throws {
        let literal = String(repeating: "/abc", count: 100)
        #expect(try engine.compile(literal + ".*").requiredPrefix == Array(literal.utf8.prefix(256)))
    }

    @Test func everyMatchBeginsWithIt() throws {
        var random = RandomSource(seed: 42)
        let texts = PatternTexts.all(over: Array("abA/".utf8), upTo: 5)
        var prefixed = 0
        var matched = 0
        for _ in 0..<600 {
            let text = PatternTexts.pattern(depth: 4, &random)
            let pattern = try engine.compile(text)
            let prefix = pattern.requiredPrefix
            if !prefix.isEmpty { prefixed += 1 }
            for candidate in texts where Bytes.withBytes(of: candidate, { pattern.matches($0) }) {
                matched += 1
                #expect(candidate.starts(with: prefix), "\(text) matches \(candidate)")
            }
        }
        #expect(prefixed > 100 && matched > 1000, "the sample tells something")
    }

    @Test func everyMatchOfAnyBytesBeginsWithIt() throws {
        let texts = PatternTexts.all(over: [0, 0x61, 0x7f, 0x80, 0xc3, 0xa9, 0xfe, 0xff], upTo: 4)
        var matched = 0
        for text in [
            "a\\xff.*", "a\\xff\\xff*", "\\xff+", "\\xff\\xfe?a*", "\\x00+a", "a\\x00*", "(?s)\\xff\\xff.*",
            "[\\x80-\\xff]a", "é*", "é+", "(?i)é.?", "\\xc3\\C", "a[^\\x00]*", "\\x7f(\\x80|\\xff)+", "\\C",
            "(\\x00|\\xff)a", "a\\B\\xff",
        ] {
            let pattern = try engine.compile(text)
            for candidate in texts where Bytes.withBytes(of: candidate, { pattern.matches($0) }) {
                matched += 1
                #expect(candidate.starts(with: pattern.requiredPrefix), "\(text) matches \(candidate)")
            }
        }
        #expect(matched > 100)
    }
}
