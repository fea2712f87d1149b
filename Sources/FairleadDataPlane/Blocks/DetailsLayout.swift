// Fairlead: the layout of what few routes have
// SPDX-License-Identifier: Apache-2.0

/// What few routes, virtual hosts, tables and weighted clusters have: a record of its own, so that all others pay four
/// bytes for it.
public struct DetailsRecord: BitwiseCopyable, Sendable {
    /// Untyped values.
    public var metadata = BlockArray<MetadataNode>.empty
    /// Who gets copies of requests: of a virtual host or table.
    public var mirrors = BlockArray<MirrorRecord>.empty
    /// What is said to HTTP filters, sorted by their names.
    public var filters = BlockArray<FilterRecord>.empty
    /// How traces call a route's requests; none when it does not say.
    public var operation = BlockText.empty
    /// What statistics of a route are called; none when it does not say.
    public var statPrefix = BlockText.empty
    /// Which endpoints qualify, by the values of `envoy.lb`: those of a weighted cluster with its route's.
    public var metadataMatch = BlockArray<MetadataNode>.empty
    /// What a rate limit service is asked about requests: of a virtual host.
    public var rateLimits = BlockArray<RateLimitRecord>.empty
    /// How a route's requests are traced, as a message; none when it does not say.
    public var tracing = BlockText.empty
    /// The most bytes of a body to keep; `UInt64.max` when it is not said.
    public var bodyLimit = UInt64.max
    /// Whether the operation is told to others (1) or not (0).
    public var propagatesOperation: UInt32 = 0
    /// What is asked of endpoints: `metadataMatch`, hashed; none when nothing is.
    public var criteria = BlockReference<CriteriaRecord>.none

    /// Nothing of it.
    public init() {}
}

/// Whether requests may change to another protocol.
public struct UpgradeRecord: BitwiseCopyable, Sendable {
    /// The protocol, in lower case.
    public var type: BlockText
    /// Whether they may (1) or not (0).
    public var isEnabled: UInt64

    /// Whether requests may change to `type`.
    public init(type: BlockText, isEnabled: Bool) {
        self.type = type
        self.isEnabled = isEnabled ? 1 : 0
    }
}

/// What is said to one HTTP filter.
public struct FilterRecord: BitwiseCopyable, Sendable {
    /// The filter's name.
    public var name: BlockText
    /// The type of the bytes; none when there are none.
    public var type: BlockText
    /// The bytes; none when there are none.
    public var value: BlockText
    /// Whether the filter is left out (1) or not (0).
    public var isDisabled: UInt32
    /// Whether a host that does not know the type may go on (1) or not (0).
    public var isOptional: UInt32

    /// What is said to one filter; see the properties.
    public init(name: BlockText, type: BlockText, value: BlockText, isDisabled: Bool, isOptional: Bool) {
        self.name = name
        self.type = type
        self.value = value
        self.isDisabled = isDisabled ? 1 : 0
        self.isOptional = isOptional ? 1 : 0
    }
}

/// What few forward actions have.
public struct ForwardExtras: BitwiseCopyable, Sendable {
    /// Who gets copies of requests.
    public var mirrors = BlockArray<MirrorRecord>.empty
    /// How long the stream may last, in nanoseconds; 0 for ever, `UInt64.max` for as long as the listener says.
    public var streamLimit = UInt64.max
    /// The most that `grpc-timeout` may ask for instead, in nanoseconds; 0 for any, `UInt64.max` does not look at it.
    public var streamHeaderMaximum = UInt64.max
    /// How much earlier than that, in nanoseconds.
    public var streamHeaderOffset: UInt64 = 0
    /// The most that a gRPC request's timeout may be, in nanoseconds; 0 for any, `UInt64.max` does not look at it.
    public var grpcMaximum = UInt64.max
    /// How much earlier than that, in nanoseconds.
    public var grpcOffset: UInt64 = 0
    /// Which redirects are followed; none passes all of them on.
    public var redirects = BlockReference<InternalRedirectsRecord>.none
    /// Whether a rate limit service is asked what the virtual host says too (1) or only without rules here (0).
    public var includesHostRateLimits: UInt32 = 0
    /// What a rate limit service is asked about requests.
    public var rateLimits = BlockArray<RateLimitRecord>.empty
    /// Which other protocols requests may change to.
    public var upgrades = BlockArray<UpgradeRecord>.empty
    /// Which endpoints qualify, by the values of `envoy.lb`.
    public var metadataMatch = BlockArray<MetadataNode>.empty
    /// What is asked of endpoints: `metadataMatch`, hashed; none when nothing is.
    public var criteria = BlockReference<CriteriaRecord>.none
    /// Nothing yet.
    public var reserved: UInt32 = 0

    /// Nothing of it.
    public init() {}
}

/// A cluster that gets copies of requests.
public struct MirrorRecord: BitwiseCopyable, Sendable {
    /// The cluster's name; none if `header` is meant.
    public var cluster: BlockText
    /// The header that names the cluster, in lower case.
    public var header: BlockText
    /// The host of copies; none for that of the request.
    public var host: BlockText
    /// The share of requests that is copied: how many, …
    public var numerator: UInt32
    /// … out of how many.
    public var denominator: UInt32
    /// Whether the host is kept (1) or gets `-shadow` at its end (0).
    public var keepsHost: UInt32
    /// Nothing yet.
    public var reserved: UInt32 = 0
    /// What becomes of the headers of copies, in order: additions, and removals, whose rule is `removal`.
    public var headerChanges: BlockArray<AdditionRecord>

    /// The rule of a header that is taken off: one more than Envoy's `HeaderAppendAction` has.
    public static var removal: UInt8 { 4 }

    /// A cluster that gets copies; see the properties.
    public init(
        cluster: BlockText, header: BlockText, host: BlockText, numerator: UInt32, denominator: UInt32, keepsHost: Bool,
        headerChanges: BlockArray<AdditionRecord>
    ) {
        self.headerChanges = headerChanges
        self.cluster = cluster
        self.header = header
        self.host = host
        self.numerator = numerator
        self.denominator = denominator
        self.keepsHost = keepsHost ? 1 : 0
    }
}

/// Which redirects of endpoints are followed.
public struct InternalRedirectsRecord: BitwiseCopyable, Sendable {
    /// How many in a row at most.
    public var maximum: UInt32
    /// See `Flags`.
    public var flags: Flags
    /// The statuses that are followed, ascending.
    public var statuses: BlockArray<UInt16>
    /// The names of the headers that the new request gets, in lower case.
    public var copiedHeaders: BlockArray<BlockText>
    /// The names of the routes that they may lead to; see `Flags.asksForRoutes`.
    public var allowedRoutes: BlockArray<BlockText>

    /// What is allowed.
    public struct Flags: OptionSet, BitwiseCopyable, Sendable {
        /// The flags as bits.
        public var rawValue: UInt32
        /// The flags of `rawValue`.
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        /// They may lead to another scheme.
        public static let allowsOtherScheme = Flags(rawValue: 1)
        /// They never lead from http to https.
        public static let refusesHTTPSFromHTTP = Flags(rawValue: 2)
        /// They lead from a route to another one only once.
        public static let refusesVisitedRoutes = Flags(rawValue: 4)
        /// They lead to the routes of `allowedRoutes` only.
        public static let asksForRoutes = Flags(rawValue: 8)
    }

    /// Which redirects are followed; see the properties.
    public init(
        maximum: UInt32, flags: Flags, statuses: BlockArray<UInt16>, copiedHeaders: BlockArray<BlockText>,
        allowedRoutes: BlockArray<BlockText>
    ) {
        self.maximum = maximum
        self.flags = flags
        self.statuses = statuses
        self.copiedHeaders = copiedHeaders
        self.allowedRoutes = allowedRoutes
    }
}
