// Fairlead: when and how requests are tried again
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// When an attempt that failed is tried again, how often and how soon.
public struct RetryPolicy: Hashable, Sendable {
    /// The conditions, any of which is enough.
    public typealias Conditions = RetryConditions

    /// How a response says when the endpoint wants to be asked again.
    public struct ResetHeader: Hashable, Sendable {
        /// What the number means.
        public enum Format: UInt32, Hashable, Sendable {
            /// Seconds from now.
            case seconds = 0
            /// Seconds since 1970.
            case unixTimestamp = 1
        }

        /// The header's name.
        public var name: String
        /// What the number means.
        public var format: Format

        /// A header that says when to come again.
        public init(_ name: String, _ format: Format = .seconds) {
            self.name = name
            self.format = format
        }
    }

    /// What is retried.
    public var conditions: Conditions
    /// How often at most.
    public var retries: UInt32 = 1
    /// How long one attempt may take; `nil` or zero for as long as the route's timeout.
    public var perTryTimeout: Duration?
    /// How long one attempt may be idle; `nil` or zero for as long as the stream may.
    public var perTryIdleTimeout: Duration?
    /// The statuses that `.retriableStatusCodes` retries.
    public var retriableStatusCodes: [UInt16] = []
    /// Conditions on a response's headers, any of which `.retriableHeaders` retries.
    public var retriableHeaders: [HeaderMatcher] = []
    /// Conditions on the request's headers, any of which has to hold, or nothing is retried; empty for any request.
    public var retriableRequestHeaders: [HeaderMatcher] = []
    /// The first back-off window.
    public var backOffBase = Duration.milliseconds(25)
    /// The largest back-off window; `nil` for ten times the first.
    public var backOffMaximum: Duration?
    /// The headers of a response that say how long to wait, the first usable one counts.
    public var resetHeaders: [ResetHeader] = []
    /// The longest time that such a header may ask for; `nil` for 300 seconds.
    public var resetMaximum: Duration?
    /// Whether endpoints that were tried already are avoided.
    public var avoidsPreviousHosts = false
    /// How often another endpoint is asked for when one was tried already; the last one is taken all the same.
    public var hostSelectionAttempts: UInt32 = 1

    /// A policy that retries on `conditions`, the rest at Envoy's defaults.
    public init(on conditions: Conditions) { self.conditions = conditions }
}

extension RetryConditions {
    /// The condition that Envoy's `retry_on` calls `token`; `nil` for tokens that there are not.
    public init?(token: String) {
        let found = Bytes.withBytes(of: token) { RetryConditions(token: $0) }
        guard !found.isEmpty else { return nil }
        self = found
    }

    /// The tokens of all conditions, in the order of their bits.
    public var tokens: [String] {
        (0..<RetryConditions.count).filter { rawValue & 1 << UInt32($0) != 0 }
            .map { RetryConditions.token($0).description }
    }
}
