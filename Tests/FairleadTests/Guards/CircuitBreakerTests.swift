// Fairlead: tests of circuit breakers, as hosts meet them
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct CircuitBreakerTests {
    static func cluster(_ change: (inout CircuitBreakers) -> Void = { _ in }) -> Cluster {
        var cluster = Cluster.fixed("c", 1, 2)
        change(&cluster.circuitBreakers)
        return cluster
    }

    static func scene(
        priority: ForwardAction.Priority = .normal, _ change: (inout CircuitBreakers) -> Void
    ) throws -> Scene {
        let route = Route.forward {
            $0.priority = priority
            var policy = RetryPolicy(on: .serverError)
            policy.retries = 9
            $0.retryPolicy = policy
        }
        return try Scene(routes: [route], clusters: [cluster(change)])
    }

    static func begin(_ scene: Scene) -> Exchange {
        let request = Request(authority: "a", path: "/")
        return scene.worker.begin(request.view)
    }

    static func breaker(_ scene: Scene, _ priority: Int = 0) -> BreakerStatistics {
        scene.engine.clusterStatistics[0].breakers[priority]
    }

    static func count(_ scene: Scene, _ counter: ClusterCounter) -> UInt64 {
        scene.engine.clusterStatistics[0][counter]
    }

    // MARK: Requests

    @Test func noMoreRequestsAreUnderWayThanAllowed() throws {
        let scene = try Self.scene { $0.normal.requests = 2 }
        var exchange = Self.begin(scene)
        var first = Attempt()
        var second = Attempt()
        var third = Attempt()
        #expect(scene.worker.pick(&exchange, &first) == .endpoint)
        #expect(scene.worker.pick(&exchange, &second) == .endpoint)
        #expect(scene.worker.pick(&exchange, &third) == .overflow)
        let isOpen = third.isOpen
        #expect(!isOpen && exchange.attempts == 2)
        #expect(Self.breaker(scene).requests == .init(active: 2, limit: 2))
        #expect(Self.breaker(scene).requests.isOpen && Self.breaker(scene).requests.remaining == 0)
        #expect(Self.count(scene, .requestOverflow) == 1 && Self.count(scene, .requests) == 2)
        scene.worker.report(&first, .response(200), &exchange)
        #expect(Self.breaker(scene).requests.active == 1 && !Self.breaker(scene).requests.isOpen)
        #expect(scene.worker.pick(&exchange, &third) == .endpoint)
        scene.worker.report(&second, .response(200), &exchange)
        scene.worker.report(&third, .response(200), &exchange)
        scene.worker.end(&exchange)
        #expect(Self.breaker(scene).requests.active == 0)
    }

    @Test func withoutAnyAllowedRequestEveryOneOverflows() throws {
        let scene = try Self.scene { $0.normal.requests = 0 }
        var exchange = Self.begin(scene)
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .overflow)
        scene.worker.end(&exchange)
        #expect(scene.engine.statistics[.picks] == 0)
    }

    @Test func anExplanationSaysThatThereIsNoRoom() throws {
        let scene = try Self.scene { $0.normal.requests = 1 }
        let request = Request(authority: "a", path: "/")
        var exchange = Self.begin(scene)
        var attempt = Attempt()
        // Asking takes no permit.
        for _ in 0..<3 { #expect(scene.worker.explain(request.view).pick?.result == .endpoint) }
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        let full = scene.worker.explain(request.view).pick
        #expect(full?.result == .overflow && full?.endpoint == nil)
        scene.worker.report(&attempt, .response(200), &exchange)
        scene.worker.end(&exchange)
        #expect(scene.worker.explain(request.view).pick?.result == .endpoint)
    }

    @Test func anEmptyClusterHasNoEndpointRatherThanNoRoom() throws {
        var cluster = Cluster.fixed("c")
        cluster.circuitBreakers.normal.requests = 0
        let scene = try Scene(routes: [.forward()], clusters: [cluster])
        var exchange = Self.begin(scene)
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .noEndpoint)
        scene.worker.end(&exchange)
    }

    @Test func eachPriorityHasItsOwnCaps() throws {
        let scene = try Self.scene(priority: .high) {
            $0.normal.requests = 0
            $0.high.requests = 1
        }
        var exchange = Self.begin(scene)
        var first = Attempt()
        var second = Attempt()
        #expect(scene.worker.pick(&exchange, &first) == .endpoint)
        #expect(scene.worker.pick(&exchange, &second) == .overflow)
        #expect(Self.breaker(scene, 1).requests.active == 1 && Self.breaker(scene, 0).requests.active == 0)
        scene.worker.report(&first, .response(200), &exchange)
        scene.worker.end(&exchange)
    }

    @Test func aRefusedRetryGivesItsPermitBack() throws {
        let scene = try Self.scene { $0.normal.requests = 1 }
        var exchange = Self.begin(scene)
        var other = Self.begin(scene)
        var attempt = Attempt()
        var blocking = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        #expect(scene.worker.report(&attempt, .response(503), &exchange).retries)
        #expect(Self.breaker(scene).retries.active == 1)
        #expect(scene.worker.pick(&other, &blocking) == .endpoint)
        #expect(scene.worker.pick(&exchange, &attempt) == .overflow)
        #expect(Self.breaker(scene).retries.active == 0)
        scene.worker.report(&blocking, .response(200), &other)
        scene.worker.end(&other)
        scene.worker.end(&exchange)
    }

    @Test func anUpdateChangesTheCapUnderOpenRequests() throws {
        let scene = try Self.scene { $0.normal.requests = 3 }
        var exchange = Self.begin(scene)
        var first = Attempt()
        var second = Attempt()
        var third = Attempt()
        #expect(scene.worker.pick(&exchange, &first) == .endpoint)
        #expect(scene.worker.pick(&exchange, &second) == .endpoint)
        try scene.engine.apply(ConfigurationUpdate([.setCluster(Self.cluster { $0.normal.requests = 1 })]))
        scene.worker.refresh()
        #expect(scene.worker.pick(&exchange, &third) == .overflow)
        scene.worker.report(&first, .response(200), &exchange)
        #expect(scene.worker.pick(&exchange, &third) == .overflow)
        try scene.engine.apply(ConfigurationUpdate([.setCluster(Self.cluster { $0.normal.requests = 2 })]))
        scene.worker.refresh()
        #expect(scene.worker.pick(&exchange, &third) == .endpoint)
        #expect(scene.worker.pick(&exchange, &first) == .overflow)
        scene.worker.report(&second, .response(200), &exchange)
        scene.worker.report(&third, .response(200), &exchange)
        scene.worker.end(&exchange)
        #expect(Self.breaker(scene).requests.active == 0)
    }

    @Test func aDetachedRequestStillCounts() throws {
        let scene = try Self.scene { $0.normal.requests = 1 }
        var exchange = Self.begin(scene)
        var stream = Attempt()
        var other = Attempt()
        #expect(scene.worker.pick(&exchange, &stream) == .endpoint)
        scene.worker.detach(&stream)
        #expect(scene.worker.pick(&exchange, &other) == .overflow)
        scene.worker.report(&stream, .response(200), &exchange, mayRetry: false)
        #expect(scene.worker.pick(&exchange, &other) == .endpoint)
        scene.worker.report(&other, .response(200), &exchange)
        scene.worker.end(&exchange)
    }

    @Test func aDetachedRequestOutlivesItsCluster() throws {
        let scene = try Self.scene { $0.normal.requests = 1 }
        var exchange = Self.begin(scene)
        var stream = Attempt()
        #expect(scene.worker.pick(&exchange, &stream) == .endpoint)
        scene.worker.detach(&stream)
        scene.worker.end(&exchange)
        try scene.engine.apply(ConfigurationUpdate([.removeCluster("c")]))
        scene.worker.refresh()
        scene.engine.poll(now: Instant(nanoseconds: 1))
        #expect(scene.engine.statistics.retiredParts > 0)
        var ended = Exchange()
        scene.worker.report(&stream, .response(200), &ended, mayRetry: false)
        scene.engine.poll(now: Instant(nanoseconds: 2))
        #expect(scene.engine.statistics.retiredParts == 0)
    }

    @Test func workersShareTheCap() throws {
        let scene = try Self.scene { $0.normal.requests = 2 }
        let other = try scene.engine.makeWorker()
        var mine = Self.begin(scene)
        let request = Request(authority: "a", path: "/")
        var theirs = other.begin(request.view)
        var first = Attempt()
        var second = Attempt()
        // The first worker leases both, then the other one needs them.
        #expect(scene.worker.pick(&mine, &first) == .endpoint && scene.worker.pick(&mine, &second) == .endpoint)
        scene.worker.report(&first, .response(200), &mine)
        scene.worker.report(&second, .response(200), &mine)
        #expect(other.pick(&theirs, &first) == .endpoint && other.pick(&theirs, &second) == .endpoint)
        var third = Attempt()
        #expect(scene.worker.pick(&mine, &third) == .overflow)
        other.report(&first, .response(200), &theirs)
        other.report(&second, .response(200), &theirs)
        other.end(&theirs)
        scene.worker.end(&mine)
    }

    // MARK: Retries

    @Test(arguments: [(20.0, UInt32(0), 10, UInt64(2)), (50, 0, 10, 5), (0, 3, 10, 3), (100, 0, 7, 7), (20, 1, 4, 1)])
    func aBudgetMovesWithTheRequests(percent: Double, minimum: UInt32, requests: Int, retries: UInt64) throws {
        let scene = try Self.scene {
            $0.normal.retries = 0
            $0.normal.retryBudget = .init(percent: percent, minimumConcurrency: minimum)
        }
        var open: [Open] = []
        for _ in 0..<requests {
            let one = Open(Self.begin(scene))
            #expect(scene.worker.pick(&one.exchange, &one.attempt) == .endpoint)
            open.append(one)
        }
        #expect(Self.breaker(scene).retries.limit == retries)
        // Each that fails is replaced by a new one, so that as many as before are under way.
        var granted: UInt64 = 0
        for one in open {
            let verdict = scene.worker.report(&one.attempt, .response(503), &one.exchange)
            if verdict.retries { granted += 1 }
            let other = Open(Self.begin(scene))
            #expect(scene.worker.pick(&other.exchange, &other.attempt) == .endpoint)
            open.append(other)
        }
        #expect(granted == min(retries, UInt64(requests)))
        #expect(Self.count(scene, .retryOverflow) == UInt64(requests) - granted)
        for one in open {
            scene.worker.report(&one.attempt, .response(200), &one.exchange, mayRetry: false)
            scene.worker.end(&one.exchange)
        }
        #expect(Self.breaker(scene).retries.active == 0)
    }

    // MARK: What hosts hold

    @Test(arguments: [CountedWork.connections, .pendingRequests, .connectionPools])
    func hostsTakePermitsForWhatTheyDo(work: CountedWork) throws {
        let scene = try Self.scene {
            $0.normal.connections = 1
            $0.normal.pendingRequests = 1
            $0.normal.connectionPools = 1
            $0.normal.tracksRemaining = true
        }
        var exchange = Self.begin(scene)
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        var permit = scene.worker.takePermit(work, for: attempt)
        let refused = scene.worker.takePermit(work, for: attempt)
        let forced = scene.worker.takePermit(work, for: attempt, isForced: true)
        let held = [permit.isHeld, refused.isHeld, forced.isHeld]
        #expect(held == [true, false, true])
        func gauge() -> BreakerStatistics.Gauge {
            let breaker = Self.breaker(scene)
            return work == .connections
                ? breaker.connections : work == .pendingRequests ? breaker.pendingRequests : breaker.connectionPools
        }
        #expect(gauge() == .init(active: 2, limit: 1))
        #expect(gauge().isOpen && gauge().remaining == 0 && Self.breaker(scene).tracksRemaining)
        let counters: [CountedWork: ClusterCounter] = [
            .connections: .connectionOverflow, .pendingRequests: .pendingOverflow, .connectionPools: .poolOverflow,
        ]
        #expect(Self.count(scene, try #require(counters[work])) == 1)
        permit.giveBack()
        permit.giveBack()
        let isHeld = permit.isHeld
        #expect(!isHeld && gauge().active == 1)
        scene.worker.report(&attempt, .response(200), &exchange)
        scene.worker.end(&exchange)
    }

    @Test func aPermitGivesItselfBackAndOutlivesItsCluster() throws {
        let scene = try Self.scene { $0.normal.connections = 1 }
        do {
            let permit = try connection(scene)
            let isHeld = permit.isHeld
            #expect(isHeld)
            try scene.engine.apply(ConfigurationUpdate([.removeCluster("c")]))
            scene.worker.refresh()
            scene.engine.poll(now: Instant(nanoseconds: 1))
            #expect(scene.engine.statistics.retiredParts > 0)
        }
        scene.engine.poll(now: Instant(nanoseconds: 2))
        #expect(scene.engine.statistics.retiredParts == 0)
    }

    private func connection(_ scene: Scene) throws -> Permit {
        var exchange = Self.begin(scene)
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        let permit = scene.worker.takePermit(.connections, for: attempt)
        scene.worker.report(&attempt, .response(200), &exchange)
        scene.worker.end(&exchange)
        return permit
    }

    @Test func anEndpointHasACapOfItsOwn() throws {
        let scene = try Self.scene { $0.normal.connectionsPerEndpoint = 1 }
        let first = try connection(scene)
        let second = try connection(scene)
        let third = try connection(scene)
        // Two endpoints take turns.
        let held = [first.isHeld, second.isHeld, third.isHeld]
        #expect(held == [true, true, false])
        #expect(Self.breaker(scene).connections.active == 2)
        #expect(Self.count(scene, .connectionOverflow) == 1)
    }

    @Test func nobodyGetsAPermitForADetachedAttempt() throws {
        let scene = try Self.scene { _ in }
        var exchange = Self.begin(scene)
        var attempt = Attempt()
        let before = scene.worker.takePermit(.connections, for: attempt)
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        let retry = scene.worker.takePermit(.retries, for: attempt)
        scene.worker.detach(&attempt)
        let after = scene.worker.takePermit(.connections, for: attempt)
        let held = [before.isHeld, retry.isHeld, after.isHeld]
        #expect(held == [false, false, false])
        scene.worker.report(&attempt, .response(200), &exchange, mayRetry: false)
        scene.worker.end(&exchange)
    }

    // MARK: Runtime values

    @Test func runtimeValuesStandInForCaps() throws {
        let scene = try Self.scene { $0.normal.retryBudget = .init() }
        let keys = [
            "max_requests", "max_connections", "max_pending_requests", "max_connection_pools",
            "retry_budget.min_retry_concurrency",
        ]
        let generation = scene.engine.statistics.generation
        let layer = RuntimeLayer(
            "l",
            keys.enumerated().map { .init("circuit_breakers.c.default." + $1, .number(Double($0 + 1))) }
                + [.init("circuit_breakers.c.default.retry_budget.budget_percent", .number(100))])
        try scene.engine.apply(ConfigurationUpdate([.setRuntimeLayer(layer)]))
        #expect(scene.engine.statistics.generation == generation + 1)
        let breaker = Self.breaker(scene)
        let limits = [breaker.requests, breaker.connections, breaker.pendingRequests, breaker.connectionPools]
        #expect(limits.map(\.limit) == [1, 2, 3, 4])
        #expect(breaker.retries.limit == 5)
        #expect(Self.breaker(scene, 1).requests.limit == 1024)
        scene.worker.refresh()
        var exchange = Self.begin(scene)
        var first = Attempt()
        var second = Attempt()
        #expect(scene.worker.pick(&exchange, &first) == .endpoint)
        #expect(scene.worker.pick(&exchange, &second) == .overflow)
        try scene.engine.apply(ConfigurationUpdate([.removeRuntimeLayer("l")]))
        #expect(Self.breaker(scene).requests.limit == 1024)
        scene.worker.refresh()
        #expect(scene.worker.pick(&exchange, &second) == .endpoint)
        scene.worker.report(&first, .response(200), &exchange)
        scene.worker.report(&second, .response(200), &exchange)
        scene.worker.end(&exchange)
    }

    @Test func runtimeValuesOfOthersTouchNothing() throws {
        let scene = try Self.scene { _ in }
        let blocks = scene.engine.blockImages
        for key in ["circuit_breakers.d.default.max_requests", "circuit_breakers.c.low.max_requests"] {
            try scene.engine.apply(ConfigurationUpdate([.setRuntimeLayer(RuntimeLayer("l", [.init(key, .number(1))]))]))
            #expect(scene.engine.blockImages == blocks)
        }
    }

    @Test(arguments: [RuntimeValue.text("x"), .bool(true), .number(-1), .number(.nan), .fraction(Fraction(1))])
    func aRuntimeValueThatIsNoNumberIsPassedOver(value: RuntimeValue) throws {
        let scene = try Self.scene { $0.normal.retryBudget = .init() }
        try scene.engine.apply(
            ConfigurationUpdate([
                .setRuntimeLayer(
                    RuntimeLayer(
                        "l",
                        [
                            .init("circuit_breakers.c.default.max_requests", value),
                            .init("circuit_breakers.c.default.retry_budget.budget_percent", value),
                        ]))
            ]))
        #expect(Self.breaker(scene).requests.limit == 1024)
        #expect(Self.breaker(scene).retries.limit == 3)
    }
}

/// An exchange with an attempt, to be kept in a list.
private final class Open {
    var exchange: Exchange
    var attempt = Attempt()

    init(_ exchange: consuming Exchange) { self.exchange = exchange }
}
