// Fairlead: tests of the layout of records
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FairleadDataPlane

/// The bytes of blocks are compared, so no record may have padding: its size is the sum of its fields' sizes.
@Suite struct RecordLayoutTests {
    /// One value of every record that a block holds.
    static let records: [any Sendable] = [
        // Virtual hosts.
        VirtualHostHeader(), RouteIndex(), PathIndex(), PathKey(routes: .empty, parent: 0, minimum: 0),
        RouteEntry(
            name: .empty, path: .empty, conditions: .empty, action: 0, mutations: .none, pattern: 0, pathKind: .prefix,
            actionKind: .forward, ignoresCase: false),
        Condition(.header, .present), ValueTest(.null), AddressRangeRecord(high: 0, low: 0, length: 0, version: 4),
        TemplatePart(.segment), TemplateRecord(parts: .empty), TreeNode(), TreeInput(.header), TreeOutcome.none,
        TreePredicate(.value), TreeRule(.none, .none), TreeEntry(text: .empty, parent: 0, outcome: .none),
        TreeRange(AddressRangeRecord(high: 0, low: 0, length: 0, version: 4), .none, isExclusive: false),
        // Actions.
        ForwardRecord(), RedirectRecord(), DirectResponseRecord(status: 200, body: .empty),
        WeightedRecord(entries: .empty, total: 1, header: .empty, usesHash: false),
        WeightedEntry(cluster: 0, end: 0, header: .empty, host: .empty, mutations: .none),
        RetryRecord(conditions: []), ResetHeaderRecord(name: .empty, isTimestamp: false),
        HashRecord(.header, isTerminal: false),
        MutationsRecord(
            requestAdditions: .empty, requestRemovals: .empty, responseAdditions: .empty, responseRemovals: .empty),
        AdditionRecord(name: .empty, value: .empty, format: .empty, rule: 0, keepsEmptyValue: false),
        SubstitutionPart(.literal), MetadataNode(name: .empty, text: .empty, children: .empty, kind: .null),
        DetailsRecord(),
        RateLimitRecord(actions: .empty, stage: 0, isStreamDone: false), RateLimitActionRecord(.fixed, key: .empty),
        JSONNode(.null), RateLimitPlace(filter: .empty, requests: .empty, unit: .empty),
        InternalRedirectsRecord(maximum: 1, flags: [], statuses: .empty, copiedHeaders: .empty, allowedRoutes: .empty),
        ForwardExtras(),
        UpgradeRecord(type: .empty, isEnabled: true),
        FilterRecord(name: .empty, type: .empty, value: .empty, isDisabled: false, isOptional: false),
        MirrorRecord(
            cluster: .empty, header: .empty, host: .empty, numerator: 0, denominator: 1, keepsHost: false,
            headerChanges: .empty),
        // Route tables.
        RouteTableHeader(), TextIndex.empty, TextIndexEntry.empty,
        // Clusters.
        ClusterHeader(),
        EndpointEntry(address: .empty, hostname: .empty, port: 0, weight: 1, locality: 0, priority: 0, health: 0),
        HostListEntry(ordinals: .empty, first: 0, count: 0, table: .empty),
        PickTarget(
            end: 0, list: 0, localityCount: 0, scheduleWord: 0, schedule: .empty, priority: 0, isPanic: false,
            isDegraded: false),
        OverrideRecord(sources: .empty, places: .empty),
        OverrideSourceRecord(header: .empty, filter: .empty, path: .empty),
        ZoneRecord(residuals: .empty, own: 0, share: 100, hasOwn: true, fails: false), SubsetsRecord(),
        SubsetEntry(hash: 0, criteria: .empty, targets: .empty, single: 0),
        SelectorEntry(keys: .empty, fewerKeys: .empty, fallback: .none),
        CriterionRecord(name: .empty, value: .empty, hash: 0), CriteriaRecord(criteria: .empty, alternatives: .empty),
        LocalityEntry(region: .empty, zone: .empty, subZone: .empty), DirectoryHeader(),
        // What they are made of.
        BlockText.empty, BlockReference<Condition>.none,
    ]

    static func size<T>(_ value: T) -> Int { MemoryLayout<T>.size }
    static func stride<T>(_ value: T) -> Int { MemoryLayout<T>.stride }

    /// The bytes that hold values: those of the fields, and of their fields, and so on.
    static func occupied(_ value: Any) -> Int {
        let fields = Mirror(reflecting: value).children
        return fields.isEmpty ? size(value) : fields.reduce(0) { $0 + occupied($1.value) }
    }

    @Test(arguments: records.indices)
    func noRecordHasPadding(index: Int) {
        let record = Self.records[index]
        let size = Self.size(record)
        #expect(size == Self.occupied(record), "\(type(of: record)) has gaps")
        #expect(size == Self.stride(record), "\(type(of: record)) leaves gaps in arrays")
        #expect(size > 0)
    }

    @Test func theCheckSeesPadding() {
        struct Gap {
            var small: UInt8 = 0
            var large: UInt32 = 0
        }
        struct Tail {
            var large: UInt32 = 0
            var small: UInt8 = 0
        }
        #expect(Self.size(Gap()) != Self.occupied(Gap()))
        #expect(Self.size(Tail()) != Self.stride(Tail()))
    }

    @Test func aConditionKeepsItsTextInItsFirstNumber() {
        var condition = Condition(.header, .exact)
        condition.text = BlockText(offset: 0x1234_5678, count: 0x9abc_def0)
        #expect(condition.text.offset == 0x1234_5678)
        #expect(condition.text.count == 0x9abc_def0)
        #expect(condition.second == 0)
    }
}
