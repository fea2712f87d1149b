// Fairlead: what became of an attempt
// SPDX-License-Identifier: Apache-2.0

/// What became of one attempt, as the host saw it: a response's status, or the way in which there was none.
@frozen
public struct Outcome: BitwiseCopyable, Hashable, Sendable {
    /// How the attempt ended. The numbers are those of C's `fl_outcome_kind`.
    @frozen
    public enum Kind: UInt8, BitwiseCopyable, Sendable {
        /// A response came; `status` is its HTTP status.
        case response = 0
        /// No connection could be made, or it timed out.
        case connectFailure = 1
        /// The stream was reset after the connection was there.
        case reset = 2
        /// HTTP/2 refused the stream: nothing was processed.
        case refusedStream = 3
        /// The per-try timeout passed.
        case perTryTimeout = 4
        /// The route's timeout passed; never retried.
        case timeout = 5
        /// The client went away, or the host gave up; never retried, and no failure of the endpoint.
        case cancelled = 6
        /// A circuit breaker of the host refused; never retried.
        case overflow = 7
    }

    /// How it ended.
    public var kind: Kind
    /// The HTTP status, 0 unless a response came.
    public var status: UInt16
    /// Whether request bytes had already been given to the endpoint when it ended.
    public var requestWasSent: Bool

    /// An outcome; see the properties for what each part means.
    @inlinable
    public init(_ kind: Kind, status: UInt16 = 0, requestWasSent: Bool = true) {
        self.kind = kind
        self.status = status
        self.requestWasSent = requestWasSent
    }

    /// A response of the given HTTP status.
    @inlinable
    public static func response(_ status: UInt16) -> Outcome { Outcome(.response, status: status) }

    /// Whether the endpoint itself failed: a status of 500 or more, or no response that was its own fault.
    @inlinable
    public var isFailure: Bool {
        switch kind {
        case .response: status >= 500
        case .connectFailure, .reset, .refusedStream, .perTryTimeout, .timeout: true
        case .cancelled, .overflow: false
        }
    }
}
