// Fairlead: retries, hash policies, header mutations
// SPDX-License-Identifier: Apache-2.0

/// When an attempt that failed is tried again, how often and how soon.
public struct RetryPolicy: Hashable, Sendable {
    /// The conditions, any of which is enough.
    public struct Conditions: OptionSet, Hashable, Sendable {
        /// The conditions as bits.
        public let rawValue: UInt32

        /// The conditions of `rawValue`.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// A status of 500 or more, or no response.
        public static let serverError = Conditions(rawValue: 1 << 0)
        /// A status of 502, 503 or 504, or no response.
        public static let gatewayError = Conditions(rawValue: 1 << 1)
        /// No connection.
        public static let connectFailure = Conditions(rawValue: 1 << 2)
        /// No response, for whatever reason.
        public static let reset = Conditions(rawValue: 1 << 3)
        /// A reset before any byte of the request was given to the endpoint.
        public static let resetBeforeRequest = Conditions(rawValue: 1 << 4)
        /// HTTP/2 REFUSED_STREAM.
        public static let refusedStream = Conditions(rawValue: 1 << 5)
        /// A status of 409.
        public static let retriable4xx = Conditions(rawValue: 1 << 6)
        /// A status of `retriableStatusCodes`.
        public static let retriableStatusCodes = Conditions(rawValue: 1 << 7)

        /// The condition that Envoy's `retry_on` calls `token`; `nil` for tokens of other conditions.
        public init?(token: String) {
            switch token {
            case "5xx": self = .serverError
            case "gateway-error": self = .gatewayError
            case "connect-failure": self = .connectFailure
            case "reset": self = .reset
            case "reset-before-request": self = .resetBeforeRequest
            case "refused-stream": self = .refusedStream
            case "retriable-4xx": self = .retriable4xx
            case "retriable-status-codes": self = .retriableStatusCodes
            default: return nil
            }
        }
    }

    /// What is retried.
    public var conditions: Conditions
    /// How often at most.
    public var retries: UInt32 = 1
    /// How long one attempt may take; `nil` or zero for as long as the route's timeout.
    public var perTryTimeout: Duration?
    /// The statuses that `.retriableStatusCodes` retries.
    public var retriableStatusCodes: [UInt16] = []
    /// The first back-off window.
    public var backOffBase = Duration.milliseconds(25)
    /// The largest back-off window; `nil` for ten times the first.
    public var backOffMaximum: Duration?
    /// Whether endpoints that were tried already are avoided.
    public var avoidsPreviousHosts = false
    /// How often another endpoint is asked for when one was tried already; the last one is taken all the same.
    public var hostSelectionAttempts: UInt32 = 1

    /// A policy that retries on `conditions`, the rest at Envoy's defaults.
    public init(on conditions: Conditions) { self.conditions = conditions }
}

/// One part of a request's hash.
public struct HashPolicy: Hashable, Sendable {
    /// What is hashed.
    public enum Source: Hashable, Sendable {
        /// A header's values, each rewritten first if `substitution` says so.
        case header(String, substitution: PatternSubstitution?)
        /// A cookie; one with a time to live is made for clients that have none.
        case cookie(Cookie)
        /// The client's IP address.
        case sourceIP
        /// The first value of a query parameter.
        case queryParameter(String)
        /// The text of the filter state of that key.
        case filterState(String)
    }

    /// A cookie that keeps a client at its endpoint.
    public struct Cookie: Hashable, Sendable {
        /// An attribute that the cookie is given.
        public struct Attribute: Hashable, Sendable {
            /// The name.
            public var name: String
            /// The value.
            public var value: String

            /// An attribute.
            public init(_ name: String, _ value: String) {
                self.name = name
                self.value = value
            }
        }

        /// The cookie's name.
        public var name: String
        /// How long a generated cookie lives, zero for the session; `nil` generates none.
        public var timeToLive: Duration?
        /// The path of a generated cookie; empty for none.
        public var path: String
        /// Further attributes of a generated cookie.
        public var attributes: [Attribute]

        /// A cookie; see the properties for what each part means.
        public init(name: String, timeToLive: Duration? = nil, path: String = "", attributes: [Attribute] = []) {
            self.name = name
            self.timeToLive = timeToLive
            self.path = path
            self.attributes = attributes
        }
    }

    /// What is hashed.
    public var source: Source
    /// Whether the list ends here once there is a hash.
    public var isTerminal: Bool

    /// One part of a request's hash.
    public init(_ source: Source, isTerminal: Bool = false) {
        self.source = source
        self.isTerminal = isTerminal
    }
}

/// Changes of headers, carried as data: removals first, then additions in order.
public struct HeaderMutations: Hashable, Sendable {
    /// An added header.
    public struct Addition: Hashable, Sendable {
        /// What happens when the header is there, or is not.
        public enum Rule: UInt8, Hashable, Sendable {
            /// A new line in any case.
            case appendOrAdd = 0
            /// Only if the header is absent.
            case addIfAbsent = 1
            /// In place of what is there.
            case overwriteOrAdd = 2
            /// In place of what is there, and only then.
            case overwriteIfExists = 3
        }

        /// The name.
        public var name: String
        /// The value, which may hold Envoy's substitution commands.
        public var value: String
        /// What happens when the header is there, or is not.
        public var rule: Rule
        /// Whether an empty value is added too.
        public var keepsEmptyValue: Bool

        /// An added header.
        public init(_ name: String, _ value: String, rule: Rule = .appendOrAdd, keepsEmptyValue: Bool = false) {
            self.name = name
            self.value = value
            self.rule = rule
            self.keepsEmptyValue = keepsEmptyValue
        }
    }

    /// Additions to the request.
    public var requestAdditions: [Addition] = []
    /// Names of headers that are removed from the request.
    public var requestRemovals: [String] = []
    /// Additions to the response.
    public var responseAdditions: [Addition] = []
    /// Names of headers that are removed from the response.
    public var responseRemovals: [String] = []

    /// No change.
    public init() {}

    /// Whether nothing is changed.
    public var isEmpty: Bool {
        requestAdditions.isEmpty && requestRemovals.isEmpty && responseAdditions.isEmpty && responseRemovals.isEmpty
    }
}
