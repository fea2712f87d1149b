// Fairlead: the default pattern engine
// SPDX-License-Identifier: Apache-2.0

public import FairleadPlugin

/// RE2 behind the plugin protocol, set up as Envoy 1.40 sets it up, so that a pattern means the same in both: a
/// character is one byte (`.` does not take a whole UTF-8 sequence, `\x{100}` is refused), and large programs are
/// refused.
///
/// Hosts hand it to the engine in the plugin registry; the core knows only the protocol.
public final class RE2PatternEngine: PatternEngine {
    /// The program size that Envoy 1.40 allows when nobody sets its runtime key `re2.max_program_size.error_level`.
    public static let envoyMaximumProgramSize = 100

    /// The largest program that is accepted, in RE2 instructions.
    public let maximumProgramSize: Int

    /// An engine that refuses programs of more than `maximumProgramSize` RE2 instructions.
    ///
    /// `Int.max` leaves the limit to RE2, which refuses what does not fit into its memory budget of 8 MiB a pattern.
    public init(maximumProgramSize: Int = RE2PatternEngine.envoyMaximumProgramSize) {
        self.maximumProgramSize = maximumProgramSize
    }

    /// Compiles `pattern`; a fault's message is the one that Envoy gives. O(length of the program).
    public func compile(_ pattern: String) throws(PatternFault) -> CompiledPattern {
        let compiled = try RE2Pattern(pattern)
        guard compiled.programSize <= maximumProgramSize else {
            throw PatternFault(
                "regex '\(pattern)' RE2 program size of \(compiled.programSize) > max program size of "
                    + "\(maximumProgramSize) set for the error level threshold. Increase configured max program size "
                    + "if necessary.")
        }
        return compiled
    }

    /// Compiles patterns so that one pass over a text tells which match. O(sum of the lengths of their programs).
    public func compileSet(_ patterns: [String]) -> CompiledPatternSet? { RE2PatternSet(patterns) }
}
