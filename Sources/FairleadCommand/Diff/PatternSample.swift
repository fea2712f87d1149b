// Fairlead: a text that a pattern matches
// SPDX-License-Identifier: Apache-2.0

/// Makes up a text that a pattern matches, for the forms that people use in routes; for others one that is near.
enum PatternSample {
    /// A text for `pattern`: the first alternative, one of everything that repeats, nothing of what may be left out.
    static func text(of pattern: String) -> String {
        var rest = Array(pattern.unicodeScalars)[...]
        return sequence(&rest, depth: 0)
    }

    private static func sequence(_ rest: inout ArraySlice<Unicode.Scalar>, depth: Int) -> String {
        var text = ""
        var isTaken = true
        while let next = rest.first, next != ")" || depth == 0 {
            rest = rest.dropFirst()
            if next == "|" {
                isTaken = false
                continue
            }
            var piece = atom(next, &rest, depth: depth)
            if let quantifier = rest.first, "*+?{".unicodeScalars.contains(quantifier) {
                rest = rest.dropFirst()
                if quantifier == "{" { rest = rest.drop { $0 != "}" }.dropFirst() }
                if rest.first == "?" { rest = rest.dropFirst() }
                // ".*" may be nothing, but something tells more.
                if quantifier == "?" { piece = "" }
            }
            if isTaken { text += piece }
        }
        return text
    }

    private static func atom(
        _ scalar: Unicode.Scalar, _ rest: inout ArraySlice<Unicode.Scalar>, depth: Int
    ) -> String {
        switch scalar {
        case "^", "$": return ""
        case ".": return "x"
        case "[": return characterClass(&rest)
        case "\\":
            guard let escaped = rest.popFirst() else { return "" }
            switch escaped {
            case "d": return "1"
            case "w", "S", "D": return "x"
            case "s", "W": return " "
            case "b", "B", "A", "z", "Q", "E": return ""
            default: return String(escaped)
            }
        case "(":
            // Flags and names of groups; a pattern nested deeper than this is not worth the stack.
            if rest.first == "?" {
                rest = rest.drop { $0 != ":" && $0 != ">" && $0 != ")" }
                if rest.first != ")" { rest = rest.dropFirst() }
            }
            guard depth < 50 else { return "" }
            let inner = sequence(&rest, depth: depth + 1)
            if rest.first == ")" { rest = rest.dropFirst() }
            return inner
        default: return String(scalar)
        }
    }

    /// One of the characters of a class, for those with `^` one that is rarely excluded.
    private static func characterClass(_ rest: inout ArraySlice<Unicode.Scalar>) -> String {
        let isNegated = rest.first == "^"
        if isNegated { rest = rest.dropFirst() }
        var first: Unicode.Scalar?
        var position = 0
        while let next = rest.popFirst() {
            if next == "]", position > 0 { break }
            if first == nil { first = next == "\\" ? rest.popFirst() : next }
            position += 1
        }
        if isNegated { return first == "x" ? "y" : "x" }
        switch first {
        case "d": return "1"
        case "w": return "x"
        case let scalar?: return String(scalar)
        case nil: return ""
        }
    }
}
