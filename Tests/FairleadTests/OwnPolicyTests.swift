// Fairlead: tests of policies that a user brings along
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct OwnPolicyTests {
    static func scene(_ policy: ScriptedPolicy, _ cluster: Cluster = .fixed("c", 1, 2, 3)) throws -> Scene {
        var cluster = cluster
        cluster.loadBalancing.policy = policy.name
        return try Scene(Configuration(clusters: [cluster]), options: .scene(with: policy))
    }

    @Test func itPicksLikeTheBuiltInOnes() throws {
        let last = ScriptedPolicy("last") { _, context in context.loads.count - 1 }
        let scene = try Self.scene(last)
        #expect(scene.picks(3) == ["10.0.0.1:3", "10.0.0.1:3", "10.0.0.1:3"])
        try scene.engine.apply(
            ConfigurationUpdate([.setEndpoint(.at(7), locality: Locality(), priority: 0, assignment: "c")]))
        scene.worker.refresh()
        #expect(scene.picks(1) == ["10.0.0.1:7"])
        #expect(scene.engine.clusterStatistics[0].policy == "last")
        #expect(scene.worker.count(.policyFaults) == 0)
    }

    @Test func itReadsTheTableThatItWrote() throws {
        // The heaviest host: its table holds the number of hosts and their weights.
        let heaviest = ScriptedPolicy("heaviest") { table, context in
            let count = Int(table.uint64(at: 0))
            guard count == context.loads.count else { return -1 }
            return (0..<count).max { table.uint32(at: 8 + $0 * 4) < table.uint32(at: 8 + $1 * 4) } ?? -1
        }
        let scene = try Self.scene(heaviest, .of("c", [.at(1, weight: 3), .at(2, weight: 9), .at(3, weight: 5)]))
        #expect(scene.picks(2) == ["10.0.0.1:2", "10.0.0.1:2"])
    }

    @Test func itSeesTheHashAndWhereItIsFrom() throws {
        let policy = ScriptedPolicy("hash") { _, context in context.hasHash ? Int(context.hash % 3) : 2 }
        let scene = try Self.scene(policy)
        #expect(
            (0..<4).map { scene.picks(1, hash: UInt64($0))[0] } == [
                "10.0.0.1:1", "10.0.0.1:2", "10.0.0.1:3", "10.0.0.1:1",
            ])
        #expect(scene.picks(2) == ["10.0.0.1:3", "10.0.0.1:3"])
    }

    @Test func itSeesHowBusyItsHostsAre() throws {
        let idlest = ScriptedPolicy("idlest") { _, context in
            let loads = context.loads
            return (0..<loads.count).min { loads.activeRequests($0) < loads.activeRequests($1) } ?? -1
        }
        let scene = try Self.scene(idlest)
        var exchange = scene.worker.begin(cluster: "c")
        var first = Attempt()
        var second = Attempt()
        var third = Attempt()
        var fourth = Attempt()
        #expect(scene.worker.pick(&exchange, &first) == .endpoint)
        #expect(scene.worker.pick(&exchange, &second) == .endpoint)
        #expect(scene.worker.pick(&exchange, &third) == .endpoint)
        let ports = [first.endpoint?.port, second.endpoint?.port, third.endpoint?.port]
        #expect(ports == [1, 2, 3])
        scene.worker.report(&second, .response(200), &exchange)
        #expect(scene.worker.pick(&exchange, &fourth) == .endpoint)
        #expect(fourth.endpoint?.port == 2)
        scene.worker.report(&first, .response(200), &exchange)
        scene.worker.report(&third, .response(200), &exchange)
        scene.worker.report(&fourth, .response(200), &exchange)
        scene.worker.end(&exchange)
    }

    @Test func itKeepsWordsForEachWorkerAndList() throws {
        // The second word counts the picks of this worker in this list.
        let policy = ScriptedPolicy("counter", traits: PolicyTraits(workerWords: 2)) { _, context in
            guard context.words.count == 2, context.words[0] == 0 else { return -1 }
            let turn = context.words[1]
            context.words[1] = turn + 1
            return Int(turn) % context.loads.count
        }
        var cluster = Cluster(
            name: "c",
            endpoints: [
                LocalityEndpoints(locality: Locality(zone: "a"), weight: 1, endpoints: [.at(1), .at(2)]),
                LocalityEndpoints(locality: Locality(zone: "b"), weight: 1, endpoints: [.at(3), .at(4)]),
            ])
        cluster.loadBalancing.weighsLocalities = true
        let scene = try Self.scene(policy, cluster)
        let picks = scene.picks(8)
        // Each locality's hosts take turns of their own.
        for pair in [["10.0.0.1:1", "10.0.0.1:2"], ["10.0.0.1:3", "10.0.0.1:4"]] {
            let turns = picks.filter { pair.contains($0) }
            #expect(turns == [pair[0], pair[1], pair[0], pair[1]])
        }
        // Another worker starts from its own beginning.
        let other = try scene.engine.makeWorker()
        var exchange = other.begin(cluster: "c")
        var attempt = Attempt()
        #expect(other.pick(&exchange, &attempt) == .endpoint)
        let port = attempt.endpoint?.port
        #expect(port == 1 || port == 3)
        other.report(&attempt, .response(200), &exchange)
        other.end(&exchange)
    }

    @Test func itIsAskedAgainForHostsThatWereTried() throws {
        let scene = try Scene(
            routes: [
                .forward {
                    var policy = RetryPolicy(on: .serverError)
                    policy.avoidsPreviousHosts = true
                    policy.hostSelectionAttempts = 3
                    $0.retryPolicy = policy
                }
            ],
            clusters: [.of("c", [.at(1), .at(2), .at(3)], policy: "attempts")],
            options: .scene(with: ScriptedPolicy("attempts") { _, context in Int(context.attempt) }))
        let request = Request(authority: "a", path: "/")
        var exchange = scene.worker.begin(request.view)
        #expect(scene.pickOnce(&exchange, .response(503)) == "10.0.0.1:1")
        #expect(scene.pickOnce(&exchange, .response(503)) == "10.0.0.1:2")
        scene.worker.end(&exchange)
    }

    @Test func itCanDecideThePriorityByTheHash() throws {
        let policy = ScriptedPolicy("sticky", traits: PolicyTraits(scope: .priority)) { _, context in
            Int(context.hash % UInt64(context.loads.count))
        }
        let cluster = Cluster(
            name: "c",
            endpoints: [
                LocalityEndpoints(endpoints: [.at(1), .at(2, .unhealthy)]),
                LocalityEndpoints(priority: 1, endpoints: [.at(3)]),
            ])
        let scene = try Self.scene(policy, cluster)
        for hash in UInt64(0)..<100 {
            #expect(scene.picks(1, hash: hash) == [hash < 70 ? "10.0.0.1:1" : "10.0.0.1:3"])
        }
    }

    // MARK: Answers that are none

    @Test(arguments: [3, 4, 9999, Int.max, Int(UInt32.max), 1 << 32, 1 << 40])
    func anIndexThatIsNoHostIsContainedAndCounted(index: Int) throws {
        let scene = try Self.scene(ScriptedPolicy("wild") { _, _ in index })
        #expect(scene.picks(3) == ["-", "-", "-"])
        #expect(scene.worker.count(.policyFaults) == 3)
        #expect(scene.worker.count(.noEndpoint) == 3)
        #expect(scene.worker.count(.picks) == 0)
        #expect(scene.engine.statistics[.policyFaults] == 3)
        #expect(scene.engine.clusterStatistics[0][.noEndpoint] == 3)
        #expect(scene.engine.clusterStatistics[0].endpoints.allSatisfy { $0.startedRequests == 0 })
        #expect(scene.worker.openExchanges == 0)
    }

    @Test(arguments: [-1, -2, -9999, Int.min])
    func aNegativeIndexMeansNoHostAndIsNoFault(index: Int) throws {
        let scene = try Self.scene(ScriptedPolicy("none") { _, _ in index })
        #expect(scene.picks(3) == ["-", "-", "-"])
        #expect(scene.worker.count(.policyFaults) == 0)
        #expect(scene.worker.count(.noEndpoint) == 3)
    }

    @Test func wordsBeyondItsOwnAreNobodys() throws {
        // It writes far beyond the two words it has; a round-robin cluster beside it goes on in turn.
        let policy = ScriptedPolicy("scribbler", traits: PolicyTraits(workerWords: 2)) { _, context in
            for index in [-1, 2, 3, 64, 4096, Int.max] { context.words[index] = .max }
            return 0
        }
        var cluster = Cluster.fixed("c", 1)
        cluster.loadBalancing.policy = "scribbler"
        let scene = try Scene(Configuration(clusters: [cluster, .fixed("d", 2, 3)]), options: .scene(with: policy))
        let first = scene.picks(2, of: "d")
        for _ in 0..<10 {
            _ = scene.picks(1)
            #expect(scene.picks(2, of: "d") == first)
        }
    }

    // MARK: Registering

    @Test func aPolicyCanBeRegisteredLater() throws {
        let engine = Engine(options: .scene)
        let cluster = Cluster.of("c", [.at(1), .at(2)], policy: "late")
        #expect(throws: ProblemList.self) { try engine.apply(ConfigurationUpdate([.setCluster(cluster)])) }
        #expect(engine.register(ScriptedPolicy("late") { _, _ in 1 }))
        #expect(!engine.register(ScriptedPolicy("late") { _, _ in 0 }))
        #expect(engine.policyNames.contains("late"))
        try engine.apply(ConfigurationUpdate([.setCluster(cluster)]))
        let worker = try engine.makeWorker()
        var exchange = worker.begin(cluster: "c")
        var attempt = Attempt()
        #expect(worker.pick(&exchange, &attempt) == .endpoint)
        #expect(attempt.endpoint?.port == 2)
        worker.report(&attempt, .response(200), &exchange)
        worker.end(&exchange)
    }

    @Test func itsOwnCanStandInForABuiltInOne() throws {
        let mine = ScriptedPolicy(LoadBalancing.roundRobin) { _, _ in 0 }
        let scene = try Self.scene(mine)
        #expect(scene.picks(3) == ["10.0.0.1:1", "10.0.0.1:1", "10.0.0.1:1"])
        #expect(!Engine().register(mine))
    }
}
