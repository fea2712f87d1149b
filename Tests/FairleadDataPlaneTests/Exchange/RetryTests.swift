// Fairlead: tests of retries: how many, how soon, with whose leave
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct RetryTests {
    static let failure = Outcome.response(503)

    static func policy(_ retries: UInt32 = 1, _ change: (inout RetryPolicy) -> Void = { _ in }) -> RetryPolicy {
        var policy = RetryPolicy(on: .serverError)
        policy.retries = retries
        change(&policy)
        return policy
    }

    static func scene(
        _ policy: RetryPolicy?, _ cluster: Cluster = .fixed("c", 1, 2, 3), _ options: EngineOptions = .scene,
        priority: ForwardAction.Priority = .normal
    ) throws -> Scene {
        let route = Route.forward {
            $0.retryPolicy = policy
            $0.priority = priority
        }
        return try Scene(routes: [route], clusters: [cluster], options: options)
    }

    /// A cluster that grants `retries` retries at once at normal priority and `high` at high priority.
    static func cluster(permits retries: UInt32, high: UInt32 = 3) -> Cluster {
        var cluster = Cluster.fixed("c", 1, 2, 3)
        cluster.circuitBreakers.normal.retries = retries
        cluster.circuitBreakers.high.retries = high
        return cluster
    }

    static func begin(_ scene: Scene) -> Exchange {
        let request = Request(authority: "a", path: "/")
        return scene.worker.begin(request.view)
    }

    /// Makes attempts that fail until there is no retry; answers how many there were.
    static func attempts(_ scene: Scene) -> Int {
        var exchange = begin(scene)
        var count = 0
        var attempt = Attempt()
        var retries = true
        while retries, scene.worker.pick(&exchange, &attempt) == .endpoint {
            count += 1
            retries = scene.worker.report(&attempt, failure, &exchange).retries
        }
        scene.worker.end(&exchange)
        return count
    }

    static func permits(_ scene: Scene, priority: Int = 0) -> UInt64 {
        scene.engine.clusterStatistics.first { $0.name == "c" }?.activeRetries[priority] ?? .max
    }

    // MARK: How many

    @Test(arguments: [UInt32(0), 1, 2, 7])
    func asManyRetriesAreMadeAsThePolicyAllows(retries: UInt32) throws {
        #expect(try Self.attempts(Self.scene(Self.policy(retries))) == Int(retries) + 1)
    }

    @Test func withoutAPolicyNothingIsRetried() throws {
        let scene = try Self.scene(nil)
        #expect(Self.attempts(scene) == 1)
        var exchange = Self.begin(scene)
        let hasPolicy = exchange.route.hasRetryPolicy
        #expect(!hasPolicy)
        scene.worker.end(&exchange)
    }

    @Test func aSuccessEndsIt() throws {
        let scene = try Self.scene(Self.policy(5))
        var exchange = Self.begin(scene)
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        #expect(scene.worker.report(&attempt, Self.failure, &exchange).retries)
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        let number = attempt.number
        #expect(number == 2)
        #expect(!scene.worker.report(&attempt, .response(200), &exchange).retries)
        scene.worker.end(&exchange)
        #expect(Self.permits(scene) == 0)
    }

    @Test func theRoutesPolicyReplacesItsVirtualHosts() throws {
        var host = VirtualHost(
            name: "h", domains: ["*"],
            routes: [
                .forward(.exact("/own")) { $0.retryPolicy = Self.policy(2) },
                .forward(.exact("/none")) { $0.retryPolicy = Self.policy(0) }, .forward(.prefix("/")),
            ])
        host.retryPolicy = Self.policy(4)
        let scene = try Scene(
            RouteConfiguration(name: "t", virtualHosts: [host]), clusters: [.fixed("c", 1)])
        for (path, expected) in [("/own", 2), ("/none", 0), ("/rest", 4)] {
            let request = Request(authority: "a", path: path)
            var exchange = scene.worker.begin(request.view)
            var retries = 0
            var attempt = Attempt()
            while scene.worker.pick(&exchange, &attempt) == .endpoint,
                scene.worker.report(&attempt, Self.failure, &exchange).retries
            { retries += 1 }
            #expect(retries == expected)
            scene.worker.end(&exchange)
        }
    }

    @Test func aHostThatCannotRetryDoesNot() throws {
        let scene = try Self.scene(Self.policy(3))
        var exchange = Self.begin(scene)
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        #expect(!scene.worker.report(&attempt, Self.failure, &exchange, mayRetry: false).retries)
        // Nothing was spent: another attempt may still be retried.
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        #expect(scene.worker.report(&attempt, Self.failure, &exchange).retries)
        scene.worker.end(&exchange)
        #expect(Self.permits(scene) == 0)
    }

    @Test func whileAnotherAttemptIsOpenNothingIsRetried() throws {
        let scene = try Self.scene(Self.policy(3))
        var exchange = Self.begin(scene)
        var first = Attempt()
        var second = Attempt()
        #expect(scene.worker.pick(&exchange, &first) == .endpoint)
        #expect(scene.worker.pick(&exchange, &second) == .endpoint)
        #expect(!scene.worker.report(&first, Self.failure, &exchange).retries)
        #expect(scene.worker.report(&second, Self.failure, &exchange).retries)
        scene.worker.end(&exchange)
        #expect(Self.permits(scene) == 0)
    }

    @Test func anAttemptIsReportedOnce() throws {
        let scene = try Self.scene(Self.policy(3))
        var exchange = Self.begin(scene)
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        #expect(scene.worker.report(&attempt, Self.failure, &exchange).retries)
        #expect(!scene.worker.report(&attempt, Self.failure, &exchange).retries)
        scene.worker.end(&exchange)
        let endpoints = scene.engine.clusterStatistics[0].endpoints
        #expect(endpoints.map { $0.activeRequests } == [0, 0, 0])
        #expect(endpoints.reduce(0) { $0 + $1.failedRequests } == 1)
    }

    // MARK: How soon

    /// The largest delay that comes at each retry, over many exchanges.
    static func windows(_ policy: RetryPolicy) throws -> [UInt64] {
        let scene = try scene(policy)
        var largest = [UInt64](repeating: 0, count: Int(policy.retries))
        for _ in 0..<4000 {
            var exchange = begin(scene)
            var attempt = Attempt()
            for retry in 0..<Int(policy.retries) {
                guard scene.worker.pick(&exchange, &attempt) == .endpoint else { break }
                let verdict = scene.worker.report(&attempt, failure, &exchange)
                largest[retry] = max(largest[retry], verdict.delayMilliseconds)
            }
            scene.worker.end(&exchange)
        }
        return largest
    }

    @Test func windowsDoubleUpToTenTimesTheFirst() throws {
        // Windows of 25, 50, 100 and 200 milliseconds, then 250 for ever.
        #expect(try Self.windows(Self.policy(7)) == [24, 49, 99, 199, 249, 249, 249])
    }

    @Test func windowsFollowTheirBaseAndMaximum() throws {
        let tiny = Self.policy(5) { $0.backOffBase = .nanoseconds(1) }
        #expect(try Self.windows(tiny) == [0, 1, 3, 7, 9])
        let flat = Self.policy(3) {
            $0.backOffBase = .milliseconds(10)
            $0.backOffMaximum = .milliseconds(10)
        }
        #expect(try Self.windows(flat) == [9, 9, 9])
        let short = Self.policy(4) {
            $0.backOffBase = .milliseconds(10)
            $0.backOffMaximum = .milliseconds(30)
        }
        #expect(try Self.windows(short) == [9, 19, 29, 29])
    }

    @Test func delaysFillTheirWindow() throws {
        let scene = try Self.scene(Self.policy(1) { $0.backOffBase = .milliseconds(4) })
        var seen: Set<UInt64> = []
        for _ in 0..<400 {
            var exchange = Self.begin(scene)
            var attempt = Attempt()
            #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
            seen.insert(scene.worker.report(&attempt, Self.failure, &exchange).delayMilliseconds)
            scene.worker.end(&exchange)
        }
        #expect(seen == [0, 1, 2, 3])
    }

    @Test func theLongestBackOffDoesNotOverflow() throws {
        let scene = try Self.scene(
            Self.policy(70) {
                $0.backOffBase = .seconds(9_000_000_000)
                $0.backOffMaximum = .seconds(9_200_000_000)
            })
        #expect(Self.attempts(scene) == 71)
    }

    // MARK: With whose leave

    @Test func aRetryHoldsAPermitUntilItIsReported() throws {
        let scene = try Self.scene(Self.policy(2), Self.cluster(permits: 1))
        var exchange = Self.begin(scene)
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        #expect(Self.permits(scene) == 0)
        #expect(scene.worker.report(&attempt, Self.failure, &exchange).retries)
        #expect(Self.permits(scene) == 1)
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        #expect(Self.permits(scene) == 1)
        // Its own permit is free for the retry of the retry.
        #expect(scene.worker.report(&attempt, Self.failure, &exchange).retries)
        #expect(Self.permits(scene) == 1)
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        #expect(!scene.worker.report(&attempt, .response(200), &exchange).retries)
        #expect(Self.permits(scene) == 0)
        scene.worker.end(&exchange)
    }

    @Test func whenNoPermitIsLeftNothingIsRetried() throws {
        let scene = try Self.scene(Self.policy(5), Self.cluster(permits: 1))
        var holder = Self.begin(scene)
        var attempt = Attempt()
        #expect(scene.worker.pick(&holder, &attempt) == .endpoint)
        #expect(scene.worker.report(&attempt, Self.failure, &holder).retries)
        var other = Self.begin(scene)
        #expect(scene.worker.pick(&other, &attempt) == .endpoint)
        #expect(!scene.worker.report(&attempt, Self.failure, &other).retries)
        #expect(Self.permits(scene) == 1)
        #expect(scene.worker.count(.retryOverflow) == 1)
        #expect(scene.engine.clusterStatistics[0][.retryOverflow] == 1)
        scene.worker.end(&other)
        #expect(Self.permits(scene) == 1)
        scene.worker.end(&holder)
        #expect(Self.permits(scene) == 0)
        #expect(Self.attempts(scene) == 6)
    }

    /// The order is: condition, retries left, permit. A permit that is refused has cost a retry, a condition has not.
    @Test func aRefusedPermitCostsARetryAndAnUnmetConditionDoesNot() throws {
        let scene = try Self.scene(Self.policy(1), Self.cluster(permits: 1))
        var holder = Self.begin(scene)
        var attempt = Attempt()
        #expect(scene.worker.pick(&holder, &attempt) == .endpoint)
        #expect(scene.worker.report(&attempt, Self.failure, &holder).retries)
        var patient = Self.begin(scene)
        #expect(scene.worker.pick(&patient, &attempt) == .endpoint)
        #expect(!scene.worker.report(&attempt, .response(404), &patient).retries)
        var refused = Self.begin(scene)
        #expect(scene.worker.pick(&refused, &attempt) == .endpoint)
        #expect(!scene.worker.report(&attempt, Self.failure, &refused).retries)
        scene.worker.end(&holder)
        #expect(scene.worker.pick(&refused, &attempt) == .endpoint)
        #expect(!scene.worker.report(&attempt, Self.failure, &refused).retries)
        #expect(scene.worker.pick(&patient, &attempt) == .endpoint)
        #expect(scene.worker.report(&attempt, Self.failure, &patient).retries)
        scene.worker.end(&refused)
        scene.worker.end(&patient)
        #expect(scene.worker.count(.retryOverflow) == 1)
    }

    @Test func withoutPermitsNothingIsEverRetried() throws {
        let scene = try Self.scene(Self.policy(5), Self.cluster(permits: 0))
        #expect(Self.attempts(scene) == 1)
        #expect(Self.permits(scene) == 0)
    }

    @Test func prioritiesHavePermitsOfTheirOwn() throws {
        let high = try Self.scene(Self.policy(5), Self.cluster(permits: 0, high: 1), priority: .high)
        #expect(Self.attempts(high) == 6)
        let normal = try Self.scene(Self.policy(5), Self.cluster(permits: 1, high: 0))
        #expect(Self.attempts(normal) == 6)
        let none = try Self.scene(Self.policy(5), Self.cluster(permits: 9, high: 0), priority: .high)
        #expect(Self.attempts(none) == 1)
        var exchange = Self.begin(high)
        var attempt = Attempt()
        #expect(high.worker.pick(&exchange, &attempt) == .endpoint)
        #expect(high.worker.report(&attempt, Self.failure, &exchange).retries)
        #expect(Self.permits(high, priority: 1) == 1 && Self.permits(high, priority: 0) == 0)
        high.worker.end(&exchange)
        #expect(Self.permits(high, priority: 1) == 0)
    }

    @Test func aPermitIsNotLostWhateverBecomesOfTheRetry() throws {
        let scene = try Self.scene(Self.policy(5), Self.cluster(permits: 1))
        // The exchange ends instead of picking again.
        var exchange = Self.begin(scene)
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        #expect(scene.worker.report(&attempt, Self.failure, &exchange).retries)
        scene.worker.end(&exchange)
        #expect(Self.permits(scene) == 0)
        // The retry is detached.
        exchange = Self.begin(scene)
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        #expect(scene.worker.report(&attempt, Self.failure, &exchange).retries)
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        scene.worker.detach(&attempt)
        #expect(Self.permits(scene) == 0)
        scene.worker.report(&attempt, .response(200), &exchange)
        scene.worker.end(&exchange)
        #expect(Self.permits(scene) == 0)
        // The retry is cancelled.
        exchange = Self.begin(scene)
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        #expect(scene.worker.report(&attempt, Self.failure, &exchange).retries)
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        scene.worker.report(&attempt, Outcome(.cancelled), &exchange)
        #expect(Self.permits(scene) == 0)
        scene.worker.end(&exchange)
        #expect(Self.permits(scene) == 0)
    }

    @Test func aPermitComesBackWhenTheRetryFindsNoEndpoint() throws {
        let scene = try Self.scene(Self.policy(5), Self.cluster(permits: 1))
        var exchange = Self.begin(scene)
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        #expect(scene.worker.report(&attempt, Self.failure, &exchange).retries)
        var empty = Self.cluster(permits: 1)
        empty.assignment.localities = []
        try scene.engine.apply(ConfigurationUpdate([.setCluster(empty)]))
        scene.worker.refresh()
        #expect(scene.worker.pick(&exchange, &attempt) == .noEndpoint)
        #expect(Self.permits(scene) == 0)
        scene.worker.end(&exchange)
        #expect(Self.permits(scene) == 0)
    }

    @Test func aPermitSurvivesAnUpdateOfItsCluster() throws {
        let scene = try Self.scene(Self.policy(5), Self.cluster(permits: 1))
        var exchange = Self.begin(scene)
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        #expect(scene.worker.report(&attempt, Self.failure, &exchange).retries)
        var other = Self.cluster(permits: 1)
        other.connectTimeout = .seconds(1)
        try scene.engine.apply(ConfigurationUpdate([.setCluster(other)]))
        scene.worker.refresh()
        #expect(Self.permits(scene) == 1)
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        #expect(Self.permits(scene) == 1)
        scene.worker.report(&attempt, .response(200), &exchange)
        #expect(Self.permits(scene) == 0)
        scene.worker.end(&exchange)
    }

    /// The permit came from a slot that is gone: the new one must not get back what it never gave.
    @Test(arguments: [true, false])
    func aPermitOfARemovedClusterIsNotGivenToItsSuccessor(picksAgain: Bool) throws {
        let scene = try Self.scene(Self.policy(5), Self.cluster(permits: 1))
        var exchange = Self.begin(scene)
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        #expect(scene.worker.report(&attempt, Self.failure, &exchange).retries)
        try scene.engine.apply(ConfigurationUpdate([.removeCluster("c")]))
        try scene.engine.apply(ConfigurationUpdate([.setCluster(Self.cluster(permits: 1))]))
        scene.worker.refresh()
        #expect(Self.permits(scene) == 0)
        if picksAgain {
            #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
            scene.worker.report(&attempt, .response(200), &exchange)
        }
        scene.worker.end(&exchange)
        #expect(Self.permits(scene) == 0)
        #expect(Self.attempts(scene) == 6)
        #expect(Self.permits(scene) == 0)
    }

    @Test func aRetryWhoseClusterIsGoneIsNotFound() throws {
        let scene = try Self.scene(Self.policy(5), Self.cluster(permits: 1))
        var exchange = Self.begin(scene)
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        #expect(scene.worker.report(&attempt, Self.failure, &exchange).retries)
        try scene.engine.apply(ConfigurationUpdate([.removeCluster("c")]))
        scene.worker.refresh()
        #expect(scene.worker.pick(&exchange, &attempt) == .clusterNotFound)
        scene.worker.end(&exchange)
        #expect(scene.engine.statistics.clusters == 0)
    }

    /// The attempt's snapshot is neither the route's nor the worker's: what it knows of its cluster goes with it.
    @Test func anAttemptFromASnapshotOfItsOwnCanBeRetried() throws {
        let scene = try Self.scene(Self.policy(5), Self.cluster(permits: 1))
        var exchange = Self.begin(scene)
        var attempt = Attempt()
        try scene.engine.apply(ConfigurationUpdate([.setCluster(Self.cluster(permits: 2))]))
        scene.worker.refresh()
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        try scene.engine.apply(ConfigurationUpdate([.setCluster(Self.cluster(permits: 1))]))
        scene.worker.refresh()
        #expect(scene.engine.statistics.liveSnapshots == 3)
        #expect(scene.worker.report(&attempt, Self.failure, &exchange).retries)
        #expect(scene.engine.statistics.liveSnapshots == 2)
        #expect(Self.permits(scene) == 1)
        scene.worker.end(&exchange)
        #expect(scene.engine.statistics.liveSnapshots == 1)
        #expect(Self.permits(scene) == 0)
    }
}
