// Fairlead: what routes say to HTTP filters
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// What one level says to an HTTP filter: bytes that the host reads. Borrowed until `end`.
public struct FilterConfigView {
    /// The type of the bytes, as `google.protobuf.Any` names it; missing when there are none.
    public let typeURL: Bytes
    /// A message of that type; missing when there is none.
    public let value: Bytes
    /// Whether the filter is left out, as far as this level decides.
    public let isDisabled: Bool
    /// Whether a host that does not know the type may go on without it.
    public let isOptional: Bool
}

extension RouteView {
    /// The levels that say something to filters, from the most general one on: the order in which Envoy's filters merge.
    public enum FilterLevel: Int, CaseIterable, Sendable {
        /// The route table.
        case table
        /// The virtual host.
        case virtualHost
        /// The route.
        case route
        /// The chosen one of several weighted clusters.
        case weightedCluster
    }

    /// What `level` says to the filter called `name`; `nil` when it says nothing. O(filters of that level).
    public func filterConfig(_ name: Bytes, at level: FilterLevel) -> FilterConfigView? {
        let details: (record: DetailsRecord, block: BlockView)? =
            switch level {
            case .table: tableDetails
            case .virtualHost: virtualHostDetails
            case .route: routeDetails
            case .weightedCluster: weightedDetails
            }
        guard let (record, block) = details else { return nil }
        for index in 0..<Int(record.filters.count) {
            let filter = block[record.filters, index]
            guard block.bytes(filter.name).elementsEqual(name) else { continue }
            return FilterConfigView(
                typeURL: block.bytes(filter.type), value: block.bytes(filter.value),
                isDisabled: filter.isDisabled == 1, isOptional: filter.isOptional == 1)
        }
        return nil
    }

    /// The most specific message for the filter called `name`; `nil` when no level has one.
    public func filterConfig(_ name: Bytes) -> FilterConfigView? {
        var number = FilterLevel.weightedCluster.rawValue
        while let level = FilterLevel(rawValue: number) {
            if let config = filterConfig(name, at: level), !config.value.isMissing { return config }
            number -= 1
        }
        return nil
    }

    /// Whether the filter called `name` is left out: the most specific level that says anything to it decides; `nil` when
    /// none does, and what the connection manager says counts.
    public func isFilterDisabled(_ name: Bytes) -> Bool? {
        var number = FilterLevel.weightedCluster.rawValue
        while let level = FilterLevel(rawValue: number) {
            if let config = filterConfig(name, at: level) { return config.isDisabled }
            number -= 1
        }
        return nil
    }
}
