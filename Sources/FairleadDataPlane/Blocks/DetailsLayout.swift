// Fairlead: the layout of what few routes have
// SPDX-License-Identifier: Apache-2.0

/// What few routes, virtual hosts, tables and weighted clusters have: a record of its own, so that all others pay four
/// bytes for it.
public struct DetailsRecord: BitwiseCopyable, Sendable {
    /// Untyped values.
    public var metadata = BlockArray<MetadataNode>.empty

    /// Nothing of it.
    public init() {}
}
