// Fairlead: picking the first host
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

/// The data side of `PickFirstPolicy`.
struct PickFirstPicker: Picker, BitwiseCopyable {
    /// The first host, or the worker's own first where it has a word to remember that by; the next ones for tries that were
    /// refused. −1 when there is none.
    @inline(__always)
    func pick(_ table: PickTable, _ context: inout PickContext) -> Int {
        let count = context.loads.count
        guard count > 0 else { return -1 }
        var start: UInt64 = 0
        if context.words.count != 0 {
            // Zero is a word that was never written.
            if context.words[0] == 0 { context.words[0] = context.random.next() | 1 << 63 }
            start = context.words[0] >> 1
        }
        return Int(truncatingIfNeeded: (start &+ UInt64(context.attempt)) % UInt64(count))
    }
}
