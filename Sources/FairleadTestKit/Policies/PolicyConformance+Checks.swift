// Fairlead: the single checks of a policy's conformance
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

extension PolicyConformance {
    /// The same hosts and parameters give the same bytes, whatever was built in between.
    func checkBytes(_ trial: Trial) -> [Problem] {
        _ = policy.table(.equal(trial.hosts.count / 2 + 1), parameters)
        guard policy.table(trial.hosts, parameters) != trial.table else { return [] }
        return [finding(.notDeterministic, trial.name, "the same hosts and parameters give different tables")]
    }

    /// Every pick is a host, busy or idle, at any attempt; of an empty list there is none.
    func checkPicks(_ trial: Trial) -> [Problem] {
        let rig = rig(trial)
        let count = trial.hosts.count
        for round in 0..<300 {
            let index = rig.pick(hash: round % 2 == 0 ? nil : rig.random.next(), attempt: UInt32(round % 4))
            if count == 0, index >= 0 {
                return [finding(.badPick, trial.name, "picks \(index) of no hosts")]
            }
            if count > 0, !(0..<count).contains(index) {
                return [finding(.badPick, trial.name, "picks \(index) in pick \(round)")]
            }
            // Some hosts become busy, and stay so for a while.
            if count > 0, round % 3 != 0 { rig.hosts.start(index) }
            if count > 0, rig.hosts.activeRequests(index) > 3 { rig.hosts.finish(index) }
        }
        for hash in [0, 1, UInt64.max, UInt64.max - 1, 1 << 63] where count > 0 {
            let index = rig.pick(hash: hash, attempt: .max)
            if !(0..<count).contains(index) {
                return [finding(.badPick, trial.name, "picks \(index) for hash \(hash) in the last attempt")]
            }
        }
        return []
    }

    /// The same seed gives the same picks.
    func checkReplay(_ trial: Trial) -> [Problem] {
        guard rig(trial).picks(100) != rig(trial).picks(100) else { return [] }
        return [finding(.notDeterministic, trial.name, "the same seed gives different picks")]
    }

    /// Strange words and tables do no harm. What a picker picks from a strange table is of no account, since the engine
    /// refuses what is no host; with strange words and its own table it still has to pick a host.
    func checkNoise(_ trial: Trial) -> [Problem] {
        let rig = rig(trial)
        let own = rig.table
        let count = trial.hosts.count
        for round in 0..<8 {
            rig.workerWords = rig.workerWords.map { _ in round == 0 ? .max : rig.random.next() }
            let index = rig.pick(hash: rig.random.next())
            if count > 0, !(0..<count).contains(index) {
                return [finding(.badPick, trial.name, "picks \(index) with strange words")]
            }
        }
        var strange: [[UInt8]] = [
            [], [UInt8](repeating: 0, count: own.count), [UInt8](repeating: 0xff, count: own.count),
            Array(own.prefix(own.count / 16 * 8)), Array(own.reversed()),
            policy.table(.equal(count * 2 + 1), parameters),
            policy.table(.weighted((0..<(count + 2)).map { UInt32($0 + 1) }), parameters),
        ]
        for _ in 0..<8 { strange.append(rig.random.bytes(min(own.count, 4096))) }
        for _ in 0..<8 where !own.isEmpty {
            // Its own table but for a few bits.
            var bytes = own
            for _ in 0..<4 {
                bytes[Int(rig.random.next(below: UInt64(min(own.count, 256))))] ^= UInt8(1 << rig.random.next(below: 8))
            }
            strange.append(bytes)
        }
        for table in strange {
            rig.replaceTable(by: table)
            for attempt in 0..<4 { _ = rig.pick(hash: rig.random.next(), attempt: UInt32(attempt)) }
        }
        return []
    }

    /// The same hash gives the same host, whatever was picked in between.
    func checkConsistency(_ trial: Trial) -> [Problem] {
        let rig = rig(trial)
        for _ in 0..<100 {
            let hash = rig.random.next()
            let attempt = UInt32(rig.random.next(below: 3))
            let index = rig.pick(hash: hash, attempt: attempt)
            _ = rig.picks(3)
            if rig.pick(hash: hash, attempt: attempt) != index {
                return [finding(.notConsistent, trial.name, "gives hash \(hash) different hosts")]
            }
        }
        return []
    }

    /// The picks follow the weights, those of localities included.
    func checkWeights(_ trial: Trial, _ tolerance: Double) -> [Problem] {
        let shares = shares(trial.hosts)
        let picks = 20_000
        let counts = rig(trial).counts(of: picks)
        for (index, share) in shares.enumerated() {
            let expected = share * Double(picks)
            let chance = 6 * (expected * (1 - share)).squareRoot() + 4
            if abs(Double(counts[index]) - expected) > expected * tolerance + chance {
                let message = "picks host \(index) \(counts[index]) times of \(picks); its share is \(expected)"
                return [finding(.weightsIgnored, trial.name, message)]
            }
        }
        return []
    }

    /// What part of the picks each host is due. Only policies with one table a priority see localities.
    private func shares(_ hosts: HostList) -> [Double] {
        let weights = hosts.weights.map { Double($0) }
        guard policy.traits(for: parameters).scope == .priority, !hosts.localities.isEmpty else {
            let sum = weights.reduce(0, +)
            return weights.map { $0 / sum }
        }
        var sums = [Double](repeating: 0, count: hosts.localityWeights.count)
        for (index, locality) in hosts.localities.enumerated() { sums[Int(locality)] += weights[index] }
        let shares = weights.indices.map { index in
            let locality = Int(hosts.localities[index])
            return weights[index] / sums[locality] * Double(hosts.localityWeights[locality])
        }
        // A locality without hosts leaves its part to the others.
        let sum = shares.reduce(0, +)
        return shares.map { $0 / sum }
    }
}
