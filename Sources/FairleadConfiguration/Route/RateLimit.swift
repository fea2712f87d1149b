// Fairlead: what a rate limit service is asked about requests
// SPDX-License-Identifier: Apache-2.0

/// A rule that makes a descriptor of a request, which a rate limit service is asked about: one entry for each action.
///
/// The engine asks no service; it tells the host what to ask (`RouteView.nextRateLimit`).
public struct RateLimit: Hashable, Sendable {
    /// What makes one entry, a key and a value.
    public enum Action: Hashable, Sendable {
        /// `source_cluster`: the cluster that the host itself belongs to.
        case sourceCluster
        /// `destination_cluster`: the cluster that the request goes to.
        case destinationCluster
        /// The first value of a request header; a missing one makes no entry, or no descriptor.
        case requestHeader(String, key: String, skipsIfAbsent: Bool)
        /// The first value of a query parameter, decoded; a missing one makes no entry, or no descriptor.
        case queryParameter(String, key: String, skipsIfAbsent: Bool)
        /// `remote_address`: the client's IP address.
        case remoteAddress
        /// `masked_remote_address`: the range of that many bits that the client's IP address is in.
        case maskedRemoteAddress(version4: UInt32, version6: UInt32)
        /// The same for all requests.
        case fixed(key: String, value: String)
        /// The same for all requests whose headers satisfy all matchers, or do not: others have no descriptor.
        case headerMatch(key: String, value: String, expectsMatch: Bool, [HeaderMatcher])
        /// The same for all requests whose decoded query satisfies all matchers, or does not.
        case queryParameterMatch(key: String, value: String, expectsMatch: Bool, [QueryParameterMatcher])
        /// A text of metadata.
        case metadata(Source)
    }

    /// Where a text of metadata comes from.
    public struct Source: Hashable, Sendable {
        /// The entry's key.
        public var key: String
        /// The metadata's place.
        public var place: MetadataPlace
        /// Whether it is that of the route, and not that of the request.
        public var isRoutes: Bool
        /// The value when there is no text there, or an empty one; empty for none.
        public var fallback = ""
        /// Whether an entry without a value is left out, and not the whole descriptor.
        public var skipsIfAbsent = false

        /// The text at `place`.
        public init(key: String, _ place: MetadataPlace, isRoutes: Bool = false) {
            self.key = key
            self.place = place
            self.isRoutes = isRoutes
        }
    }

    /// The place of a value of metadata.
    public struct MetadataPlace: Hashable, Sendable {
        /// The name of the filter.
        public var filter: String
        /// The names that lead to the value, at least one.
        public var path: [String]

        /// The value at `path` in the metadata of `filter`.
        public init(_ filter: String, _ path: [String]) {
            self.filter = filter
            self.path = path
        }
    }

    /// The largest stage.
    public static let maximumStage: UInt32 = 10

    /// Which of a host's rate limit filters asks, 0 … 10.
    public var stage: UInt32 = 0
    /// The name in the runtime key that switches the rule off; empty for a rule that is always on.
    public var disableKey = ""
    /// What makes the entries, in order.
    public var actions: [Action]
    /// Where a request's metadata says how many requests are allowed: `requests_per_unit` and `unit`; `nil` leaves it to
    /// the service.
    public var limit: MetadataPlace?
    /// Whether the service is told when the stream has ended, instead of asked before.
    public var appliesOnStreamDone = false

    /// A rule that makes a descriptor of `actions`.
    public init(_ actions: [Action]) { self.actions = actions }

    /// The runtime key of the share of requests that the rule is on for, in per cent; `nil` for a rule that is always on.
    public var runtimeKey: String? { disableKey.isEmpty ? nil : "ratelimit.\(disableKey).http_filter_enabled" }
}
