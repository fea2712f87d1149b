// Fairlead: tests of compiled clusters
// SPDX-License-Identifier: Apache-2.0

import FairleadCompiler
import FairleadConfiguration
import FairleadDataPlane
import FairleadModel
import FairleadPlugin
import Testing

@Suite struct ClusterCompilerTests {
    /// A policy that writes down what it was given.
    final class Recording: LoadBalancingPolicy {
        let name = "recording"
        let policyTraits: PolicyTraits

        init(_ traits: PolicyTraits) { policyTraits = traits }

        func traits(for parameters: PolicyParameters) -> PolicyTraits { policyTraits }

        func build(_ hosts: HostList, _ parameters: PolicyParameters, into table: inout TableWriter) {
            table.append(UInt32(hosts.count))
            table.append(contentsOf: hosts.weights)
            table.append(UInt32(hosts.localities.count))
            table.append(contentsOf: hosts.localities)
            table.append(contentsOf: hosts.localityWeights)
            for key in hosts.hashKeys { for byte in key.utf8 { table.append(UInt32(byte)) } }
        }

        func makePicker(_ parameters: PolicyParameters) -> PickerSlot { PickerSlot() }
    }

    /// A compiled cluster as plain values.
    struct Compiled {
        let header: ClusterHeader
        let view: BlockView
        let lists: [HostListEntry]
        let targets: [PickTarget]
        let block: Block

        /// The ports of a list, by the cluster's ordinals.
        func ports(_ list: HostListEntry) -> [UInt16] {
            (0..<Int(list.count)).map { index in
                let ordinal = list.ordinals.count == 0 ? Int(list.first) + index : Int(view[list.ordinals, index])
                return view[header.endpoints, ordinal].port
            }
        }

        /// The words of a list's table.
        func words(_ list: HostListEntry) -> [UInt32] {
            let table = view.table(list.table)
            return stride(from: 0, to: table.byteCount, by: 4).map { table.uint32(at: $0) }
        }
    }

    static func compile(
        _ groups: [LocalityEndpoints], _ traits: PolicyTraits = PolicyTraits(), own: Locality? = nil,
        _ change: (inout Cluster) -> Void = { _ in }
    ) -> Compiled {
        var cluster = Cluster(name: "c", endpoints: groups)
        cluster.loadBalancing.policy = "recording"
        change(&cluster)
        let compiled = ClusterCompiler.compile(cluster, cluster.assignment, Recording(traits), own: own)
        let view = compiled.block.view
        let header: ClusterHeader = view.load(0)
        return Compiled(
            header: header, view: view, lists: (0..<Int(header.lists.count)).map { view[header.lists, $0] },
            targets: (0..<Int(header.targets.count)).map { view[header.targets, $0] }, block: compiled.block)
    }

    static func endpoint(_ port: UInt16, weight: UInt32 = 1, _ health: HealthStatus = .unknown) -> Endpoint {
        HostSetTests.endpoint(port, weight: weight, health)
    }

    static func group(
        _ zone: String, priority: Int = 0, weight: UInt32? = nil, _ endpoints: [Endpoint]
    ) -> LocalityEndpoints {
        HostSetTests.group(zone, priority: priority, weight: weight, endpoints)
    }

    // MARK: Lists and targets

    @Test func oneHealthyPriorityIsOneListAndOneTarget() {
        let compiled = Self.compile([Self.group("a", [Self.endpoint(1), Self.endpoint(2), Self.endpoint(3)])])
        #expect(compiled.lists.count == 1)
        #expect(compiled.ports(compiled.lists[0]) == [1, 2, 3])
        // Hosts that stand in a row need no ordinals.
        #expect(compiled.lists[0].ordinals.count == 0)
        #expect(compiled.targets.map { $0.end } == [100])
        #expect(compiled.header.priorityCount == 1)
    }

    @Test func onlyHealthyHostsAreInTheList() {
        let compiled = Self.compile([
            Self.group("a", [Self.endpoint(1), Self.endpoint(2, .unhealthy), Self.endpoint(3), Self.endpoint(4)])
        ])
        #expect(compiled.ports(compiled.lists[0]) == [1, 3, 4])
        #expect(compiled.lists[0].ordinals.count == 3)
    }

    @Test func healthySharesOfAllPrioritiesComeBeforeDegradedOnes() {
        let sick = (10...13).map { Self.endpoint($0, .unhealthy) }
        let compiled = Self.compile([
            Self.group("a", [Self.endpoint(1), Self.endpoint(2, .degraded), Self.endpoint(3, .degraded)] + sick),
            Self.group("a", priority: 1, [Self.endpoint(4), Self.endpoint(5, .unhealthy)]),
        ])
        #expect(compiled.targets.map { $0.end } == [20, 90, 100])
        #expect(compiled.targets.map { $0.priority } == [0, 1, 0])
        #expect(compiled.targets.map { $0.isDegraded } == [0, 0, 1])
        #expect(compiled.targets.map { compiled.ports(compiled.lists[Int($0.list)]) } == [[1], [4], [2, 3]])
    }

    @Test func inPanicTheListHoldsEveryHost() {
        let compiled = Self.compile([
            Self.group(
                "a",
                [
                    Self.endpoint(1), Self.endpoint(2, .unhealthy), Self.endpoint(3, .draining),
                    Self.endpoint(4, .timeout),
                ])
        ])
        #expect(compiled.targets.map { $0.isPanic } == [1])
        #expect(compiled.ports(compiled.lists[0]) == [1, 2, 3, 4])
    }

    @Test func inPanicLocalitiesAreNotChosen() {
        let compiled = Self.compile([
            Self.group("a", weight: 1, [Self.endpoint(1), Self.endpoint(2, .unhealthy), Self.endpoint(3, .unhealthy)]),
            Self.group("b", weight: 9, [Self.endpoint(4, .unhealthy)]),
        ]) { $0.loadBalancing.weighsLocalities = true }
        #expect(compiled.targets.map { $0.localityCount } == [0])
        #expect(compiled.ports(compiled.lists[0]) == [1, 2, 3, 4])
    }

    @Test func aClusterWithoutEndpointsHasAnEmptyList() {
        let compiled = Self.compile([])
        #expect(compiled.targets.map { $0.end } == [100])
        #expect(compiled.lists.map { $0.count } == [0])
        #expect(compiled.header.endpoints.count == 0)
        #expect(compiled.header.priorityCount == 1)
    }

    // MARK: Localities

    @Test func weightedLocalitiesHaveAListEachAndASchedule() {
        let compiled = Self.compile(
            [
                Self.group("b", weight: 3, [Self.endpoint(1), Self.endpoint(2, .unhealthy)]),
                Self.group("a", weight: 1, [Self.endpoint(3)]), Self.group("c", [Self.endpoint(4)]),
            ], PolicyTraits(workerWords: 2)
        ) { $0.loadBalancing.weighsLocalities = true }
        #expect(compiled.targets.count == 1)
        #expect(compiled.targets[0].localityCount == 2)
        // In the order of the localities, and none for the one without weight.
        #expect(compiled.lists.map { compiled.ports($0) } == [[3], [1]])
        #expect(compiled.targets[0].schedule.count > 0)
        // Two words for each list, then the schedule's own.
        #expect(compiled.header.wordsPerList == 2)
        #expect(compiled.targets[0].scheduleWord == 4)
        #expect(compiled.header.pageWords == 5)
    }

    @Test func withoutWeightsThereIsOneListForAll() {
        let compiled = Self.compile([Self.group("a", [Self.endpoint(1)]), Self.group("b", [Self.endpoint(2)])]) {
            $0.loadBalancing.weighsLocalities = true
        }
        #expect(compiled.targets[0].localityCount == 0)
        #expect(compiled.lists.map { compiled.ports($0) } == [[1, 2]])
    }

    @Test func theOwnLocalityComesFirst() {
        let groups = [Self.group("a", weight: 1, [Self.endpoint(1)]), Self.group("b", weight: 1, [Self.endpoint(2)])]
        let compiled = Self.compile(groups, own: Locality(zone: "b")) { $0.loadBalancing.weighsLocalities = true }
        #expect(compiled.lists.map { compiled.ports($0) } == [[2], [1]])
        let zones = (0..<2).map { compiled.view.bytes(compiled.view[compiled.header.localities, $0].zone).string }
        #expect(zones == ["b", "a"])
    }

    // MARK: Policies of a priority

    @Test func aPolicyOfPrioritiesSharesOneTableForHealthyAndDegradedLoad() {
        let compiled = Self.compile(
            [
                Self.group("a", [Self.endpoint(1), Self.endpoint(2, .degraded), Self.endpoint(3, .unhealthy)]),
                Self.group("a", priority: 1, [Self.endpoint(4, .unhealthy)]),
            ], PolicyTraits(scope: .priority)
        ) { $0.loadBalancing.panicThreshold = 0 }
        #expect(compiled.header.hashDecidesPriority == 1)
        #expect(compiled.targets.map { $0.isDegraded } == [0, 1])
        #expect(compiled.targets.map { $0.list } == [0, 0])
        // The healthy ones alone.
        #expect(compiled.lists.map { compiled.ports($0) } == [[1]])
    }

    @Test func consistentHashingIsToldOfLocalitiesAndLeavesOutThoseWithoutWeight() {
        let compiled = Self.compile(
            [
                Self.group(
                    "b", weight: 3,
                    [Self.endpoint(1, weight: 5), Self.endpoint(2, .unhealthy), Self.endpoint(3, weight: 6)]),
                Self.group("a", weight: 2, [Self.endpoint(4, weight: 7)]), Self.group("c", [Self.endpoint(5)]),
            ], PolicyTraits(scope: .priority)
        ) { $0.loadBalancing.weighsLocalities = true }
        #expect(compiled.ports(compiled.lists[0]) == [1, 3, 4])
        // Weights; localities by number (a, b, c); their weights.
        #expect(compiled.words(compiled.lists[0]) == [3, 5, 6, 7, 3, 1, 1, 0, 2, 3, 0])
    }

    /// As in Envoy: a locality without weight gets nothing, and if none has any there is nothing at all.
    @Test func whereLocalitiesAreWeighedButHaveNoWeightsConsistentHashingHasNoHosts() {
        let compiled = Self.compile(
            [Self.group("b", [Self.endpoint(1)]), Self.group("a", [Self.endpoint(2)])], PolicyTraits(scope: .priority)
        ) { $0.loadBalancing.weighsLocalities = true }
        #expect(compiled.lists.map { $0.count } == [0])
    }

    // MARK: What is hashed

    static func keys(_ traits: PolicyTraits, hashesHostnames: Bool = false) -> String {
        var named = endpoint(2)
        named.hostname = "host"
        var keyed = endpoint(3)
        keyed.hostname = "other"
        keyed.metadata = Metadata([.init("envoy.lb", .structure([.init("hash_key", .text("key"))]))])
        let compiled = compile([group("a", [endpoint(1), named, keyed])], traits) {
            $0.loadBalancing.hashesHostnames = hashesHostnames
        }
        let words = compiled.words(compiled.lists[0])
        return String(decoding: words.dropFirst(5).map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
    }

    @Test func keysAreMadeForPoliciesThatNeedThem() {
        #expect(Self.keys(PolicyTraits()) == "")
        #expect(Self.keys(PolicyTraits(needsHashKeys: true)) == "10.0.0.1:110.0.0.1:2key")
        // By the cluster's wish, or by the policy's.
        #expect(Self.keys(PolicyTraits(needsHashKeys: true), hashesHostnames: true) == "hostkey")
        #expect(Self.keys(PolicyTraits(needsHashKeys: true, prefersHostnames: true)) == "hostkey")
    }

    // MARK: The rest of the block

    @Test func theHeaderHoldsTheClustersNumbers() {
        let compiled = Self.compile([Self.group("a", [Self.endpoint(1)])]) { cluster in
            cluster.name = "shop"
            cluster.connectTimeout = .milliseconds(250)
            cluster.circuitBreakers.normal.retries = 7
            cluster.circuitBreakers.high.retries = .max
            cluster.assignment.dropOverload = .init(category: "x", fraction: Fraction(5, of: .tenThousand))
        }
        let header = compiled.header
        #expect(compiled.view.bytes(header.name).string == "shop")
        #expect(compiled.view.bytes(header.policy).string == "recording")
        #expect(header.connectTimeout == 250_000_000)
        #expect(compiled.view[header.breakers, 0].retries == 7 && compiled.view[header.breakers, 1].retries == .max)
        #expect(header.dropNumerator == 5 && header.dropDenominator == 10_000)
    }

    @Test(arguments: [(-3, 0), (0, 0), (1, 1), (8, 8), (9, 8), (1_000_000, 8)])
    func aPolicyGetsEightWordsAtMost(wanted: Int, granted: Int) {
        let compiled = Self.compile([Self.group("a", [Self.endpoint(1)])], PolicyTraits(workerWords: wanted))
        #expect(compiled.header.wordsPerList == UInt32(granted))
        #expect(compiled.header.pageWords == UInt32(granted))
    }

    /// As Envoy makes a whole number of the percentage: 33.9 becomes 33, and what rounding makes of 29 is 28.
    @Test(arguments: [(33.9, 33), (29, 28), (50, 50), (100, 100), (0.9, 0)])
    func thePanicThresholdIsAWholeNumber(threshold: Double, percent: Int) {
        // Healthy hosts just below the whole number, and just at it.
        for (healthy, isPanic) in [(percent - 1, true), (percent, false)] where (0...69).contains(healthy) {
            let endpoints = (0..<100).map { Self.endpoint($0, Int($0) < healthy ? .healthy : .unhealthy) }
            let compiled = Self.compile([Self.group("a", endpoints)]) { $0.loadBalancing.panicThreshold = threshold }
            #expect(compiled.targets.allSatisfy { ($0.isPanic == 1) == isPanic }, "\(healthy) of 100")
        }
    }

    @Test func theSameClusterGivesTheSameBytes() {
        let groups = (0..<40).map { number in
            Self.group(
                "z\(number % 7)", priority: number % 3, weight: UInt32(number % 5 + 1),
                [Self.endpoint(UInt16(number), weight: UInt32(number + 1), number % 4 == 0 ? .degraded : .healthy)])
        }
        for traits in [PolicyTraits(workerWords: 1), PolicyTraits(scope: .priority, needsHashKeys: true)] {
            for weighs in [false, true] {
                let blocks = (0..<2).map { _ in
                    Self.compile(groups, traits) { $0.loadBalancing.weighsLocalities = weighs }.block
                }
                #expect(blocks[0].bytes == blocks[1].bytes)
                #expect(blocks[0].hasSameBytes(as: blocks[1]))
            }
        }
    }
}
