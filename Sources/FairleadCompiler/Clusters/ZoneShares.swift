// Fairlead: how many requests stay in their zone
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadDataPlane
import FairleadModel

/// Which requests of a cluster's first priority stay in the engine's own locality, and where the others go, in Envoy's
/// integer arithmetic (`load_balancer_impl.cc`): each locality of the local cluster sends as much as it has hosts, and each
/// locality of this cluster takes as much.
struct ZoneShares: Equatable {
    /// A whole in the parts that shares are counted in.
    static let whole: UInt64 = 10_000

    /// The numbers of the localities, the own one first if it is there.
    var localities: [Int]
    /// Whether the first one is the engine's own.
    var hasOwn: Bool
    /// The share of 10,000 that stays in the own locality.
    var own: UInt64
    /// For each locality the sum of what it, and those before it, can take of the others' requests.
    var residuals: [UInt64]

    /// The shares of `members`, hosts of the first priority; `nil` where requests do not stay in their zone.
    init?(
        _ hosts: HostSet, _ members: some Collection<Int>, _ zones: ZoneRouting, _ local: LocalHosts, own: Locality?
    ) {
        let present = Set(hosts.priorities[0].map { Int(hosts.entries[$0].locality) }).sorted()
        guard present.count >= 2, zones.forcedMinimum != nil || local.localityCount >= 2, local.hasOwn else {
            return nil
        }
        var healthy = [UInt64](repeating: 0, count: hosts.localities.count)
        var weights = healthy
        for ordinal in members where hosts.health(ordinal).condition == .healthy {
            let entry = hosts.entries[ordinal]
            healthy[Int(entry.locality)] += 1
            weights[Int(entry.locality)] += zones.weighsEndpoints ? UInt64(entry.weight) : 1
        }
        guard healthy.reduce(0, +) >= zones.minimumEndpoints else { return nil }
        localities = present
        hasOwn = own != nil && hosts.localities[present[0]] == own
        residuals = []
        let total = weights.reduce(0, +)
        let localTotal = zones.weighsEndpoints ? local.total.weight : local.total.hosts
        let parts = present.map { number -> (local: UInt64, upstream: UInt64) in
            guard healthy[number] > 0 else { return (0, 0) }
            let count = local.healthy[hosts.localities[number]] ?? LocalHosts.Count()
            let sent = zones.weighsEndpoints ? count.weight : count.hosts
            return (
                localTotal > 0 ? ZoneShares.whole * sent / localTotal : 0,
                total > 0 ? ZoneShares.whole * weights[number] / total : 0
            )
        }
        let first = parts[0]
        if hasOwn {
            let isForced = zones.forcedMinimum.map { healthy[present[0]] >= UInt64($0) } ?? false
            if isForced || first.upstream > 0 && first.upstream >= first.local {
                self.own = ZoneShares.whole
                return
            }
        }
        self.own = hasOwn && first.local > 0 ? first.upstream * ZoneShares.whole / first.local : 0
        var sum: UInt64 = 0
        for (index, part) in parts.enumerated() {
            if index != 0 || !hasOwn, part.upstream > part.local { sum += part.upstream - part.local }
            residuals.append(sum)
        }
    }
}
