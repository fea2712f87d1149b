// Fairlead: what is, on the control side
// SPDX-License-Identifier: Apache-2.0

import FairleadCompiler
import FairleadConfiguration
import FairleadDataPlane
import FairleadModel

/// A virtual host as it stands: what was wanted, and what it was compiled to. Immutable and shared.
final class VirtualHostState {
    let host: VirtualHost
    let block: Block
    let clusterNames: [String]
    /// The runtime keys that it refers to.
    let runtimeKeys: [String]

    init(_ host: VirtualHost, _ compiled: CompiledVirtualHost) {
        self.host = host
        runtimeKeys = host.runtimeKeys
        block = compiled.block
        clusterNames = compiled.clusterNames
    }
}

/// A route table as it stands.
struct RouteTableState {
    /// The table without its virtual hosts.
    var settings: RouteConfiguration
    var hosts: [VirtualHostState]
    /// The block of domains.
    var domains: Block
    /// The blocks of the virtual hosts by ordinal, as snapshots point to them.
    var hostTable: SideTable
}

/// A cluster as it stands.
struct ClusterState {
    var cluster: Cluster
    /// The endpoints, wherever they came from.
    var assignment: EndpointAssignment
    /// What was observed of its endpoints; those of which there is nothing to say are left out.
    var states: [Address: EndpointState]
    var block: Block
    var addresses: [Address]
    var slots: [EndpointSlot]
    var owner: ClusterSlotOwner
    var counterPages: WorkerPages
    var policyPages: WorkerPages
    /// How its requests stayed in their zone when it was compiled, under the runtime's values.
    var zones: ZoneRouting
}

/// The whole state of an engine's control side.
struct EngineState {
    /// What the engine was told at its creation; policies may be added.
    var options: EngineOptions
    let board: PublicationBoard
    let slab = EndpointSlab()

    var listeners: [String: Listener] = [:]
    var routeTables: [String: RouteTableState] = [:]
    var clusters: [String: ClusterState] = [:]
    /// The hosts of the cluster that the engine belongs to; `nil` when it belongs to none, or nobody knows the cluster.
    var localHosts: LocalHosts?
    var assignments: [String: EndpointAssignment] = [:]
    /// The layers of runtime values in order, and what they come to.
    var runtimeLayers: [RuntimeLayer] = []
    var runtime = RuntimeValues()

    var tableIDs = NameTable()
    var clusterIDs = NameTable()
    var tablesByID: [Snapshot.RouteTable?] = []
    var clustersByID: [Block?] = []
    var directory: Block
    /// Whether clusters came or went since the directory was compiled.
    var directoryIsStale = false

    var generation: UInt64 = 1
    var snapshot: Snapshot
    var ledger = Ledger()
    /// Ids of clusters that nobody refers to any more, and since when.
    var releasedIDs: [(id: UInt32, retired: UInt64)] = []
    var workers: [WorkerCell?]
    var workersEverMade: UInt64 = 0
    /// The counters of workers that are gone.
    var retiredCounts = [UInt64](repeating: 0, count: WorkerCounters.Counter.allCases.count)
    var slotsEverMade: UInt64 = 0

    init(_ options: EngineOptions) {
        self.options = options
        let capacity = min(max(options.maximumWorkers, 1), 4096)
        board = PublicationBoard(capacity: capacity)
        workers = [WorkerCell?](repeating: nil, count: capacity)
        directory = DirectoryCompiler.compile([])
        directory.publish(in: 1)
        snapshot = Snapshot(
            generation: 1, routeTables: [], clusters: [], directory: directory, workers: capacity)
        board.publish(snapshot)
    }

    /// The whole desired state, lists sorted by name.
    var configuration: Configuration {
        Configuration(
            listeners: listeners.values.sorted { $0.name < $1.name },
            routeConfigurations: routeTables.values.map { $0.whole }.sorted { $0.name < $1.name },
            clusters: clusters.values.map { $0.cluster }.sorted { $0.name < $1.name },
            assignments: assignments.values.sorted { $0.name < $1.name }, runtimeLayers: runtimeLayers)
    }

    /// Frees what no worker can reach any more.
    mutating func reclaim() {
        ledger.reclaim(board, current: generation)
        guard !releasedIDs.isEmpty else { return }
        let oldest = ledger.heldSnapshots.map { $0.born }.min() ?? generation
        for released in releasedIDs where released.retired <= oldest { clusterIDs.recycle(released.id) }
        releasedIDs.removeAll { $0.retired <= oldest }
    }
}

extension RouteTableState {
    /// The table with its virtual hosts.
    var whole: RouteConfiguration {
        var table = settings
        table.virtualHosts = hosts.map { $0.host }
        return table
    }
}
