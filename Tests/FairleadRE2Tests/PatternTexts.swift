// Fairlead: random patterns, and all the texts to try them with
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Random patterns, and all the texts to try them with.
enum PatternTexts {
    /// Every text over `alphabet` of at most `length` bytes.
    static func all(over alphabet: [UInt8], upTo length: Int) -> [[UInt8]] {
        var all: [[UInt8]] = [[]]
        var longest = all
        for _ in 0..<length {
            longest = longest.flatMap { text in alphabet.map { text + [$0] } }
            all += longest
        }
        return all
    }

    /// A random pattern over a, b, A and /, with every kind of operator; often a literal before an operator.
    static func pattern(depth: Int, _ random: inout RandomSource) -> String {
        let simple = ["a", "b", "/", "A", "ab", "/a", ".", "[ab]", "[^a]", "\\w", "\\W", "\\C", "[[:upper:]]"]
        if depth == 0 || random.next(below: 6) == 0 { return simple[Int(random.next(below: UInt64(simple.count)))] }
        let inner = pattern(depth: depth - 1, &random)
        switch random.next(below: 14) {
        case 0, 1, 2, 3: return inner + pattern(depth: depth - 1, &random)
        case 4: return "(\(inner)|\(pattern(depth: depth - 1, &random)))"
        case 5: return "(?:\(inner)|\(inner)b)"
        case 6: return "(\(inner))*"
        case 7: return "(\(inner))+?"
        case 8: return "(?:\(inner))?"
        case 9: return "(\(inner)){\(random.next(below: 3)),3}"
        case 10: return "(?i:\(inner))"
        case 11: return ["^", "\\A", "(?m)^", "\\b", "\\B"][Int(random.next(below: 5))] + inner
        case 12: return inner + ["$", "\\z", "(?m:$)", "\\b", "\\B"][Int(random.next(below: 5))]
        default: return "(?s:\(inner).*)"
        }
    }
}
