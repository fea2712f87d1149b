// Fairlead: what an engine can tell of itself
// SPDX-License-Identifier: Apache-2.0

import FairleadDataPlane

/// What an engine can tell of itself: sizes and counts at one moment.
public struct EngineStatistics: Hashable, Sendable {
    /// The generation that is current.
    public var generation: UInt64 = 0
    /// Snapshots that are alive: the current one and those that some worker still holds.
    public var liveSnapshots = 0
    /// Blocks that the current snapshot points to.
    public var blocks = 0
    /// Parts that are retired and wait for the workers to move on.
    public var retiredParts = 0
    /// The bytes of the current blocks.
    public var blockBytes = 0
    /// The bytes of the current snapshot's root and the tables beside its blocks.
    public var rootBytes = 0
    /// The bytes of the endpoint slots, free ones included.
    public var slotBytes = 0
    /// Endpoint slots in use, those that only detached attempts hold included.
    public var endpointSlots = 0
    /// Clusters.
    public var clusters = 0
    /// Route tables.
    public var routeTables = 0
    /// Virtual hosts over all route tables.
    public var virtualHosts = 0
    /// Workers.
    public var workers = 0
    /// What all workers, gone ones included, have counted: by `WorkerCounters.Counter.rawValue`.
    public var counts = [UInt64](repeating: 0, count: WorkerCounters.Counter.allCases.count)

    /// One of the counts.
    public subscript(counter: WorkerCounters.Counter) -> UInt64 { counts[counter.rawValue] }
}

/// What an engine can tell of one cluster.
public struct ClusterStatistics: Sendable {
    /// The cluster's name.
    public var name: String
    /// Its policy.
    public var policy: String
    /// What all workers have counted: by `ClusterCounter.rawValue`.
    public var counts: [UInt64]
    /// Its circuit breakers for requests of normal and of high priority.
    public var breakers: [BreakerStatistics]
    /// Its endpoints by ordinal.
    public var endpoints: [EndpointStatistics]

    /// One of the counts.
    public subscript(counter: ClusterCounter) -> UInt64 { counts[counter.rawValue] }

    /// Retries under way at normal and at high priority.
    public var activeRetries: [UInt64] { breakers.map { $0.retries.active } }
}

/// What an engine can tell of one endpoint.
public struct EndpointStatistics: Sendable {
    /// The address.
    public var address: Address
    /// The host name; may be empty.
    public var hostname: String
    /// Where it stands.
    public var locality: Locality
    /// The priority, 0 first.
    public var priority: Int
    /// The weight.
    public var weight: UInt32
    /// How well it is: the worse of what is configured and what was observed.
    public var health: HealthStatus
    /// What was observed of it.
    public var state: EndpointState
    /// Requests open now.
    public var activeRequests: Int
    /// Requests ever started.
    public var startedRequests: UInt64
    /// Requests that ended in a failure of the endpoint.
    public var failedRequests: UInt64
}

extension Engine {
    /// Sizes and counts of the engine at this moment. O(clusters + virtual hosts).
    public var statistics: EngineStatistics {
        state.withLock { state in
            state.reclaim()
            return state.statistics
        }
    }

    /// What the engine knows of each cluster and endpoint, clusters sorted by name. O(endpoints).
    public var clusterStatistics: [ClusterStatistics] {
        state.withLock { state in
            state.clusters.keys.sorted().compactMap { state.clusters[$0].map { $0.statistics } }
        }
    }
}

extension Engine {
    /// What the circuit breakers of the cluster called `name` tell, for normal and for high priority, and what the cluster
    /// counts; `nil` when there is no such cluster. O(workers).
    public func breakers(
        ofCluster name: String
    ) -> (breakers: [BreakerStatistics], count: (ClusterCounter) -> UInt64)? {
        state.withLock { state in
            guard let cluster = state.clusters[name] else { return nil }
            let counts = ClusterCounter.allCases.map { cluster.counterPages.total($0) }
            return (
                (0..<2).map { BreakerStatistics(ClusterView(cluster.block.view), priority: $0) },
                { counts[$0.rawValue] }
            )
        }
    }
}

extension EngineState {
    fileprivate var statistics: EngineStatistics {
        var statistics = EngineStatistics()
        statistics.generation = generation
        statistics.liveSnapshots = 1 + ledger.heldSnapshots.count
        statistics.retiredParts = ledger.count - ledger.heldSnapshots.count
        statistics.clusters = clusters.count
        statistics.routeTables = routeTables.count
        statistics.slotBytes = slab.byteCount
        statistics.endpointSlots = slab.inUse
        statistics.rootBytes = snapshot.byteCount
        add(directory, to: &statistics)
        for table in routeTables.values {
            statistics.virtualHosts += table.hosts.count
            statistics.rootBytes += table.hostTable.byteCount
            add(table.domains, to: &statistics)
            for host in table.hosts { add(host.block, to: &statistics) }
        }
        for cluster in clusters.values {
            add(cluster.block, to: &statistics)
            statistics.rootBytes += cluster.slots.count * 8
        }
        statistics.counts = retiredCounts
        for case let worker? in workers {
            statistics.workers += 1
            for counter in WorkerCounters.Counter.allCases {
                statistics.counts[counter.rawValue] += worker.counters.value(counter)
            }
        }
        return statistics
    }

    private func add(_ block: Block, to statistics: inout EngineStatistics) {
        statistics.blocks += 1
        statistics.blockBytes += block.byteCount
    }
}

extension ClusterState {
    fileprivate var statistics: ClusterStatistics {
        var endpoints: [EndpointStatistics] = []
        for (ordinal, address) in addresses.enumerated() {
            let endpoint = EndpointView(block.view, ordinal: ordinal)
            let slot = slots[ordinal]
            let names = endpoint.locality
            endpoints.append(
                EndpointStatistics(
                    address: address, hostname: endpoint.hostname.string,
                    locality: Locality(
                        region: names.region.string, zone: names.zone.string, subZone: names.subZone.string),
                    priority: endpoint.priority, weight: endpoint.weight, health: endpoint.health,
                    state: states[address] ?? EndpointState(),
                    activeRequests: slot.activeRequests, startedRequests: slot.startedRequests,
                    failedRequests: slot.failedRequests))
        }
        return ClusterStatistics(
            name: cluster.name, policy: cluster.loadBalancing.policy,
            counts: ClusterCounter.allCases.map { counterPages.total($0) },
            breakers: (0..<2).map { BreakerStatistics(ClusterView(block.view), priority: $0) }, endpoints: endpoints)
    }
}
