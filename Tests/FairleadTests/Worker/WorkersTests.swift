// Fairlead: tests of workers coming and going
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct WorkersTests {
    static func options(_ maximum: Int, seed: UInt64 = 0) -> EngineOptions {
        var options = EngineOptions.scene
        options.maximumWorkers = maximum
        options.seed = seed
        return options
    }

    @Test func thereAreNoMoreWorkersThanAllowed() throws {
        let engine = Engine(options: Self.options(3))
        var workers = try (0..<3).map { _ in try engine.makeWorker() }
        #expect(throws: WorkerLimitReached.self) { try engine.makeWorker() }
        #expect(engine.statistics.workers == 3)
        workers.removeFirst()
        workers.append(try engine.makeWorker())
        do {
            _ = try engine.makeWorker()
            Issue.record("a fourth worker was made")
        } catch {
            #expect(error.maximum == 3)
        }
        workers.removeAll()
        #expect(engine.statistics.workers == 0)
        _ = try engine.makeWorker()
    }

    @Test(arguments: [(-5, 1), (0, 1), (1, 1), (64, 64)])
    func theMaximumIsAtLeastOne(asked: Int, given: Int) throws {
        let engine = Engine(options: Self.options(asked))
        var workers: [Worker] = []
        for _ in 0..<given { workers.append(try engine.makeWorker()) }
        #expect(throws: WorkerLimitReached.self) { try engine.makeWorker() }
        #expect(workers.count == given)
    }

    @Test func aNewWorkerHasAdoptedWhatIsCurrent() throws {
        let scene = try Scene(routes: [.forward()])
        try scene.engine.apply(ConfigurationUpdate([.setCluster(.fixed("c", 2))]))
        let worker = try scene.engine.makeWorker()
        #expect(worker.generation == 3)
        #expect(!worker.refresh())
        #expect(worker.count(.adoptions) == 0)
    }

    @Test func adoptionsAreCounted() throws {
        let scene = try Scene(routes: [.forward()])
        for port: UInt16 in 2...4 {
            try scene.engine.apply(ConfigurationUpdate([.setCluster(.fixed("c", port))]))
            scene.worker.refresh()
            scene.worker.refresh()
        }
        // Several at once are one.
        for port: UInt16 in 5...7 { try scene.engine.apply(ConfigurationUpdate([.setCluster(.fixed("c", port))])) }
        scene.worker.refresh()
        #expect(scene.worker.count(.adoptions) == 4)
        #expect(scene.engine.statistics[.adoptions] == 4)
    }

    /// Pages are made for every worker there is when a cluster comes, and for every cluster there is when a worker comes.
    @Test func workersAndClustersMayComeInAnyOrder() throws {
        let engine = Engine(options: Self.options(4))
        let first = try engine.makeWorker()
        try engine.apply(ConfigurationUpdate([.setCluster(.fixed("a", 1, 2))]))
        let second = try engine.makeWorker()
        try engine.apply(ConfigurationUpdate([.setCluster(.fixed("b", 3, 4))]))
        let third = try engine.makeWorker()
        for worker in [first, second, third] {
            worker.refresh()
            for (name, ports) in [("a", [1, 2]), ("b", [3, 4])] {
                var seen: [Int] = []
                for _ in 0..<4 {
                    var exchange = worker.begin(cluster: name)
                    var attempt = Attempt()
                    #expect(worker.pick(&exchange, &attempt) == .endpoint)
                    seen.append(Int(attempt.endpoint?.port ?? 0))
                    worker.report(&attempt, .response(200), &exchange)
                    worker.end(&exchange)
                }
                // It takes turns, so it has words of its own.
                #expect(Set(seen.prefix(2)) == Set(ports))
                #expect(seen[0] == seen[2] && seen[1] == seen[3])
            }
        }
        #expect(engine.clusterStatistics.map { $0[.requests] } == [12, 12])
    }

    @Test func turnsOfWorkersThatAreGoneDoNotHauntTheNext() throws {
        let engine = try Engine(Configuration(clusters: [.fixed("c", 1, 2, 3)]), options: Self.options(1))
        for _ in 0..<5 {
            let worker = try engine.makeWorker()
            var seen: Set<UInt16> = []
            for _ in 0..<3 {
                var exchange = worker.begin(cluster: "c")
                var attempt = Attempt()
                #expect(worker.pick(&exchange, &attempt) == .endpoint)
                seen.insert(attempt.endpoint?.port ?? 0)
                worker.report(&attempt, .response(200), &exchange)
                worker.end(&exchange)
            }
            #expect(seen == [1, 2, 3])
        }
    }

    @Test func whatWorkersCountedStaysWhenTheyGo() throws {
        let engine = try Engine(Configuration(clusters: [.fixed("c", 1)]), options: Self.options(2))
        for round in 1...3 {
            let worker = try engine.makeWorker()
            for _ in 0..<2 {
                var exchange = worker.begin(cluster: "c")
                var attempt = Attempt()
                #expect(worker.pick(&exchange, &attempt) == .endpoint)
                worker.report(&attempt, .response(500), &exchange)
                worker.end(&exchange)
            }
            #expect(worker.count(.picks) == 2)
            #expect(engine.statistics[.picks] == UInt64(2 * round))
        }
        #expect(engine.statistics.workers == 0)
        #expect(engine.statistics[.exchanges] == 6)
        #expect(engine.clusterStatistics[0][.requests] == 6)
        #expect(engine.clusterStatistics[0][.failures] == 6)
    }

    @Test func aWorkerWithOpenExchangesIsKept() throws {
        let engine = try Engine(Configuration(clusters: [.fixed("c", 1)]), options: Self.options(1))
        var worker: Worker? = try engine.makeWorker()
        var exchange = worker?.begin(cluster: "c") ?? Exchange()
        #expect(worker?.openExchanges == 1)
        worker = nil
        // Somebody may still read what the exchange holds, so its place is not given away.
        #expect(engine.statistics.workers == 1)
        #expect(throws: WorkerLimitReached.self) { try engine.makeWorker() }
        #expect(exchange.disposition == .forward)
        exchange = Exchange()
    }

    @Test func aWorkerWithAnOpenAttemptIsKeptAlthoughItsExchangeHasEnded() throws {
        let engine = try Engine(
            Configuration(clusters: [.of("c", [.at(1, hostname: "one")])]), options: Self.options(1))
        var worker: Worker? = try engine.makeWorker()
        var attempt = Attempt()
        if let worker {
            var exchange = worker.begin(cluster: "c")
            #expect(worker.pick(&exchange, &attempt) == .endpoint)
            worker.end(&exchange)
        }
        worker = nil
        try engine.apply(ConfigurationUpdate([.setCluster(.fixed("c", 2))]))
        #expect(engine.statistics.liveSnapshots == 2)
        // What the attempt tells is still there.
        #expect(attempt.endpoint?.hostname.string == "one")
        #expect(engine.statistics.workers == 1)
    }

    // MARK: Chance

    /// What `count` exchanges with the random policy pick.
    static func picks(_ worker: Worker, _ count: Int) -> [UInt16] {
        (0..<count).map { _ in
            var exchange = worker.begin(cluster: "c")
            var attempt = Attempt()
            guard worker.pick(&exchange, &attempt) == .endpoint else { return 0 }
            let port = attempt.endpoint?.port ?? 0
            worker.report(&attempt, .response(200), &exchange)
            worker.end(&exchange)
            return port
        }
    }

    @Test func theSeedDecidesEverything() throws {
        let configuration = Configuration(clusters: [
            .of("c", (1...9).map { .at($0) }, policy: LoadBalancing.random)
        ])
        func run(_ seed: UInt64) throws -> [[UInt16]] {
            let engine = try Engine(configuration, options: Self.options(3, seed: seed))
            return try (0..<3).map { _ in try Self.picks(engine.makeWorker(), 30) }
        }
        let first = try run(1)
        #expect(try run(1) == first)
        #expect(try run(2) != first)
        // Workers draw from streams of their own, one after the other.
        #expect(Set(first).count == 3)
    }

    @Test func workersDoNotMarchInStep() throws {
        let engine = try Engine(
            Configuration(clusters: [.of("c", (1...9).map { .at($0) })]), options: Self.options(64))
        let starts = try (0..<64).map { _ in try Self.picks(engine.makeWorker(), 1)[0] }
        #expect(Set(starts).count > 5)
    }
}
