// Fairlead: patterns that are asked at once
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// Patterns compiled together, so that one pass over a text tells which of them match. Engines subclass it.
open class CompiledPatternSet: @unchecked Sendable {
    // SAFETY of @unchecked: subclasses must be safe to call from many threads, as PatternEngine demands.

    /// How many patterns a set holds at most.
    public static var capacity: Int { 256 }

    /// For subclasses.
    public init() {}

    /// Which of the patterns match `text` from its first byte to its last; `unknown` when the engine cannot tell, for
    /// example because its memory ran out: "none" is an answer, and must not stand for that.
    open func matches(_ text: Bytes) -> PatternSetAnswer { .unknown }
}

/// Which patterns of a set match.
public struct PatternSetAnswer: BitwiseCopyable, Sendable {
    private var words = InlineArray<4, UInt64>(repeating: 0)
    /// Whether the engine could tell.
    public let isKnown: Bool

    private init(isKnown: Bool) { self.isKnown = isKnown }

    /// The answer whose bits are those of `words`, the lowest of the first word for the first pattern.
    public init(_ words: InlineArray<4, UInt64>) {
        self.words = words
        isKnown = true
    }

    /// The engine could not tell.
    public static var unknown: PatternSetAnswer { PatternSetAnswer(isKnown: false) }
    /// No pattern matches.
    public static var none: PatternSetAnswer { PatternSetAnswer(isKnown: true) }

    /// Whether the pattern at `index`, 0 ..< `CompiledPatternSet.capacity`, matches.
    public subscript(index: Int) -> Bool {
        get { words[(index >> 6) & 3] >> UInt64(index & 63) & 1 == 1 }
        set {
            let bit = UInt64(1) << UInt64(index & 63)
            if newValue { words[(index >> 6) & 3] |= bit } else { words[(index >> 6) & 3] &= ~bit }
        }
    }
}
