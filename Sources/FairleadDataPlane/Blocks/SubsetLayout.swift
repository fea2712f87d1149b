// Fairlead: the layout of subsets and of what routes ask of endpoints
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// One named value that an endpoint has to have.
public struct CriterionRecord: BitwiseCopyable, Sendable {
    /// A hash of name and value. Those of several criteria are added up, in any order.
    public var hash: UInt64
    /// The name.
    public var name: BlockText
    /// The value as JSON, which tells a number from a text.
    public var value: BlockText

    /// The criterion that the value called `name` is `value`.
    public init(name: BlockText, value: BlockText, hash: UInt64) {
        self.name = name
        self.value = value
        self.hash = hash
    }

    /// The hash of a criterion.
    public static func hash(name: String, value: String) -> UInt64 {
        XXHash64.hash(value, seed: XXHash64.hash(name))
    }
}

/// What a route asks of endpoints.
public struct CriteriaRecord: BitwiseCopyable, Sendable {
    /// The criteria, sorted by the bytes of their names.
    public var criteria: BlockArray<CriterionRecord>
    /// What is asked instead, one after the other, where clusters take `fallback_list` for a list of overrides; empty
    /// when no criterion is called so.
    public var alternatives: BlockArray<CriteriaRecord>

    /// What a route asks; see the properties.
    public init(criteria: BlockArray<CriterionRecord>, alternatives: BlockArray<CriteriaRecord>) {
        self.criteria = criteria
        self.alternatives = alternatives
    }
}

/// A cluster's subsets, and how one is found.
public struct SubsetsRecord: BitwiseCopyable, Sendable {
    /// What is taken when no subset is found.
    public enum Fallback: UInt8, BitwiseCopyable, Sendable {
        /// Nothing.
        case none
        /// Any endpoint.
        case anyEndpoint
        /// The endpoints of the default subset.
        case defaultSubset
        /// What the top says; of selectors only.
        case undefined
        /// A search with fewer keys; of selectors only.
        case fewerKeys
    }

    /// See `flags`.
    public struct Flags: OptionSet, BitwiseCopyable, Sendable {
        /// The flags as bits.
        public var rawValue: UInt32
        /// The flags of `rawValue`.
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        /// When the fallback finds nobody either, any endpoint is taken.
        public static let panicsToAnyEndpoint = Flags(rawValue: 1)
        /// A criterion called `fallback_list` holds overrides.
        public static let usesFallbackList = Flags(rawValue: 2)
        /// Criteria that no selector asks for are passed over.
        public static let allowsRedundantKeys = Flags(rawValue: 4)
    }

    /// The numbers of the subsets plus one by the hashes of their criteria, in open addressing; a power of two.
    public var places = BlockArray<UInt32>.empty
    /// The subsets.
    public var subsets = BlockArray<SubsetEntry>.empty
    /// The selectors in the order in which they are looked at.
    public var selectors = BlockArray<SelectorEntry>.empty
    /// Where the load of the default subset goes; empty when nothing falls back to it.
    public var defaultTargets = BlockArray<PickTarget>.empty
    /// What is taken when no subset is found.
    public var fallback = Fallback.none
    /// Nothing yet.
    public var reserved: UInt8 = 0
    /// Nothing yet.
    public var spare: UInt16 = 0
    /// See `Flags`.
    public var flags: Flags = []

    /// No subsets.
    public init() {}
}

/// One subset: the endpoints that have certain values.
public struct SubsetEntry: BitwiseCopyable, Sendable {
    /// The sum of the hashes of its criteria.
    public var hash: UInt64
    /// The criteria, sorted by the bytes of their names.
    public var criteria: BlockArray<CriterionRecord>
    /// Where its load goes; empty for a single endpoint.
    public var targets: BlockArray<PickTarget>
    /// The ordinal of its only endpoint plus one; 0 when it has targets.
    public var single: UInt32
    /// Nothing yet.
    public var reserved: UInt32 = 0

    /// One subset; see the properties.
    public init(
        hash: UInt64, criteria: BlockArray<CriterionRecord>, targets: BlockArray<PickTarget>, single: UInt32
    ) {
        self.hash = hash
        self.criteria = criteria
        self.targets = targets
        self.single = single
    }
}

/// One selector: the keys by which subsets are made, and what is taken when there is none for the values.
public struct SelectorEntry: BitwiseCopyable, Sendable {
    /// The keys, sorted by their bytes.
    public var keys: BlockArray<BlockText>
    /// The keys that are searched for next; see `SubsetsRecord.Fallback.fewerKeys`.
    public var fewerKeys: BlockArray<BlockText>
    /// What is taken when no subset is found.
    public var fallback: SubsetsRecord.Fallback
    /// Nothing yet.
    public var reserved: UInt8 = 0
    /// Nothing yet.
    public var spare: UInt16 = 0
    /// Nothing yet.
    public var more: UInt32 = 0

    /// One selector; see the properties.
    public init(
        keys: BlockArray<BlockText>, fewerKeys: BlockArray<BlockText>, fallback: SubsetsRecord.Fallback
    ) {
        self.keys = keys
        self.fewerKeys = fewerKeys
        self.fallback = fallback
    }
}
