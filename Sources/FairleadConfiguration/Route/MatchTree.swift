// Fairlead: match trees
// SPDX-License-Identifier: Apache-2.0

/// A match tree: another way than an ordered list to come to a virtual host's routes (`xds.type.matcher.v3.Matcher`).
///
/// The tree leads to one list of routes, of which the first that matches is taken. When none of them does there is no
/// route: the tree is not gone on with. A part of the tree that leads nowhere is gone on with behind it.
///
/// Trees of the same kind choose the cluster of a route (`ForwardAction.Target.matched`).
public struct MatchTree: Hashable, Sendable {
    /// How the tree is searched.
    public indirect enum Kind: Hashable, Sendable {
        /// Not at all: only `otherwise` counts.
        case none
        /// The first rule whose predicate holds.
        case list([Rule])
        /// The entry whose key is the input.
        case exact(Input, [Entry])
        /// The entry with the longest key that the input begins with, then shorter ones.
        case prefix(Input, [Entry])
        /// The entry with the narrowest range that the input, an address, lies in, then wider ones.
        case addresses(Input, [AddressEntry])
        /// The entry with the domain that fits the input best: the same, the longest `*.suffix`, then `*`.
        case domains(Input, [DomainEntry])
    }

    /// What is looked at. Envoy lets route tables look at request headers, and little else.
    public enum Input: Hashable, Sendable {
        /// A header by its name in any case, several lines joined with commas; pseudo-headers and `host` too.
        case header(String)
    }

    /// Where the tree leads.
    public indirect enum Outcome: Hashable, Sendable {
        /// Into another tree.
        case tree(MatchTree)
        /// To one route.
        case route(Route)
        /// To a list of routes, of which the first one that matches is taken.
        case routes([Route])
        /// To the cluster of that name: in trees that choose clusters, which lead nowhere else.
        case cluster(String)
    }

    /// A condition on inputs. A missing input satisfies none.
    public indirect enum Predicate: Hashable, Sendable {
        /// The input satisfies the condition on its text.
        case value(Input, StringMatcher)
        /// One of the conditions holds; there are two or more.
        case any([Predicate])
        /// All of the conditions hold; there are two or more.
        case all([Predicate])
        /// The condition does not hold.
        case not(Predicate)
    }

    /// A predicate and where it leads.
    public struct Rule: Hashable, Sendable {
        /// What has to hold.
        public var predicate: Predicate
        /// Where it leads.
        public var outcome: Outcome

        /// A predicate and where it leads.
        public init(_ predicate: Predicate, _ outcome: Outcome) {
            self.predicate = predicate
            self.outcome = outcome
        }
    }

    /// A key and where it leads.
    public struct Entry: Hashable, Sendable {
        /// The key; keys differ, and entries are sorted by them.
        public var key: String
        /// Where it leads.
        public var outcome: Outcome

        /// A key and where it leads.
        public init(_ key: String, _ outcome: Outcome) {
            self.key = key
            self.outcome = outcome
        }
    }

    /// Ranges of addresses and where they lead.
    public struct AddressEntry: Hashable, Sendable {
        /// The ranges.
        public var ranges: [AddressRange]
        /// Whether the ranges count only when no narrower one came before.
        public var isExclusive: Bool
        /// Where they lead.
        public var outcome: Outcome

        /// Ranges of addresses and where they lead.
        public init(_ ranges: [AddressRange], isExclusive: Bool = false, _ outcome: Outcome) {
            self.ranges = ranges
            self.isExclusive = isExclusive
            self.outcome = outcome
        }
    }

    /// Domains and where they lead.
    public struct DomainEntry: Hashable, Sendable {
        /// The domains: a name, `*.suffix`, or `*`; their case matters, and none stands twice in the tree.
        public var domains: [String]
        /// Where they lead.
        public var outcome: Outcome

        /// Domains and where they lead.
        public init(_ domains: [String], _ outcome: Outcome) {
            self.domains = domains
            self.outcome = outcome
        }
    }

    /// How the tree is searched.
    public var kind: Kind
    /// Where it leads when nothing else does.
    public var otherwise: Outcome?

    /// A tree.
    public init(_ kind: Kind, otherwise: Outcome? = nil) {
        self.kind = kind
        self.otherwise = otherwise
    }
}

extension VirtualHost {
    /// All routes in the order in which they are numbered, by list or by tree.
    public var allRoutes: [Route] { routes + (matcher?.placedRoutes.map { $0.route } ?? []) }
}

extension MatchTree {
    /// Where the tree leads, each with the path of Envoy's fields that goes there, in the order in which routes are
    /// numbered.
    public var outcomes: [(path: String, outcome: Outcome)] {
        var outcomes: [(path: String, outcome: Outcome)]
        switch kind {
        case .none: outcomes = []
        case .list(let rules):
            outcomes = rules.enumerated().map { ("matcher_list.matchers[\($0)].on_match", $1.outcome) }
        case .exact(_, let entries):
            outcomes = entries.map { ("matcher_tree.exact_match_map.map[\(MatchTree.quoted($0.key))]", $0.outcome) }
        case .prefix(_, let entries):
            outcomes = entries.map { ("matcher_tree.prefix_match_map.map[\(MatchTree.quoted($0.key))]", $0.outcome) }
        case .addresses(_, let entries):
            outcomes = entries.enumerated().map {
                ("matcher_tree.custom_match.typed_config.range_matchers[\($0)].on_match", $1.outcome)
            }
        case .domains(_, let entries):
            outcomes = entries.enumerated().map {
                ("matcher_tree.custom_match.typed_config.domain_matchers[\($0)].on_match", $1.outcome)
            }
        }
        if let otherwise { outcomes.append(("on_no_match", otherwise)) }
        return outcomes
    }

    /// All routes of the tree in the order in which they are numbered, each with its path.
    public var placedRoutes: [(path: String, route: Route)] {
        outcomes.flatMap { path, outcome -> [(path: String, route: Route)] in
            switch outcome {
            case .tree(let tree): tree.placedRoutes.map { ("\(path).matcher.\($0.path)", $0.route) }
            case .route(let route): [("\(path).action.typed_config", route)]
            case .routes(let routes):
                routes.enumerated().map { ("\(path).action.typed_config.routes[\($0)]", $1) }
            case .cluster: []
            }
        }
    }

    /// The lists of routes that the tree leads to, each with its path, in the order in which routes are numbered; a
    /// single route is a list of one.
    package var routeLists: [(path: String, routes: [Route])] {
        outcomes.flatMap { path, outcome -> [(path: String, routes: [Route])] in
            switch outcome {
            case .tree(let tree): tree.routeLists.map { ("\(path).matcher.\($0.path)", $0.routes) }
            case .route(let route): [("\(path).action.typed_config", [route])]
            case .routes(let routes): [("\(path).action.typed_config", routes)]
            case .cluster: []
            }
        }
    }

    /// The clusters that the tree leads to, each with its path; none in trees that lead to routes.
    public var placedClusters: [(path: String, name: String)] {
        outcomes.flatMap { path, outcome -> [(path: String, name: String)] in
            switch outcome {
            case .tree(let tree): tree.placedClusters.map { ("\(path).matcher.\($0.path)", $0.name) }
            case .route, .routes: []
            case .cluster(let name): [("\(path).action.typed_config.cluster", name)]
            }
        }
    }

    /// A key as paths show it.
    public static func quoted(_ key: String) -> String {
        var text = "\""
        for character in key.unicodeScalars {
            if character == "\"" || character == "\\" { text += "\\" }
            text.unicodeScalars.append(character)
        }
        return text + "\""
    }
}
