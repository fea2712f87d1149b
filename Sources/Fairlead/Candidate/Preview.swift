// Fairlead: a snapshot that nobody serves
// SPDX-License-Identifier: Apache-2.0

import FairleadCompiler
import FairleadDataPlane
import FairleadModel

/// A snapshot beside the published one, with one worker of its own: what is, or what would be, kept for questions.
///
/// It owns everything that it points to, so that updates may come and go meanwhile. Used by one thread at a time.
final class Preview {
    private let board = PublicationBoard(capacity: 1)
    private let snapshot: Snapshot
    private let owners: [SnapshotPart]
    private let tables: [String: Int]
    private let names: NameTable
    private let cell: WorkerCell
    private let seed: UInt64

    private init(_ parts: PreviewParts, generation: UInt64, seed: UInt64) {
        self.seed = seed
        let directory = parts.makeDirectory()
        snapshot = Snapshot(
            generation: generation, routeTables: parts.tables, clusters: parts.clusters, directory: directory,
            workers: 1)
        var owners = parts.owners
        for case let cluster? in parts.clusters { owners.append(cluster) }
        owners.append(directory)
        self.owners = owners
        tables = parts.tableIDs
        names = parts.clusterIDs
        board.publish(snapshot)
        cell = WorkerCell.allocate(index: 0, board: board, seed: seed)
        cell.refresh()
    }

    deinit { cell.deallocate() }

    /// What `state` serves.
    convenience init(_ state: EngineState) {
        self.init(PreviewParts(state), generation: state.generation, seed: state.options.seed)
    }

    /// What `state` would serve with `update`.
    convenience init(_ state: EngineState, with update: PreparedUpdate) {
        var parts = PreviewParts(state)
        parts.take(update)
        self.init(parts, generation: state.generation + 1, seed: state.options.seed)
    }

    /// Where `request` would go; `nil` when there is no route table of that name. Every request meets the same chance.
    func destination(of request: borrowing RequestView, routeTable: String) -> Destination? {
        guard let id = tables[routeTable] else { return nil }
        var exchange = ExchangeState.idle
        cell.random = RandomSource(seed: seed)
        cell.begin(&exchange, request, routeTable: id)
        defer { cell.end(&exchange) }
        return Destination(exchange, request) { [names] in names.name(of: $0) }
    }
}

/// The parts of a preview, as they are put together.
private struct PreviewParts {
    var tables: [Snapshot.RouteTable?] = []
    var tableIDs: [String: Int] = [:]
    var clusters: [Block?]
    var clusterIDs: NameTable
    /// What tables point to, kept alive.
    var owners: [SnapshotPart] = []
    private var clusterNames: Set<String>

    init(_ state: EngineState) {
        clusters = state.clustersByID
        clusterIDs = state.clusterIDs
        clusterNames = Set(state.clusters.keys)
        for name in state.routeTables.keys.sorted() {
            guard let table = state.routeTables[name] else { continue }
            set(name, domains: table.domains, hosts: table.hosts)
        }
    }

    /// Lays `update` over it: clusters first, so that the names of new ones are known.
    mutating func take(_ update: PreparedUpdate) {
        for name in update.clusters.keys.sorted() {
            guard let wanted = update.clusters[name] ?? nil else {
                if let id = clusterIDs[name] { clusters[Int(id)] = nil }
                clusterNames.remove(name)
                continue
            }
            let id = Int(clusterIDs.retain(name))
            while clusters.count <= id { clusters.append(nil) }
            clusters[id] = wanted.compiled.block
            clusterNames.insert(name)
        }
        for name in update.routeTables.keys.sorted() {
            guard let wanted = update.routeTables[name] ?? nil else {
                tableIDs[name] = nil
                continue
            }
            // Those that are not published yet are not linked either; the commit links them anew.
            for host in wanted.hosts where host.block.born == .max {
                host.block.attach(clusterIDs: host.clusterNames.map { clusterIDs.retain($0) })
            }
            set(name, domains: wanted.domains, hosts: wanted.hosts)
        }
    }

    private mutating func set(_ name: String, domains: Block, hosts: [VirtualHostState]) {
        let hostTable = SideTable(virtualHosts: hosts.map { $0.block })
        owners.append(domains)
        owners.append(hostTable)
        for host in hosts { owners.append(host.block) }
        let table = Snapshot.RouteTable(block: domains, hosts: hostTable)
        if let id = tableIDs[name] {
            tables[id] = table
        } else {
            tableIDs[name] = tables.count
            tables.append(table)
        }
    }

    /// The clusters by name, for those that a header names.
    func makeDirectory() -> Block {
        var entries: [(name: String, id: UInt32)] = []
        for name in clusterNames.sorted() {
            if let id = clusterIDs[name] { entries.append((name, id)) }
        }
        return DirectoryCompiler.compile(entries)
    }
}
