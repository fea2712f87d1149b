// Fairlead: conditions on cookies, on the connection and on what filters know
// SPDX-License-Identifier: Apache-2.0

/// A condition on a cookie: on the first one of its name in all `cookie` lines.
public struct CookieMatcher: Hashable, Sendable {
    /// The name; its case matters.
    public var name: String
    /// What is asked of the value; a missing cookie does not satisfy it.
    public var value: StringMatcher
    /// Whether the answer is turned round, that for a missing cookie too.
    public var isInverted: Bool

    /// A condition on a cookie.
    public init(_ name: String, _ value: StringMatcher, isInverted: Bool = false) {
        self.name = name
        self.value = value
        self.isInverted = isInverted
    }
}

/// A condition on the client's certificate. A connection without TLS presented none and validated none.
public struct TLSContextMatcher: Hashable, Sendable {
    /// Whether the client has to have presented a certificate, or not; `nil` asks nothing.
    public var isPresented: Bool?
    /// Whether the certificate has to have been validated, or not; `nil` asks nothing.
    public var isValidated: Bool?

    /// A condition on the client's certificate.
    public init(isPresented: Bool? = nil, isValidated: Bool? = nil) {
        self.isPresented = isPresented
        self.isValidated = isValidated
    }
}

/// A condition on a value of metadata. A missing value satisfies none.
public indirect enum ValueMatcher: Hashable, Sendable {
    /// The value is null.
    case null
    /// The value is this truth value.
    case bool(Bool)
    /// The value is this number.
    case number(Double)
    /// The value is a number in `start` ..< `end`.
    case range(start: Double, end: Double)
    /// The value is a text that satisfies the condition.
    case text(StringMatcher)
    /// The value is there; as in Envoy, `false` is never satisfied.
    case present(Bool)
    /// The value is a list, and one of its values satisfies the condition.
    case oneOf(ValueMatcher)
    /// The value satisfies one of the conditions.
    case any([ValueMatcher])
}

/// A condition on dynamic metadata.
public struct MetadataMatcher: Hashable, Sendable {
    /// The name of the filter that wrote the metadata.
    public var filter: String
    /// The names that lead to the value, at least one.
    public var path: [String]
    /// What is asked of the value.
    public var value: ValueMatcher
    /// Whether the answer is turned round, that for a missing value too.
    public var isInverted: Bool

    /// A condition on dynamic metadata.
    public init(_ filter: String, path: [String], _ value: ValueMatcher, isInverted: Bool = false) {
        self.filter = filter
        self.path = path
        self.value = value
        self.isInverted = isInverted
    }
}

/// A condition on filter state. A missing object satisfies none.
public struct FilterStateMatcher: Hashable, Sendable {
    /// What is asked of the object.
    public enum Rule: Hashable, Sendable {
        /// Its text satisfies the condition.
        case text(StringMatcher)
        /// It is an address in one of the ranges, or in none of them when inverted.
        case address([AddressRange], isInverted: Bool)
    }

    /// The key.
    public var key: String
    /// What is asked of the object.
    public var rule: Rule

    /// A condition on filter state.
    public init(_ key: String, _ rule: Rule) {
        self.key = key
        self.rule = rule
    }
}

/// A range of IP addresses: all those that begin with the same bits.
public struct AddressRange: Hashable, Sendable {
    /// An address of the range, as text.
    public var address: String
    /// How many bits count, 0 … 128; for an IPv4 address everything above 32 means 32.
    public var length: UInt32

    /// The addresses that share their first `length` bits with `address`.
    public init(_ address: String, length: UInt32) {
        self.address = address
        self.length = length
    }
}
