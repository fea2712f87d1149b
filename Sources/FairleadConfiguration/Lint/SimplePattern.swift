// Fairlead: patterns that are plain texts in disguise
// SPDX-License-Identifier: Apache-2.0

/// What a pattern says, if that is no more than a plain text with anything before or behind it.
///
/// It reads the few forms that people write: a literal text, `.*` at its ends, `(/.*)?` at its end, `(?i)`, and `^` and
/// `$`, which mean nothing where the whole has to match.
package struct SimplePattern {
    /// What may stand around the text.
    package enum Form: Sendable {
        /// Nothing.
        case exact
        /// Anything behind it.
        case prefix
        /// Nothing, or a `/` and anything behind that.
        case separatedPrefix
        /// Anything before it.
        case suffix
        /// Anything on both sides.
        case contains
    }

    /// What may stand around the text.
    package let form: Form
    /// The text itself.
    package let text: String
    /// Whether case is ignored.
    package let ignoresCase: Bool

    /// Reads `pattern`; `nil` when it says more than that.
    package init?(_ pattern: String) {
        var rest = Array(pattern.utf8)[...]
        ignoresCase = SimplePattern.drop("(?i)", from: &rest)
        _ = SimplePattern.drop("^", from: &rest)
        let isOpen = SimplePattern.drop(".*", from: &rest)
        var literal: [UInt8] = []
        while let byte = SimplePattern.literal(&rest) { literal.append(byte) }
        var tail = Array(rest)
        if tail.last == UInt8(ascii: "$") { tail.removeLast() }
        switch String(decoding: tail, as: UTF8.self) {
        case "": form = isOpen ? .suffix : .exact
        case ".*": form = isOpen ? .contains : .prefix
        case "(/.*)?", "(?:/.*)?":
            guard !isOpen, literal.last != UInt8(ascii: "/"), literal.count > 1 else { return nil }
            form = .separatedPrefix
        default: return nil
        }
        // ".*" alone was taken for an open beginning.
        if isOpen, literal.isEmpty, form == .contains { return nil }
        text = String(decoding: literal, as: UTF8.self)
    }

    private static func drop(_ text: String, from rest: inout ArraySlice<UInt8>) -> Bool {
        let wanted = text.utf8
        guard rest.starts(with: wanted) else { return false }
        rest = rest.dropFirst(wanted.count)
        return true
    }

    /// The next byte, if it stands for itself and nothing repeats it.
    private static func literal(_ rest: inout ArraySlice<UInt8>) -> UInt8? {
        guard let first = rest.first else { return nil }
        var length = 1
        var byte = first
        if first == UInt8(ascii: "\\") {
            // Before letters and digits a backslash means something else.
            guard rest.count > 1, let escaped = rest.dropFirst().first, escaped < 0x80, isPunctuation(escaped) else {
                return nil
            }
            byte = escaped
            length = 2
        } else if isSpecial(first) {
            return nil
        }
        let next = rest.dropFirst(length).first
        if let next,
            next == UInt8(ascii: "*") || next == UInt8(ascii: "+") || next == UInt8(ascii: "?")
                || next == UInt8(ascii: "{")
        {
            return nil
        }
        rest = rest.dropFirst(length)
        return byte
    }

    private static func isPunctuation(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21...0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7e: true
        default: false
        }
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "("),
            UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"),
            UInt8(ascii: "|"), UInt8(ascii: "^"), UInt8(ascii: "$"), UInt8(ascii: "\\"):
            true
        default: false
        }
    }
}

extension SimplePattern {
    private var caseWords: String { ignoresCase ? " with case_sensitive: false" : "" }

    /// The same, as a rule for a path; `nil` when there is none that says it.
    var pathWords: String? {
        switch form {
        case .exact: "path: '\(text)'" + caseWords
        case .prefix: "prefix: '\(text)'" + caseWords
        case .separatedPrefix: "path_separated_prefix: '\(text)'" + caseWords
        case .suffix where text.isEmpty: "prefix: ''"
        case .suffix, .contains: nil
        }
    }

    /// The same, as a condition on a text.
    var textWords: String {
        let folded = ignoresCase ? " with ignore_case" : ""
        return switch form {
        case .exact: "exact: '\(text)'" + folded
        case .prefix: "prefix: '\(text)'" + folded
        case .separatedPrefix: "exact: '\(text)' or prefix: '\(text)/'" + folded
        case .suffix where text.isEmpty: "present_match: true"
        case .suffix: "suffix: '\(text)'" + folded
        case .contains: "contains: '\(text)'" + folded
        }
    }
}
