// Fairlead: looking into an engine
// SPDX-License-Identifier: Apache-2.0

@testable import Fairlead

extension Engine {
    /// The identity of every block of the current snapshot, by its kind and name.
    var blocks: [String: ObjectIdentifier] {
        state.withLock { state in
            var blocks = ["directory": ObjectIdentifier(state.directory)]
            for (name, cluster) in state.clusters { blocks["cluster \(name)"] = ObjectIdentifier(cluster.block) }
            for (name, table) in state.routeTables {
                blocks["table \(name)"] = ObjectIdentifier(table.domains)
                for host in table.hosts { blocks["host \(name)/\(host.host.name)"] = ObjectIdentifier(host.block) }
            }
            return blocks
        }
    }

    /// The names of blocks that are there now and were not in `former`.
    func newBlocks(since former: [String: ObjectIdentifier]) -> [String] {
        blocks.filter { former[$0.key] != $0.value }.keys.sorted()
    }

    /// The slot of each endpoint of a cluster, by port: place and incarnation.
    func slots(_ cluster: String) -> [UInt16: SlotName] {
        state.withLock { state in
            guard let cluster = state.clusters[cluster] else { return [:] }
            var slots: [UInt16: SlotName] = [:]
            for (address, slot) in zip(cluster.addresses, cluster.slots) {
                guard case .socket(_, let port) = address else { continue }
                slots[port] = SlotName(index: slot.index, incarnation: slot.incarnation)
            }
            return slots
        }
    }

    /// How many ids for clusters there are, free ones included.
    var clusterIDCount: Int { state.withLock { $0.clusterIDs.count } }

    /// The statistics of one endpoint.
    func endpoint(_ port: UInt16, of cluster: String = "c") -> EndpointStatistics? {
        clusterStatistics.first { $0.name == cluster }?.endpoints.first {
            $0.address == .socket(host: "10.0.0.1", port: port)
        }
    }
}

/// What names a slot for ever.
struct SlotName: Hashable {
    var index: UInt32
    var incarnation: UInt32
}
