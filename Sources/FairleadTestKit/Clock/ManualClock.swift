// Fairlead: a clock that a test winds by hand
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// A clock that stands still until it is told to go on: for tests, since Fairlead takes the time as an argument.
public struct ManualClock: Sendable {
    /// The time that the clock shows.
    public private(set) var now: Instant

    /// A clock that shows `start`.
    public init(at start: Instant = Instant(nanoseconds: 1_000_000_000)) { now = start }

    /// Winds the clock on, never back, and answers the time it shows then.
    @discardableResult
    public mutating func advance(by duration: Duration) -> Instant {
        now = now + duration
        return now
    }

    /// Winds the clock on to `instant`; an earlier one changes nothing.
    public mutating func advance(to instant: Instant) { now = max(now, instant) }
}
