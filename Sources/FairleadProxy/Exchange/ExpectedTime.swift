// Fairlead: what an endpoint is told of the time that it has
// SPDX-License-Identifier: Apache-2.0

extension ExchangeStateMachine.Limits {
    /// The milliseconds that an endpoint has, when `spent` nanoseconds have passed since the end of the request: those of
    /// one attempt, or what is left of the route's, at least 1; `nil` for ever.
    func expectedMilliseconds(spent: UInt64) -> UInt64? {
        let left = route == 0 ? nil : route - min(spent, route)
        guard let wanted = attempt != 0 ? attempt : left else { return nil }
        return max(min(wanted, left ?? wanted) / 1_000_000, 1)
    }
}
