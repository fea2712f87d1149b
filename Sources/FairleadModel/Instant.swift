// Fairlead: a point in the host's time
// SPDX-License-Identifier: Apache-2.0

/// A point on the host's monotonic clock, in nanoseconds from an origin of the host's choice. Fairlead owns no clock:
/// whoever calls says what time it is.
@frozen
public struct Instant: Hashable, Comparable, BitwiseCopyable, Sendable {
    /// Nanoseconds since the host's origin.
    public var nanoseconds: UInt64

    /// The instant `nanoseconds` after the host's origin.
    @inlinable
    public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    /// Earlier comes first.
    @inlinable
    public static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The instant `duration` later; it stops at the end of time instead of wrapping.
    public static func + (instant: Instant, duration: Duration) -> Instant {
        let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(duration.wholeNanoseconds)
        return Instant(nanoseconds: overflow ? .max : sum)
    }
}

extension Duration {
    /// The length in nanoseconds: 0 for negative ones, `UInt64.max` for what does not fit.
    public var wholeNanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (scaled, tooMany) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflow) = scaled.addingReportingOverflow(UInt64(attoseconds / 1_000_000_000))
        return tooMany || overflow ? .max : sum
    }

    /// The length in whole milliseconds, fractions dropped, as Envoy reads its durations; 0 for negative ones.
    public var wholeMilliseconds: UInt64 { wholeNanoseconds / 1_000_000 }
}
