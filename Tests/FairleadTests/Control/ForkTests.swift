// Fairlead: tests of an engine in a child process
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Glibc
import Testing

@Suite struct ForkTests {
    /// Runs `body` in a child process, where only this thread goes on; answers how often it said yes, −1 if the child
    /// came to harm. It has run once before in this process, so that the child needs nothing that is made on first use
    /// (another thread may hold the lock for it, and does not exist there).
    static func inChild(_ body: () -> [Bool]) -> Int {
        let child = fork()
        if child == 0 {
            let answers = body()
            _exit(Int32(answers.allSatisfy { $0 } ? answers.count : 100 + answers.filter { !$0 }.count))
        }
        var status: Int32 = 0
        guard child > 0, unsafe waitpid(child, &status, 0) == child, status & 0x7f == 0 else { return -1 }
        return Int(status >> 8)
    }

    /// An engine whose workers hold three snapshots: one idle at the first, one with an open exchange at the second and
    /// at the third, and one that survives.
    final class Family {
        let engine: Engine
        let survivor: Worker
        var others: [Worker?] = []
        var exchange = Exchange()
        var own = Exchange()
        let policy: LifetimeTests.Counting

        init() throws {
            (engine, policy) = try LifetimeTests.counting()
            survivor = try engine.makeWorker()
            let idle = try engine.makeWorker()
            let busy = try engine.makeWorker()
            others = [idle, busy]
            try engine.apply(ConfigurationUpdate([LifetimeTests.counted(2)]))
            busy.refresh()
            survivor.refresh()
            exchange = busy.begin(cluster: "c")
            own = survivor.begin(cluster: "c")
            try engine.apply(ConfigurationUpdate([LifetimeTests.counted(3)]))
            busy.refresh()
            survivor.refresh()
        }

        /// What the child does, and whether each step comes out right.
        func live() -> [Bool] {
            var answers: [Bool] = [engine.statistics.liveSnapshots == 3, policy.count == 3]
            engine.afterFork(keeping: survivor)
            // The others hold nothing any more; the survivor's own exchange does.
            answers.append(engine.statistics.workers == 1)
            answers.append(engine.statistics.liveSnapshots == 2)
            answers.append(policy.count == 2)
            survivor.end(&own)
            answers.append(engine.statistics.liveSnapshots == 1)
            answers.append(policy.count == 1)
            // Life goes on: updates, decisions, new workers in the places of the old.
            let update = try? engine.apply(
                ConfigurationUpdate([LifetimeTests.counted(4), .setCluster(.fixed("d", 5, 6))]))
            answers.append(update == 5)
            answers.append(survivor.refresh())
            answers.append(Set(Self.picks(survivor, 2)) == [5, 6])
            let new = (0..<3).compactMap { _ in try? engine.makeWorker() }
            answers.append(new.count == 3)
            for worker in new { answers.append(Set(Self.picks(worker, 2)) == [5, 6]) }
            // The old workers' objects may go at any time: they must not take the new ones' places with them.
            others = []
            answers.append(engine.statistics.workers == 4)
            for worker in new { answers.append(Set(Self.picks(worker, 2)) == [5, 6]) }
            _ = try? engine.apply(ConfigurationUpdate([LifetimeTests.counted(7)]))
            answers.append(engine.statistics.liveSnapshots == 2)
            for worker in new + [survivor] { worker.refresh() }
            answers.append(engine.statistics.liveSnapshots == 1)
            answers.append(policy.count == 1)
            return answers
        }

        static func picks(_ worker: Worker, _ count: Int) -> [UInt16] {
            (0..<count).map { _ in
                var exchange = worker.begin(cluster: "d")
                var attempt = Attempt()
                let result = worker.pick(&exchange, &attempt)
                let port = attempt.endpoint?.port ?? 0
                worker.report(&attempt, .response(200), &exchange)
                worker.end(&exchange)
                return result == .endpoint ? port : 0
            }
        }
    }

    @Test func aChildGoesOnWithTheWorkerOfItsThread() throws {
        let here = try Family()
        let answers = here.live()
        #expect(answers == [Bool](repeating: true, count: answers.count))
        let family = try Family()
        #expect(Self.inChild { family.live() } == answers.count)
        // The parent has not noticed anything.
        #expect(family.engine.statistics.workers == 3)
        #expect(family.engine.statistics.liveSnapshots == 3)
        #expect(family.survivor.generation == 4)
        family.survivor.end(&family.own)
        family.others[1]?.end(&family.exchange)
        family.others = []
        #expect(family.engine.statistics.liveSnapshots == 1)
    }

    @Test func aChildWithoutAWorkerCanMakeOne() throws {
        func live(_ engine: Engine) -> [Bool] {
            engine.afterFork(keeping: nil)
            let workers = (0..<4).compactMap { _ in try? engine.makeWorker() }
            return [engine.statistics.workers == 4, Family.picks(workers[0], 2).count == 2, workers.count == 4]
        }
        func make() throws -> (Engine, [Worker]) {
            var options = EngineOptions.scene
            options.maximumWorkers = 4
            let engine = try Engine(Configuration(clusters: [.fixed("d", 5, 6)]), options: options)
            return (engine, try (0..<4).map { _ in try engine.makeWorker() })
        }
        let (warm, warmWorkers) = try make()
        #expect(live(warm) == [true, true, true])
        let (engine, workers) = try make()
        #expect(Self.inChild { live(engine) } == 3)
        #expect(engine.statistics.workers == 4)
        withExtendedLifetime((workers, warmWorkers)) {}
    }
}
