// Fairlead: why a route leads to a cluster
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension Explanation.ClusterSelection {
    /// How the cluster of `exchange`, which forwards by `route` and has begun for `request`, was chosen. `nameOf` knows
    /// the names of clusters that do not exist, by their ids.
    init?(
        _ route: RouteView, _ exchange: ExchangeState, _ request: borrowing RequestView,
        _ nameOf: @escaping (UInt32) -> String?
    ) {
        guard let host = exchange.virtualHost, let snapshot = exchange.snapshot, let forward = route.forward else {
            return nil
        }
        let names = Names(snapshot: snapshot, nameOf: nameOf)
        switch forward.target {
        case .cluster: method = .fixed
        case .header:
            let name = host.bytes(forward.header)
            let value = request.headers.first(name)
            method = .header(name: name.string, value: value.isMissing ? nil : value.string)
        case .weighted:
            method = .weighted(
                Explanation.WeightedDraw(host[forward.weighted], in: host, exchange, request, names))
        case .tree: method = .tree
        }
        exists = snapshot.cluster(exchange.clusterID) != nil
        notFoundStatus = forward.notFoundStatus
        name = exchange.clusterID == .max ? nil : names.name(exchange.clusterID)
        guard name == nil else { return }
        // What a header names and nobody knows has no id.
        switch method {
        case .fixed, .tree: break
        case .header(_, let value): name = value
        case .weighted(let draw):
            guard draw.shares.indices.contains(draw.chosen), draw.shares[draw.chosen].isHeader else { return }
            let value = Bytes.withBytes(of: draw.shares[draw.chosen].cluster) { request.headers.first($0) }
            name = value.isMissing ? nil : value.string
        }
    }

    /// Names of clusters by their ids.
    struct Names {
        let snapshot: SnapshotView
        let nameOf: (UInt32) -> String?

        func name(_ id: UInt32) -> String? {
            if let block = snapshot.cluster(id) {
                return block.bytes(block.load(0, as: ClusterHeader.self).name).string
            }
            return nameOf(id)
        }
    }
}

extension Explanation.WeightedDraw {
    init(
        _ weighted: WeightedRecord, in host: BlockView, _ exchange: ExchangeState, _ request: borrowing RequestView,
        _ names: Explanation.ClusterSelection.Names
    ) {
        if let told = ClusterChoice.number(weighted, in: host, request) {
            source = .header(host.bytes(weighted.header).string)
            number = told
        } else if weighted.usesHash == 1, exchange.hasHash == 1 {
            source = .hash
            number = exchange.hash
        } else {
            source = .chance
            number = exchange.random
        }
        total = weighted.total
        shares = []
        var start: UInt32 = 0
        for index in 0..<Int(weighted.entries.count) {
            let entry = host[weighted.entries, index]
            let isHeader = entry.header.offset != 0
            let cluster =
                isHeader ? host.bytes(entry.header).string : names.name(host.clusterID(entry.cluster)) ?? ""
            shares.append(Share(cluster: cluster, isHeader: isHeader, start: start, end: entry.end))
            start = entry.end
        }
        chosen = Int(exchange.weightedEntry) - 1
    }
}
