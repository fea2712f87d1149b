// Fairlead: picking from a Maglev table
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

/// The data side of `MaglevPolicy`, where loads are not bounded.
struct MaglevPicker: Picker, BitwiseCopyable {
    /// The host in the slot of the request's hash; each earlier try that was refused changes most bits of the hash
    /// first, as Envoy does. −1 when the table is empty.
    @inline(__always)
    func pick(_ table: PickTable, _ context: inout PickContext) -> Int {
        let slots = MaglevTable(table)
        guard slots.count > 0 else { return -1 }
        // 2^64 less the number of tries: for none it wraps to 0 and changes nothing.
        let host = slots.host(of: context.hash ^ (0 &- UInt64(context.attempt)))
        return host < context.loads.count ? host : -1
    }
}
