// Fairlead: a table of virtual hosts
// SPDX-License-Identifier: Apache-2.0

/// A route table: virtual hosts by domain, each with an ordered list of routes.
public struct RouteConfiguration: Hashable, Sendable {
    /// The name, unique among route tables.
    public var name: String
    /// The virtual hosts; a request belongs to exactly one, by its authority.
    public var virtualHosts: [VirtualHost]
    /// Header mutations for every route of the table.
    public var headerMutations = HeaderMutations()
    /// Whether the most specific level of header mutations has the last word instead of the most general one.
    public var mostSpecificHeaderMutationsWin = false
    /// Whether routes to unknown clusters are refused; `nil` leaves it to where the table comes from.
    public var validatesClusters: Bool?
    /// Whether a port in the authority is cut off before domains are looked up.
    public var ignoresPortInHostMatching = false
    /// Whether what follows a `;` in a segment of the path is left out before it is matched.
    public var ignoresPathParameters = false
    /// The header whose value stands in for the authority when the virtual host is chosen, in lower case.
    public var virtualHostHeader: String?
    /// Headers that only requests from inside may bring, in lower case: they are taken off all others before these are
    /// routed.
    public var internalOnlyHeaders: [String] = []
    /// The most bytes that a direct response's body may have.
    public var maximumDirectResponseBody: UInt32 = 4096

    /// Where virtual hosts come from that are asked for on demand: an `envoy.config.route.v3.Vhds` message as bytes. It is
    /// kept, and nobody asks there yet.
    public var virtualHostDiscovery: [UInt8]?

    /// Who gets copies of the requests of virtual hosts that name nobody.
    public var mirrors: [MirrorPolicy] = []

    /// What is said to HTTP filters, sorted by their names.
    public var filterConfigs: [FilterConfig] = []

    /// A route table of the given virtual hosts.
    public init(name: String, virtualHosts: [VirtualHost] = []) {
        self.name = name
        self.virtualHosts = virtualHosts
    }
}

/// The routes of a set of domains, in first-match order.
public struct VirtualHost: Hashable, Sendable {
    /// Which requests have to come over TLS.
    public enum TLSRequirement: UInt8, Hashable, Sendable {
        /// None.
        case none = 0
        /// Those from outside.
        case externalOnly = 1
        /// All.
        case all = 2
    }

    /// The name; it serves logs and statistics.
    public var name: String
    /// The domains: exact, `*.suffix`, `prefix.*` or `*`.
    public var domains: [String]
    /// The routes; the first one that matches wins. Empty when `matcher` leads to the routes.
    public var routes: [Route]
    /// The match tree that leads to the routes instead of an ordered list.
    public var matcher: MatchTree?
    /// Which requests are redirected to https.
    public var tlsRequirement = TLSRequirement.none
    /// Header mutations for every route of the virtual host.
    public var headerMutations = HeaderMutations()
    /// The retry policy of routes that have none of their own.
    public var retryPolicy: RetryPolicy?
    /// Whether requests carry `x-envoy-attempt-count`.
    public var includesRequestAttemptCount = false
    /// Whether responses carry `x-envoy-attempt-count`.
    public var includesAttemptCountInResponse = false
    /// Untyped values for filters and substitution commands.
    public var metadata = Metadata()
    /// The most bytes of a request's body that the host may keep, for retries and copies; `nil` leaves it to the host.
    public var bodyLimit: UInt64?
    /// Who gets copies of the requests of routes that name nobody; empty for those of the table.
    public var mirrors: [MirrorPolicy] = []
    /// What a rate limit service is asked about the requests of routes that ask nothing, or include this.
    public var rateLimits: [RateLimit] = []

    /// What is said to HTTP filters, sorted by their names.
    public var filterConfigs: [FilterConfig] = []

    /// A virtual host of the given domains and routes.
    public init(name: String, domains: [String], routes: [Route] = []) {
        self.name = name
        self.domains = domains
        self.routes = routes
    }
}

/// One rule: which requests, and what to do with them.
public struct Route: Hashable, Sendable {
    /// The name; it serves logs and statistics, and may be empty.
    public var name: String
    /// Which requests.
    public var match: RouteMatch
    /// What to do with them.
    public var action: RouteAction
    /// Header mutations of this route.
    public var headerMutations = HeaderMutations()
    /// Untyped values for filters and tracing.
    public var metadata = Metadata()
    /// The most bytes of a request's body that the host may keep; `nil` for the virtual host's word.
    public var bodyLimit: UInt64?
    /// How traces call the route's requests; `nil` leaves it to the host.
    public var decorator: Decorator?
    /// How the route's requests are traced: an `envoy.config.route.v3.Tracing` message as bytes; `nil` leaves it to the
    /// host.
    public var tracing: [UInt8]?
    /// What statistics of the route are called; empty for none.
    public var statPrefix = ""

    /// What is said to HTTP filters, sorted by their names.
    public var filterConfigs: [FilterConfig] = []

    /// A route; see the properties for what each part means.
    public init(name: String = "", match: RouteMatch, action: RouteAction) {
        self.name = name
        self.match = match
        self.action = action
    }
}
