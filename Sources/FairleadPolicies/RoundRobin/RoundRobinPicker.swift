// Fairlead: picking in turn
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

/// The data side of `RoundRobinPolicy`; its worker's first word is the schedule's cursor.
struct RoundRobinPicker: Picker, BitwiseCopyable {
    /// The picker.
    init() {}

    /// The host whose turn it is; −1 when there is none.
    @inline(__always)
    func pick(_ table: PickTable, _ context: inout PickContext) -> Int {
        let index = WeightedSchedule(table).next(context.words, 0, &context.random)
        return index < context.loads.count ? index : -1
    }
}
