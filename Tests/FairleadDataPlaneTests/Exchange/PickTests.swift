// Fairlead: tests of picks
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct PickTests {
    /// A policy that starts at the first host and, asked again, takes the next one.
    static let stepping = ScriptedPolicy("stepping") { _, context in Int(context.attempt) % context.loads.count }

    static func ports(_ range: ClosedRange<UInt16>) -> [Endpoint] { range.map { .at($0) } }

    /// A scene with one cluster of the stepping policy, retried up to `retries` times.
    static func scene(
        _ endpoints: [Endpoint], retries: UInt32, _ change: (inout RetryPolicy) -> Void = { _ in }
    ) throws -> Scene {
        let route = Route.forward {
            var policy = RetryPolicy(on: .serverError)
            policy.retries = retries
            policy.avoidsPreviousHosts = true
            change(&policy)
            $0.retryPolicy = policy
        }
        var cluster = Cluster.of("c", endpoints, policy: "stepping")
        cluster.circuitBreakers.normal.retries = 100
        return try Scene(routes: [route], clusters: [cluster], options: .scene(with: stepping))
    }

    /// The ports of all attempts of one exchange, each of which fails.
    static func tries(_ scene: Scene) -> [Int] {
        let request = Request(authority: "a", path: "/")
        var exchange = scene.worker.begin(request.view)
        var ports: [Int] = []
        var attempt = Attempt()
        while scene.worker.pick(&exchange, &attempt) == .endpoint {
            ports.append(Int(attempt.endpoint?.port ?? 0))
            guard scene.worker.report(&attempt, .response(503), &exchange).retries else { break }
        }
        scene.worker.end(&exchange)
        return ports
    }

    // MARK: Hosts tried before

    @Test func aRetryAvoidsHostsThatWereTried() throws {
        #expect(
            try Self.tries(Self.scene(Self.ports(1...3), retries: 2) { $0.hostSelectionAttempts = 5 }) == [1, 2, 3])
    }

    @Test func withoutThePredicateTheSameHostMayComeAgain() throws {
        #expect(
            try Self.tries(Self.scene(Self.ports(1...3), retries: 2) { $0.avoidsPreviousHosts = false }) == [1, 1, 1])
    }

    /// One more host is looked at than there are attempts, and the last one is taken whatever it is.
    @Test func theLastHostLookedAtIsTakenAllTheSame() throws {
        #expect(
            try Self.tries(Self.scene(Self.ports(1...4), retries: 3) { $0.hostSelectionAttempts = 0 }) == [1, 1, 1, 1])
        #expect(
            try Self.tries(Self.scene(Self.ports(1...4), retries: 3) { $0.hostSelectionAttempts = 1 }) == [1, 2, 2, 2])
        #expect(
            try Self.tries(Self.scene(Self.ports(1...4), retries: 3) { $0.hostSelectionAttempts = 2 }) == [1, 2, 3, 3])
        #expect(
            try Self.tries(Self.scene(Self.ports(1...1), retries: 2) { $0.hostSelectionAttempts = 9 }) == [1, 1, 1])
    }

    @Test func theLargestNumberOfAttemptsIsAnswered() throws {
        #expect(
            try Self.tries(Self.scene(Self.ports(1...3), retries: 2) { $0.hostSelectionAttempts = .max }) == [1, 2, 3])
    }

    @Test func eightHostsAreRememberedAndLaterOnesAreNot() throws {
        let tries = try Self.tries(Self.scene(Self.ports(1...12), retries: 11) { $0.hostSelectionAttempts = 20 })
        #expect(Array(tries.prefix(9)) == Array(1...9))
        #expect(tries.count == 12)
        // The first eight stay the ones that are avoided.
        #expect(tries.dropFirst(8).allSatisfy { $0 == 9 })
    }

    @Test func anEndpointThatWentAndCameAgainIsANewOne() throws {
        let scene = try Self.scene(Self.ports(1...2), retries: 5) { $0.hostSelectionAttempts = 5 }
        let request = Request(authority: "a", path: "/")
        var exchange = scene.worker.begin(request.view)
        #expect(scene.pickOnce(&exchange, .response(503)) == "10.0.0.1:1")
        try scene.engine.apply(
            ConfigurationUpdate([.removeEndpoint(.socket(host: "10.0.0.1", port: 1), assignment: "c")]))
        try scene.engine.apply(ConfigurationUpdate([.setCluster(.of("c", Self.ports(1...2), policy: "stepping"))]))
        scene.worker.refresh()
        #expect(scene.pickOnce(&exchange, .response(503)) == "10.0.0.1:1")
        #expect(scene.pickOnce(&exchange, .response(503)) == "10.0.0.1:2")
        scene.worker.end(&exchange)
    }

    // MARK: The hash on retries

    /// The ports of four attempts of each of many exchanges with a ring of four hosts.
    static func ringTries(hash: UInt64?) throws -> [[String]] {
        let route = Route.forward {
            var policy = RetryPolicy(on: .serverError)
            policy.retries = 3
            $0.retryPolicy = policy
            if hash != nil { $0.hashPolicies = [HashPolicy(.header("k", substitution: nil))] }
        }
        var cluster = Cluster.of("c", ports(1...4), policy: LoadBalancing.ringHash)
        cluster.circuitBreakers.normal.retries = 100
        let scene = try Scene(routes: [route], clusters: [cluster])
        return (0..<50).map { number in
            let request = Request(authority: "a", path: "/", headers: [("k", "\(number)")])
            var exchange = scene.worker.begin(request.view)
            let tries = (0..<4).compactMap { _ in scene.pickOnce(&exchange, .response(503)) }
            scene.worker.end(&exchange)
            return tries
        }
    }

    @Test func retriesOfARequestWithAHashKeepToIt() throws {
        let tries = try Self.ringTries(hash: 1)
        #expect(tries.allSatisfy { $0.count == 4 && Set($0).count == 1 })
        #expect(Set(tries.flatMap { $0 }).count == 4)
    }

    @Test func retriesOfARequestWithoutAHashAreLeftToChanceEachTime() throws {
        let tries = try Self.ringTries(hash: nil)
        #expect(tries.allSatisfy { $0.count == 4 })
        let same = tries.filter { Set($0).count == 1 }.count
        #expect(same < 10)
    }

    // MARK: Dropping

    static func dropping(_ numerator: UInt32, of denominator: Fraction.Denominator = .hundred) throws -> Scene {
        var cluster = Cluster.fixed("c", 1)
        cluster.circuitBreakers.normal.retries = 1000
        cluster.assignment.dropOverload = EndpointAssignment.DropOverload(
            category: "x", fraction: Fraction(numerator, of: denominator))
        let route = Route.forward {
            var policy = RetryPolicy(on: .serverError)
            policy.retries = 5
            $0.retryPolicy = policy
        }
        return try Scene(routes: [route], clusters: [cluster])
    }

    @Test func aShareOfRequestsIsDroppedBeforeTheyArePicked() throws {
        for (numerator, denominator, range) in [
            (UInt32(0), Fraction.Denominator.hundred, 0...0), (100, .hundred, 1000...1000),
            (1_000_000, .million, 1000...1000),
            (2500, .tenThousand, 200...300),
        ] {
            let scene = try Self.dropping(numerator, of: denominator)
            var dropped = 0
            for _ in 0..<1000 {
                var exchange = scene.worker.begin(cluster: "c")
                var attempt = Attempt()
                let result = scene.worker.pick(&exchange, &attempt)
                if result == .dropped { dropped += 1 } else { #expect(result == .endpoint) }
                scene.worker.report(&attempt, .response(200), &exchange)
                scene.worker.end(&exchange)
            }
            #expect(range.contains(dropped))
            #expect(scene.engine.clusterStatistics[0][.dropped] == UInt64(dropped))
            #expect(scene.engine.clusterStatistics[0].endpoints[0].activeRequests == 0)
        }
    }

    /// Seen on Envoy 1.40: who came through once is not dropped at a retry.
    @Test func retriesAreNotDropped() throws {
        let scene = try Self.dropping(50)
        var passed = 0
        for _ in 0..<300 {
            let tries = Self.tries(scene).count
            #expect(tries == 0 || tries == 6)
            if tries > 0 { passed += 1 }
        }
        #expect((110..<190).contains(passed))
    }

    // MARK: Priorities

    static func priorities(_ lists: [[Endpoint]], policy: String = LoadBalancing.roundRobin) -> Cluster {
        var cluster = Cluster(
            name: "c",
            endpoints: lists.enumerated().map { LocalityEndpoints(priority: $0.offset, endpoints: $0.element) })
        cluster.loadBalancing.policy = policy
        return cluster
    }

    /// Two of five healthy: 56 of 100 stay, by the hash where the hash decides.
    @Test func theHashDecidesThePriority() throws {
        let first = [Endpoint.at(1), .at(2), .at(3, .unhealthy), .at(4, .unhealthy), .at(5, .unhealthy)]
        for policy in [LoadBalancing.ringHash, LoadBalancing.maglev] {
            let scene = try Scene(
                Configuration(clusters: [Self.priorities([first, Self.ports(6...9)], policy: policy)]))
            for hash in (0..<200).map({ UInt64($0) }) + [.max] {
                let port = Int(scene.picks(1, hash: hash)[0].dropFirst("10.0.0.1:".count)) ?? 0
                #expect((port <= 2) == (hash % 100 < 56), "\(hash)")
            }
        }
    }

    @Test func chanceDecidesThePriorityOtherwise() throws {
        let first = [Endpoint.at(1), .at(2), .at(3, .unhealthy), .at(4, .unhealthy), .at(5, .unhealthy)]
        let scene = try Scene(Configuration(clusters: [Self.priorities([first, Self.ports(6...6)])]))
        let counts = scene.counts(4000)
        #expect((1480..<1800).contains(counts["10.0.0.1:6"] ?? 0))
        // Within a priority it is in turn.
        #expect(abs((counts["10.0.0.1:1"] ?? 0) - (counts["10.0.0.1:2"] ?? 0)) <= 1)
        #expect(counts.count == 3)
    }

    @Test func degradedHostsGetWhatTheHealthyOnesLeave() throws {
        // One healthy, two degraded, four unhealthy of seven; one healthy, one unhealthy: 20 / 70, and 10 degraded.
        let cluster = Self.priorities([
            [.at(1), .at(2, .degraded), .at(3, .degraded)] + (4...7).map { .at($0, .unhealthy) },
            [.at(8), .at(9, .unhealthy)],
        ])
        let counts = try Scene(Configuration(clusters: [cluster])).counts(5000)
        #expect((850..<1150).contains(counts["10.0.0.1:1"] ?? 0))
        #expect((3300..<3700).contains(counts["10.0.0.1:8"] ?? 0))
        let degraded = [2, 3].map { counts["10.0.0.1:\($0)"] ?? 0 }
        #expect((400..<600).contains(degraded.reduce(0, +)))
        #expect(abs(degraded[0] - degraded[1]) <= 1)
        #expect(counts.count == 4)
    }

    @Test func inPanicEveryHostIsTaken() throws {
        let cluster = Cluster.of(
            "c", [.at(1), .at(2, .unhealthy), .at(3, .draining), .at(4, .timeout), .at(5, .degraded)])
        var calm = cluster
        calm.loadBalancing.panicThreshold = 0
        let panicking = try Scene(Configuration(clusters: [cluster]))
        // 40 of the 80 per cent that count are not enough: one healthy and one degraded of four.
        #expect(panicking.counts(500).count == 2)
        var sick = cluster
        sick.assignment.localities[0].endpoints[4].health = .unhealthy
        let panic = try Scene(Configuration(clusters: [sick]))
        #expect(
            panic.counts(500) == [
                "10.0.0.1:1": 100, "10.0.0.1:2": 100, "10.0.0.1:3": 100, "10.0.0.1:4": 100, "10.0.0.1:5": 100,
            ])
        #expect(panic.engine.clusterStatistics[0][.panics] == 500)
        let calmed = try Scene(Configuration(clusters: [calm]))
        #expect(calmed.engine.clusterStatistics[0][.panics] == 0)
        #expect(calmed.counts(500).keys.sorted() == ["10.0.0.1:1", "10.0.0.1:5"])
    }

    @Test func withoutSelectableHostsThereIsNone() throws {
        var dead = Cluster.of("dead", [.at(1, .unhealthy)])
        dead.loadBalancing.panicThreshold = 0
        let scene = try Scene(Configuration(clusters: [dead, Cluster(name: "empty")]))
        for name in ["dead", "empty"] {
            #expect(scene.picks(3, of: name) == ["-", "-", "-"])
            #expect(scene.engine.clusterStatistics.first { $0.name == name }?[.noEndpoint] == 3)
        }
        #expect(scene.worker.count(.noEndpoint) == 6)
        #expect(scene.worker.openExchanges == 0)
    }

    // MARK: Localities

    static func localities(_ policy: String = LoadBalancing.roundRobin) -> Cluster {
        var cluster = Cluster(
            name: "c",
            endpoints: [
                LocalityEndpoints(locality: Locality(zone: "a"), weight: 1, endpoints: [.at(1)]),
                LocalityEndpoints(locality: Locality(zone: "b"), weight: 3, endpoints: [.at(2), .at(3, .unhealthy)]),
                LocalityEndpoints(locality: Locality(zone: "c"), endpoints: [.at(4)]),
            ])
        cluster.loadBalancing = LoadBalancing(policy: policy)
        cluster.loadBalancing.weighsLocalities = true
        return cluster
    }

    /// One of one and one of two healthy: weights 1 and 3 count as 1 and 2.1; without weight there is no traffic.
    @Test func localitiesAreChosenByTheirEffectiveWeights() throws {
        let counts = try Scene(Configuration(clusters: [Self.localities()])).counts(3100)
        #expect(abs((counts["10.0.0.1:1"] ?? 0) - 1000) <= 20)
        #expect(abs((counts["10.0.0.1:2"] ?? 0) - 2100) <= 20)
        #expect(counts.count == 2)
    }

    @Test func withoutLocalityWeightingTheirWeightsMeanNothing() throws {
        var cluster = Self.localities()
        cluster.loadBalancing.weighsLocalities = false
        #expect(
            try Scene(Configuration(clusters: [cluster])).counts(300) == [
                "10.0.0.1:1": 100, "10.0.0.1:2": 100, "10.0.0.1:4": 100,
            ])
    }

    @Test func aLocalityWithoutHealthyHostsGetsNothing() throws {
        var cluster = Self.localities()
        cluster.assignment.localities[0].endpoints[0].health = .unhealthy
        #expect(try Scene(Configuration(clusters: [cluster])).counts(200) == ["10.0.0.1:2": 200])
        // Degraded hosts have a share of their own: here 30, beside 70 for the healthy ones.
        cluster.assignment.localities[0].endpoints[0].health = .degraded
        let counts = try Scene(Configuration(clusters: [cluster])).counts(1000)
        #expect((250..<350).contains(counts["10.0.0.1:1"] ?? 0))
        #expect(counts.count == 2)
    }

    // MARK: Counting

    @Test func attemptsAreCountedWhereTheyWent() throws {
        let scene = try Scene(Configuration(clusters: [.fixed("c", 1)]))
        let outcomes: [Outcome] = [
            .response(200), .response(500), Outcome(.connectFailure), Outcome(.reset), Outcome(.cancelled),
            Outcome(.overflow),
            .response(404),
        ]
        for outcome in outcomes {
            var exchange = scene.worker.begin(cluster: "c")
            _ = scene.pickOnce(&exchange, outcome)
            scene.worker.end(&exchange)
        }
        let cluster = scene.engine.clusterStatistics[0]
        #expect(cluster[.requests] == 7)
        #expect(cluster[.failures] == 3)
        #expect(cluster[.cancelled] == 1)
        #expect(cluster[.retries] == 0)
        #expect(cluster.endpoints[0].startedRequests == 7)
        #expect(cluster.endpoints[0].failedRequests == 3)
        #expect(cluster.endpoints[0].activeRequests == 0)
        #expect(scene.worker.count(.picks) == 7)
    }

    @Test func anEndpointIsBusyFromPickToReport() throws {
        let scene = try Scene(Configuration(clusters: [.fixed("c", 1)]))
        var exchange = scene.worker.begin(cluster: "c")
        var first = Attempt()
        var second = Attempt()
        #expect(scene.worker.pick(&exchange, &first) == .endpoint)
        #expect(scene.worker.pick(&exchange, &second) == .endpoint)
        #expect(exchange.attempts == 2)
        let numbers = [first.number, second.number]
        #expect(numbers == [1, 2])
        let active = { scene.engine.clusterStatistics[0].endpoints[0].activeRequests }
        #expect(active() == 2)
        scene.worker.report(&first, .response(200), &exchange)
        #expect(active() == 1)
        scene.worker.report(&second, Outcome(.timeout), &exchange)
        #expect(active() == 0)
        scene.worker.end(&exchange)
    }
}
