// Fairlead: a policy on a bench, without an engine
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel
public import FairleadPlugin

/// One policy with one host list, one worker and no engine: builds the table, keeps the worker's words and picks.
///
///     let rig = PolicyRig(MyPolicy(), .weighted([1, 2, 5]))
///     let counts = rig.counts(of: 800)
public final class PolicyRig {
    /// The hosts, to be made busy.
    public private(set) var hosts: FakeHosts
    /// The bytes of the table.
    public private(set) var table: [UInt8] = []
    /// The worker's random source.
    public var random: RandomSource
    /// Whether the picker is told how many requests the cluster has; else it has to find out.
    public var tellsClusterRequests = true

    private let policy: any LoadBalancingPolicy
    private let parameters: PolicyParameters
    private let picker: PickerSlot
    private let words: PinnedWords
    private var pinned = PinnedWords([])

    /// The policy with its table for `list`; `seed` decides all that is random.
    public convenience init(
        _ policy: any LoadBalancingPolicy, _ list: HostList, _ parameters: PolicyParameters = PolicyParameters(),
        seed: UInt64 = 1
    ) {
        self.init(policy, hostCount: list.count, parameters, table: policy.table(list, parameters), seed: seed)
    }

    /// The policy with a table that was built before.
    init(
        _ policy: any LoadBalancingPolicy, hostCount: Int, _ parameters: PolicyParameters, table: [UInt8], seed: UInt64
    ) {
        self.policy = policy
        self.parameters = parameters
        random = RandomSource(seed: seed)
        picker = policy.makePicker(parameters)
        words = PinnedWords(zeros: policy.traits(for: parameters).workerWords)
        hosts = FakeHosts(hostCount)
        replaceTable(by: table)
    }

    /// An update: another list with idle hosts and a new table, while the worker keeps its words.
    public func replaceHosts(by list: HostList) {
        hosts = FakeHosts(list.count)
        replaceTable(by: policy.table(list, parameters))
    }

    /// Puts any bytes in the place of the table.
    public func replaceTable(by bytes: [UInt8]) {
        table = bytes
        pinned = PinnedWords(bytes)
    }

    /// The worker's own words.
    public var workerWords: [UInt64] {
        get { words.words }
        set { words.words = newValue }
    }

    /// What the picker picks: an index, or a negative number. Without a hash it gets random bits.
    public func pick(hash: UInt64? = nil, attempt: UInt32 = 0) -> Int {
        let bits = hash ?? random.next()
        return hosts.withLoads { loads in
            words.withWorkerWords { words in
                pinned.withTable { table in
                    var context = PickContext(
                        random: random, hash: bits, hasHash: hash != nil, attempt: attempt, loads: loads, words: words,
                        clusterActiveRequests: tellsClusterRequests ? hosts.activeRequests : -1)
                    let index = picker.pick(table, &context)
                    random = context.random
                    return index
                }
            }
        }
    }

    /// The next `count` picks.
    public func picks(_ count: Int) -> [Int] { (0..<count).map { _ in pick() } }

    /// How often each host comes among the next `count` picks; picks out of range are left out.
    public func counts(of count: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: hosts.count)
        for _ in 0..<count {
            let index = pick()
            if counts.indices.contains(index) { counts[index] += 1 }
        }
        return counts
    }
}

extension LoadBalancingPolicy {
    /// The bytes of the table for `hosts`.
    func table(_ hosts: HostList, _ parameters: PolicyParameters) -> [UInt8] {
        var writer = TableWriter()
        build(hosts, parameters, into: &writer)
        return writer.bytes
    }
}
