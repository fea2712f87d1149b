// Fairlead: why a request goes to a cluster and an endpoint
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

extension Explanation {
    /// How the cluster was chosen.
    public struct ClusterSelection: Sendable {
        /// The ways to choose a cluster.
        public enum Method: Sendable {
            /// The route names it.
            case fixed
            /// A header names it.
            case header(name: String, value: String?)
            /// By weight.
            case weighted(WeightedDraw)
            /// A match tree leads to it.
            case tree
        }

        /// How it was chosen.
        public internal(set) var method: Method
        /// Its name; `nil` when nothing names it, or nobody knows the name any more.
        public internal(set) var name: String?
        /// Whether there is such a cluster.
        public internal(set) var exists: Bool
        /// What is answered when there is none.
        public internal(set) var notFoundStatus: UInt16
    }

    /// One choice among clusters by weight.
    public struct WeightedDraw: Sendable {
        /// Where the number comes from.
        public enum Source: Sendable {
            /// From the request's random bits.
            case chance
            /// From the request's hash.
            case hash
            /// From a header.
            case header(String)
        }

        /// One cluster and its share: the points from `start` up to, and without, `end`.
        public struct Share: Sendable {
            /// The cluster's name, or, when a header names it, that header's.
            public internal(set) var cluster: String
            /// Whether `cluster` is the name of a header.
            public internal(set) var isHeader: Bool
            /// The first point.
            public internal(set) var start: UInt32
            /// The first point behind it.
            public internal(set) var end: UInt32
        }

        /// Where the number comes from.
        public internal(set) var source: Source
        /// The number.
        public internal(set) var number: UInt64
        /// The sum of all weights; the point is the number modulo this.
        public internal(set) var total: UInt64
        /// The shares in order.
        public internal(set) var shares: [Share]
        /// The share that the point lies in.
        public internal(set) var chosen: Int

        /// The point: the number modulo the sum of the weights.
        public var point: UInt64 { total == 0 ? 0 : number % total }
    }

    /// How the endpoint is picked.
    public struct EndpointSelection: Sendable {
        /// A part of the load: the healthy or degraded hosts of a priority, or in panic all of them.
        public struct Target: Sendable {
            /// The priority.
            public internal(set) var priority: Int
            /// Its share of 100.
            public internal(set) var share: Int
            /// Whether these are degraded hosts.
            public internal(set) var isDegraded: Bool
            /// Whether health is ignored for want of healthy hosts.
            public internal(set) var isPanic: Bool
        }

        /// A share of the requests that is dropped to relieve the endpoints.
        public struct Drop: Sendable {
            /// How many …
            public internal(set) var numerator: UInt32
            /// … of how many are dropped.
            public internal(set) var denominator: UInt32
            /// The number that was drawn, 0 ..< `denominator`: below `numerator` the request is dropped.
            public internal(set) var drawn: UInt32
        }

        /// The endpoint that was picked.
        public struct Endpoint: Sendable {
            /// The address as text.
            public internal(set) var address: String
            /// The host name; `nil` when there is none.
            public internal(set) var hostname: String?
            /// Region, zone and sub-zone with slashes between them; empty when not known.
            public internal(set) var locality: String
            /// The weight.
            public internal(set) var weight: UInt32
            /// The health that the control plane gave it.
            public internal(set) var health: HealthStatus
            /// Requests that are open on it now.
            public internal(set) var activeRequests: Int
        }

        /// Where a request goes from the engine's own locality.
        public enum Zone: String, Sendable {
            /// It stays.
            case own
            /// To another one.
            case other
            /// Wherever an endpoint is.
            case any
        }

        /// What a pick comes to.
        public internal(set) var result: PickResult
        /// The name of the policy.
        public internal(set) var policy = ""
        /// What is dropped; `nil` for nothing.
        public internal(set) var drop: Drop?
        /// The subset of endpoints that was chosen from, by its values or by what led to it; `nil` for a cluster without
        /// subsets, or when nothing qualified.
        public internal(set) var subset: String?
        /// Whether the request names the endpoint itself.
        public internal(set) var isNamedByRequest = false
        /// Where the load goes.
        public internal(set) var targets: [Target] = []
        /// The target that was chosen; `nil` when it did not come to that.
        public internal(set) var chosen: Int?
        /// The number that chose it, 1 … 100; `nil` when there was nothing to choose.
        public internal(set) var point: Int?
        /// Whether that number comes from the request's hash and not from chance.
        public internal(set) var hashDecidesPriority = false
        /// Where the request goes from the engine's own locality; `nil` where that does not matter.
        public internal(set) var zone: Zone?
        /// How many localities took turns by their weights; 0 when localities have none.
        public internal(set) var weighedLocalities = 0
        /// How many hosts the policy chose from.
        public internal(set) var hostCount = 0
        /// The request's hash by its route's policies; `nil` when it has none.
        public internal(set) var hash: UInt64?
        /// The endpoint; `nil` when none was picked.
        public internal(set) var endpoint: Endpoint?

        init(_ result: PickResult) { self.result = result }
    }
}
