// Fairlead: using only some of many endpoints
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel

extension EndpointAssignment {
    /// The assignment with at most `limit` endpoints of each priority: those whose addresses have the lowest hashes under
    /// `seed` (rendezvous hashing, as in gRPC's random subsetting, gRFC A68). Engines with different seeds use different
    /// ones, and one that goes or comes changes one endpoint of the choice at most. O(endpoints · log endpoints).
    func limited(to limit: Int, seed: UInt64) -> EndpointAssignment {
        var seen: Set<Address> = []
        var ranked: [Int: [(hash: UInt64, address: Address)]] = [:]
        for group in localities {
            for endpoint in group.endpoints where seen.insert(endpoint.address).inserted {
                let hash = XXHash64.hash(endpoint.address.text, seed: seed)
                ranked[group.priority, default: []].append((hash, endpoint.address))
            }
        }
        guard ranked.values.contains(where: { $0.count > limit }) else { return self }
        var kept: Set<Address> = []
        for hosts in ranked.values {
            let order = hosts.indices.sorted { (hosts[$0].hash, $0) < (hosts[$1].hash, $1) }
            for index in order.prefix(limit) { kept.insert(hosts[index].address) }
        }
        var limited = self
        for index in localities.indices {
            limited.localities[index].endpoints.removeAll { !kept.contains($0.address) }
        }
        return limited
    }
}
