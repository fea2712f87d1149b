// Fairlead: hosts that are balanced over together
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadDataPlane

/// The hosts of a cluster that are balanced over together: all of them, or those of a subset.
struct HostMembers<Ordinals: RandomAccessCollection<Int>> {
    /// The ordinals of each priority, ascending.
    var priorities: [Ordinals]
    /// The weight of each locality in each priority; `nil` where localities are not weighed.
    var weights: [[UInt32]]?
}

extension HostMembers<Range<Int>> {
    /// All hosts of a cluster.
    init(_ hosts: HostSet, _ balancing: LoadBalancing) {
        priorities = hosts.priorities
        guard balancing.weighsLocalities, balancing.subsets?.weighsLocalities ?? true else { return }
        weights = hosts.priorities.indices.map { hosts.weights(priority: $0) }
    }
}

extension HostMembers<[Int]> {
    /// The hosts at `ordinals`, which ascend: a subset.
    init(_ hosts: HostSet, subset ordinals: [Int], _ balancing: LoadBalancing) {
        priorities = [[Int]](repeating: [], count: hosts.priorities.count)
        for ordinal in ordinals { priorities[Int(hosts.entries[ordinal].priority)].append(ordinal) }
        guard balancing.weighsLocalities, let subsets = balancing.subsets, subsets.weighsLocalities else { return }
        weights = hosts.priorities.indices.map { hosts.weights(priority: $0) }
        if subsets.scalesLocalityWeights { scaleWeights(hosts) }
    }

    /// Scales the weight of each locality by the share of its hosts that belong to the subset, in Envoy's arithmetic.
    private mutating func scaleWeights(_ hosts: HostSet) {
        weights = weights?.enumerated().map { priority, weights in
            var all = [UInt64](repeating: 0, count: weights.count)
            var members = all
            for ordinal in hosts.priorities[priority] { all[Int(hosts.entries[ordinal].locality)] += 1 }
            for ordinal in priorities[priority] { members[Int(hosts.entries[ordinal].locality)] += 1 }
            return weights.indices.map { locality in
                guard all[locality] != 0 else { return 0 }
                let scaled = Float(UInt64(weights[locality]) * members[locality]) / Float(all[locality])
                return UInt32(exactly: scaled.rounded(.toNearestOrAwayFromZero)) ?? .max
            }
        }
    }
}
