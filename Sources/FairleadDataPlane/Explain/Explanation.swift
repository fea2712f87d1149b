// Fairlead: why a request goes where it goes
// SPDX-License-Identifier: Apache-2.0

/// Why one request goes where it goes, from its authority to its endpoint: a copy of everything that was looked at, for
/// people.
///
/// The parts follow the road of the request; a part is `nil` when the road ended before it.
public struct Explanation: Sendable {
    /// The generation of the snapshot that was asked.
    public internal(set) var generation: UInt64
    /// The name of the route table; `nil` when there is none of the given id.
    public internal(set) var routeTable: String?
    /// Which virtual host, and which domains it beat.
    public internal(set) var virtualHost: VirtualHostChoice?
    /// Which route, and why each earlier one was not taken.
    public internal(set) var route: RouteChoice?
    /// What becomes of the request.
    public internal(set) var action: Action
    /// How the cluster was chosen; `nil` when nothing is forwarded.
    public internal(set) var cluster: ClusterSelection?
    /// How the endpoint would be picked; `nil` when nothing is forwarded.
    public internal(set) var pick: EndpointSelection?
    /// Whether the index found the same virtual host and route as the looking through that is told here. It always
    /// should (the Explain law): an engine for which it does not has a defect.
    public internal(set) var agreesWithIndex = true

    init(generation: UInt64, _ action: Action) {
        self.generation = generation
        self.action = action
    }

    /// What becomes of the request.
    public struct Action: Sendable {
        /// The kind of answer.
        public internal(set) var disposition: ExchangeState.Disposition
        /// The status of an answer that does not come from an endpoint; 0 when the request is forwarded.
        public internal(set) var status: UInt16 = 0
        /// Where a redirect leads.
        public internal(set) var location: String?
        /// The path as forwarded.
        public internal(set) var path: String?
        /// The authority as forwarded.
        public internal(set) var authority: String?
        /// How many bytes the body of a direct response has.
        public internal(set) var bodyLength: Int?

        init(_ disposition: ExchangeState.Disposition) { self.disposition = disposition }
    }
}

extension Explanation {
    /// A domain that the request's host belongs to.
    public struct Domain: Sendable, Equatable {
        /// The kinds of domains, in the order in which they are asked: the first kind that has one wins, and of two of
        /// the same kind the longer one.
        public enum Kind: UInt8, Sendable {
            /// The whole host.
            case exact
            /// `*` and the end of the host.
            case suffix
            /// The beginning of the host and `*`.
            case prefix
            /// `*` alone.
            case any
        }

        /// The domain as it is compared: in lower case.
        public internal(set) var text: String
        /// What kind of domain it is.
        public internal(set) var kind: Kind
        /// The name of its virtual host.
        public internal(set) var virtualHost: String
    }

    /// Which virtual host was chosen, and why.
    public struct VirtualHostChoice: Sendable {
        /// What a virtual host that demands TLS does to a request that came without.
        public enum TLSDemand: UInt8, Sendable {
            /// It sends it to https.
            case redirects
            /// It takes no request whose scheme nobody knows.
            case schemeIsUnknown
        }

        /// The host that was looked up, its port cut off where the table says so; `nil` when there was none.
        public internal(set) var host: String?
        /// The domain that won; `nil` when none matches.
        public internal(set) var domain: Domain?
        /// The domains that match too, the strongest first.
        public internal(set) var beaten: [Domain] = []
        /// Why no routes were looked at; `nil` when they were.
        public internal(set) var tlsDemand: TLSDemand?

        init() {}
    }

    /// A route, for people.
    public struct RouteSummary: Sendable {
        /// Its place in the virtual host, from 0.
        public internal(set) var ordinal: Int
        /// Its name; may be empty.
        public internal(set) var name: String
        /// Its rule for the path, for example `prefix "/cart"`.
        public internal(set) var path: String
    }

    /// Something that a route asks for and the request does not have.
    public struct UnmetCondition: Sendable {
        /// What is looked at: `path`, `header`, `method`, …
        public internal(set) var subject: String
        /// The name of the header, parameter or the like; empty where there is none.
        public internal(set) var name: String
        /// What is asked of it, for example `begins with "/cart"`.
        public internal(set) var wanted: String
        /// What the request has: no values when it has none, several for a header that is repeated.
        public internal(set) var found: [String]
    }

    /// A route that was looked at before the one that was taken.
    public struct RejectedRoute: Sendable {
        /// The route.
        public internal(set) var route: RouteSummary
        /// The first of its conditions that does not hold.
        public internal(set) var reason: UnmetCondition
    }

    /// Which route was taken, and why none before it.
    public struct RouteChoice: Sendable {
        /// The path that routes were compared with; `nil` when the request has none.
        public internal(set) var path: String?
        /// The route that was taken; `nil` when none matches.
        public internal(set) var taken: RouteSummary?
        /// How many routes were looked at before, those that are not listed too.
        public internal(set) var earlierCount = 0
        /// Routes that were looked at before, in order; those whose path matched come before others on a short list.
        public internal(set) var earlier: [RejectedRoute] = []

        init() {}
    }
}
