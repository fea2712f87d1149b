// Fairlead: the layout of long lists of candidates
// SPDX-License-Identifier: Apache-2.0

/// Routes that share the text they are filed under, and what a request has to have to be for one of them.
///
/// Each route stands in one place only: under one value of one selector, in a list of that kind again, or among those
/// that are judged one after the other.
public struct CandidateList: BitwiseCopyable, Sendable {
    /// The ordinals of the routes that are judged one after the other, ascending.
    public var routes: BlockArray<UInt32>
    /// What sorts the others; those with smaller ordinals come first.
    public var selectors: BlockArray<Selector>
    /// Patterns that are asked together; those with smaller ordinals come first.
    public var patternSets: BlockArray<PatternSetRecord>

    /// A list; see the properties for what each part means.
    public init(
        routes: BlockArray<UInt32>, selectors: BlockArray<Selector>, patternSets: BlockArray<PatternSetRecord>
    ) {
        self.routes = routes
        self.selectors = selectors
        self.patternSets = patternSets
    }
}

/// Sorts routes by a value that all of them ask for.
public struct Selector: BitwiseCopyable, Sendable {
    /// What the request is asked for.
    public enum Kind: UInt8, BitwiseCopyable, Sendable {
        /// The value of `subject`, which has to be one of the texts.
        case exact
        /// The value of `subject`, which has to begin with one of the texts.
        case prefix
        /// The value of `subject`, which has to end with one of the texts.
        case suffix
        /// The names of its headers, one of which has to be one of the texts.
        case headerNames
        /// Its path without the query, which has to end with one of the texts.
        case pathSuffix
    }

    /// What the request is asked for.
    public var kind: Kind
    /// Whose value it is.
    public var subject: Condition.Subject
    /// Whether the case of the value does not matter (1) or does (0).
    public var ignoresCase: UInt8
    /// Nothing yet.
    public var reserved: UInt8 = 0
    /// The smallest ordinal below.
    public var minimum: UInt32
    /// The name of the header (in lower case) or parameter.
    public var name: BlockText
    /// The values; the index of each in `lists` is filed.
    public var texts: TextIndex
    /// The routes of each value.
    public var lists: BlockArray<SelectedList>

    /// A selector; see the properties for what each part means.
    public init(
        kind: Kind, subject: Condition.Subject, ignoresCase: Bool, minimum: UInt32, name: BlockText, texts: TextIndex,
        lists: BlockArray<SelectedList>
    ) {
        self.kind = kind
        self.subject = subject
        self.ignoresCase = ignoresCase ? 1 : 0
        self.minimum = minimum
        self.name = name
        self.texts = texts
        self.lists = lists
    }
}

/// The routes of one value.
public struct SelectedList: BitwiseCopyable, Sendable {
    /// The routes.
    public var candidates: CandidateList
    /// The index of the longest shorter value that this one begins (or ends) with, plus one; 0 for none.
    public var parent: UInt32
    /// The smallest ordinal in this list and those of all its ancestors.
    public var minimum: UInt32

    /// The routes of one value; see the properties.
    public init(candidates: CandidateList, parent: UInt32, minimum: UInt32) {
        self.candidates = candidates
        self.parent = parent
        self.minimum = minimum
    }
}

/// Routes whose paths match patterns that are asked together.
public struct PatternSetRecord: BitwiseCopyable, Sendable {
    /// The routes in their order.
    public var routes: BlockArray<PatternSetEntry>
    /// The set's index among the block's sets.
    public var set: UInt32
    /// The smallest ordinal.
    public var minimum: UInt32

    /// Routes of one set; see the properties.
    public init(routes: BlockArray<PatternSetEntry>, set: UInt32, minimum: UInt32) {
        self.routes = routes
        self.set = set
        self.minimum = minimum
    }
}

/// One route of a pattern set.
public struct PatternSetEntry: BitwiseCopyable, Sendable {
    /// The route's ordinal.
    public var ordinal: UInt32
    /// The index of its path's pattern in the set.
    public var pattern: UInt32

    /// A route and the index of its pattern; see the properties.
    public init(ordinal: UInt32, pattern: UInt32) {
        self.ordinal = ordinal
        self.pattern = pattern
    }
}
