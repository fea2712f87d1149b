// Fairlead: the layout of a virtual host's block
// SPDX-License-Identifier: Apache-2.0

/// The header of a virtual host's block: its routes in order, and the index over their paths.
///
/// All records of a block are free of padding: their bytes are compared (the Fresh law).
public struct VirtualHostHeader: BitwiseCopyable, Sendable {
    /// The index over the routes of an ordered list. It stands first, so that it is found like the index of a tree's list:
    /// by its place, which is 0 here.
    public var index = RouteIndex()
    /// The name.
    public var name = BlockText.empty
    /// The routes in first-match order.
    public var routes = BlockArray<RouteEntry>.empty
    /// Header mutations for all routes.
    public var mutations = BlockReference<MutationsRecord>.none
    /// The retry policy of routes without one.
    public var retry = BlockReference<RetryRecord>.none
    /// See `Flags`.
    public var flags = Flags()
    /// What few virtual hosts have.
    public var details = BlockReference<DetailsRecord>.none
    /// The match tree that leads to the routes; none for an ordered list.
    public var tree = BlockReference<TreeNode>.none

    /// What holds for the whole virtual host.
    public struct Flags: OptionSet, BitwiseCopyable, Sendable {
        /// The flags as bits.
        public var rawValue: UInt32
        /// The flags of `rawValue`.
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        /// Requests from outside have to come over TLS.
        public static let externalTLS = Flags(rawValue: 1)
        /// All requests have to come over TLS.
        public static let allTLS = Flags(rawValue: 2)
        /// Requests carry their attempt's number.
        public static let requestAttemptCount = Flags(rawValue: 4)
        /// Responses carry the last attempt's number.
        public static let responseAttemptCount = Flags(rawValue: 8)
    }

    /// An empty header.
    public init() {}
}

/// The index over a list of routes.
public struct RouteIndex: BitwiseCopyable, Sendable {
    /// The index over paths whose case matters.
    public var sensitive = PathIndex()
    /// The index over paths whose case does not.
    public var insensitive = PathIndex()
    /// The ordinals of routes for CONNECT, which may come without a path.
    public var connects = BlockArray<UInt32>.empty

    /// An index without routes.
    public init() {}
}

/// An index over the paths of routes.
public struct PathIndex: BitwiseCopyable, Sendable {
    /// Paths that are matched as a whole.
    public var exact = TextIndex.empty
    /// Paths that are matched as prefixes, and literal beginnings of patterns.
    public var prefixes = TextIndex.empty
    /// What is filed under each text.
    public var keys = BlockArray<PathKey>.empty

    /// An index without paths.
    public init() {}
}

/// The routes that are filed under one text.
public struct PathKey: BitwiseCopyable, Sendable {
    /// Their ordinals, ascending; those that can never win are left out. Of a long list, see `candidates`.
    public var routes: BlockArray<UInt32>
    /// The key of the longest shorter text that this one begins with, plus one; 0 for none.
    public var parent: UInt32
    /// The smallest ordinal in this list and those of all its ancestors.
    public var minimum: UInt32

    /// A key; see the properties for what each part means.
    public init(routes: BlockArray<UInt32>, parent: UInt32, minimum: UInt32) {
        self.routes = routes
        self.parent = parent
        self.minimum = minimum
    }

    /// A key with a long list.
    public init(candidates: BlockReference<CandidateList>, parent: UInt32, minimum: UInt32) {
        self.init(routes: BlockArray(offset: candidates.offset, count: 0), parent: parent, minimum: minimum)
    }

    /// The long list that stands in for `routes`, which then have an offset but no length; keys are kept small.
    public var candidates: BlockReference<CandidateList> {
        @inline(__always) get { BlockReference(offset: routes.count == 0 ? routes.offset : 0) }
    }
}

/// One compiled route.
public struct RouteEntry: BitwiseCopyable, Sendable {
    /// How the path is matched.
    public enum PathKind: UInt8, BitwiseCopyable, Sendable {
        /// It begins with the text.
        case prefix
        /// It is the text.
        case exact
        /// It is the text, or begins with it and a `/`.
        case separatedPrefix
        /// It matches the pattern as a whole.
        case pattern
        /// The request is a CONNECT.
        case connect
        /// It matches the URI template at `template`.
        case template
    }

    /// What the route does.
    public enum ActionKind: UInt8, BitwiseCopyable, Sendable {
        /// Forwards; the action is a `ForwardRecord`.
        case forward
        /// Redirects; the action is a `RedirectRecord`.
        case redirect
        /// Answers; the action is a `DirectResponseRecord`.
        case directResponse
        /// Only matches.
        case nonForwarding
    }

    /// The name; may be empty.
    public var name: BlockText
    /// The text or pattern that the path is matched with; in lower case where case does not matter.
    public var path: BlockText
    /// Further conditions, all of which have to hold.
    public var conditions: BlockArray<Condition>
    /// Where the action's record is.
    public var action: UInt32
    /// Header mutations of this route.
    public var mutations: BlockReference<MutationsRecord>
    /// The pattern's index among the block's patterns, plus one; 0 for none. Of a URI template its place.
    public var pattern: UInt32
    /// How the path is matched.
    public var pathKind: PathKind
    /// What the route does.
    public var actionKind: ActionKind
    /// Whether the case of the path does not matter (1) or does (0).
    public var ignoresCase: UInt8
    /// Nothing yet.
    public var reserved: UInt8 = 0
    /// What few routes have.
    public var details = BlockReference<DetailsRecord>.none

    /// A route; see the properties for what each part means.
    public init(
        name: BlockText, path: BlockText, conditions: BlockArray<Condition>, action: UInt32,
        mutations: BlockReference<MutationsRecord>, pattern: UInt32, pathKind: PathKind, actionKind: ActionKind,
        ignoresCase: Bool
    ) {
        self.name = name
        self.path = path
        self.conditions = conditions
        self.action = action
        self.mutations = mutations
        self.pattern = pattern
        self.pathKind = pathKind
        self.actionKind = actionKind
        self.ignoresCase = ignoresCase ? 1 : 0
    }
}

/// One further condition of a route.
public struct Condition: BitwiseCopyable, Sendable {
    /// What is looked at.
    public enum Subject: UInt8, BitwiseCopyable, Sendable {
        /// The values of the header `name`.
        case header
        /// The method.
        case method
        /// The path with its query.
        case path
        /// The scheme.
        case scheme
        /// The authority.
        case authority
        /// The first value of the query parameter `name`.
        case queryParameter
        /// The request's random bits: a share of `first` in `second`.
        case fraction
        /// The content type: gRPC or not.
        case grpc
        /// The value of the cookie `name`.
        case cookie
        /// Whether the client presented a certificate.
        case certificatePresented
        /// Whether the client's certificate was validated.
        case certificateValidated
        /// The dynamic metadata of the filter `name`: `path` leads to it, `valueTest` tells what is asked.
        case metadata
        /// The filter state called `name`.
        case filterState
    }

    /// What is asked.
    public enum Rule: UInt8, BitwiseCopyable, Sendable {
        /// It is there.
        case present
        /// It equals the text.
        case exact
        /// It begins with the text.
        case prefix
        /// It ends with the text.
        case suffix
        /// It holds the text.
        case contains
        /// It matches the pattern as a whole.
        case pattern
        /// It is a whole number from `first` up to, and without, `second`.
        case range
        /// It is an address in one of `ranges`.
        case addresses
    }

    /// What is looked at.
    public var subject: Subject
    /// What is asked.
    public var rule: Rule
    /// See `Flags`.
    public var flags: Flags
    /// Nothing yet.
    public var reserved: UInt8 = 0
    /// The pattern's index among the block's patterns, plus one; 0 for none.
    public var pattern: UInt32 = 0
    /// The name of the header, in lower case, of the query parameter or cookie, of the filter, or the key.
    public var name = BlockText.empty
    /// The text to compare with, or the range's or share's first number.
    public var first: UInt64 = 0
    /// The range's or share's second number.
    public var second: UInt64 = 0

    /// How the answer is read.
    public struct Flags: OptionSet, BitwiseCopyable, Sendable {
        /// The flags as bits.
        public var rawValue: UInt8
        /// The flags of `rawValue`.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// The answer is turned round.
        public static let inverted = Flags(rawValue: 1)
        /// What is missing counts as empty.
        public static let missingIsEmpty = Flags(rawValue: 2)
        /// ASCII letters count as lower case; the text is in lower case already.
        public static let ignoresCase = Flags(rawValue: 4)
    }

    /// A condition; see the properties for what each part means.
    public init(_ subject: Subject, _ rule: Rule, _ flags: Flags = []) {
        self.subject = subject
        self.rule = rule
        self.flags = flags
    }

    /// The text to compare with.
    public var text: BlockText {
        get { BlockText(offset: UInt32(truncatingIfNeeded: first), count: UInt32(truncatingIfNeeded: first >> 32)) }
        set { first = UInt64(newValue.offset) | UInt64(newValue.count) << 32 }
    }
}
