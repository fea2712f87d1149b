// Fairlead: the cluster that the engine itself belongs to
// SPDX-License-Identifier: Apache-2.0

public import FairleadConfiguration
import FairleadDataPlane
public import FairleadModel

/// What other clusters need to know of the local cluster: how its hosts spread over localities. It is an input of each
/// cluster that keeps requests in their zone.
public struct LocalHosts: Hashable, Sendable {
    /// The healthy hosts of one locality.
    struct Count: Hashable, Sendable {
        var hosts: UInt64 = 0
        var weight: UInt64 = 0
    }

    /// How many localities have hosts.
    let localityCount: Int
    /// Whether the engine's own locality has any.
    let hasOwn: Bool
    /// The healthy hosts of each locality that has some.
    let healthy: [Locality: Count]
    /// All healthy hosts.
    let total: Count
    private let health: PriorityHealth

    /// The hosts of the first priority of `assignment`, seen from the locality `own`.
    public init(_ assignment: EndpointAssignment, own: Locality?) {
        let hosts = HostSet(assignment, own: own)
        let ordinals = hosts.priorities[0]
        var healthy: [Locality: Count] = [:]
        var total = Count()
        for ordinal in ordinals where hosts.health(ordinal).condition == .healthy {
            let entry = hosts.entries[ordinal]
            healthy[hosts.localities[Int(entry.locality)], default: Count()].hosts += 1
            healthy[hosts.localities[Int(entry.locality)], default: Count()].weight += UInt64(entry.weight)
            total.hosts += 1
            total.weight += UInt64(entry.weight)
        }
        self.healthy = healthy
        self.total = total
        localityCount = Set(ordinals.map { hosts.entries[$0].locality }).count
        hasOwn = own != nil && ordinals.contains { hosts.localities[Int(hosts.entries[$0].locality)] == own }
        health = hosts.health(of: ordinals, weighted: false)
    }

    /// Whether too few of its hosts are well, by the threshold of the cluster that asks.
    func isPanic(threshold: Double) -> Bool { PriorityLoad.isPanic(health, threshold) }
}
