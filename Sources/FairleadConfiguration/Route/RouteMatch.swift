// Fairlead: which requests a route is for
// SPDX-License-Identifier: Apache-2.0

/// Which requests a route is for: a rule for the path and further conditions, all of which have to hold.
public struct RouteMatch: Hashable, Sendable {
    /// The rule for the path, which is compared without query and fragment.
    public enum Path: Hashable, Sendable {
        /// The path begins with these bytes, at any byte.
        case prefix(String)
        /// The path is exactly this.
        case exact(String)
        /// The path is this, or begins with it and a `/`.
        case separatedPrefix(String)
        /// The whole path matches the pattern.
        case pattern(String)
        /// The request is a CONNECT.
        case connect
        /// The path matches the URI template (`PathTemplate`).
        case template(String)
    }

    /// The rule for the path.
    public var path: Path
    /// Whether the case of the path matters; patterns have their own `(?i)`.
    public var isCaseSensitive = true
    /// Conditions on headers.
    public var headers: [HeaderMatcher] = []
    /// Conditions on the query.
    public var queryParameters: [QueryParameterMatcher] = []
    /// The share of requests that the route takes; `nil` for all.
    public var fraction: RuntimeFraction?
    /// Whether only gRPC requests match.
    public var matchesGRPCOnly = false
    /// Conditions on cookies.
    public var cookies: [CookieMatcher] = []
    /// A condition on the client's certificate.
    public var tlsContext = TLSContextMatcher()
    /// Conditions on dynamic metadata.
    public var dynamicMetadata: [MetadataMatcher] = []
    /// Conditions on filter state.
    public var filterState: [FilterStateMatcher] = []

    /// A match by path alone.
    public init(_ path: Path) { self.path = path }
}

/// A share of requests that the host can change while running.
public struct RuntimeFraction: Hashable, Sendable {
    /// The share when the host says nothing.
    public var fallback: Fraction
    /// The name of the runtime value that replaces it; empty for none.
    public var runtimeKey: String

    /// A share with an optional runtime key.
    public init(_ fallback: Fraction, runtimeKey: String = "") {
        self.fallback = fallback
        self.runtimeKey = runtimeKey
    }
}

/// A share: `numerator` of `denominator`.
public struct Fraction: Hashable, Sendable {
    /// Out of how many.
    public enum Denominator: UInt32, Hashable, Sendable {
        /// Per cent.
        case hundred = 100
        /// In ten thousand.
        case tenThousand = 10_000
        /// In a million.
        case million = 1_000_000
    }

    /// How many.
    public var numerator: UInt32
    /// Out of how many.
    public var denominator: Denominator

    /// The share `numerator` of `denominator`.
    public init(_ numerator: UInt32, of denominator: Denominator = .hundred) {
        self.numerator = numerator
        self.denominator = denominator
    }
}

/// A condition on a text.
public struct StringMatcher: Hashable, Sendable {
    /// How the text is compared.
    public enum Rule: Hashable, Sendable {
        /// Equal.
        case exact(String)
        /// Begins with.
        case prefix(String)
        /// Ends with.
        case suffix(String)
        /// Holds.
        case contains(String)
        /// Matches the pattern as a whole.
        case pattern(String)
    }

    /// How the text is compared.
    public var rule: Rule
    /// Whether the case of ASCII letters is ignored; not for patterns.
    public var ignoresCase: Bool

    /// A condition on a text.
    public init(_ rule: Rule, ignoresCase: Bool = false) {
        self.rule = rule
        self.ignoresCase = ignoresCase
    }
}

/// A condition on a header. Repeated headers are tested one by one: any of them may satisfy it.
public struct HeaderMatcher: Hashable, Sendable {
    /// What is asked of the header.
    public enum Rule: Hashable, Sendable {
        /// It is there (`true`) or not (`false`).
        case present(Bool)
        /// One of its values satisfies the condition.
        case text(StringMatcher)
        /// One of its values is a whole number in `start` ..< `end`.
        case range(start: Int64, end: Int64)
    }

    /// The name in any case; `:method`, `:path`, `:scheme`, `:authority` and `host` stand for those parts.
    public var name: String
    /// What is asked of it.
    public var rule: Rule
    /// Whether the answer is turned round.
    public var isInverted: Bool
    /// Whether a missing header counts as an empty one.
    public var treatsMissingAsEmpty: Bool

    /// A condition on a header.
    public init(_ name: String, _ rule: Rule, isInverted: Bool = false, treatsMissingAsEmpty: Bool = false) {
        self.name = name
        self.rule = rule
        self.isInverted = isInverted
        self.treatsMissingAsEmpty = treatsMissingAsEmpty
    }
}

/// A condition on a query parameter: on the first one of its name, not decoded.
public struct QueryParameterMatcher: Hashable, Sendable {
    /// What is asked of the parameter.
    public enum Rule: Hashable, Sendable {
        /// It is there (`true`) or not (`false`).
        case present(Bool)
        /// Its value satisfies the condition.
        case text(StringMatcher)
    }

    /// The name; its case matters.
    public var name: String
    /// What is asked of it.
    public var rule: Rule

    /// A condition on a query parameter.
    public init(_ name: String, _ rule: Rule) {
        self.name = name
        self.rule = rule
    }
}
