// Fairlead: what all event loops share of one cluster
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import Synchronization

/// What all event loops share of one cluster: how connections are kept, and counts. Caps on concurrent work are the engine's.
///
/// It lives as long as some pool or the configuration knows the cluster; a reload changes the times in place.
final class UpstreamCluster: Sendable {
    /// What is counted.
    enum Count: Int, CaseIterable {
        case connectionsOpened
        case connectionsClosed
        case connectFailures
        case connectTimeouts
    }

    let name: String
    private let counts: [PaddedAtomic]
    private let idleNanoseconds = Atomic<UInt64>(.max)
    private let requestsPerConnection = Atomic<UInt64>(0)
    private let droppingAll = Atomic<Bool>(false)

    init(name: String) {
        self.name = name
        counts = Count.allCases.map { _ in PaddedAtomic(0) }
    }

    /// How long an idle connection is kept, in nanoseconds.
    var idleTimeout: UInt64 { idleNanoseconds.load(ordering: .relaxed) }

    /// How many requests a connection serves; 0 for any number.
    var maximumRequestsPerConnection: UInt64 { requestsPerConnection.load(ordering: .relaxed) }

    /// Whether every request to the cluster is dropped to relieve it.
    var dropsEverything: Bool { droppingAll.load(ordering: .relaxed) }

    /// Takes the times of `cluster`, whose endpoints are those of `assignment`.
    func configure(_ cluster: Cluster, _ assignment: EndpointAssignment?) {
        // Relaxed throughout: the values order nothing, and a request may still go by the old ones.
        idleNanoseconds.store(cluster.idleTimeout.map { $0.wholeNanoseconds } ?? .max, ordering: .relaxed)
        requestsPerConnection.store(UInt64(cluster.maximumRequestsPerConnection), ordering: .relaxed)
        let drop = assignment?.dropOverload?.fraction
        droppingAll.store(drop.map { $0.numerator >= $0.denominator.rawValue } ?? false, ordering: .relaxed)
    }

    /// Connections that are open.
    var openConnections: Int { total(.connectionsOpened) - total(.connectionsClosed) }

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

    /// Takes over the times of `configuration`; clusters that it does not have are forgotten.
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
