// Fairlead: compiling a cluster
// SPDX-License-Identifier: Apache-2.0

public import FairleadConfiguration
public import FairleadDataPlane
public import FairleadModel
public import FairleadPlugin

/// A compiled cluster: its block, and what the engine needs to hang its companions beside it.
public struct CompiledCluster {
    /// The block; its picker hangs beside it already, the slots and pages do not yet.
    public let block: Block
    /// The addresses of the endpoints by ordinal: the identities that keep their slots.
    public let addresses: [Address]
    /// How many words its policy keeps on each worker's page.
    public let pageWords: Int
    /// The name of its policy.
    public let policy: String
}

/// Compiles one cluster into its block. Its inputs are the cluster, its assignment, the policy, where the engine stands,
/// runtime values and what was observed of the endpoints; the same inputs give the same bytes.
public struct ClusterCompiler {
    let cluster: Cluster
    let hosts: HostSet
    var writer = BlockWriter(header: ClusterHeader.self)
    private let assignment: EndpointAssignment
    private let policy: any LoadBalancingPolicy
    private let traits: PolicyTraits
    private let zones: ZoneRouting
    private let local: LocalHosts?
    private let own: Locality?
    private let panicThreshold: Double
    private let runtime: RuntimeValues
    private var lists: [HostListEntry] = []
    private var targets: [PickTarget] = []
    private var scheduleCount = 0

    private init(
        _ cluster: Cluster, _ assignment: EndpointAssignment, _ policy: any LoadBalancingPolicy, own: Locality?,
        local: LocalHosts?, zones: ZoneRouting, seed: UInt64, _ runtime: RuntimeValues,
        _ states: [Address: EndpointState]
    ) {
        self.runtime = runtime
        self.cluster = cluster
        let limit = cluster.loadBalancing.endpointLimit
        let assignment = limit.map { assignment.limited(to: Int($0), seed: RandomSource.mixed(seed)) } ?? assignment
        self.assignment = assignment
        self.policy = policy
        self.own = own
        self.local = local
        self.zones = zones
        // As Envoy turns a percentage into a whole number: 33.9 becomes 33, and rounding makes 28 of 29.
        panicThreshold = (100 * (cluster.loadBalancing.panicThreshold / 100)).rounded(.towardZero)
        traits = policy.traits(for: cluster.loadBalancing.parameters)
        hosts = HostSet(assignment, own: own, states: states)
    }

    /// Compiles `cluster` with the endpoints of `assignment`; both have passed `Compiler.check`. `local` are the hosts of
    /// the cluster that the engine belongs to, and `zones` how requests stay in their zone, under the runtime's values; `seed`
    /// decides which endpoints are used where their number is limited.
    public static func compile(
        _ cluster: Cluster, _ assignment: EndpointAssignment, _ policy: any LoadBalancingPolicy, own: Locality?,
        local: LocalHosts? = nil, zones: ZoneRouting? = nil, seed: UInt64 = 0,
        runtime: RuntimeValues = RuntimeValues(), states: [Address: EndpointState] = [:]
    ) -> CompiledCluster {
        var compiler = ClusterCompiler(
            cluster, assignment, policy, own: own, local: local, zones: zones ?? cluster.loadBalancing.zones,
            seed: seed, runtime, states)
        return compiler.compile()
    }

    private mutating func compile() -> CompiledCluster {
        var header = ClusterHeader()
        header.name = writer.text(cluster.name)
        header.policy = writer.text(cluster.loadBalancing.policy)
        header.connectTimeout = cluster.connectTimeout.wholeNanoseconds
        header.breakers = writer.append(cluster.thresholds(with: runtime).map { BreakerRecord($0) })
        if let drop = assignment.dropOverload {
            header.dropNumerator = drop.fraction.numerator
            header.dropDenominator = drop.fraction.denominator.rawValue
        }
        header.hashDecidesPriority = traits.scope == .priority ? 1 : 0
        header.priorityCount = UInt32(hosts.priorities.count)
        let texts = writer.append(bytes: hosts.texts)
        header.endpoints = writer.append(hosts.entries.map { $0.moved(from: 0, to: Int(texts.offset)) })
        header.localities = writer.append(
            hosts.localities.map {
                LocalityEntry(
                    region: writer.text($0.region), zone: writer.text($0.zone), subZone: writer.text($0.subZone))
            })
        header.metadata = writer.append(metadata: cluster.metadata)
        header.overrides = writeOverrides()
        let everyone = addTargets(for: HostMembers(hosts, cluster.loadBalancing))
        let subsets = addSubsets()
        let wordsPerList = min(max(traits.workerWords, 0), 8)
        header.wordsPerList = UInt32(wordsPerList)
        let listWords = lists.count * wordsPerList
        header.pageWords = UInt32(listWords + scheduleCount)
        for index in targets.indices { targets[index].scheduleWord += UInt32(listWords) }
        header.lists = writer.append(lists)
        let placed = writer.append(targets)
        header.targets = placed.part(everyone)
        if let subsets { header.subsets = write(subsets, placed) }
        writer.setHeader(header)
        let block = writer.finish()
        block.attach(picker: policy.makePicker(cluster.loadBalancing.parameters))
        return CompiledCluster(
            block: block, addresses: hosts.entries.indices.map { hosts.endpoint($0).address },
            pageWords: Int(header.pageWords),
            policy: cluster.loadBalancing.policy)
    }

    /// Writes where requests name their endpoints, and the index of these; none when they do not.
    private mutating func writeOverrides() -> BlockReference<OverrideRecord> {
        let sources = cluster.loadBalancing.overrideSources
        guard !sources.isEmpty else { return .none }
        let records = sources.map { source in
            switch source {
            case .header(let name):
                OverrideSourceRecord(header: writer.text(ASCII.lowercased(name)), filter: .empty, path: .empty)
            case .metadata(let filter, let path):
                OverrideSourceRecord(
                    header: .empty, filter: writer.text(filter), path: writer.append(path.map { writer.text($0) }))
            }
        }
        let places = HashPlaces.of(hosts.entries.indices.map { XXHash64.hash(hosts.endpoint($0).address.text) })
        return writer.append(
            shared: OverrideRecord(sources: writer.append(records), places: writer.append(places)))
    }

    /// Adds the places where the load of `members` goes; answers which of all targets they are. Healthy shares of all
    /// priorities come first, then degraded ones: the order in which a pick walks them.
    mutating func addTargets(for members: HostMembers<some RandomAccessCollection<Int>>) -> Range<Int> {
        let start = targets.count
        let health = members.priorities.map {
            hosts.health(of: $0, weighted: assignment.weighsPriorityHealth)
        }
        let loads = PriorityLoad.shares(
            health, overprovisioningFactor: assignment.overprovisioningFactor,
            panicThreshold: panicThreshold)
        var end: UInt32 = 0
        var shared: [Int: UInt32] = [:]
        for (priority, load) in loads.enumerated() where load.healthy > 0 {
            end += load.healthy
            addTarget(members, priority, load, end: end, isDegraded: false, &shared)
        }
        for (priority, load) in loads.enumerated() where load.degraded > 0 {
            end += load.degraded
            addTarget(members, priority, load, end: end, isDegraded: true, &shared)
        }
        return start..<targets.count
    }

    private mutating func addTarget(
        _ members: HostMembers<some RandomAccessCollection<Int>>, _ priority: Int, _ load: PriorityLoad, end: UInt32,
        isDegraded: Bool, _ shared: inout [Int: UInt32]
    ) {
        let weights = members.weights?[priority]
        var target = PickTarget(
            end: end, list: UInt32(lists.count), localityCount: 0, scheduleWord: 0, schedule: .empty,
            priority: UInt16(truncatingIfNeeded: priority), isPanic: load.isPanic, isDegraded: isDegraded)
        let condition: HealthStatus.Condition = isDegraded ? .degraded : .healthy
        if load.isPanic, traits.scope == .hostList, zones.failsInPanic {
            addList([], weights)
            targets.append(target)
            return
        }
        if traits.scope == .priority || load.isPanic {
            // One table serves both shares of the priority.
            if let list = shared[priority] {
                target.list = list
            } else {
                shared[priority] = target.list
                addList(hosts.ordinals(members.priorities[priority], in: load.isPanic ? nil : .healthy), weights)
            }
        } else if let weights, addLocalities(members.priorities[priority], weights, condition, &target) {
            // The lists were added one a locality.
        } else {
            addList(hosts.ordinals(members.priorities[priority], in: condition), weights)
            if priority == 0 { addZones(members.priorities[0], condition, &target) }
        }
        targets.append(target)
    }

    /// Adds, behind the list of all hosts, one for each locality, where requests stay in the engine's own one.
    private mutating func addZones(
        _ ordinals: some Collection<Int>, _ condition: HealthStatus.Condition, _ target: inout PickTarget
    ) {
        guard traits.keepsZones, let local, let shares = ZoneShares(hosts, ordinals, zones, local, own: own) else {
            return
        }
        let isPanic = local.isPanic(threshold: panicThreshold)
        if isPanic, !zones.failsInPanic { return }
        target.zones = writer.append(
            shared: ZoneRecord(
                residuals: writer.append(shares.residuals.map { UInt32($0) }), own: UInt32(shares.own),
                share: zones.share, hasOwn: shares.hasOwn, fails: isPanic))
        target.localityCount = UInt32(shares.localities.count)
        var members = [[Int]](repeating: [], count: hosts.localities.count)
        for ordinal in hosts.ordinals(ordinals, in: condition) {
            members[Int(hosts.entries[ordinal].locality)].append(ordinal)
        }
        for locality in shares.localities { addList(members[locality], nil) }
    }

    /// Adds a list for each locality with weight; answers whether there was any.
    private mutating func addLocalities(
        _ ordinals: some Collection<Int>, _ weights: [UInt32], _ condition: HealthStatus.Condition,
        _ target: inout PickTarget
    ) -> Bool {
        let shares = hosts.shares(
            of: ordinals, weights: weights, condition, factor: assignment.overprovisioningFactor)
        guard !shares.isEmpty else { return false }
        for share in shares { addList(share.ordinals, weights) }
        var table = TableWriter()
        WeightedSchedule.write(shares.map { $0.weight }, into: &table)
        target.schedule = writer.append(bytes: table.bytes)
        target.localityCount = UInt32(shares.count)
        target.scheduleWord = UInt32(scheduleCount)
        scheduleCount += WeightedSchedule.workerWords
        return true
    }

    private mutating func addList(_ members: [Int], _ weights: [UInt32]?) {
        var ordinals = members
        let list = self.list(&ordinals, weights)
        var table = TableWriter()
        policy.build(list, cluster.loadBalancing.parameters, into: &table)
        let isRun = ordinals.isEmpty || ordinals[ordinals.count - 1] - ordinals[0] == ordinals.count - 1
        lists.append(
            HostListEntry(
                ordinals: isRun ? .empty : writer.append(ordinals.map { UInt32($0) }),
                first: UInt32(ordinals.first ?? 0), count: UInt32(ordinals.count),
                table: writer.append(bytes: table.bytes)))
    }

    /// The hosts as the policy gets them. Where localities are weighted, consistent hashing leaves out those without
    /// weight.
    private func list(_ ordinals: inout [Int], _ weights: [UInt32]?) -> HostList {
        let localityWeights = traits.scope == .priority ? weights : nil
        if let localityWeights {
            ordinals.removeAll { localityWeights[Int(hosts.entries[$0].locality)] == 0 }
        }
        var list = HostList(weights: ordinals.map { hosts.entries[$0].weight })
        if let localityWeights {
            list.localities = ordinals.map { UInt32(hosts.entries[$0].locality) }
            list.localityWeights = localityWeights
        }
        if traits.needsHashKeys {
            let usesHostname = cluster.loadBalancing.hashesHostnames || traits.prefersHostnames
            list.hashKeys = ordinals.map { hosts.endpoint($0).hashKey(usingHostname: usesHostname) }
        }
        return list
    }
}
