// Fairlead: the layout of a cluster's block
// SPDX-License-Identifier: Apache-2.0

/// The header of a cluster's block: its endpoints, the lists that can be picked from, and which of them how often.
public struct ClusterHeader: BitwiseCopyable, Sendable {
    /// The name.
    public var name = BlockText.empty
    /// The policy's name.
    public var policy = BlockText.empty
    /// The endpoints by ordinal: by priority, then in the order of the assignment.
    public var endpoints = BlockArray<EndpointEntry>.empty
    /// The host lists, each with the policy's table.
    public var lists = BlockArray<HostListEntry>.empty
    /// Where the load goes, in the order in which a pick walks them.
    public var targets = BlockArray<PickTarget>.empty
    /// The localities by number.
    public var localities = BlockArray<LocalityEntry>.empty
    /// The circuit breakers of requests of normal and of high priority.
    public var breakers = BlockArray<BreakerRecord>.empty
    /// How long a connection may take, in nanoseconds.
    public var connectTimeout: UInt64 = 0
    /// The share of requests dropped before a pick: how many, …
    public var dropNumerator: UInt32 = 0
    /// … out of how many; 0 when none are.
    public var dropDenominator: UInt32 = 0
    /// The words that the policy and the localities' schedules keep on each worker's page.
    public var pageWords: UInt32 = 0
    /// The policy's words for each list.
    public var wordsPerList: UInt32 = 0
    /// Whether the request's hash decides the priority (1) or chance does (0).
    public var hashDecidesPriority: UInt32 = 0
    /// How many priorities there are.
    public var priorityCount: UInt32 = 0
    /// Untyped values.
    public var metadata = BlockArray<MetadataNode>.empty
    /// The subsets; none when endpoints are not told apart by their values.
    public var subsets = BlockReference<SubsetsRecord>.none
    /// Where requests name their endpoints themselves; none when they do not.
    public var overrides = BlockReference<OverrideRecord>.none

    /// An empty header.
    public init() {}
}

/// One compiled endpoint.
public struct EndpointEntry: BitwiseCopyable, Sendable {
    /// The address as text: an IP address with a port, a host name with a port, or a pipe's path.
    public var address: BlockText
    /// The host name; none if there is none.
    public var hostname: UInt32
    /// The length of the host name.
    public var hostnameLength: UInt16
    /// The port; 0 for a pipe.
    public var port: UInt16
    /// The weight.
    public var weight: UInt32
    /// The number of its locality.
    public var locality: UInt16
    /// The priority.
    public var priority: UInt8
    /// The health, with Envoy's numbers.
    public var health: UInt8

    /// One compiled endpoint; see the properties.
    public init(
        address: BlockText, hostname: BlockText, port: UInt16, weight: UInt32, locality: UInt16, priority: UInt8,
        health: UInt8
    ) {
        self.address = address
        self.hostname = hostname.offset
        hostnameLength = UInt16(truncatingIfNeeded: hostname.count)
        self.port = port
        self.weight = weight
        self.locality = locality
        self.priority = priority
        self.health = health
    }
}

/// A list of hosts that a policy built a table for.
public struct HostListEntry: BitwiseCopyable, Sendable {
    /// The ordinals of the hosts; empty when they are the `count` ones from `first` on.
    public var ordinals: BlockArray<UInt32>
    /// The first ordinal, when `ordinals` is empty.
    public var first: UInt32
    /// How many hosts there are.
    public var count: UInt32
    /// The policy's table.
    public var table: BlockText

    /// A list of hosts; see the properties.
    public init(ordinals: BlockArray<UInt32>, first: UInt32, count: UInt32, table: BlockText) {
        self.ordinals = ordinals
        self.first = first
        self.count = count
        self.table = table
    }
}

/// One place where load goes: the healthy or the degraded hosts of a priority, or in panic all of them.
public struct PickTarget: BitwiseCopyable, Sendable {
    /// Where its share of 100 ends; it begins where the one before ends.
    public var end: UInt32
    /// The list, or the first of the localities' lists.
    public var list: UInt32
    /// How many localities it chooses among, by their weights or by where the engine stands; 0 for the list itself.
    public var localityCount: UInt32
    /// The first word of the localities' schedule on a worker's page.
    public var scheduleWord: UInt32
    /// The schedule of the localities.
    public var schedule: BlockText
    /// The priority.
    public var priority: UInt16
    /// Whether all hosts are taken for want of healthy ones (1) or not (0).
    public var isPanic: UInt8
    /// Whether these are degraded hosts (1) or not (0).
    public var isDegraded: UInt8
    /// Which locality is chosen by where the engine stands; none when localities take turns by their weights.
    public var zones = BlockReference<ZoneRecord>.none

    /// One place where load goes; see the properties.
    public init(
        end: UInt32, list: UInt32, localityCount: UInt32, scheduleWord: UInt32, schedule: BlockText, priority: UInt16,
        isPanic: Bool, isDegraded: Bool
    ) {
        self.end = end
        self.list = list
        self.localityCount = localityCount
        self.scheduleWord = scheduleWord
        self.schedule = schedule
        self.priority = priority
        self.isPanic = isPanic ? 1 : 0
        self.isDegraded = isDegraded ? 1 : 0
    }
}

/// A locality's names.
public struct LocalityEntry: BitwiseCopyable, Sendable {
    /// The region.
    public var region: BlockText
    /// The zone.
    public var zone: BlockText
    /// The part of the zone.
    public var subZone: BlockText

    /// A locality's names.
    public init(region: BlockText, zone: BlockText, subZone: BlockText) {
        self.region = region
        self.zone = zone
        self.subZone = subZone
    }
}

/// The header of the directory of clusters: ids by name. It is rebuilt when the set of names changes.
public struct DirectoryHeader: BitwiseCopyable, Sendable {
    /// The names; what is filed is the cluster's id.
    public var names = TextIndex.empty

    /// An empty header.
    public init() {}
}
