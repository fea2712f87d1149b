// Fairlead: what a connection manager does to requests before they are routed
// SPDX-License-Identifier: Apache-2.0

/// What a listener's connection manager does to every request before it is routed: which parts of it are brought into a
/// normal form, whose word on the client's address and scheme is believed, and what is refused.
///
/// The data plane applies them (`prepare`). All defaults are Envoy's.
public struct PreparationRules: Hashable, Sendable {
    /// What is done about a path with `%2F`, `%5C` or their lower-case forms in it. The numbers are Envoy's.
    public enum EscapedSlashes: UInt8, Hashable, Sendable {
        /// Nothing.
        case keep = 1
        /// The request is refused with 400.
        case refuse = 2
        /// They become slashes and backslashes, and the client is sent to that path with 307.
        case unescapeAndRedirect = 3
        /// They become slashes and backslashes.
        case unescape = 4
    }

    /// A scheme that every request gets, whatever it and its headers say.
    public enum Scheme: UInt8, Hashable, Sendable {
        /// `http`
        case http
        /// `https`
        case https
    }

    /// Whether dot segments are resolved and escapes are brought into one form.
    public var normalizesPath = false
    /// Whether repeated slashes in the path become one.
    public var mergesSlashes = false
    /// What is done about escaped slashes.
    public var escapedSlashes = EscapedSlashes.keep
    /// Whether a dot at the end of the host is taken off.
    public var stripsTrailingHostDot = false
    /// Whether the port is taken off the host.
    public var stripsAnyHostPort = false
    /// Whether the port is taken off the host if it is the port of the local address.
    public var stripsMatchingHostPort = false
    /// Whether the peer's own address is the client's, and goes into `x-forwarded-for`.
    public var usesRemoteAddress = false
    /// Whether the peer's address is not added to `x-forwarded-for` all the same.
    public var skipsForwardedFor = false
    /// How many trusted proxies stand before this one.
    public var trustedHops: UInt32 = 0
    /// The scheme that every request gets; `nil` for its own.
    public var scheme: Scheme?
    /// Which clients are inside; `nil` for none. Only the headers of requests from inside are believed.
    public var internalAddresses: InternalAddresses?

    /// Headers that only requests from inside may bring, in lower case. They come from the route table.
    public var internalOnlyHeaders: [String] = []

    /// Envoy's defaults.
    public init() {}
}

/// Which clients count as inside of one's own network.
public struct InternalAddresses: Hashable, Sendable {
    /// The ranges; without any, those of private networks count (`IPAddress.isPrivate`).
    public var ranges: [IPRange]
    /// Whether clients that come through a Unix socket count.
    public var includesUnixSockets: Bool

    /// Clients from `ranges`, and perhaps those of Unix sockets.
    public init(ranges: [IPRange] = [], includesUnixSockets: Bool = false) {
        self.ranges = ranges
        self.includesUnixSockets = includesUnixSockets
    }

    /// Whether a client with `address` counts as inside.
    public func contains(_ address: IPAddress) -> Bool {
        guard !ranges.isEmpty else { return address.isPrivate }
        for index in ranges.indices where ranges[index].contains(address) { return true }
        return false
    }
}
