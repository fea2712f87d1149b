// Fairlead: compiling what few routes have
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadDataPlane
import FairleadModel

extension VirtualHostCompiler {
    /// What few virtual hosts have; none when there is nothing of it.
    mutating func details(of host: VirtualHost) -> BlockReference<DetailsRecord> {
        guard
            !host.metadata.isEmpty || !host.mirrors.isEmpty || !host.filterConfigs.isEmpty || !host.rateLimits.isEmpty
                || host.bodyLimit != nil
        else { return .none }
        var record = DetailsRecord()
        record.bodyLimit = host.bodyLimit ?? .max
        record.filters = writer.append(filters: host.filterConfigs)
        record.metadata = writer.append(metadata: host.metadata)
        record.mirrors = writer.append(mirrors: host.mirrors)
        record.rateLimits = append(limits: host.rateLimits)
        return writer.append(shared: record)
    }

    /// What few forward actions have; none when there is nothing of it.
    mutating func extras(of forward: ForwardAction) -> BlockReference<ForwardExtras> {
        let match = forward.metadataMatch.balancingFields
        guard
            !forward.mirrors.isEmpty || forward.streamLimit != nil || forward.grpcTimeout != nil
                || !forward.upgrades.isEmpty || !match.isEmpty || forward.internalRedirects != nil
                || !forward.rateLimits.isEmpty || forward.includesVirtualHostRateLimits
        else { return .none }
        var record = ForwardExtras()
        record.redirects = writer.append(redirects: forward.internalRedirects)
        record.metadataMatch = writer.append(fields: match)
        record.criteria = writer.criteria(match)
        record.upgrades = writer.append(
            forward.upgrades.map {
                UpgradeRecord(type: writer.text(ASCII.lowercased($0.type)), isEnabled: $0.isEnabled)
            })
        record.rateLimits = append(limits: forward.rateLimits)
        record.includesHostRateLimits = forward.includesVirtualHostRateLimits ? 1 : 0
        record.mirrors = writer.append(mirrors: forward.mirrors)
        if let limit = forward.streamLimit {
            record.streamLimit = limit.maximum?.wholeNanoseconds ?? .max
            record.streamHeaderMaximum = limit.grpcHeaderMaximum?.wholeNanoseconds ?? .max
            record.streamHeaderOffset = limit.grpcHeaderOffset?.wholeNanoseconds ?? 0
        }
        if let timeout = forward.grpcTimeout {
            record.grpcMaximum = timeout.maximum.wholeNanoseconds
            record.grpcOffset = timeout.offset?.wholeNanoseconds ?? 0
        }
        return writer.append(shared: record)
    }
}

extension BlockWriter {
    /// What few routes have; none when there is nothing of it.
    mutating func details(of route: Route) -> BlockReference<DetailsRecord> {
        guard
            !route.metadata.isEmpty || !route.filterConfigs.isEmpty || route.decorator != nil
                || !route.statPrefix.isEmpty || route.tracing != nil || route.bodyLimit != nil
        else { return .none }
        var record = DetailsRecord()
        record.tracing = route.tracing.map { append(bytes: $0) } ?? .empty
        record.bodyLimit = route.bodyLimit ?? .max
        record.operation = text(route.decorator?.operation)
        record.propagatesOperation = route.decorator?.propagates == true ? 1 : 0
        if !route.statPrefix.isEmpty { record.statPrefix = text(route.statPrefix) }
        record.filters = append(filters: route.filterConfigs)
        record.metadata = append(metadata: route.metadata)
        return append(shared: record)
    }

    /// What few tables have; none when there is nothing of it.
    mutating func details(of table: RouteConfiguration) -> BlockReference<DetailsRecord> {
        guard !table.mirrors.isEmpty || !table.filterConfigs.isEmpty else { return .none }
        var record = DetailsRecord()
        record.filters = append(filters: table.filterConfigs)
        record.mirrors = append(mirrors: table.mirrors)
        return append(shared: record)
    }

    /// What few weighted clusters have; none when there is nothing of it.
    mutating func details(
        of entry: WeightedClusters.Entry, _ forward: ForwardAction
    ) -> BlockReference<DetailsRecord> {
        let match = entry.metadataMatch.balancingFields
        guard !entry.filterConfigs.isEmpty || !match.isEmpty else { return .none }
        var record = DetailsRecord()
        if !match.isEmpty {
            // The entry's values win over those of the route.
            let others = forward.metadataMatch.balancingFields.filter { field in
                !match.contains { $0.name == field.name }
            }
            let merged = (match + others).sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            record.metadataMatch = append(fields: merged)
            record.criteria = criteria(merged)
        }
        record.filters = append(filters: entry.filterConfigs)
        return append(shared: record)
    }

    fileprivate mutating func append(redirects: InternalRedirects?) -> BlockReference<InternalRedirectsRecord> {
        guard let redirects else { return .none }
        var flags: InternalRedirectsRecord.Flags = []
        if redirects.allowsOtherScheme { flags.insert(.allowsOtherScheme) }
        if redirects.refusesHTTPSFromHTTP { flags.insert(.refusesHTTPSFromHTTP) }
        if redirects.refusesVisitedRoutes { flags.insert(.refusesVisitedRoutes) }
        if redirects.allowedRoutes != nil { flags.insert(.asksForRoutes) }
        return append(
            shared: InternalRedirectsRecord(
                maximum: redirects.maximum, flags: flags, statuses: append(redirects.statuses.sorted()),
                copiedHeaders: append(redirects.copiedHeaders.map { text(ASCII.lowercased($0)) }),
                allowedRoutes: append((redirects.allowedRoutes ?? []).map { text($0) })))
    }

    fileprivate mutating func append(filters: [FilterConfig]) -> BlockArray<FilterRecord> {
        append(
            filters.map { filter in
                FilterRecord(
                    name: text(filter.name), type: text(filter.typeURL.isEmpty ? nil : filter.typeURL),
                    value: filter.typeURL.isEmpty ? .empty : append(bytes: filter.value),
                    isDisabled: filter.isDisabled, isOptional: filter.isOptional)
            })
    }

    fileprivate mutating func append(mirrors: [MirrorPolicy]) -> BlockArray<MirrorRecord> {
        append(
            mirrors.map { mirror in
                var (cluster, header) = (BlockText.empty, BlockText.empty)
                switch mirror.target {
                case .cluster(let name): cluster = text(name)
                case .header(let name): header = text(ASCII.lowercased(name))
                }
                let fraction = mirror.fraction?.fallback ?? Fraction(100)
                return MirrorRecord(
                    cluster: cluster, header: header, host: text(mirror.host), numerator: fraction.numerator,
                    denominator: fraction.denominator.rawValue, keepsHost: mirror.keepsHost,
                    headerChanges: append(
                        mirror.headerChanges.map { change in
                            switch change {
                            case .add(let addition): record(of: addition)
                            case .remove(let name):
                                AdditionRecord(
                                    name: text(ASCII.lowercased(name)), value: .empty, format: .empty,
                                    rule: MirrorRecord.removal, keepsEmptyValue: false)
                            }
                        }))
            })
    }
}
