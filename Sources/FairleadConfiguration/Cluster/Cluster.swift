// Fairlead: an upstream group
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// A named group of endpoints that requests are balanced over.
public struct Cluster: Hashable, Sendable {
    /// Where the endpoints come from.
    public enum Discovery: Hashable, Sendable {
        /// From the configuration, as IP addresses.
        case fixed
        /// From the configuration, as host names that the host resolves.
        case hostNames
        /// From the assignment of this name, which arrives on its own.
        case endpointDiscovery(serviceName: String)
    }

    /// The name, unique among clusters.
    public var name: String
    /// Where the endpoints come from.
    public var discovery: Discovery
    /// The endpoints, unless they come from elsewhere.
    public var assignment: EndpointAssignment
    /// How endpoints are chosen.
    public var loadBalancing: LoadBalancing
    /// How long a connection may take.
    public var connectTimeout = Duration.seconds(5)
    /// Caps on concurrent work.
    public var circuitBreakers = CircuitBreakers()
    /// How many requests a connection serves; 0 for any number.
    public var maximumRequestsPerConnection: UInt32 = 0
    /// How long an idle connection is kept; `nil` for ever.
    public var idleTimeout: Duration? = .seconds(3600)
    /// Untyped values for filters and tracing.
    public var metadata = Metadata()

    /// A cluster of fixed endpoints, balanced round robin.
    public init(name: String, endpoints: [LocalityEndpoints] = []) {
        self.name = name
        discovery = .fixed
        assignment = EndpointAssignment(name: name, localities: endpoints)
        loadBalancing = LoadBalancing()
    }

    /// Whether its endpoints come from an assignment that arrives on its own.
    public var takesEndpointsFromElsewhere: Bool {
        if case .endpointDiscovery = discovery { true } else { false }
    }

    /// The name of the assignment that its endpoints come from.
    public var assignmentName: String {
        if case .endpointDiscovery(let serviceName) = discovery { serviceName } else { name }
    }
}

/// How a cluster chooses among its endpoints.
public struct LoadBalancing: Hashable, Sendable {
    /// The name of the policy, as it is registered.
    public var policy: String
    /// The policy's own configuration.
    public var parameters: PolicyParameters
    /// Below which share of healthy endpoints, in per cent, health is ignored; 0 never.
    public var panicThreshold: Double = 50
    /// Whether localities are chosen by their weights.
    public var weighsLocalities = false
    /// Whether consistent hashing hashes host names instead of addresses.
    public var hashesHostnames = false
    /// Where requests name the endpoints that they go to, whatever the policy; empty when they do not.
    public var overrideSources: [OverrideSource] = []
    /// How many endpoints of each priority one engine uses at most, each engine others by its seed; `nil` for all.
    public var endpointLimit: UInt32?
    /// How requests are kept in the locality that they come from.
    public var zones = ZoneRouting()
    /// How endpoints are told apart by what routes ask of them; `nil` when all are alike.
    public var subsets: SubsetBalancing?

    /// The policy `policy`, round robin if nothing is said.
    public init(
        policy: String = LoadBalancing.roundRobin, parameters: PolicyParameters = PolicyParameters()
    ) {
        self.policy = policy
        self.parameters = parameters
    }

    /// The name of round robin.
    public static let roundRobin = "envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin"
    /// The name of least request.
    public static let leastRequest = "envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest"
    /// The name of ring hash.
    public static let ringHash = "envoy.extensions.load_balancing_policies.ring_hash.v3.RingHash"
    /// The name of Maglev.
    public static let maglev = "envoy.extensions.load_balancing_policies.maglev.v3.Maglev"
    /// The name of pick first.
    public static let pickFirst = "envoy.extensions.load_balancing_policies.pick_first.v3.PickFirst"
    /// The name of random.
    public static let random = "envoy.extensions.load_balancing_policies.random.v3.Random"
}

/// A place in a request that names endpoints: `address:port`, and further ones behind commas, for further attempts.
public enum OverrideSource: Hashable, Sendable {
    /// The first value of the header of that name.
    case header(String)
    /// The text in the request's dynamic metadata that `path` leads to, below that of the filter.
    case metadata(filter: String, path: [String])
}
