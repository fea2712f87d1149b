// Fairlead: the layout of match trees
// SPDX-License-Identifier: Apache-2.0

/// What a match tree looks at.
public struct TreeInput: BitwiseCopyable, Sendable {
    /// What is looked at.
    public enum Kind: UInt8, BitwiseCopyable, Sendable {
        /// The values of the header `name`, joined with commas.
        case header
        /// The method.
        case method
        /// The path with its query.
        case path
        /// The scheme.
        case scheme
        /// The authority.
        case authority
    }

    /// What is looked at.
    public var kind: Kind
    /// Nothing yet.
    public var reserved: UInt8 = 0
    /// Nothing yet.
    public var padding: UInt16 = 0
    /// The name of the header, in lower case.
    public var name: BlockText

    /// An input; see the properties.
    public init(_ kind: Kind, name: BlockText = .empty) {
        self.kind = kind
        self.name = name
    }
}

/// Where a match tree leads.
public struct TreeOutcome: BitwiseCopyable, Sendable {
    /// What kind of place it is.
    public enum Kind: UInt8, BitwiseCopyable, Sendable {
        /// None.
        case none
        /// Another tree: `first` is the place of its node.
        case tree
        /// Routes: `count` of them, from the ordinal `first` on.
        case routes
        /// A cluster: `first` is its index among the block's clusters.
        case cluster
    }

    /// What kind of place it is.
    public var kind: Kind
    /// Nothing yet.
    public var reserved: UInt8 = 0
    /// Nothing yet.
    public var padding: UInt16 = 0
    /// The place of a node, the ordinal of a route, or the index of a cluster.
    public var first: UInt32
    /// How many routes there are.
    public var count: UInt32
    /// The index over the routes; none for a few.
    public var index: BlockReference<RouteIndex>

    /// Where a tree leads; see the properties.
    public init(_ kind: Kind, first: UInt32 = 0, count: UInt32 = 0, index: BlockReference<RouteIndex> = .none) {
        self.kind = kind
        self.first = first
        self.count = count
        self.index = index
    }

    /// Nowhere.
    public static var none: TreeOutcome { TreeOutcome(.none) }
}

/// A condition on inputs.
public struct TreePredicate: BitwiseCopyable, Sendable {
    /// What is asked.
    public enum Kind: UInt8, BitwiseCopyable, Sendable {
        /// The input satisfies `condition`.
        case value
        /// One of `inner` holds.
        case any
        /// All of `inner` hold.
        case all
        /// The only one of `inner` does not hold.
        case not
    }

    /// What is asked.
    public var kind: Kind
    /// Nothing yet.
    public var reserved: UInt8 = 0
    /// Nothing yet.
    public var padding: UInt16 = 0
    /// What is looked at.
    public var input = TreeInput(.header)
    /// What is asked of a text.
    public var condition = Condition(.header, .present)
    /// The conditions inside of this one.
    public var inner = BlockArray<TreePredicate>.empty

    /// A condition of the given kind.
    public init(_ kind: Kind) { self.kind = kind }
}

/// A predicate and where it leads.
public struct TreeRule: BitwiseCopyable, Sendable {
    /// What has to hold.
    public var predicate: BlockReference<TreePredicate>
    /// Where it leads.
    public var outcome: TreeOutcome

    /// A rule; see the properties.
    public init(_ predicate: BlockReference<TreePredicate>, _ outcome: TreeOutcome) {
        self.predicate = predicate
        self.outcome = outcome
    }
}

/// A text and where it leads.
public struct TreeEntry: BitwiseCopyable, Sendable {
    /// The text.
    public var text: BlockText
    /// The entry with the longest shorter text that this one begins or ends with, plus one; 0 for none.
    public var parent: UInt32
    /// Where it leads.
    public var outcome: TreeOutcome

    /// An entry; see the properties.
    public init(text: BlockText, parent: UInt32, outcome: TreeOutcome) {
        self.text = text
        self.parent = parent
        self.outcome = outcome
    }
}

/// A range of addresses and where it leads.
public struct TreeRange: BitwiseCopyable, Sendable {
    /// The range.
    public var range: AddressRangeRecord
    /// Where it leads.
    public var outcome: TreeOutcome
    /// Whether it counts only when no narrower one came before (1) or always (0).
    public var isExclusive: UInt32
    /// Nothing yet.
    public var reserved: UInt32 = 0

    /// A range and where it leads; see the properties.
    public init(_ range: AddressRangeRecord, _ outcome: TreeOutcome, isExclusive: Bool) {
        self.range = range
        self.outcome = outcome
        self.isExclusive = isExclusive ? 1 : 0
    }
}

/// One match tree.
public struct TreeNode: BitwiseCopyable, Sendable {
    /// How the tree is searched.
    public enum Kind: UInt8, BitwiseCopyable, Sendable {
        /// Not at all.
        case none
        /// By `rules`, in order.
        case list
        /// By the whole input.
        case exact
        /// By the input's beginning.
        case prefix
        /// By `ranges`, the narrowest first.
        case addresses
        /// By the whole input, then by its end, then `star`.
        case domains
    }

    /// How the tree is searched.
    public var kind = Kind.none
    /// Nothing yet.
    public var reserved: UInt8 = 0
    /// Nothing yet.
    public var padding: UInt16 = 0
    /// What is looked at.
    public var input = TreeInput(.header)
    /// Where the tree leads when nothing else does.
    public var otherwise = TreeOutcome.none
    /// The entry for every input that is not empty, plus one; 0 for none.
    public var star: UInt32 = 0
    /// Predicates in order.
    public var rules = BlockArray<TreeRule>.empty
    /// Texts.
    public var entries = BlockArray<TreeEntry>.empty
    /// Ranges, the narrowest first.
    public var ranges = BlockArray<TreeRange>.empty
    /// The entries by their whole texts.
    public var exact = TextIndex.empty
    /// The entries by their texts as beginnings, or for domains as ends.
    public var partial = TextIndex.empty

    /// An empty tree.
    public init() {}
}
