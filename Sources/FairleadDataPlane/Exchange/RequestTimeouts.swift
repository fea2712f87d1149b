// Fairlead: how long one request may take
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// How long one request may take: what its route says, and what the request itself may say. In nanoseconds.
public struct RequestTimeouts: BitwiseCopyable, Sendable {
    /// From the end of the request to the end of the response; 0 for ever.
    public var route: UInt64
    /// For one attempt; 0 for no limit of its own.
    public var attempt: UInt64
    /// For one attempt without any byte of a response; 0 for no limit of its own.
    public var attemptIdle: UInt64 = 0
    /// From the beginning of the stream to its end; 0 for ever, `UInt64.max` for as long as the listener says.
    public var stream: UInt64 = .max
    /// Whether the time of the stream is over before it began.
    public var streamIsOver = false
    /// Without any byte moving; 0 for ever, `UInt64.max` for as long as the listener says.
    public var idle: UInt64
    /// Whether the endpoint's `grpc-timeout` is to say what `x-envoy-expected-rq-timeout-ms` says.
    public var rewritesGRPCTimeout = false
}

extension RouteView {
    /// The timeouts of `request`, resolved as Envoy's router does (`router.cc`, `FilterUtility::finalTimeout`).
    ///
    /// Only internal requests may say `x-envoy-upstream-rq-timeout-ms` and `x-envoy-upstream-rq-per-try-timeout-ms`: the
    /// host takes both headers off in any case. O(headers).
    public func timeouts(_ request: borrowing RequestView) -> RequestTimeouts {
        var timeouts = RequestTimeouts(route: timeout, attempt: retryTimeout, idle: idleTimeout)
        timeouts.attemptIdle = retryIdleTimeout
        guard let forward, let (_, block) = compiled else { return timeouts }
        if forward.extras.exists { apply(block[forward.extras], request, &timeouts) }
        if request.connection.contains(.isInternal) {
            if let value = RouteView.milliseconds(request.headers.first(Constants.requestTimeout)) {
                timeouts.route = value
            }
            if let value = RouteView.milliseconds(request.headers.first(Constants.perTryTimeout)) {
                timeouts.attempt = value
            }
        }
        // One that is not shorter than the whole has no effect.
        if timeouts.route != 0, timeouts.attempt >= timeouts.route { timeouts.attempt = 0 }
        return timeouts
    }

    private func apply(
        _ extras: ForwardExtras, _ request: borrowing RequestView, _ timeouts: inout RequestTimeouts
    ) {
        timeouts.stream = extras.streamLimit
        if extras.streamHeaderMaximum != .max,
            let asked = GRPCTimeoutHeader.nanoseconds(request.headers.first(Constants.grpcTimeout))
        {
            let limit = extras.streamHeaderMaximum == 0 ? asked : min(asked, extras.streamHeaderMaximum)
            timeouts.streamIsOver = limit <= extras.streamHeaderOffset
            timeouts.stream = timeouts.streamIsOver ? 0 : limit - extras.streamHeaderOffset
        }
        guard extras.grpcMaximum != .max, ConditionMatcher.isGRPC(request.headers) else { return }
        timeouts.rewritesGRPCTimeout = true
        var limit = GRPCTimeoutHeader.nanoseconds(request.headers.first(Constants.grpcTimeout)) ?? 0
        if extras.grpcMaximum != 0, limit == 0 || limit > extras.grpcMaximum { limit = extras.grpcMaximum }
        // Zero means for ever, so an offset must leave something.
        if extras.grpcOffset < limit { limit -= extras.grpcOffset }
        timeouts.route = limit
    }

    /// A whole number of milliseconds in nanoseconds; `nil` for anything else.
    private static func milliseconds(_ text: Bytes) -> UInt64? {
        guard !text.isEmpty else { return nil }
        var number: UInt64 = 0
        for index in 0..<text.count {
            let digit = text[index] &- 48
            guard digit <= 9, number < 1 << 43 else { return nil }
            number = number * 10 + UInt64(digit)
        }
        return number.multipliedReportingOverflow(by: 1_000_000).overflow ? nil : number * 1_000_000
    }
}

/// Reads `grpc-timeout`: up to eight digits and a unit (gRPC over HTTP2, "Requests").
enum GRPCTimeoutHeader {
    /// The time in nanoseconds, in whole milliseconds that are rounded up; `nil` when it is not one.
    static func nanoseconds(_ text: Bytes) -> UInt64? {
        guard text.count >= 2, text.count <= 9 else { return nil }
        var number: UInt64 = 0
        for index in 0..<(text.count - 1) {
            let digit = text[index] &- 48
            guard digit <= 9 else { return nil }
            number = number * 10 + UInt64(digit)
        }
        let milliseconds: UInt64
        switch text[text.count - 1] {
        case UInt8(ascii: "H"): milliseconds = number * 3_600_000
        case UInt8(ascii: "M"): milliseconds = number * 60_000
        case UInt8(ascii: "S"): milliseconds = number * 1000
        case UInt8(ascii: "m"): milliseconds = number
        case UInt8(ascii: "u"): milliseconds = (number + 999) / 1000
        case UInt8(ascii: "n"): milliseconds = (number + 999_999) / 1_000_000
        default: return nil
        }
        let (nanoseconds, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
        return overflow ? .max - 1 : nanoseconds
    }
}
