// Fairlead: picking from a hash ring
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

/// The data side of `RingHashPolicy`, where loads are not bounded.
struct RingHashPicker: Picker, BitwiseCopyable {
    /// The host of the first place at or after the request's hash, further by one place for each earlier try that was
    /// refused; −1 when the ring is empty.
    @inline(__always)
    func pick(_ table: PickTable, _ context: inout PickContext) -> Int {
        let ring = RingTable(table)
        let count = ring.count
        guard count > 0 else { return -1 }
        var place = ring.place(of: context.hash)
        if place >= count { place = 0 }
        if context.attempt > 0 { place = (place &+ Int(context.attempt)) % count }
        let host = ring.host(place)
        return host < context.loads.count ? host : -1
    }
}
