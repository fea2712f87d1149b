// Fairlead: patterns asked at once by RE2, and all of the unsafe code that reaches its sets
// SPDX-License-Identifier: Apache-2.0

import CRE2
public import FairleadModel
public import FairleadPlugin

/// Patterns compiled into one automaton by RE2.
///
/// Many threads may use one set. Matching takes time linear in the text; it may take RE2's locks and let its automaton
/// grow, within a memory budget of 32 MiB.
@safe
public final class RE2PatternSet: CompiledPatternSet, @unchecked Sendable {
    // SAFETY of @unchecked: nothing changes after init but RE2's own caches, which RE2 guards.
    private let pointer: OpaquePointer

    /// A set of at most `CompiledPatternSet.capacity` patterns; `nil` when they take too much memory.
    init?(_ patterns: [String]) {
        let lengths = patterns.map { $0.utf8.count }
        let compiled = unsafe Bytes.withBytes(of: patterns.joined()) { text in
            unsafe text.withUnsafeBytes { unsafe fl_re2_set_compile($0.baseAddress, lengths, lengths.count) }
        }
        guard let compiled = unsafe compiled else { return nil }
        unsafe pointer = compiled
        super.init()
    }

    deinit { unsafe fl_re2_set_destroy(pointer) }

    /// Which patterns match `text` from its first byte to its last. O(n) in the text.
    public override func matches(_ text: Bytes) -> PatternSetAnswer {
        var words = InlineArray<4, UInt64>(repeating: 0)
        var span = words.mutableSpan
        let isKnown = unsafe text.withUnsafeBytes { text in
            unsafe span.withUnsafeMutableBufferPointer { words in
                unsafe fl_re2_set_matches(pointer, text.baseAddress, text.count, words.baseAddress)
            }
        }
        return isKnown ? PatternSetAnswer(words) : .unknown
    }
}
