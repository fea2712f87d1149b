// Fairlead: the literal end of a pattern
// SPDX-License-Identifier: Apache-2.0

/// Finds the bytes that every text ends with which a pattern matches as a whole, as far as they are plain to see: what
/// stands literally behind the pattern's last group, class, repetition or escape. RE2 tells beginnings, but no ends.
enum LiteralSuffix {
    /// The bytes, possibly none. The pattern is one that RE2 took. O(length).
    static func of(_ pattern: String) -> [UInt8] {
        var reader = Reader(pattern: Array(pattern.utf8))
        return reader.read() ?? []
    }

    /// Reads a pattern from left to right and keeps the run of literals that it has come through last.
    private struct Reader {
        let pattern: [UInt8]
        var position = 0
        var depth = 0
        var run: [UInt8] = []

        init(pattern: [UInt8]) { self.pattern = pattern }

        /// `nil` when the pattern has something that makes literals mean more than themselves.
        mutating func read() -> [UInt8]? {
            while position < pattern.count {
                let byte = pattern[position]
                position += 1
                switch byte {
                case UInt8(ascii: "("):
                    guard startsPlainGroup() else { return nil }
                    depth += 1
                    run = []
                case UInt8(ascii: ")"):
                    depth -= 1
                    run = []
                case UInt8(ascii: "|"):
                    if depth == 0 { return nil }
                case UInt8(ascii: "["):
                    skipClass()
                    run = []
                case UInt8(ascii: "\\"):
                    guard readEscape() else { return nil }
                // The text ends where the pattern does anyhow.
                case UInt8(ascii: "$"): if position != pattern.count { run = [] }
                case UInt8(ascii: "^"), UInt8(ascii: "."), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"),
                    UInt8(ascii: "{"), UInt8(ascii: "}"), 0x80...:
                    run = []
                default: run.append(byte)
                }
            }
            return run
        }

        /// Whether the group that was just opened sets no flags: `(`, `(?:`, `(?P<`.
        private func startsPlainGroup() -> Bool {
            guard position < pattern.count, pattern[position] == UInt8(ascii: "?") else { return true }
            guard position + 1 < pattern.count else { return false }
            return pattern[position + 1] == UInt8(ascii: ":") || pattern[position + 1] == UInt8(ascii: "P")
        }

        /// Goes on behind a class; one that begins with `]` holds it, and `[:alpha:]` may stand inside.
        private mutating func skipClass() {
            if position < pattern.count, pattern[position] == UInt8(ascii: "^") { position += 1 }
            var isFirst = true
            while position < pattern.count {
                let byte = pattern[position]
                position += 1
                if byte == UInt8(ascii: "\\") {
                    position += 1
                } else if byte == UInt8(ascii: "["), position < pattern.count, pattern[position] == UInt8(ascii: ":") {
                    skipNamedClass()
                } else if byte == UInt8(ascii: "]"), !isFirst {
                    return
                }
                isFirst = false
            }
        }

        /// Goes on behind `:]`, if there is one; a `[:` without it is two characters.
        private mutating func skipNamedClass() {
            var end = position + 1
            while end + 1 < pattern.count {
                if pattern[end] == UInt8(ascii: ":"), pattern[end + 1] == UInt8(ascii: "]") {
                    position = end + 2
                    return
                }
                end += 1
            }
        }

        /// Takes an escaped punctuation mark as a literal; `false` for escapes whose length would have to be known.
        private mutating func readEscape() -> Bool {
            guard position < pattern.count else { return false }
            let byte = pattern[position]
            position += 1
            switch byte {
            // Classes and assertions of one letter.
            case UInt8(ascii: "d"), UInt8(ascii: "D"), UInt8(ascii: "s"), UInt8(ascii: "S"), UInt8(ascii: "w"),
                UInt8(ascii: "W"), UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "A"), UInt8(ascii: "z"):
                run = []
                return true
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
                return false
            default:
                run.append(byte)
                return true
            }
        }
    }
}
