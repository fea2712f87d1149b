// Fairlead: what a pattern (regex) engine is
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// Compiles patterns. The default one is RE2 (target FairleadRE2), which Envoy's schema prescribes; the core itself has
/// none, so that it stays small and needs nothing but libc.
///
/// An engine must match in time linear in the text: patterns and texts both come from outside.
public protocol PatternEngine: AnyObject, Sendable {
    /// Compiles `pattern`, given in the engine's own syntax.
    func compile(_ pattern: String) throws(PatternFault) -> CompiledPattern

    /// Compiles patterns, each of which `compile` took, so that they can be asked at once; `nil` when that cannot be
    /// done, and they are asked one by one then. At most `CompiledPatternSet.capacity` patterns.
    func compileSet(_ patterns: [String]) -> CompiledPatternSet?
}

extension PatternEngine {
    /// No set: the patterns are asked one by one.
    public func compileSet(_ patterns: [String]) -> CompiledPatternSet? { nil }
}

/// Why a pattern was refused, in the engine's own words.
public struct PatternFault: Error, Hashable, Sendable {
    /// The engine's own words.
    public var message: String

    /// A fault with the engine's own words.
    public init(_ message: String) { self.message = message }
}

/// A compiled pattern, used by many workers at once. Engines subclass it.
open class CompiledPattern: @unchecked Sendable {
    // SAFETY of @unchecked: subclasses must be safe to call from many threads, as PatternEngine demands.

    /// For subclasses.
    public init() {}

    /// The size of the compiled program, in the engine's own unit, for limits.
    open var programSize: Int { 0 }

    /// A text that every match begins with; empty when there is none. The route index files the pattern under it.
    open var requiredPrefix: [UInt8] { [] }

    /// A text that every match ends with; empty when there is none. Long lists of patterns are sorted by it.
    open var requiredSuffix: [UInt8] { [] }

    /// Whether `text` matches from its first byte to its last.
    open func matches(_ text: Bytes) -> Bool { false }

    /// Writes `text` with every match replaced; `\0` … `\9` in `substitution` stand for the match and its groups.
    open func replaceAll(in text: Bytes, with substitution: Bytes, into output: inout OutputBuffer) {
        output.append(text)
    }

    /// What is wrong with `substitution` for this pattern, `nil` when nothing is.
    open func fault(inSubstitution substitution: String) -> String? { nil }
}
