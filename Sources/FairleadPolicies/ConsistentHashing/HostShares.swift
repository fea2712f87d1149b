// Fairlead: what part of a hash table each host is due
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

/// The parts that hosts are due in a ring or a Maglev table: their weights divided by the sum, and, where localities
/// are weighted, by their locality's part. The same floating-point steps as in Envoy's
/// `thread_aware_lb_impl.cc`, in the same order, since tables have to come out the same to the bit.
struct HostShares {
    /// Indices into the host list: by locality and then by index where localities are weighted, else by index. Hosts of
    /// a locality of weight 0 are left out.
    private(set) var hosts: [UInt32] = []
    /// The share of each of `hosts`; their sum is about 1.
    private(set) var shares: [Double] = []
    /// The smallest share, 1 when there is none.
    private(set) var smallest = 1.0
    /// The largest share, 0 when there is none.
    private(set) var largest = 0.0

    init(_ list: HostList) {
        hosts.reserveCapacity(list.count)
        shares.reserveCapacity(list.count)
        guard Self.hasLocalities(list) else {
            add(list.weights.indices.map { UInt32(truncatingIfNeeded: $0) }, localityShare: 1, list.weights)
            return
        }
        var members = [[UInt32]](repeating: [], count: list.localityWeights.count)
        for (index, locality) in list.localities.enumerated() where Int(locality) < members.count {
            members[Int(locality)].append(UInt32(truncatingIfNeeded: index))
        }
        let sum = list.localityWeights.reduce(UInt64(0)) { $0 + UInt64($1) }
        for (locality, weight) in list.localityWeights.enumerated() where weight > 0 {
            add(members[locality], localityShare: Double(weight) / Double(sum), list.weights)
        }
    }

    private mutating func add(_ members: [UInt32], localityShare: Double, _ weights: [UInt32]) {
        let sum = members.reduce(UInt64(0)) { $0 + UInt64(weights[Int($1)]) }
        for member in members where weights[Int(member)] > 0 {
            let share = Double(weights[Int(member)]) * localityShare / Double(sum)
            hosts.append(member)
            shares.append(share)
            smallest = min(smallest, share)
            largest = max(largest, share)
        }
    }

    private static func hasLocalities(_ list: HostList) -> Bool {
        !list.localityWeights.isEmpty && list.localities.count == list.count
    }

    /// What makes these hosts unfit for consistent hashing: sums of weights that do not fit into 32 bits.
    static func check(_ list: HostList) -> [Problem] {
        var problems: [Problem] = []
        var sums: [UInt64]
        if hasLocalities(list) {
            if list.localityWeights.reduce(UInt64(0), { $0 + UInt64($1) }) > UInt64(UInt32.max) {
                let message = "The sum of weights of all localities at the same priority exceeds \(UInt32.max)"
                problems.append(Problem(.error, .limitExceeded, message))
            }
            sums = [UInt64](repeating: 0, count: list.localityWeights.count)
            for (index, locality) in list.localities.enumerated() where Int(locality) < sums.count {
                sums[Int(locality)] += UInt64(list.weights[index])
            }
        } else {
            sums = [list.weights.reduce(UInt64(0)) { $0 + UInt64($1) }]
        }
        if sums.contains(where: { $0 > UInt64(UInt32.max) }) {
            let message = "The sum of weights of all upstream hosts in a locality exceeds \(UInt32.max)"
            problems.append(Problem(.error, .limitExceeded, message))
        }
        return problems
    }
}
