// Fairlead: how much text a reader takes
// SPDX-License-Identifier: Apache-2.0

/// Caps on what a text may cost to read; beyond any of them the text is refused with a `limit-exceeded` problem.
struct TextLimits: Sendable {
    /// The largest input, in bytes.
    var maximumBytes = 1 << 30
    /// The deepest nesting of sequences and mappings, aliases followed. Envoy's own reader allows the same 100.
    var maximumDepth = 100
    /// How much may be read through YAML aliases, in nodes plus bytes of scalars. It bounds texts that grow without end
    /// when their aliases are followed, and leaves an ordinary file room for a hundred thousand uses of an anchor.
    var maximumAliasExpansion = 1 << 24
    /// How many problems are listed; more are only counted.
    var maximumProblems = 10_000

    /// The caps that are used unless a caller says otherwise.
    static let standard = TextLimits()
}
