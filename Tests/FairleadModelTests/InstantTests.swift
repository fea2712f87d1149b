// Fairlead: tests of instants and durations
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@Suite struct InstantTests {
    @Test func earlierComesFirst() {
        #expect(Instant(nanoseconds: 1) < Instant(nanoseconds: 2))
        #expect(!(Instant(nanoseconds: 2) < Instant(nanoseconds: 2)))
    }

    @Test func timeStopsAtItsEndInsteadOfWrapping() {
        let start = Instant(nanoseconds: 10)
        #expect(start + .nanoseconds(5) == Instant(nanoseconds: 15))
        #expect(start + .seconds(-5) == start)
        #expect(start + .seconds(Int64.max) == Instant(nanoseconds: .max))
        #expect(Instant(nanoseconds: .max) + .nanoseconds(1) == Instant(nanoseconds: .max))
        #expect(Instant(nanoseconds: .max - 1) + .nanoseconds(1) == Instant(nanoseconds: .max))
    }

    static let durations: [(Duration, nanoseconds: UInt64, milliseconds: UInt64)] = [
        (.zero, 0, 0),
        (.nanoseconds(1), 1, 0),
        (.nanoseconds(999_999), 999_999, 0),
        (.milliseconds(1), 1_000_000, 1),
        (.seconds(1) + .nanoseconds(1), 1_000_000_001, 1000),
        (.seconds(-1), 0, 0),
        (.nanoseconds(-1), 0, 0),
        (.seconds(-1) + .nanoseconds(1), 0, 0),
        (Duration(secondsComponent: 0, attosecondsComponent: 999_999_999), 0, 0),
        (.seconds(18_446_744_073) + .nanoseconds(709_551_615), .max, 18_446_744_073_709),
        (.seconds(18_446_744_073) + .nanoseconds(709_551_616), .max, 18_446_744_073_709),
        (.seconds(Int64.max), .max, 18_446_744_073_709),
        (.seconds(Int64.min), 0, 0),
    ]

    @Test(arguments: durations)
    func durationsBecomeWholeNumbers(duration: Duration, nanoseconds: UInt64, milliseconds: UInt64) {
        #expect(duration.wholeNanoseconds == nanoseconds)
        #expect(duration.wholeMilliseconds == milliseconds)
    }
}
