// Fairlead: from route to cluster
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Chooses the cluster of a forward action: after the route, before the pick.
enum ClusterChoice {
    /// The id of the cluster; `UInt32.max` when it has no known name.
    static func id(
        _ forward: ForwardRecord, in host: BlockView, _ directory: BlockView, _ exchange: inout ExchangeState,
        _ request: borrowing RequestView
    ) -> UInt32 {
        switch forward.target {
        case .cluster: return host.clusterID(forward.cluster)
        case .header: return named(by: host.bytes(forward.header), directory, request)
        case .weighted: return weighted(host[forward.weighted], in: host, directory, &exchange, request)
        case .tree:
            guard let number = TreeLookup.cluster(at: forward.cluster, in: host, request) else { return .max }
            return host.clusterID(number)
        }
    }

    /// The cluster that the first value of the header `name` names.
    private static func named(
        by name: Bytes, _ directory: BlockView, _ request: borrowing RequestView
    ) -> UInt32 {
        let value = request.headers.first(name)
        guard !value.isEmpty else { return .max }
        let header: DirectoryHeader = directory.load(0)
        let found = header.names.exact(value, [], in: directory)
        return found == 0 ? .max : found - 1
    }

    /// Each entry owns its weight's share of 0 ..< total; the header's number, the hash or chance points into it.
    private static func weighted(
        _ weighted: WeightedRecord, in host: BlockView, _ directory: BlockView, _ exchange: inout ExchangeState,
        _ request: borrowing RequestView
    ) -> UInt32 {
        // As in Envoy, weights that runtime values have taken to nothing leave no route.
        guard weighted.total != 0 else {
            exchange.disposition = .noRoute
            exchange.weightedEntry = ExchangeState.unroutable
            return .max
        }
        let value =
            number(weighted, in: host, request)
            ?? (weighted.usesHash == 1 && exchange.hasHash == 1 ? exchange.hash : exchange.random)
        let point = UInt32(truncatingIfNeeded: value % weighted.total)
        // Binary search for the first entry that ends behind the point; entries of weight 0 end where they begin.
        var low = 0
        var high = Int(weighted.entries.count) &- 1
        while low < high {
            let middle = (low &+ high) >> 1
            if host[weighted.entries, middle].end > point { high = middle } else { low = middle &+ 1 }
        }
        let entry = host[weighted.entries, low]
        exchange.weightedEntry = UInt32(truncatingIfNeeded: low) &+ 1
        return entry.header.offset != 0
            ? named(by: host.bytes(entry.header), directory, request) : host.clusterID(entry.cluster)
    }

    /// The number in the header that is to choose: only if it is there once and a whole number of 64 bits, which may
    /// have a `+` in front.
    static func number(
        _ weighted: WeightedRecord, in host: BlockView, _ request: borrowing RequestView
    ) -> UInt64? {
        guard weighted.header.offset != 0 else { return nil }
        let name = host.bytes(weighted.header)
        guard let index = request.headers.firstIndex(of: name),
            request.headers.firstIndex(of: name, from: index + 1) == nil
        else { return nil }
        let value = request.headers[index].value
        let start = !value.isEmpty && value[0] == UInt8(ascii: "+") ? 1 : 0
        guard start < value.count else { return nil }
        var number: UInt64 = 0
        for index in start..<value.count {
            let digit = value[index] &- 48
            guard digit <= 9 else { return nil }
            let (scaled, tooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, overflow) = scaled.addingReportingOverflow(UInt64(digit))
            guard !tooLarge, !overflow else { return nil }
            number = sum
        }
        return number
    }
}
