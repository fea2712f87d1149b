// Fairlead: tests of the default pattern engine
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin
import FairleadRE2
import Testing

@Suite
struct RE2PatternEngineTests {
    private func fault(_ pattern: String, maximumProgramSize: Int = .max) -> String? {
        do {
            _ = try RE2PatternEngine(maximumProgramSize: maximumProgramSize).compile(pattern)
            return nil
        } catch {
            return error.message
        }
    }

    /// Patterns and the words in which Envoy 1.40 refused them.
    @Test(arguments: [
        ("(a", "missing ): (a"), ("/(a", "missing ): /(a"), ("é(", "missing ): é("),
        ("a**", "bad repetition operator: **"),
        ("a{1001}", "invalid repetition size: {1001}"), ("(a{1000}){1000}", "invalid repetition size: {1000}"),
        ("a{2,1}", "invalid repetition size: {2,1}"), ("\\8", "invalid escape sequence: \\8"), ("a\\", "trailing \\"),
        ("(?i", "invalid perl operator: (?i"), ("[z-a]", "invalid character class range: z-a"),
        ("\\p{Nope}", "invalid character class range: \\p{Nope}"),
        ("[[:foo:]]", "invalid character class range: [:foo:]"),
        ("\\x{100}", "invalid escape sequence: \\x{100"),
    ])
    func refusesInEnvoysWords(pattern: String, words: String) {
        #expect(fault(pattern) == words)
    }

    @Test func refusesAProgramOfMoreThanAHundredInstructionsAsEnvoyDoes() {
        #expect(RE2PatternEngine().maximumProgramSize == 100)
        #expect(fault("[a-z]{96}", maximumProgramSize: 100) == nil)
        let words =
            "regex '[a-z]{97}' RE2 program size of 101 > max program size of 100 set for the error level threshold. "
            + "Increase configured max program size if necessary."
        #expect(fault("[a-z]{97}", maximumProgramSize: 100) == words)
        #expect(fault("[a-z]{97}", maximumProgramSize: 101) == nil)
    }

    /// Patterns and the sizes that Envoy 1.40 counted for them.
    @Test(arguments: [
        ("a", 5), ("/foo/.*", 11), ("/users/[0-9]+/x", 15), ("(?i)/foo", 8), ("^/abc$", 4), ("[^/]+", 7), (".", 6),
        ("/api/v[12]/(users|items)", 24), ("\\d{3}-\\d{4}", 12), ("(foo|bar|baz)*", 13), ("[é-ü]+", 6), ("\\PN", 9),
    ])
    func countsInstructionsAsEnvoyDoes(pattern: String, size: Int) throws {
        #expect(try RE2PatternEngine().compile(pattern).programSize == size)
    }

    @Test func refusesWhatDoesNotFitIntoTheMemoryBudget() {
        #expect(fault("((\\pL{100}){100}){10}") != nil)
        #expect(fault(String(repeating: "[^x]", count: 400_000)) == "pattern too large - compile failed")
    }

    @Test func outlivesDeepNestingAndLongLiterals() {
        let depth = 100_000
        let nested = String(repeating: "(", count: depth) + "a" + String(repeating: ")", count: depth)
        #expect(fault(nested, maximumProgramSize: 100)?.isEmpty == false)
        #expect(fault(String(repeating: "(", count: depth))?.hasPrefix("missing ): ((((") == true)
        let literal = String(repeating: "a", count: 1_000_000)
        #expect(fault(literal, maximumProgramSize: 100)?.isEmpty == false)
    }
}
