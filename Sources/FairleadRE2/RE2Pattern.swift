// Fairlead: a compiled RE2 pattern, and all of the unsafe code that reaches RE2
// SPDX-License-Identifier: Apache-2.0

import CRE2
public import FairleadModel
public import FairleadPlugin

/// A pattern compiled by RE2. It hangs beside the block whose routes use it; workers ask it about a request's bytes
/// after the route index let the request through by its literal prefix.
///
/// Many threads may use one pattern. Matching takes time linear in the text; it may take RE2's read lock and let its
/// automaton grow, within the memory budget of the pattern.
public final class RE2Pattern: CompiledPattern, @unchecked Sendable {
    // SAFETY of @unchecked: nothing changes after init but RE2's own caches, which RE2 guards.
    private let handle: RE2Handle
    private let prefix: [UInt8]
    private let suffix: [UInt8]

    init(_ pattern: String) throws(PatternFault) {
        let handle = RE2Handle(pattern)
        if let fault = handle.fault { throw fault }
        prefix = handle.requiredPrefix
        suffix = LiteralSuffix.of(pattern)
        self.handle = handle
        super.init()
    }

    /// How many instructions RE2's program has; what Envoy's `max_program_size` counts. O(1).
    public override var programSize: Int { handle.programSize }

    /// The bytes that every match begins with, at most 256. Letters that match in either case end it. O(1).
    public override var requiredPrefix: [UInt8] { prefix }

    /// The bytes that every match ends with, as far as they are plain to see in the pattern. O(1).
    public override var requiredSuffix: [UInt8] { suffix }

    /// Whether `text` matches from its first byte to its last. O(n) in the text.
    public override func matches(_ text: Bytes) -> Bool { handle.matches(text) }

    /// Writes `text` with every match replaced, from left to right and without overlap, as RE2's `GlobalReplace` does.
    ///
    /// A substitution that names a group which the pattern lacks leaves the text as it is; one that is malformed counts
    /// up to its fault. O(n) for each match in the text.
    public override func replaceAll(in text: Bytes, with substitution: Bytes, into output: inout OutputBuffer) {
        let substitution = Substitution(substitution)
        guard substitution.highestGroup <= handle.groupCount else {
            output.append(text)
            return
        }
        var groups = RE2Groups()
        var position = 0
        var lastEnd: Int?
        while position <= text.count,
            handle.find(in: text, from: position, groups: substitution.highestGroup + 1, into: &groups)
        {
            let match = groups[0]
            output.append(text[position..<match.lowerBound])
            if match.isEmpty, match.lowerBound == lastEnd {
                // No empty match right behind a match: step over one byte.
                output.append(text[position..<(position + 1)])
                position += 1
            } else {
                substitution.write(groups, of: text, into: &output)
                position = match.upperBound
                lastEnd = position
            }
        }
        if position < text.count { output.append(text.dropFirst(position)) }
    }

    /// RE2's complaint about `substitution`: a group that the pattern lacks, a `\` before anything but a digit or `\`.
    public override func fault(inSubstitution substitution: String) -> String? {
        handle.fault(inSubstitution: substitution)
    }
}

/// Where the groups of one match lie in the text.
struct RE2Groups {
    fileprivate var ranges = InlineArray<10, fl_re2_range>(repeating: fl_re2_range(start: 0, count: 0))

    /// The bytes of group 0 (the whole match) to 9; empty when the group took no part.
    subscript(group: Int) -> Range<Int> {
        let range = ranges[group]
        return Int(range.start)..<Int(range.start + range.count)
    }
}

/// The owner of one handle of the C shim.
@safe
private struct RE2Handle: ~Copyable {
    private let pointer: OpaquePointer?

    init(_ pattern: String) {
        unsafe pointer = Bytes.withBytes(of: pattern) { text in
            unsafe text.withUnsafeBytes { unsafe fl_re2_compile($0.baseAddress, $0.count) }
        }
    }

    /// Why the pattern was refused; then nothing else may be asked.
    var fault: PatternFault? {
        var count = 0
        guard let words = unsafe fl_re2_fault(pointer, &count) else { return nil }
        return PatternFault(String(decoding: unsafe RE2Handle.bytes(at: words, count: count), as: UTF8.self))
    }

    deinit { unsafe fl_re2_destroy(pointer) }

    var programSize: Int { Int(unsafe fl_re2_program_size(pointer)) }

    var groupCount: Int { Int(unsafe fl_re2_group_count(pointer)) }

    var requiredPrefix: [UInt8] {
        var count = 0
        guard let prefix = unsafe fl_re2_required_prefix(pointer, &count) else { return [] }
        return unsafe RE2Handle.bytes(at: prefix, count: count)
    }

    func matches(_ text: Bytes) -> Bool {
        unsafe text.withUnsafeBytes { unsafe fl_re2_matches(pointer, $0.baseAddress, $0.count) }
    }

    func find(in text: Bytes, from position: Int, groups: Int, into found: inout RE2Groups) -> Bool {
        var ranges = found.ranges.mutableSpan
        return unsafe text.withUnsafeBytes { text in
            unsafe ranges.withUnsafeMutableBufferPointer { ranges in
                unsafe fl_re2_find(pointer, text.baseAddress, text.count, position, ranges.baseAddress, groups)
            }
        }
    }

    func fault(inSubstitution substitution: String) -> String? {
        Bytes.withBytes(of: substitution) { text in
            unsafe text.withUnsafeBytes { text in
                // RE2's complaints are of one line each.
                unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
                    let needed = unsafe fl_re2_substitution_fault(
                        pointer, text.baseAddress, text.count, buffer.baseAddress, buffer.count)
                    guard needed > 0, let words = buffer.baseAddress else { return nil }
                    let count = min(needed, buffer.count)
                    return String(decoding: unsafe RE2Handle.bytes(at: words, count: count), as: UTF8.self)
                }
            }
        }
    }

    private static func bytes(at start: UnsafePointer<CChar>, count: Int) -> [UInt8] {
        unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}
