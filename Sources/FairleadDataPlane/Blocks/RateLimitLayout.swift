// Fairlead: the layout of what a rate limit service is asked
// SPDX-License-Identifier: Apache-2.0

/// A compiled rule that makes a descriptor.
public struct RateLimitRecord: BitwiseCopyable, Sendable {
    /// What makes the entries, in order.
    public var actions: BlockArray<RateLimitActionRecord>
    /// Where a request's metadata says how much is allowed.
    public var limit = BlockReference<RateLimitPlace>.none
    /// Which of a host's filters asks.
    public var stage: UInt8
    /// Whether the service is told when the stream has ended (1) or asked before (0).
    public var isStreamDone: UInt8
    /// For how many of a hundred requests the rule is on.
    public var share: UInt8 = 100
    /// Nothing yet.
    public var reserved: UInt8 = 0
    /// What tells the chances of rules apart; none for a rule that is on for all requests or for none.
    public var switchName = BlockText.empty

    /// A rule; see the properties for what each part means.
    public init(actions: BlockArray<RateLimitActionRecord>, stage: UInt8, isStreamDone: Bool) {
        self.actions = actions
        self.stage = stage
        self.isStreamDone = isStreamDone ? 1 : 0
    }
}

/// Where a request's metadata says how much is allowed: the places of two values of one structure.
public struct RateLimitPlace: BitwiseCopyable, Sendable {
    /// The name of the filter.
    public var filter: BlockText
    /// The names that lead to `requests_per_unit`.
    public var requests: BlockArray<BlockText>
    /// The names that lead to `unit`.
    public var unit: BlockArray<BlockText>

    /// A place; see the properties for what each part means.
    public init(filter: BlockText, requests: BlockArray<BlockText>, unit: BlockArray<BlockText>) {
        self.filter = filter
        self.requests = requests
        self.unit = unit
    }
}

/// What makes one entry of a descriptor.
public struct RateLimitActionRecord: BitwiseCopyable, Sendable {
    /// What makes it.
    public enum Kind: UInt8, BitwiseCopyable, Sendable {
        /// The cluster that the host belongs to.
        case sourceCluster
        /// The cluster that the request goes to.
        case destinationCluster
        /// The first value of the header `name`.
        case requestHeader
        /// The first value of the query parameter `name`, decoded.
        case queryParameter
        /// The client's address.
        case remoteAddress
        /// The range that the client's address is in.
        case maskedRemoteAddress
        /// `value`.
        case fixed
        /// `value`, if `conditions` hold of the headers, or do not.
        case headerMatch
        /// `value`, if `conditions` hold of the decoded query, or do not.
        case queryParameterMatch
        /// The text at `path` in the request's metadata of `name`, or `value`.
        case requestMetadata
        /// The text at `path`, the filter's name included, in the route's metadata, or `value`.
        case routeMetadata
    }

    /// What makes it.
    public var kind: Kind
    /// Whether an entry without a value is left out (1) or takes the descriptor with it (0).
    public var skipsIfAbsent: UInt8 = 0
    /// Whether conditions have to hold (1) or must not (0).
    public var expectsMatch: UInt8 = 0
    /// How many bits of an IPv4 address count.
    public var version4: UInt8 = 0
    /// How many bits of an IPv6 address count.
    public var version6: UInt8 = 0
    /// Nothing yet.
    public var reserved: UInt8 = 0
    /// Nothing yet.
    public var padding: UInt16 = 0
    /// The entry's key.
    public var key: BlockText
    /// The entry's value, or what stands in for one.
    public var value = BlockText.empty
    /// The name of the header, in lower case, of the query parameter or of the filter.
    public var name = BlockText.empty
    /// The conditions.
    public var conditions = BlockArray<Condition>.empty
    /// The names that lead to a value of metadata.
    public var path = BlockArray<BlockText>.empty

    /// What makes an entry of that key.
    public init(_ kind: Kind, key: BlockText) {
        self.kind = kind
        self.key = key
    }
}
