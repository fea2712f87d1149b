// Fairlead: picking by chance
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

/// The data side of `RandomPolicy`.
struct RandomPicker: Picker, BitwiseCopyable {
    /// The picker.
    init() {}

    /// Any host; −1 when there is none.
    @inline(__always)
    func pick(_ table: PickTable, _ context: inout PickContext) -> Int {
        let count = context.loads.count
        guard count > 0 else { return -1 }
        return Int(truncatingIfNeeded: context.random.next(below: UInt64(count)))
    }
}
