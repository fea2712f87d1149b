// Fairlead: instants of deadlines
// SPDX-License-Identifier: Apache-2.0

import Fairlead

extension Instant {
    /// The end of time.
    static var never: Instant { Instant(nanoseconds: .max) }

    /// The instant `count` nanoseconds later; it stops at the end of time.
    func advanced(byNanoseconds count: UInt64) -> Instant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(count)
        return Instant(nanoseconds: overflow ? .max : sum)
    }
}
