// Fairlead: an endpoint, as an attempt knows it
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// The endpoint of an attempt: texts and numbers, borrowed until the attempt is reported or detached.
public struct EndpointView {
    private let cluster: BlockView
    private let entry: EndpointEntry

    /// The endpoint that `attempt` picked; `nil` when there is none, or the snapshot was given up.
    public init?(_ attempt: AttemptState) {
        guard let block = attempt.cluster else { return nil }
        cluster = block
        let header: ClusterHeader = block.load(0)
        entry = block[header.endpoints, Int(attempt.ordinal)]
    }

    /// The endpoint at `ordinal` of the cluster whose block is `cluster`.
    public init(_ cluster: BlockView, ordinal: Int) {
        self.cluster = cluster
        let header: ClusterHeader = cluster.load(0)
        entry = cluster[header.endpoints, ordinal]
    }

    /// The address as text: `host:port`, `[v6]:port`, or the path of a pipe.
    public var address: Bytes { cluster.bytes(entry.address) }

    /// The address without its port and without brackets.
    public var host: Bytes { entry.port == 0 ? address : RequestHash.address(address) }

    /// The port; 0 for a pipe.
    public var port: UInt16 { entry.port }

    /// The host name; missing when there is none.
    public var hostname: Bytes {
        cluster.bytes(BlockText(offset: entry.hostname, count: UInt32(entry.hostnameLength)))
    }

    /// The weight.
    public var weight: UInt32 { entry.weight }

    /// The priority, 0 first.
    public var priority: Int { Int(entry.priority) }

    /// How well it is: the worse of what the control plane says and what was observed.
    public var health: HealthStatus { HealthStatus(rawValue: entry.health) ?? .unknown }

    /// Region, zone and sub-zone.
    public var locality: (region: Bytes, zone: Bytes, subZone: Bytes) {
        let header: ClusterHeader = cluster.load(0)
        guard Int(entry.locality) < Int(header.localities.count) else { return (.missing, .missing, .missing) }
        let names = cluster[header.localities, Int(entry.locality)]
        return (cluster.bytes(names.region), cluster.bytes(names.zone), cluster.bytes(names.subZone))
    }

    /// The name of its cluster.
    public var clusterName: Bytes { cluster.bytes(cluster.load(0, as: ClusterHeader.self).name) }

    /// How long a connection may take, in nanoseconds.
    public var connectTimeout: UInt64 { cluster.load(0, as: ClusterHeader.self).connectTimeout }
}
