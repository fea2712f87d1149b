// Fairlead: the layout of a route table's block
// SPDX-License-Identifier: Apache-2.0

/// The header of a route table's block: the index of its domains. The virtual hosts are blocks of their own.
public struct RouteTableHeader: BitwiseCopyable, Sendable {
    /// The name.
    public var name = BlockText.empty
    /// Exact domains.
    public var exact = TextIndex.empty
    /// What follows the `*` of suffix wildcards, read from the back.
    public var suffixes = TextIndex.empty
    /// What stands before the `*` of prefix wildcards.
    public var prefixes = TextIndex.empty
    /// The texts of `suffixes`, in the order of the table: explanations look through them.
    public var suffixTexts = BlockArray<BlockText>.empty
    /// The texts of `prefixes`, likewise.
    public var prefixTexts = BlockArray<BlockText>.empty
    /// The ordinal of the virtual host for `*`, plus one; 0 for none.
    public var catchAll: UInt32 = 0
    /// How many virtual hosts there are.
    public var hostCount: UInt32 = 0
    /// Header mutations for all routes.
    public var mutations = BlockReference<MutationsRecord>.none
    /// What few tables have.
    public var details = BlockReference<DetailsRecord>.none
    /// Nothing yet.
    public var reserved: UInt32 = 0
    /// See `Flags`.
    public var flags = Flags()
    /// The header that stands in for the authority, in lower case; none for the authority itself.
    public var hostHeader = BlockText.empty

    /// What holds for the whole table.
    public struct Flags: OptionSet, BitwiseCopyable, Sendable {
        /// The flags as bits.
        public var rawValue: UInt32
        /// The flags of `rawValue`.
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        /// The authority's port does not count.
        public static let ignoresPort = Flags(rawValue: 1)
        /// What follows a `;` in a segment of the path does not count.
        public static let ignoresPathParameters = Flags(rawValue: 2)
        /// There is nothing but `*`.
        public static let onlyCatchAll = Flags(rawValue: 4)
        /// The most specific level of header mutations has the last word.
        public static let mostSpecificMutationsWin = Flags(rawValue: 8)
    }

    /// An empty header.
    public init() {}
}
