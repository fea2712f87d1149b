// Fairlead: a cluster's endpoints
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// The endpoints of a cluster, by locality and priority.
public struct EndpointAssignment: Hashable, Sendable {
    /// The name under which clusters with endpoint discovery ask for it.
    public var name: String
    /// The endpoints; the first of two with the same address counts.
    public var localities: [LocalityEndpoints]
    /// By how much, in per cent, the healthy share of a priority is overrated before load spills over.
    public var overprovisioningFactor: UInt32 = 140
    /// Whether the health of a priority weighs its endpoints.
    public var weighsPriorityHealth = false
    /// The share of requests that is dropped before an endpoint is chosen; `nil` for none.
    public var dropOverload: DropOverload?

    /// An assignment of the given endpoints.
    public init(name: String, localities: [LocalityEndpoints] = []) {
        self.name = name
        self.localities = localities
    }

    /// Requests that are dropped to relieve the endpoints.
    public struct DropOverload: Hashable, Sendable {
        /// The reason, for statistics.
        public var category: String
        /// The share.
        public var fraction: Fraction

        /// Drops `fraction` of the requests under the name `category`.
        public init(category: String, fraction: Fraction) {
            self.category = category
            self.fraction = fraction
        }
    }
}

/// Endpoints that stand at one place and have one priority.
public struct LocalityEndpoints: Hashable, Sendable {
    /// Where they stand.
    public var locality: Locality
    /// Their priority, 0 first, at most 128.
    public var priority: Int
    /// The locality's weight; `nil` counts as none where localities are weighted.
    public var weight: UInt32?
    /// The endpoints in order.
    public var endpoints: [Endpoint]

    /// Endpoints at one place.
    public init(
        locality: Locality = Locality(), priority: Int = 0, weight: UInt32? = nil, endpoints: [Endpoint] = []
    ) {
        self.locality = locality
        self.priority = priority
        self.weight = weight
        self.endpoints = endpoints
    }
}

/// One endpoint: an address with a weight and a health.
public struct Endpoint: Hashable, Sendable {
    /// Where it listens; its identity.
    public var address: Address
    /// Its host name, for host rewrites and hashing; may be empty.
    public var hostname: String
    /// Its weight among the endpoints of its list, 1 … 2^32−1.
    public var weight: UInt32
    /// How well it is.
    public var health: HealthStatus
    /// Untyped values, for hashing and subsets.
    public var metadata: Metadata

    /// An endpoint; see the properties for what each part means.
    public init(
        _ address: Address, hostname: String = "", weight: UInt32 = 1, health: HealthStatus = .unknown,
        metadata: Metadata = Metadata()
    ) {
        self.address = address
        self.hostname = hostname
        self.weight = weight
        self.health = health
        self.metadata = metadata
    }

    /// The text that consistent hashing hashes: the metadata's `hash_key`, or the host name (even an empty one) if so
    /// wished, or the address.
    public func hashKey(usingHostname: Bool) -> String {
        if case .text(let key)? = metadata.value("envoy.lb", "hash_key"), !key.isEmpty { return key }
        return usingHostname ? hostname : address.text
    }
}
