// Fairlead: what a route does
// SPDX-License-Identifier: Apache-2.0

/// What a route does with its requests.
public enum RouteAction: Hashable, Sendable {
    /// Sends them to a cluster.
    case forward(ForwardAction)
    /// Tells the client to go elsewhere.
    case redirect(RedirectAction)
    /// Answers at once.
    case directResponse(DirectResponse)
    /// Does nothing: the route only matches (Envoy's `non_forwarding_action`).
    case nonForwarding
}

/// Forwarding: to which cluster, and what is changed on the way.
public struct ForwardAction: Hashable, Sendable {
    /// How the cluster is chosen.
    public enum Target: Hashable, Sendable {
        /// This one.
        case cluster(String)
        /// The one that a header names.
        case header(String)
        /// One of several, by weight.
        case weighted(WeightedClusters)
        /// The one that a match tree leads to; where it leads nowhere, there is no cluster.
        case matched(MatchTree)
    }

    /// How the host is rewritten.
    public enum HostRewrite: Hashable, Sendable {
        /// To this text.
        case literal(String)
        /// To the host name of the chosen endpoint.
        case endpointHostname
        /// To the value of a header.
        case header(String)
        /// To the path, with every match of the pattern replaced.
        case pathPattern(PatternSubstitution)
        /// To this text, with its substitution commands acted on.
        case format(String)
    }

    /// How the path is rewritten.
    public enum PathRewrite: Hashable, Sendable {
        /// The matched part becomes this text.
        case prefix(String)
        /// Every match of the pattern in the path is replaced.
        case pattern(PatternSubstitution)
        /// The path becomes this text, with its substitution commands acted on.
        case format(String)
        /// The path is put together from the variables of the match's URI template (`PathTemplateRewrite`).
        case template(String)
    }

    /// What is answered when the cluster does not exist.
    public enum ClusterNotFound: UInt16, Hashable, Sendable {
        /// 503.
        case serviceUnavailable = 503
        /// 404.
        case notFound = 404
        /// 500.
        case internalServerError = 500
    }

    /// Which circuit breakers and connection pools a request uses.
    public enum Priority: UInt8, Hashable, Sendable {
        /// The usual ones.
        case normal = 0
        /// Those for requests of high priority.
        case high = 1
    }

    /// How the cluster is chosen.
    public var target: Target
    /// What is answered when the cluster does not exist.
    public var clusterNotFound = ClusterNotFound.serviceUnavailable
    /// How the path is rewritten; `nil` not at all.
    public var pathRewrite: PathRewrite?
    /// How the host is rewritten; `nil` not at all.
    public var hostRewrite: HostRewrite?
    /// Whether the old host is appended to `x-forwarded-host`.
    public var appendsForwardedHost = false
    /// How long the whole exchange may take once the request is complete; `nil` for Envoy's 15 seconds, zero for ever.
    public var timeout: Duration?
    /// How long the stream may be idle; `nil` for the listener's, zero for ever.
    public var idleTimeout: Duration?
    /// How long the stream may last; `nil` for as long as the listener says.
    public var streamLimit: StreamLimit?
    /// The timeout of gRPC requests instead of `timeout`; `nil` does not look at their `grpc-timeout`.
    public var grpcTimeout: GRPCTimeout?
    /// The retry policy; `nil` for the virtual host's.
    public var retryPolicy: RetryPolicy?
    /// What a request's hash is made of.
    public var hashPolicies: [HashPolicy] = []
    /// Which circuit breakers and pools are used.
    public var priority = Priority.normal
    /// Which endpoints qualify, by their metadata.
    public var metadataMatch = Metadata()
    /// Which redirects of endpoints are followed; `nil` passes all of them on.
    public var internalRedirects: InternalRedirects?
    /// Which other protocols requests may change to; what is not named is left to the listener.
    public var upgrades: [UpgradePolicy] = []
    /// Who gets copies of the requests; empty for those of the virtual host.
    public var mirrors: [MirrorPolicy] = []
    /// What a rate limit service is asked about the requests.
    public var rateLimits: [RateLimit] = []
    /// Whether it is asked what the virtual host says too; without rules of the route's own it always is.
    public var includesVirtualHostRateLimits = false

    /// Where the tree of `Target.matched` stands in Envoy's message.
    public static let treePath = "inline_cluster_specifier_plugin.extension.typed_config.cluster_matcher"

    /// Forwarding to `target`, nothing changed on the way.
    public init(to target: Target) { self.target = target }
}

/// How long streams may last from their beginning on, whatever becomes of them.
public struct StreamLimit: Hashable, Sendable {
    /// How long; `nil` for as long as the listener says, zero for ever.
    public var maximum: Duration?
    /// The most that a request's `grpc-timeout` may ask for instead, zero for any length; `nil` does not look at it.
    public var grpcHeaderMaximum: Duration?
    /// How much earlier than what `grpc-timeout` asks for.
    public var grpcHeaderOffset: Duration?

    /// As long as the listener says.
    public init() {}
}

/// The timeout of gRPC requests, from their own `grpc-timeout`.
public struct GRPCTimeout: Hashable, Sendable {
    /// The most that it may be, zero for any length.
    public var maximum: Duration
    /// How much earlier than what the request asks for, where that leaves anything.
    public var offset: Duration?

    /// At most `maximum`.
    public init(maximum: Duration) { self.maximum = maximum }
}

/// Several clusters, each with its share.
public struct WeightedClusters: Hashable, Sendable {
    /// One cluster and its share.
    public struct Entry: Hashable, Sendable {
        /// The cluster's name; empty when `header` names it.
        public var cluster: String
        /// The header that names the cluster.
        public var header: String?
        /// Its share of the sum of all weights.
        public var weight: UInt32
        /// Header mutations for requests that go there.
        public var headerMutations = HeaderMutations()
        /// The host that requests get that go there; `nil` for no change.
        public var hostRewrite: String?
        /// Which endpoints qualify, by their metadata.
        public var metadataMatch = Metadata()
        /// What is said to HTTP filters, sorted by their names.
        public var filterConfigs: [FilterConfig] = []

        /// A cluster and its share.
        public init(_ cluster: String, weight: UInt32, header: String? = nil) {
            self.cluster = cluster
            self.weight = weight
            self.header = header
        }
    }

    /// The clusters in order.
    public var entries: [Entry]
    /// The header whose number chooses instead of chance, in lower case.
    public var randomValueHeader: String?
    /// Whether the request's hash chooses instead of chance.
    public var usesHashPolicy = false
    /// What the runtime keys of the weights begin with; empty for weights that do not change while running.
    public var runtimeKeyPrefix = ""

    /// Clusters by weight.
    public init(_ entries: [Entry]) { self.entries = entries }
}

/// A pattern and what its matches become.
public struct PatternSubstitution: Hashable, Sendable {
    /// The pattern.
    public var pattern: String
    /// What every match becomes; `\0` … `\9` stand for the match and its groups.
    public var substitution: String

    /// A pattern and what its matches become.
    public init(pattern: String, substitution: String) {
        self.pattern = pattern
        self.substitution = substitution
    }
}

/// A redirect: what the Location is made of.
public struct RedirectAction: Hashable, Sendable {
    /// How the path becomes another.
    public enum PathRewrite: Hashable, Sendable {
        /// This path.
        case path(String)
        /// The matched part becomes this text.
        case prefix(String)
        /// Every match of the pattern in the path is replaced.
        case pattern(PatternSubstitution)
        /// The path becomes this text, with its substitution commands acted on.
        case format(String)
    }

    /// How the scheme becomes another.
    public enum SchemeRewrite: Hashable, Sendable {
        /// To https.
        case https
        /// To this scheme.
        case scheme(String)
    }

    /// The statuses that a redirect can have.
    public enum Status: UInt16, Hashable, Sendable {
        /// 301.
        case movedPermanently = 301
        /// 302.
        case found = 302
        /// 303.
        case seeOther = 303
        /// 307.
        case temporaryRedirect = 307
        /// 308.
        case permanentRedirect = 308
    }

    /// The new host; `nil` keeps it.
    public var host: String?
    /// The new port; 0 keeps it.
    public var port: UInt16 = 0
    /// The new scheme; `nil` keeps it.
    public var scheme: SchemeRewrite?
    /// The new path; `nil` keeps it.
    public var path: PathRewrite?
    /// The status.
    public var status = Status.movedPermanently
    /// Whether the query is dropped.
    public var stripsQuery = false

    /// A redirect to the same address.
    public init() {}
}

/// An answer without an endpoint.
public struct DirectResponse: Hashable, Sendable {
    /// A body that is composed for each request.
    public struct BodyFormat: Hashable, Sendable {
        /// The body, with substitution commands; `%LOCAL_REPLY_BODY%` stands for the fixed body.
        public var text: String
        /// The members of the JSON object that the body is instead, texts with substitution commands; `nil` for `text`.
        public var json: [MetadataValue.Field]?
        /// Whether what is missing leaves nothing, instead of a `-`, or of null in JSON.
        public var omitsMissing = false
        /// The content type; empty for plain text, or for JSON.
        public var contentType = ""

        /// A body of `text`.
        public init(_ text: String) { self.text = text }

        /// A body that is the JSON object of the members `json`.
        public init(json: [MetadataValue.Field]) {
            text = ""
            self.json = json
        }
    }

    /// The HTTP status, 200 … 599.
    public var status: UInt16
    /// The body.
    public var body: [UInt8]
    /// How the body is composed; `nil` for `body` as it is.
    public var format: BodyFormat?

    /// An answer of `status` and `body`.
    public init(status: UInt16, body: [UInt8] = []) {
        self.status = status
        self.body = body
    }
}
