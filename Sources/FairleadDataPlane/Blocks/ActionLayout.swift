// Fairlead: the layout of actions
// SPDX-License-Identifier: Apache-2.0

/// A compiled forward action.
public struct ForwardRecord: BitwiseCopyable, Sendable {
    /// How the cluster is chosen.
    public enum Target: UInt8, BitwiseCopyable, Sendable {
        /// It is `cluster`.
        case cluster
        /// The header `header` names it.
        case header
        /// `weighted` tells.
        case weighted
        /// The match tree at the place `cluster` leads to it.
        case tree
    }

    /// How the path is rewritten.
    public enum PathRewrite: UInt8, BitwiseCopyable, Sendable {
        /// Not at all.
        case none
        /// The matched part becomes `path`.
        case prefix
        /// Every match of `pathPattern` becomes `path`.
        case pattern
        /// The path becomes the pieces at `path`.
        case format
        /// The path is put together from a URI template's variables; `pathPattern` is the place of its parts.
        case template
    }

    /// How the host is rewritten.
    public enum HostRewrite: UInt8, BitwiseCopyable, Sendable {
        /// Not at all.
        case none
        /// To `host`.
        case literal
        /// To the chosen endpoint's host name.
        case endpointHostname
        /// To the value of the header `host`.
        case header
        /// To the path with every match of `hostPattern` replaced by `host`.
        case pathPattern
        /// To the pieces at `host`.
        case format
    }

    /// How the cluster is chosen.
    public var target = Target.cluster
    /// Which circuit breakers are used, 0 or 1.
    public var priority: UInt8 = 0
    /// How the path is rewritten.
    public var pathRewrite = PathRewrite.none
    /// How the host is rewritten.
    public var hostRewrite = HostRewrite.none
    /// Whether the old host goes to `x-forwarded-host` (1) or not (0).
    public var appendsForwardedHost: UInt8 = 0
    /// Nothing yet.
    public var reserved: UInt8 = 0
    /// What is answered when the cluster does not exist.
    public var notFoundStatus: UInt16 = 503
    /// The cluster's index among the block's clusters, or the place of a tree's node.
    public var cluster: UInt32 = 0
    /// The index of the path's pattern, plus one.
    public var pathPattern: UInt32 = 0
    /// The header that names the cluster, in lower case.
    public var header = BlockText.empty
    /// The clusters by weight.
    public var weighted = BlockReference<WeightedRecord>.none
    /// The retry policy; none for the virtual host's.
    public var retry = BlockReference<RetryRecord>.none
    /// What the path becomes.
    public var path = BlockText.empty
    /// What the host becomes, or the header that tells, in lower case.
    public var host = BlockText.empty
    /// What the request's hash is made of.
    public var hashPolicies = BlockArray<HashRecord>.empty
    /// The index of the host's pattern, plus one.
    public var hostPattern: UInt32 = 0
    /// What few actions have.
    public var extras = BlockReference<ForwardExtras>.none
    /// The route's timeout in nanoseconds; 0 for none.
    public var timeout: UInt64 = 15_000_000_000
    /// The stream's idle timeout in nanoseconds; 0 for none, `UInt64.max` for the listener's.
    public var idleTimeout: UInt64 = .max

    /// Forwarding with everything at its default.
    public init() {}
}

/// Clusters by weight.
public struct WeightedRecord: BitwiseCopyable, Sendable {
    /// The clusters in order.
    public var entries: BlockArray<WeightedEntry>
    /// The sum of all weights, at most 2^32−1. It is 0 only by runtime values; then there is no route.
    public var total: UInt64
    /// The header whose number chooses, in lower case; none for chance.
    public var header: BlockText
    /// Whether the request's hash chooses (1) or not (0).
    public var usesHash: UInt64

    /// Clusters by weight; see the properties.
    public init(entries: BlockArray<WeightedEntry>, total: UInt64, header: BlockText, usesHash: Bool) {
        self.entries = entries
        self.total = total
        self.header = header
        self.usesHash = usesHash ? 1 : 0
    }
}

/// One cluster of several.
public struct WeightedEntry: BitwiseCopyable, Sendable {
    /// The cluster's index among the block's clusters, unless `header` names it.
    public var cluster: UInt32
    /// Where its share ends; it begins where the one before ends.
    public var end: UInt32
    /// The header that names the cluster, in lower case; none if `cluster` is meant.
    public var header: BlockText
    /// What the host becomes; none for no change.
    public var host: BlockText
    /// Header mutations for requests that go there.
    public var mutations: BlockReference<MutationsRecord>
    /// What few clusters have.
    public var details = BlockReference<DetailsRecord>.none

    /// One cluster of several; see the properties.
    public init(
        cluster: UInt32, end: UInt32, header: BlockText, host: BlockText, mutations: BlockReference<MutationsRecord>
    ) {
        self.cluster = cluster
        self.end = end
        self.header = header
        self.host = host
        self.mutations = mutations
    }
}

/// A compiled redirect.
public struct RedirectRecord: BitwiseCopyable, Sendable {
    /// How the path becomes another.
    public enum PathRewrite: UInt8, BitwiseCopyable, Sendable {
        /// Not at all.
        case none
        /// It becomes `path`.
        case path
        /// The matched part becomes `path`.
        case prefix
        /// Every match of the pattern becomes `path`.
        case pattern
        /// It becomes the pieces at `path`.
        case format
    }

    /// The status.
    public var status: UInt16 = 301
    /// The new port; 0 keeps it.
    public var port: UInt16 = 0
    /// How the path becomes another.
    public var pathRewrite = PathRewrite.none
    /// Whether the query is dropped (1) or not (0).
    public var stripsQuery: UInt8 = 0
    /// Whether the scheme comes from `https_redirect` (1) or not (0).
    public var isHTTPSRedirect: UInt8 = 0
    /// Nothing yet.
    public var reserved: UInt8 = 0
    /// The index of the path's pattern, plus one.
    public var pattern: UInt32 = 0
    /// Nothing yet.
    public var padding: UInt32 = 0
    /// The new host; none keeps it.
    public var host = BlockText.empty
    /// The new scheme; none keeps it.
    public var scheme = BlockText.empty
    /// What the path becomes.
    public var path = BlockText.empty

    /// A redirect to the same address.
    public init() {}
}

/// A compiled direct response.
public struct DirectResponseRecord: BitwiseCopyable, Sendable {
    /// The status.
    public var status: UInt32
    /// Whether the pieces of the body leave out what is missing (1) or put a `-` in its place (0).
    public var omitsMissing: UInt32 = 0
    /// The body.
    public var body: BlockText
    /// The pieces that the body is made of instead; none for `body` itself.
    public var format = SubstitutionText.empty
    /// The content type of a body that is composed; none for plain text.
    public var contentType = BlockText.empty
    /// The JSON object that the body is instead; none for texts.
    public var json = BlockReference<JSONNode>.none

    /// An answer of `status` and `body`.
    public init(status: UInt16, body: BlockText) {
        self.status = UInt32(status)
        self.body = body
    }
}

/// One part of a request's hash.
public struct HashRecord: BitwiseCopyable, Sendable {
    /// What is hashed.
    public enum Source: UInt8, BitwiseCopyable, Sendable {
        /// The values of the header `name`.
        case header
        /// The cookie `name`.
        case cookie
        /// The client's IP address.
        case sourceIP
        /// The query parameter `name`.
        case queryParameter
        /// The text of the filter state called `name`.
        case filterState
    }

    /// What is hashed.
    public var source: Source
    /// Whether the list ends here once there is a hash (1) or not (0).
    public var isTerminal: UInt8
    /// Nothing yet.
    public var reserved: UInt16 = 0
    /// The index of the pattern that rewrites a header's values, plus one.
    public var pattern: UInt32 = 0
    /// The name of the header (in lower case), cookie or parameter, or the key.
    public var name = BlockText.empty
    /// What matches of the pattern become.
    public var substitution = BlockText.empty
    /// How long a generated cookie lives, in seconds; `UInt64.max` generates none.
    public var timeToLive: UInt64 = .max
    /// What follows the value of a generated cookie: age, path and attributes, ready to send.
    public var attributes = BlockText.empty

    /// One part of a request's hash.
    public init(_ source: Source, isTerminal: Bool) {
        self.source = source
        self.isTerminal = isTerminal ? 1 : 0
    }
}
