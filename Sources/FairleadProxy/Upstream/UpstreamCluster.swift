// Fairlead: what all event loops share of one cluster
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import Synchronization

/// What all event loops share of one cluster: its caps on concurrent work, how much of each is in use, and counts.
///
/// It lives as long as some pool or the configuration knows the cluster; a reload changes the caps in place.
final class UpstreamCluster: Sendable {
    /// What the caps are about.
    enum Resource: Int, CaseIterable {
        case connections
        case pendingRequests
    }

    /// What is counted.
    enum Count: Int, CaseIterable {
        case connectionsOpened
        case connectFailures
        case connectTimeouts
        case overflows
    }

    let name: String
    private let caps: [PaddedAtomic]
    private let used: [PaddedAtomic]
    private let counts: [PaddedAtomic]
    private let idleNanoseconds = Atomic<UInt64>(.max)
    private let requestsPerConnection = Atomic<UInt64>(0)
    private let droppingAll = Atomic<Bool>(false)

    init(name: String) {
        self.name = name
        // Two priorities, each with caps of its own.
        caps = Resource.allCases.flatMap { _ in [PaddedAtomic(1024), PaddedAtomic(1024)] }
        used = Resource.allCases.flatMap { _ in [PaddedAtomic(0), PaddedAtomic(0)] }
        counts = Count.allCases.map { _ in PaddedAtomic(0) }
    }

    /// How long an idle connection is kept, in nanoseconds.
    var idleTimeout: UInt64 { idleNanoseconds.load(ordering: .relaxed) }

    /// How many requests a connection serves; 0 for any number.
    var maximumRequestsPerConnection: UInt64 { requestsPerConnection.load(ordering: .relaxed) }

    /// Whether every request to the cluster is dropped to relieve it.
    var dropsEverything: Bool { droppingAll.load(ordering: .relaxed) }

    /// Takes the caps and times of `cluster`, whose endpoints are those of `assignment`.
    func configure(_ cluster: Cluster, _ assignment: EndpointAssignment?) {
        // Relaxed throughout: the values order nothing, and a request may still go by the old ones.
        for (priority, thresholds) in [cluster.circuitBreakers.normal, cluster.circuitBreakers.high].enumerated() {
            for (resource, cap) in [
                (Resource.connections, thresholds.connections), (.pendingRequests, thresholds.pendingRequests),
            ] { caps[resource.rawValue * 2 + priority].value.store(Int(cap), ordering: .relaxed) }
        }
        idleNanoseconds.store(cluster.idleTimeout.map { $0.wholeNanoseconds } ?? .max, ordering: .relaxed)
        requestsPerConnection.store(UInt64(cluster.maximumRequestsPerConnection), ordering: .relaxed)
        let drop = assignment?.dropOverload?.fraction
        droppingAll.store(drop.map { $0.numerator >= $0.denominator.rawValue } ?? false, ordering: .relaxed)
    }

    /// Takes one of `resource`, unless its cap is reached.
    ///
    /// - Parameter isForced: takes it in any case; it counts all the same.
    func take(_ resource: Resource, priority: Int, isForced: Bool = false) -> Bool {
        let place = resource.rawValue * 2 + priority
        let before = used[place].value.add(1, ordering: .relaxed).oldValue
        if before < caps[place].value.load(ordering: .relaxed) || isForced { return true }
        used[place].value.subtract(1, ordering: .relaxed)
        return false
    }

    /// Gives one of `resource` back.
    func giveBack(_ resource: Resource, priority: Int) {
        used[resource.rawValue * 2 + priority].value.subtract(1, ordering: .relaxed)
    }

    /// How many of `resource` are in use, over both priorities.
    func inUse(_ resource: Resource) -> Int {
        used[resource.rawValue * 2].value.load(ordering: .relaxed)
            + used[resource.rawValue * 2 + 1].value.load(ordering: .relaxed)
    }

    /// Counts one.
    func count(_ count: Count) { counts[count.rawValue].value.add(1, ordering: .relaxed) }

    /// How often it was counted.
    func total(_ count: Count) -> Int { counts[count.rawValue].value.load(ordering: .relaxed) }
}

/// A number in an allocation of its own, which all event loops change.
final class PaddedAtomic: Sendable {
    let value: Atomic<Int>

    init(_ value: Int) { self.value = Atomic(value) }
}

/// The clusters that pools know, by name. Shared by all event loops, and asked only when a pool is made.
final class UpstreamClusters: Sendable {
    private let clusters = Mutex<[String: UpstreamCluster]>([:])

    /// The cluster called `name`, made when there is none.
    func cluster(named name: String) -> UpstreamCluster {
        clusters.withLock { clusters in
            if let present = clusters[name] { return present }
            let cluster = UpstreamCluster(name: name)
            clusters[name] = cluster
            return cluster
        }
    }

    /// Takes over the caps and times of `configuration`; clusters that it does not have are forgotten.
    func configure(_ configuration: Configuration) {
        let names = Set(configuration.clusters.map(\.name))
        clusters.withLock { clusters in
            for name in clusters.keys where !names.contains(name) { clusters[name] = nil }
        }
        for wanted in configuration.clusters {
            var assignment: EndpointAssignment? = wanted.assignment
            if case .endpointDiscovery(let service) = wanted.discovery {
                assignment = configuration.assignments.first { $0.name == service }
            }
            cluster(named: wanted.name).configure(wanted, assignment)
        }
    }

    /// All clusters, sorted by name.
    var sorted: [UpstreamCluster] {
        clusters.withLock { clusters in clusters.values.sorted { $0.name < $1.name } }
    }
}
