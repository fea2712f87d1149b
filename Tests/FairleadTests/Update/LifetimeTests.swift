// Fairlead: tests of how long snapshots and their parts live
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct LifetimeTests {
    static func apply(_ engine: Engine, _ changes: ConfigurationUpdate.Change...) throws {
        try engine.apply(ConfigurationUpdate(changes))
    }

    /// A policy that counts how many of its pickers are alive; each hangs beside one block.
    final class Counting: LoadBalancingPolicy {
        final class Slot: PickerSlot, @unchecked Sendable {
            let owner: Counting

            init(_ owner: Counting) {
                self.owner = owner
                super.init()
                owner.living.withLock { $0 += 1 }
            }

            deinit { owner.living.withLock { $0 -= 1 } }

            override func pick(_ table: PickTable, _ context: inout PickContext) -> Int { 0 }
        }

        let name = "counting"
        let living = Locked(0)

        func traits(for parameters: PolicyParameters) -> PolicyTraits { PolicyTraits() }
        func build(_ hosts: HostList, _ parameters: PolicyParameters, into table: inout TableWriter) {}
        func makePicker(_ parameters: PolicyParameters) -> PickerSlot { Slot(self) }

        var count: Int { living.withLock { $0 } }
    }

    /// An engine with one cluster of the counting policy.
    static func counting() throws -> (engine: Engine, policy: Counting) {
        let policy = Counting()
        var options = EngineOptions.scene
        options.plugins.register(policy)
        return (try Engine(Configuration(clusters: [.fixed("c", 1, policy: "counting")]), options: options), policy)
    }

    static func counted(_ port: UInt16) -> ConfigurationUpdate.Change {
        .setCluster(.fixed("c", port, policy: "counting"))
    }

    // MARK: Exchanges in flight

    @Test func anExchangeKeepsTheRouteItBeganWith() throws {
        let old = Route.forward(.prefix("/"), to: "c", named: "old") { $0.pathRewrite = .prefix("/old/") }
        let scene = try Scene(routes: [old], clusters: [.fixed("c", 1)])
        let request = Request(authority: "a", path: "/x")
        var exchange = scene.worker.begin(request.view)
        try Self.apply(scene.engine, .setRouteConfiguration(.of([.answer(.prefix("/"), named: "new")])))
        scene.worker.refresh()
        #expect(scene.decide("/x").route == "new")
        let decision = Decision(exchange, request, scene.worker)
        #expect(decision.route == "old")
        #expect(decision.path == "/old/x")
        // It lives on without its table, too.
        try Self.apply(scene.engine, .removeRouteConfiguration("table"))
        scene.worker.refresh()
        #expect(Decision(exchange, request, scene.worker).route == "old")
        #expect(scene.pickOnce(&exchange, .response(200)) == "10.0.0.1:1")
        #expect(scene.engine.statistics.liveSnapshots == 2)
        scene.worker.end(&exchange)
        #expect(scene.engine.statistics.liveSnapshots == 1)
        #expect(scene.engine.statistics.retiredParts == 0)
    }

    @Test func eachPickIsAmongTheHostsOfNow() throws {
        let scene = try Scene(
            routes: [.forward { $0.retryPolicy = RetryPolicy(on: .serverError) }], clusters: [.fixed("c", 1)])
        let request = Request(authority: "a", path: "/")
        var exchange = scene.worker.begin(request.view)
        #expect(scene.pickOnce(&exchange, .response(503)) == "10.0.0.1:1")
        try Self.apply(scene.engine, .setCluster(.fixed("c", 2)))
        // The worker has not looked yet: to it, now is what it adopted last.
        #expect(scene.pickOnce(&exchange, .response(503)) == "10.0.0.1:1")
        scene.worker.refresh()
        #expect(scene.pickOnce(&exchange, .response(503)) == "10.0.0.1:2")
        scene.worker.end(&exchange)
    }

    @Test func anAttemptKeepsTheEndpointItWasGiven() throws {
        let scene = try Scene(Configuration(clusters: [.of("c", [.at(1, hostname: "old")])]))
        var exchange = scene.worker.begin(cluster: "c")
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        try Self.apply(scene.engine, .setCluster(.of("c", [.at(2, hostname: "new")])))
        scene.worker.refresh()
        #expect(attempt.endpoint?.hostname.string == "old")
        #expect(attempt.endpoint?.address.string == "10.0.0.1:1")
        scene.worker.report(&attempt, .response(200), &exchange)
        scene.worker.end(&exchange)
    }

    @Test func aClusterThatGoesIsNotFoundAndItsAttemptsEnd() throws {
        let scene = try Scene(routes: [.forward()])
        let request = Request(authority: "a", path: "/")
        var exchange = scene.worker.begin(request.view)
        var open = Attempt()
        #expect(scene.worker.pick(&exchange, &open) == .endpoint)
        try Self.apply(scene.engine, .removeCluster("c"))
        scene.worker.refresh()
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .clusterNotFound)
        #expect(exchange.clusterName(scene.worker).isMissing)
        #expect(open.endpoint?.clusterName.string == "c")
        scene.worker.report(&open, .response(200), &exchange)
        scene.worker.end(&exchange)
        #expect(scene.engine.statistics.retiredParts == 0)
        #expect(scene.engine.statistics.endpointSlots == 0)
    }

    // MARK: Idle workers

    @Test func anIdleWorkerDelaysTheSnapshotThatItHoldsAlone() throws {
        let (engine, policy) = try Self.counting()
        let idle = try engine.makeWorker()
        let busy = try engine.makeWorker()
        for port: UInt16 in 2...50 {
            try Self.apply(engine, Self.counted(port))
            busy.refresh()
            // The current one, and the one that the idle worker holds.
            let statistics = engine.statistics
            #expect(statistics.liveSnapshots == 2)
            #expect(policy.count == 2)
        }
        #expect(idle.generation == 2)
        idle.refresh()
        #expect(engine.statistics.liveSnapshots == 1)
        #expect(engine.statistics.retiredParts == 0)
        #expect(policy.count == 1)
        withExtendedLifetime((idle, busy)) {}
    }

    @Test func withoutWorkersNothingWaits() throws {
        let (engine, policy) = try Self.counting()
        for port: UInt16 in 2...20 { try Self.apply(engine, Self.counted(port)) }
        #expect(policy.count == 1)
        #expect(engine.statistics.liveSnapshots == 1)
    }

    @Test func whatWasSharedLivesAsLongAsAnyoneWhoSharesIt() throws {
        let (engine, policy) = try Self.counting()
        let first = try engine.makeWorker()
        try Self.apply(engine, .setCluster(.fixed("other", 9)))
        let second = try engine.makeWorker()
        try Self.apply(engine, .setCluster(.fixed("another", 9)))
        #expect(engine.statistics.liveSnapshots == 3)
        #expect(policy.count == 1)
        try Self.apply(engine, .removeCluster("c"))
        // Both still point to it.
        first.refresh()
        _ = engine.statistics
        #expect(policy.count == 1)
        second.refresh()
        _ = engine.statistics
        #expect(policy.count == 0)
    }

    // MARK: The last holder

    @Test func theLastEndFreesWhatAnExchangeHeld() throws {
        let (engine, policy) = try Self.counting()
        let worker = try engine.makeWorker()
        var exchanges = [Holder(worker.begin(cluster: "c"))]
        for port: UInt16 in 2...5 {
            try Self.apply(engine, Self.counted(port))
            worker.refresh()
            exchanges.append(Holder(worker.begin(cluster: "c")))
        }
        #expect(engine.statistics.liveSnapshots == 5)
        #expect(policy.count == 5)
        // In the middle, at the front, at the back: each frees its own.
        for (place, left) in [(2, 4), (0, 3), (0, 2)] {
            worker.end(&exchanges[place].exchange)
            exchanges.remove(at: place)
            #expect(engine.statistics.liveSnapshots == left)
            #expect(policy.count == left)
        }
        for holder in exchanges { worker.end(&holder.exchange) }
        // A worker frees nothing: the control side does, when it looks.
        #expect(policy.count == 2)
        #expect(engine.statistics.liveSnapshots == 1)
        #expect(policy.count == 1)
        #expect(worker.openExchanges == 0)
    }

    @Test func severalExchangesOfOneSnapshotHoldItTogether() throws {
        let (engine, policy) = try Self.counting()
        let worker = try engine.makeWorker()
        var first = worker.begin(cluster: "c")
        var second = worker.begin(cluster: "c")
        try Self.apply(engine, Self.counted(2))
        worker.refresh()
        worker.end(&first)
        _ = engine.statistics
        #expect(policy.count == 2)
        worker.end(&second)
        _ = engine.statistics
        #expect(policy.count == 1)
    }

    @Test func detachingFreesWhatAnAttemptHeld() throws {
        let (engine, policy) = try Self.counting()
        let worker = try engine.makeWorker()
        var exchange = worker.begin(cluster: "c")
        try Self.apply(engine, Self.counted(2))
        worker.refresh()
        var attempt = Attempt()
        #expect(worker.pick(&exchange, &attempt) == .endpoint)
        try Self.apply(engine, Self.counted(3))
        worker.refresh()
        _ = engine.statistics
        #expect(policy.count == 3)
        worker.detach(&attempt)
        _ = engine.statistics
        #expect(policy.count == 2)
        worker.end(&exchange)
        _ = engine.statistics
        #expect(policy.count == 1)
        var ended = Exchange()
        worker.report(&attempt, .response(200), &ended)
    }

    @Test func aWorkerThatGoesFreesWhatItHeld() throws {
        let (engine, policy) = try Self.counting()
        var worker: Worker? = try engine.makeWorker()
        try Self.apply(engine, Self.counted(2))
        #expect(policy.count == 2)
        #expect(worker?.generation == 2)
        worker = nil
        #expect(engine.statistics.liveSnapshots == 1)
        #expect(policy.count == 1)
    }

    @Test func anEngineThatGoesTakesEverythingAlong() throws {
        var held: Engine?
        let policy: Counting
        (held, policy) = try Self.counting()
        var worker = try held?.makeWorker()
        for port: UInt16 in 2...5 { try held.map { try Self.apply($0, Self.counted(port)) } }
        #expect(policy.count == 2)
        // A worker keeps its engine alive.
        held = nil
        worker?.refresh()
        #expect(worker?.generation == 6)
        worker = nil
        #expect(policy.count == 0)
    }
}

/// An exchange in an array.
final class Holder {
    var exchange: Exchange

    init(_ exchange: consuming Exchange) { self.exchange = exchange }
}
