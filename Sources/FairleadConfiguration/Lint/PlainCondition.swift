// Fairlead: which conditions on a text ask for more than others
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// A condition on a text that compares it, or a part of it, with a plain text.
struct PlainCondition {
    private let form: SimplePattern.Form
    private let text: [UInt8]
    private let folds: Bool
    /// Whether it holds for exactly those texts that the form says. Of a pattern that leaves something open it does not:
    /// `.` takes no line feed and no byte that is not UTF-8.
    private let isComplete: Bool

    /// What `matcher` asks for at least; `nil` for a pattern that says more than that.
    init?(_ matcher: StringMatcher) {
        let plain: String
        switch matcher.rule {
        case .exact(let text): (form, plain, isComplete) = (.exact, text, true)
        case .prefix(let text): (form, plain, isComplete) = (.prefix, text, true)
        case .suffix(let text): (form, plain, isComplete) = (.suffix, text, true)
        case .contains(let text): (form, plain, isComplete) = (.contains, text, true)
        case .pattern(let pattern):
            // Patterns fold letters beyond ASCII, too.
            guard let simple = SimplePattern(pattern), !simple.ignoresCase else { return nil }
            (form, plain, isComplete) = (simple.form, simple.text, simple.form == .exact)
        }
        folds = matcher.ignoresCase
        text = folds ? plain.utf8.map { ASCII.lowercased($0) } : Array(plain.utf8)
    }

    /// Whether every text that is there satisfies it, as long as it is all ASCII.
    var takesEverything: Bool { form != .exact && form != .separatedPrefix && text.isEmpty }

    /// The only text that satisfies it; `nil` when there are others.
    var onlyText: [UInt8]? { form == .exact && !(folds && hasLetters) ? text : nil }

    /// Whether `value` satisfies it; `nil` when that cannot be told.
    func holds(for value: [UInt8]) -> Bool? {
        let value = folds ? value.map { ASCII.lowercased($0) } : value
        let holds =
            switch form {
            case .exact: value == text
            case .prefix: value.starts(with: text)
            case .separatedPrefix: value == text || value.starts(with: text + [UInt8(ascii: "/")])
            case .suffix: value.reversed().starts(with: text.reversed())
            case .contains: PlainCondition.isPart(text, of: value)
            }
        return isComplete || !holds ? holds : nil
    }

    /// Whether whatever satisfies this one satisfies `other`.
    func implies(_ other: PlainCondition) -> Bool {
        guard other.isComplete else { return false }
        // Where this one lets a letter's case vary, the other one has to.
        if folds, !other.folds, other.hasLetters { return false }
        let mine = other.folds ? text.map { ASCII.lowercased($0) } : text
        switch (form, other.form) {
        case (.exact, _): return other.holds(for: mine) ?? false
        case (.prefix, .prefix), (.separatedPrefix, .prefix): return mine.starts(with: other.text)
        case (.suffix, .suffix): return mine.reversed().starts(with: other.text.reversed())
        case (_, .contains): return PlainCondition.isPart(other.text, of: mine)
        case (_, .prefix), (_, .suffix): return other.text.isEmpty
        case (_, .exact), (_, .separatedPrefix): return false
        }
    }

    private var hasLetters: Bool { text.contains { ASCII.lowercased($0) &- 97 < 26 } }

    /// Whether `whole` holds `part`; O(length of both), by the search of Knuth, Morris and Pratt: texts may be long and
    /// made to hurt.
    private static func isPart(_ part: [UInt8], of whole: [UInt8]) -> Bool {
        guard !part.isEmpty else { return true }
        // For each place in the part, how much of its beginning ends there, too.
        var borders = [0]
        for index in 1..<max(part.count, 1) {
            borders.append(grown(borders[index - 1], by: part[index], part, borders))
        }
        var matched = 0
        for byte in whole {
            matched = grown(matched, by: byte, part, borders)
            if matched == part.count { return true }
        }
        return false
    }

    /// How much of the beginning of `part` ends with `byte`, where `count` bytes of it stood before.
    private static func grown(_ count: Int, by byte: UInt8, _ part: [UInt8], _ borders: [Int]) -> Int {
        var count = count
        while count > 0, part[count] != byte { count = borders[count - 1] }
        return part[count] == byte ? count + 1 : 0
    }
}
