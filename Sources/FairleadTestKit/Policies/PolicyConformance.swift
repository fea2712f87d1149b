// Fairlead: does a policy keep its side of the contract?
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel
public import FairleadPlugin

/// Puts a load-balancing policy through everything that an engine may do to it, and says what it did wrong. Needs no
/// engine and no test library:
///
///     #expect(PolicyConformance(MyPolicy()).findings().isEmpty)
///
/// It checks, over many host lists, weights, loads and seeds, that the same hosts and parameters give the same bytes;
/// that every pick is a host of the list, and none of an empty list; that a lone host is always picked; that the same
/// seed gives the same picks; that words and tables of zero, of other lists and of pure noise do no harm; and, where
/// they are promised, that picks follow the weights and that the same hash gives the same host. A policy that traps or
/// hangs makes the checker trap or hang: that is a finding too.
public struct PolicyConformance {
    /// What a policy promises beyond the contract.
    public struct Promises: Sendable {
        /// Picks among idle hosts follow the weights: how far a host's count may be from its share of the picks, as a
        /// part of that share, beyond six standard deviations of pure chance and four picks. `nil`: no promise.
        public var weightTolerance: Double?
        /// The same hash gives the same host, whatever came before, while the hosts are idle.
        public var isConsistent: Bool
        /// The largest list that it is tried with.
        public var largestList: Int

        /// Promises; see the properties for what each means.
        public init(weightTolerance: Double? = nil, isConsistent: Bool = false, largestList: Int = 1000) {
            self.weightTolerance = weightTolerance
            self.isConsistent = isConsistent
            self.largestList = largestList
        }
    }

    let policy: any LoadBalancingPolicy
    let parameters: PolicyParameters
    let promises: Promises
    let seed: UInt64

    /// A check of `policy` under `parameters`; `seed` decides all that is random.
    public init(
        _ policy: any LoadBalancingPolicy, _ parameters: PolicyParameters = PolicyParameters(),
        promising promises: Promises = Promises(), seed: UInt64 = 1
    ) {
        self.policy = policy
        self.parameters = parameters
        self.promises = promises
        self.seed = seed
    }

    /// Everything that the policy did wrong; each finding's path names the trial it was found in.
    public func findings() -> [Problem] {
        let refusals = policy.check(parameters).filter { $0.severity == .error }
        guard refusals.isEmpty else { return refusals }
        var findings = checkTraits()
        for trial in trials() {
            findings += checkBytes(trial)
            findings += checkPicks(trial)
            findings += checkReplay(trial)
            findings += checkNoise(trial)
            // Lists that the policy itself refuses need not be served well, only without harm.
            guard !policy.check(trial.hosts, parameters).contains(where: { $0.severity == .error }) else { continue }
            if promises.isConsistent { findings += checkConsistency(trial) }
            if let tolerance = promises.weightTolerance { findings += checkWeights(trial, tolerance) }
        }
        return findings
    }

    private func checkTraits() -> [Problem] {
        let traits = policy.traits(for: parameters)
        var findings: [Problem] = []
        if !(0...8).contains(traits.workerWords) {
            findings.append(finding(.workerWords, "traits", "asks for \(traits.workerWords) words; 0 to 8 there are"))
        }
        if traits != policy.traits(for: parameters) {
            findings.append(finding(.notDeterministic, "traits", "the same parameters give different traits"))
        }
        return findings
    }

    func finding(_ code: Problem.Code, _ trial: String, _ message: String) -> Problem {
        Problem(.error, code, at: trial, message)
    }
}

extension Problem.Code {
    /// A policy gave different answers to the same question.
    public static let notDeterministic = Problem.Code("policy-not-deterministic")
    /// A policy picked an index that is no host, or no host where there was one.
    public static let badPick = Problem.Code("policy-bad-pick")
    /// A policy's picks do not follow the weights, as it promised.
    public static let weightsIgnored = Problem.Code("policy-weights-ignored")
    /// A policy gave one hash different hosts, as it promised not to.
    public static let notConsistent = Problem.Code("policy-not-consistent")
    /// A policy asks for more words a worker than there are.
    public static let workerWords = Problem.Code("policy-worker-words")
}
