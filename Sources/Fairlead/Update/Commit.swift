// Fairlead: committing an update
// SPDX-License-Identifier: Apache-2.0

import FairleadCompiler
import FairleadConfiguration
import FairleadDataPlane
import FairleadModel

extension EngineState {
    /// Takes a prepared update over: slots and ids first, then one new root, one publication.
    mutating func commit(_ update: PreparedUpdate) {
        generation += 1
        if let layers = update.runtimeLayers {
            runtimeLayers = layers
            runtime = update.runtime
        }
        localHosts = update.localHosts
        for (name, listener) in update.listeners { listeners[name] = listener }
        for (name, assignment) in update.assignments { assignments[name] = assignment }
        for name in update.clusters.keys.sorted() { commit(cluster: name, update.clusters[name] ?? nil) }
        for name in update.routeTables.keys.sorted() { commit(routeTable: name, update.routeTables[name] ?? nil) }
        if directoryIsStale { rebuildDirectory() }
        publish()
    }

    private mutating func rebuildDirectory() {
        ledger.retire(directory, at: generation)
        var entries: [(name: String, id: UInt32)] = []
        for name in clusters.keys.sorted() {
            if let id = clusterIDs[name] { entries.append((name, id)) }
        }
        directory = DirectoryCompiler.compile(entries)
        directoryIsStale = false
    }

    private mutating func publish() {
        directory.publish(in: generation)
        let former = snapshot
        snapshot = Snapshot(
            generation: generation, routeTables: tablesByID, clusters: clustersByID, directory: directory,
            workers: board.capacity)
        board.publish(snapshot)
        ledger.retire(former)
        reclaim()
    }

    // MARK: Route tables

    private mutating func commit(routeTable name: String, _ wanted: PreparedUpdate.RouteTable?) {
        let present = routeTables[name]
        let changed = HostChanges(from: present?.hosts ?? [], to: wanted?.hosts ?? [])
        // New names are taken before old ones are given back, so that a cluster that stays keeps its id.
        for host in changed.new { link(host) }
        for host in changed.gone { retire(host) }
        if let present {
            if wanted?.domains !== present.domains { ledger.retire(present.domains, at: generation) }
            ledger.retire(present.hostTable, at: generation)
        }
        guard let wanted else {
            routeTables[name] = nil
            if let id = tableIDs[name] { tablesByID[Int(id)] = nil }
            return
        }
        let hostTable = SideTable(virtualHosts: wanted.hosts.map { $0.block })
        hostTable.publish(in: generation)
        wanted.domains.publish(in: generation)
        routeTables[name] = RouteTableState(
            settings: wanted.settings, hosts: wanted.hosts, domains: wanted.domains, hostTable: hostTable)
        // A table's id stays with its name for ever: hosts look it up once and keep it.
        let id = Int(tableIDs[name] ?? tableIDs.retain(name))
        while tablesByID.count <= id { tablesByID.append(nil) }
        tablesByID[id] = Snapshot.RouteTable(block: wanted.domains, hosts: hostTable)
    }

    /// Gives the records of a new virtual host the ids of the clusters that they name.
    private mutating func link(_ host: VirtualHostState) {
        host.block.attach(clusterIDs: host.clusterNames.map { clusterIDs.retain($0) })
        host.block.publish(in: generation)
    }

    private mutating func retire(_ host: VirtualHostState) {
        ledger.retire(host.block, at: generation)
        for name in host.clusterNames { releaseCluster(name) }
    }

    private mutating func releaseCluster(_ name: String) {
        if let id = clusterIDs.release(name) { releasedIDs.append((id, generation)) }
    }

    // MARK: Clusters

    private mutating func commit(cluster name: String, _ wanted: PreparedUpdate.CompiledClusterState?) {
        let present = clusters[name]
        guard let wanted else {
            guard let present else { return }
            if let id = clusterIDs[name] { clustersByID[Int(id)] = nil }
            releaseCluster(name)
            clusters[name] = nil
            directoryIsStale = true
            for part in [present.block, present.owner, present.counterPages, present.policyPages] as [SnapshotPart] {
                ledger.retire(part, at: generation)
            }
            if !present.slots.isEmpty { ledger.retire(RetiredSlots(present.slots, slab), at: generation) }
            return
        }
        let id = Int(present == nil ? clusterIDs.retain(name) : clusterIDs[name] ?? clusterIDs.retain(name))
        if present == nil { directoryIsStale = true }
        let block = wanted.compiled.block
        let counterPages = present?.counterPages ?? prepared(.ofCluster(capacity: board.capacity))
        let owner = present?.owner ?? makeOwner(counterPages)
        for priority in 0..<2 {
            let former = present.map { ClusterView($0.block.view).breaker(priority).requests } ?? 0
            owner.slot.requestPermits(priority).changeLimit(
                from: UInt64(former), to: UInt64(ClusterView(block.view).breaker(priority).requests))
        }
        let policyPages = policyPages(for: wanted.compiled, present)
        let slots = slots(for: wanted.compiled.addresses, present)
        block.attach(slots: slots, clusterSlot: owner, counterPages: counterPages, policyPages: policyPages)
        block.publish(in: generation)
        if let present { ledger.retire(present.block, at: generation) }
        clusters[name] = ClusterState(
            cluster: wanted.cluster, assignment: wanted.assignment, states: wanted.states, block: block,
            addresses: wanted.compiled.addresses, slots: slots, owner: owner, counterPages: counterPages,
            policyPages: policyPages, zones: wanted.zones)
        while clustersByID.count <= id { clustersByID.append(nil) }
        clustersByID[id] = block
    }

    private mutating func makeOwner(_ pages: WorkerPages) -> ClusterSlotOwner {
        slotsEverMade += 1
        let owner = ClusterSlotOwner(incarnation: slotsEverMade, pages: pages)
        owner.publish(in: generation)
        return owner
    }

    private func prepared(_ pages: WorkerPages) -> WorkerPages {
        pages.publish(in: generation)
        for worker in workers.indices where workers[worker] != nil { pages.prepare(worker: worker) }
        return pages
    }

    /// The present pages, as long as they are large enough and the policy is the same: its cursors go on.
    private mutating func policyPages(for compiled: CompiledCluster, _ present: ClusterState?) -> WorkerPages {
        if let present {
            if present.cluster.loadBalancing.policy == compiled.policy,
                present.policyPages.wordCount >= compiled.pageWords
            {
                return present.policyPages
            }
            ledger.retire(present.policyPages, at: generation)
        }
        var words = 8
        while words < compiled.pageWords { words *= 2 }
        return prepared(WorkerPages(capacity: board.capacity, wordCount: words))
    }

    /// A slot for each address: survivors keep theirs, newcomers get fresh ones, those of the others retire.
    private mutating func slots(for addresses: [Address], _ present: ClusterState?) -> [EndpointSlot] {
        guard let present else { return addresses.map { _ in slab.take() } }
        if present.addresses == addresses { return present.slots }
        let matching = SlotMatching(addresses, former: present.addresses)
        let slots = matching.sources.map { $0 < 0 ? slab.take() : present.slots[$0] }
        if !matching.gone.isEmpty {
            let left = matching.gone.map { present.slots[$0] }.sorted { $0.index < $1.index }
            ledger.retire(RetiredSlots(left, slab), at: generation)
        }
        return slots
    }
}
