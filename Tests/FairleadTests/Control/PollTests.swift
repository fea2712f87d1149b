// Fairlead: tests of polling
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct PollTests {
    static let now = Instant(nanoseconds: 5_000_000_000)

    @Test func whenNothingWaitsThereIsNoDeadline() throws {
        #expect(Engine().poll(now: Self.now) == nil)
        let scene = try Scene(routes: [.forward()])
        #expect(scene.engine.poll(now: Self.now) == nil)
        // A scene's worker was made after its update, so that it holds nothing old.
        #expect(scene.engine.poll(now: Instant(nanoseconds: .max)) == nil)
    }

    @Test func whileSomeoneHoldsAnOldSnapshotThereIsADeadline() throws {
        let scene = try Scene(routes: [.forward()])
        try scene.engine.apply(ConfigurationUpdate([.setCluster(.fixed("c", 2))]))
        #expect(scene.engine.poll(now: Self.now) == Self.now + .seconds(1))
        #expect(scene.engine.poll(now: Instant(nanoseconds: .max)) == Instant(nanoseconds: .max))
        scene.worker.refresh()
        #expect(scene.engine.poll(now: Self.now) == nil)
    }

    @Test func pollingFreesWhatNobodyHolds() throws {
        let (engine, policy) = try LifetimeTests.counting()
        let worker = try engine.makeWorker()
        try engine.apply(ConfigurationUpdate([LifetimeTests.counted(2)]))
        worker.refresh()
        #expect(policy.count == 2)
        engine.poll(now: Self.now)
        #expect(policy.count == 1)
    }

    @Test func aDetachedAttemptKeepsThePollWaiting() throws {
        let scene = try Scene(Configuration(clusters: [.fixed("c", 1)]))
        var exchange = scene.worker.begin(cluster: "c")
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        scene.worker.detach(&attempt)
        try scene.engine.apply(ConfigurationUpdate([.setCluster(.fixed("c", 2))]))
        scene.worker.refresh()
        scene.worker.end(&exchange)
        #expect(scene.engine.poll(now: Self.now) != nil)
        scene.worker.report(&attempt, .response(200), &exchange)
        #expect(scene.engine.poll(now: Self.now) == nil)
    }

    @Test func pollingChangesNoDecision() throws {
        let scene = try Scene(routes: [.forward()], clusters: [.fixed("c", 1, 2, 3)])
        let generation = scene.engine.statistics.generation
        for step in 0..<20 { scene.engine.poll(now: Instant(nanoseconds: UInt64(step) << 40)) }
        #expect(scene.engine.statistics.generation == generation)
        #expect(!scene.worker.refresh())
    }
}
