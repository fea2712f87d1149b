// Fairlead: the layout of endpoints that requests name themselves
// SPDX-License-Identifier: Apache-2.0

/// Where requests name the endpoints that they go to, and how these are found.
public struct OverrideRecord: BitwiseCopyable, Sendable {
    /// Where the names come from.
    public var sources: BlockArray<OverrideSourceRecord>
    /// The ordinals of the endpoints plus one by the hashes of their addresses, in open addressing; a power of two.
    public var places: BlockArray<UInt32>

    /// Where the names come from, and how endpoints are found.
    public init(sources: BlockArray<OverrideSourceRecord>, places: BlockArray<UInt32>) {
        self.sources = sources
        self.places = places
    }
}

/// A place in a request that names endpoints.
public struct OverrideSourceRecord: BitwiseCopyable, Sendable {
    /// The header, in lower case; none for metadata.
    public var header: BlockText
    /// The filter whose metadata it is.
    public var filter: BlockText
    /// The names that lead to the value.
    public var path: BlockArray<BlockText>

    /// A place in a request; see the properties.
    public init(header: BlockText, filter: BlockText, path: BlockArray<BlockText>) {
        self.header = header
        self.filter = filter
        self.path = path
    }
}
