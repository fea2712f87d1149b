// Fairlead: what a request is hashed by
// SPDX-License-Identifier: Apache-2.0

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
