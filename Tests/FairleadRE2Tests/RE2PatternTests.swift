// Fairlead: tests of compiled RE2 patterns
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin
import FairleadRE2
import Foundation
import Testing

@Suite
struct RE2PatternTests {
    private let engine = RE2PatternEngine(maximumProgramSize: .max)

    private func matches(_ pattern: String, _ text: String) throws -> Bool {
        let compiled = try engine.compile(pattern)
        return Bytes.withBytes(of: text) { compiled.matches($0) }
    }

    private func matches(_ pattern: String, bytes: [UInt8]) throws -> Bool {
        let compiled = try engine.compile(pattern)
        return Bytes.withBytes(of: bytes) { compiled.matches($0) }
    }

    @Test func matchesOnlyTheWholeText() throws {
        #expect(try matches("/a", "/a"))
        #expect(try !matches("/a", "/ab"))
        #expect(try !matches("/a", "x/a"))
        #expect(try matches("/a.*", "/ab"))
        #expect(try matches("^/a$", "/a"))
        #expect(try !matches("a|ab", "abc"))
        #expect(try matches("a|ab", "ab"), "a full match may need the later alternative")
        #expect(try matches("a*?", "aaa"), "or the longer one")
        #expect(try !matches("a\\z", "a\n"))
        #expect(try !matches("a$", "a\n"))
        #expect(try !matches(".*", "a\nb"))
        #expect(try matches("(?s).*", "a\nb"))
    }

    @Test func matchesTheEmptyTextAndAMissingOneAlike() throws {
        let pattern = try engine.compile("a*")
        #expect(Bytes.withEmpty { pattern.matches($0) })
        #expect(pattern.matches(.missing))
        #expect(try !matches("a+", ""))
    }

    @Test func ignoresCaseOnlyWhenAsked() throws {
        #expect(try !matches("/foo", "/FOO"))
        #expect(try matches("(?i)/foo", "/FoO"))
        #expect(try !matches("(?i)k", "\u{212a}"), "the Kelvin sign is no k to Envoy")
    }

    @Test func takesOneByteForACharacter() throws {
        #expect(try !matches(".", "é"))
        #expect(try matches("..", "é"))
        #expect(try matches("é", "é"))
        #expect(try !matches("[é]", "é"))
        #expect(try matches("[^a]{2}", "é"))
        #expect(try matches("\\xc3\\xa9", "é"))
    }

    @Test func takesAnyBytes() throws {
        #expect(try matches("a\0b", bytes: [0x61, 0, 0x62]))
        #expect(try !matches("a\0b", bytes: [0x61]))
        #expect(try matches("a\\x00b", bytes: [0x61, 0, 0x62]))
        #expect(try matches("a.b", bytes: [0x61, 0, 0x62]))
        #expect(try matches(".", bytes: [0xff]))
        #expect(try matches("\\xff.+", bytes: [0xff, 0xfe, 0x80]))
        #expect(try matches("[\\x80-\\xff]*", bytes: [0xc3, 0xf8, 0x80]))
        let all = try engine.compile("(?s).{256}")
        #expect(Bytes.withBytes(of: (0...255).map { UInt8($0) }) { all.matches($0) })
    }

    @Test func staysLinearOnHostilePatterns() throws {
        let letters = String(repeating: "a", count: 200_000)
        for pattern in ["(a+)+b", "(a|aa)+b", "(.*)*b", "(a*)*(a*)*(a*)*b", "(a?){100}a*b"] {
            #expect(try !matches(pattern, letters))
            #expect(try matches(pattern, letters + "b"))
        }
    }

    @Test func servesManyThreadsAtOnce() async throws {
        let alphabet = Array("/abcd0129xyzXYZ".utf8)
        var random = RandomSource(seed: 1)
        var texts = ["/abcbcd", "n/12", "X--zY"].map { Array($0.utf8) }
        for _ in 0..<400 {
            let length = Int(random.next(below: 24))
            texts.append((0..<length).map { _ in alphabet[Int(random.next(below: UInt64(alphabet.count)))] })
        }
        func compiled() throws -> [CompiledPattern] {
            try ["/a(b|c)*d", "[^/]+/[0-9]{1,3}", "(?i)x.*(y|z){2}"].map { try engine.compile($0) }
        }
        let expected = answers(of: try compiled(), to: texts)
        #expect(expected.contains { $0.hasPrefix("true") } && expected.contains { $0.hasPrefix("false") })
        // Patterns that nobody has asked yet, so that all threads together build their automata.
        let shared = try compiled()
        await withTaskGroup(of: [String].self) { [texts] group in
            for _ in 0..<8 { group.addTask { answers(of: shared, to: texts) } }
            for await found in group { #expect(found == expected) }
        }
    }

    // MARK: replacing

    private struct Replacements: Decodable {
        struct Case: Decodable {
            var pattern: String
            var substitution: String
            var text: String
            var result: String
        }
        var cases: [Case]
    }

    @Test func replacesAsRE2Does() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = folder.appending(path: "Vectors/patterns/replacements.json")
        let cases = try JSONDecoder().decode(Replacements.self, from: Data(contentsOf: file)).cases
        #expect(cases.count > 200)
        for vector in cases {
            let pattern = try engine.compile(vector.pattern)
            let result = Bytes.withBytes(of: vector.text) { replaced($0, by: pattern, with: vector.substitution) }
            #expect(result == vector.result, "\(vector)")
        }
    }

    @Test func replacesAnyBytes() throws {
        let pattern = try engine.compile(".")
        let result = Bytes.withBytes(of: [0x61, 0, 0xff, 0xc3]) { text in
            replacedBytes(text, by: pattern, with: "\\0-", capacity: 64).bytes
        }
        #expect(result == [0x61, 0x2d, 0, 0x2d, 0xff, 0x2d, 0xc3, 0x2d])
        let empty = try engine.compile("x*")
        #expect(replaced(.missing, by: empty, with: "-") == "-")
    }

    @Test func countsWhatItNeedsAndWritesNoMoreThanFits() throws {
        let pattern = try engine.compile("a")
        Bytes.withBytes(of: "banana") { text in
            for capacity in 0...12 {
                let (bytes, needed) = replacedBytes(text, by: pattern, with: "[\\0]", capacity: capacity)
                #expect(needed == 12)
                #expect(bytes == Array("b[a]n[a]n[a]".utf8.prefix(capacity)))
            }
        }
    }

    @Test func judgesSubstitutions() throws {
        let pattern = try engine.compile("(a)(b)?")
        #expect(pattern.fault(inSubstitution: "x\\0\\1\\2\\\\") == nil)
        #expect(pattern.fault(inSubstitution: "") == nil)
        let missing = "Rewrite schema requests 3 matches, but the regexp only has 2 parenthesized subexpressions."
        #expect(pattern.fault(inSubstitution: "\\3") == missing)
        #expect(pattern.fault(inSubstitution: "a\\") == "Rewrite schema error: '\\' not allowed at end.")
        let letter = "Rewrite schema error: '\\' must be followed by a digit or '\\'."
        #expect(pattern.fault(inSubstitution: "\\x") == letter)
    }
}

/// What each pattern says to each text.
private func answers(of patterns: [CompiledPattern], to texts: [[UInt8]]) -> [String] {
    texts.flatMap { text in
        patterns.map { pattern in
            Bytes.withBytes(of: text) { "\(pattern.matches($0)) \(replaced($0, by: pattern, with: "<\\0>"))" }
        }
    }
}

/// The text with every match replaced, decoded.
private func replaced(_ text: Bytes, by pattern: CompiledPattern, with substitution: String) -> String {
    String(decoding: replacedBytes(text, by: pattern, with: substitution, capacity: 4096).bytes, as: UTF8.self)
}

/// What `replaceAll` wrote into a buffer of `capacity` bytes, and how many it wanted; checks that it kept inside.
private func replacedBytes(
    _ text: Bytes, by pattern: CompiledPattern, with substitution: String, capacity: Int
) -> (bytes: [UInt8], needed: Int) {
    let canary: UInt8 = 0xa5
    var memory = [UInt8](repeating: canary, count: capacity + 16)
    let needed = memory.withUnsafeMutableBufferPointer { memory in
        var output = OutputBuffer(start: memory.baseAddress, capacity: capacity)
        Bytes.withBytes(of: substitution) { pattern.replaceAll(in: text, with: $0, into: &output) }
        return output.needed
    }
    #expect(memory.dropFirst(capacity).allSatisfy { $0 == canary })
    return (Array(memory.prefix(min(needed, capacity))), needed)
}
