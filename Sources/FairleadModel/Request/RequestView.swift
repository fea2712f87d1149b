// Fairlead: one request, as the engine sees it
// SPDX-License-Identifier: Apache-2.0

/// One request, borrowed from the host for the length of a call: what routing and hashing look at.
///
/// The host fills it from its own parser (C) or through `Request` (Swift). Nothing is copied and nothing is kept.
public struct RequestView: ~Escapable {
    /// The method, for example `GET`.
    public let method: Bytes
    /// The scheme, `http` or `https`; missing counts as `http`.
    public let scheme: Bytes
    /// The `:authority` or `Host` as received; missing when there was none.
    public let authority: Bytes
    /// The request target with its query; missing for a plain CONNECT.
    public let path: Bytes
    /// The header lines without pseudo-headers and `Host`.
    public let headers: HeaderList
    /// The client's address as text with a port, for example `10.0.0.1:4711`; missing when not known.
    public let source: Bytes
    /// The local address the client came in on, as text with a port; missing when not known.
    public let destination: Bytes
    /// What the connection tells about the client's certificate.
    public let connection: ConnectionFacts
    /// The request's own 64 random bits, or `nil` to let the worker draw them.
    public let random: UInt64?
    /// What the host knows beyond the head: dynamic metadata and filter state.
    public let facts: FactList

    /// A view over the memory of `owner`, which has to outlive it.
    @_lifetime(borrow owner)
    public init<Owner>(
        borrowing owner: borrowing Owner, method: Bytes, scheme: Bytes, authority: Bytes, path: Bytes,
        headers: HeaderList, source: Bytes = .missing, destination: Bytes = .missing,
        connection: ConnectionFacts = ConnectionFacts(), random: UInt64? = nil, facts: FactList = .none
    ) where Owner: ~Copyable & ~Escapable {
        self.method = method
        self.scheme = scheme
        self.authority = authority
        self.path = path
        self.headers = headers
        self.source = source
        self.destination = destination
        self.connection = connection
        self.random = random
        self.facts = facts
    }
}

/// What the host knows of a request's connection.
@frozen
public struct ConnectionFacts: OptionSet, BitwiseCopyable, Sendable {
    /// The flags as C passes them.
    public let rawValue: UInt32

    /// The flags of `rawValue`.
    @inlinable
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The client presented a certificate.
    public static let certificatePresented = ConnectionFacts(rawValue: 1)
    /// The client's certificate was validated.
    public static let certificateValidated = ConnectionFacts(rawValue: 2)
    /// The request is Envoy-internal: its `x-envoy-*` headers are believed.
    public static let isInternal = ConnectionFacts(rawValue: 4)
    /// The connection is encrypted.
    public static let isEncrypted = ConnectionFacts(rawValue: 16)
    /// Nobody can tell whether the client's own connection is encrypted, because a proxy said nothing where it should have
    /// (`x-forwarded-proto` is empty): the request finds no route.
    public static let isUnknown = ConnectionFacts(rawValue: 32)
}
