// Fairlead: what a policy is tried with
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

extension PolicyConformance {
    /// One host list to try.
    struct Trial {
        /// For the findings: what kind of list it is.
        let name: String
        let hosts: HostList
        let seed: UInt64
        /// The policy's table for the list.
        let table: [UInt8]

        init(_ name: String, _ hosts: HostList, _ seed: UInt64, _ table: [UInt8]) {
            self.name = "\(name), \(hosts.count) hosts, seed \(seed)"
            self.hosts = hosts
            self.seed = seed
            self.table = table
        }
    }

    /// The lists, small and large, even and lopsided, with the same keys or localities.
    func trials() -> [Trial] {
        var random = RandomSource(seed: seed)
        var trials: [Trial] = []
        func add(_ name: String, _ hosts: HostList) {
            trials.append(Trial(name, hosts, random.next(), policy.table(hosts, parameters)))
        }
        for count in [0, 1, 2, 3, 7, 64, 1000, 100_000] where count <= promises.largestList {
            add("equal weights", .equal(count))
            guard count > 0 else { continue }
            add("weights to 10", .weighted(random.weights(count, in: 1...10)))
            add("any weights", .weighted(random.weights(count, in: 1...UInt32.max)))
            var lopsided = [UInt32](repeating: 1, count: count)
            lopsided[Int(random.next(below: UInt64(count)))] = .max - UInt32(count) + 1
            add("one heavy host", .weighted(lopsided))
            var twins = HostList.weighted(random.weights(count, in: 1...3))
            twins.hashKeys = twins.hashKeys.indices.map { HostList.address($0 / 2) }
            add("keys in pairs", twins)
            var spread = HostList.equal(count)
            spread.localities = (0..<count).map { UInt32($0 % 3) }
            spread.localityWeights = [1, 2, 3]
            add("three localities", spread)
        }
        return trials
    }

    /// The policy set up with the trial's hosts.
    func rig(_ trial: Trial) -> PolicyRig {
        PolicyRig(policy, hostCount: trial.hosts.count, parameters, table: trial.table, seed: trial.seed)
    }
}
