// Fairlead: tests of endpoints' slots across updates
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct EndpointSlotsTests {
    static func apply(_ scene: Scene, _ changes: ConfigurationUpdate.Change...) throws {
        try scene.engine.apply(ConfigurationUpdate(changes))
        scene.worker.refresh()
    }

    @Test func survivorsKeepTheirSlotsAndCounters() throws {
        let scene = try Scene(Configuration(clusters: [.fixed("c", 1, 2, 3)]))
        _ = scene.picks(9)
        let before = scene.engine.slots("c")
        try Self.apply(scene, .setCluster(.fixed("c", 4, 3, 1)))
        let after = scene.engine.slots("c")
        #expect(after[1] == before[1] && after[3] == before[3])
        #expect(after[2] == nil)
        #expect(!before.values.contains { $0 == after[4] })
        #expect([1, 3, 4].map { scene.engine.endpoint($0)?.startedRequests } == [3, 3, 0])
    }

    @Test func whateverChangesAboutAnEndpointItIsItsAddress() throws {
        let scene = try Scene(Configuration(clusters: [.fixed("c", 1, 2)]))
        let before = scene.engine.slots("c")
        var changed = Cluster(
            name: "c",
            endpoints: [
                LocalityEndpoints(
                    locality: Locality(zone: "z"), priority: 2,
                    endpoints: [.at(2, weight: 9, .degraded, hostname: "h"), .at(1, .draining)])
            ])
        changed.loadBalancing.policy = LoadBalancing.maglev
        try Self.apply(scene, .setCluster(changed))
        #expect(scene.engine.slots("c") == before)
        // Even where it now comes from elsewhere.
        try Self.apply(scene, .setCluster(.discovered("c", "s")), .setAssignment(.of("s", 2, 1)))
        #expect(scene.engine.slots("c") == before)
    }

    @Test func anEndpointThatGoesAndComesAgainHasANewSlot() throws {
        let scene = try Scene(Configuration(clusters: [.fixed("c", 1, 2)]))
        let before = scene.engine.slots("c")
        _ = scene.picks(2)
        try Self.apply(scene, .removeEndpoint(.socket(host: "10.0.0.1", port: 1), assignment: "c"))
        try Self.apply(scene, .setEndpoint(.at(1), locality: Locality(), priority: 0, assignment: "c"))
        let after = scene.engine.slots("c")
        #expect(after[1] != before[1])
        #expect(after[2] == before[2])
        #expect(scene.engine.endpoint(1)?.startedRequests == 0)
    }

    @Test func withinOneUpdateAnEndpointDoesNotGo() throws {
        let scene = try Scene(Configuration(clusters: [.fixed("c", 1, 2)]))
        let before = scene.engine.slots("c")
        try Self.apply(
            scene, .removeEndpoint(.socket(host: "10.0.0.1", port: 1), assignment: "c"),
            .setEndpoint(.at(1, weight: 2), locality: Locality(), priority: 0, assignment: "c"))
        #expect(scene.engine.slots("c") == before)
        try Self.apply(scene, .removeEverything, .setCluster(.fixed("c", 2, 1)))
        #expect(scene.engine.slots("c") == before)
    }

    @Test func theSameAddressInAnotherClusterIsAnotherEndpoint() throws {
        let scene = try Scene(Configuration(clusters: [.fixed("c", 1), .fixed("d", 1)]))
        _ = scene.picks(3)
        #expect(scene.engine.slots("c")[1] != scene.engine.slots("d")[1])
        #expect(scene.engine.endpoint(1, of: "c")?.startedRequests == 3)
        #expect(scene.engine.endpoint(1, of: "d")?.startedRequests == 0)
    }

    @Test func aClusterThatGoesAndComesAgainHasNothingLeft() throws {
        let scene = try Scene(Configuration(clusters: [.fixed("c", 1)]))
        _ = scene.picks(3)
        #expect(scene.engine.clusterStatistics[0][.requests] == 3)
        try Self.apply(scene, .removeCluster("c"))
        try Self.apply(scene, .setCluster(.fixed("c", 1)))
        #expect(scene.engine.clusterStatistics[0][.requests] == 0)
        #expect(scene.engine.endpoint(1)?.startedRequests == 0)
    }

    @Test func aClusterThatStaysKeepsItsCounts() throws {
        let scene = try Scene(Configuration(clusters: [.fixed("c", 1)]))
        _ = scene.picks(3)
        try Self.apply(scene, .setCluster(.fixed("c", 2, policy: LoadBalancing.ringHash)))
        _ = scene.picks(2)
        #expect(scene.engine.clusterStatistics[0][.requests] == 5)
    }

    @Test func turnsGoOnAcrossUpdates() throws {
        let scene = try Scene(Configuration(clusters: [.fixed("c", 1, 2, 3, 4)]))
        var picks = scene.picks(2)
        for _ in 0..<20 {
            // What is not about the hosts does not restart their turns.
            var cluster = Cluster.fixed("c", 1, 2, 3, 4)
            cluster.connectTimeout = .milliseconds(Int64(picks.count))
            try Self.apply(scene, .setCluster(cluster))
            picks += scene.picks(1)
        }
        for (index, pick) in picks.enumerated().dropFirst(4) { #expect(pick == picks[index - 4]) }
    }

    @Test func slotsOfEndpointsThatAreGoneAreUsedAgain() throws {
        let scene = try Scene(Configuration(clusters: [.fixed("c", 1)]))
        var names: Set<SlotName> = []
        for round in 0..<200 {
            try Self.apply(scene, .setCluster(.fixed("c", UInt16(1000 + round))))
            for slot in scene.engine.slots("c").values { #expect(names.insert(slot).inserted) }
            #expect(scene.engine.statistics.endpointSlots <= 2)
        }
        #expect(Set(names.map { $0.index }).count <= 3)
    }

    // MARK: Detached attempts

    @Test func aDetachedAttemptSurvivesItsEndpoint() throws {
        let scene = try Scene(Configuration(clusters: [.fixed("c", 1)]))
        var exchange = scene.worker.begin(cluster: "c")
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        scene.worker.detach(&attempt)
        scene.worker.end(&exchange)
        let index = attempt.slot?.index
        try Self.apply(scene, .setCluster(.fixed("c", 2)))
        // Nothing holds the old snapshot, and yet the slot is not given to anybody.
        #expect(scene.engine.statistics.liveSnapshots == 1)
        #expect(scene.engine.statistics.endpointSlots == 2)
        #expect(scene.engine.statistics.retiredParts == 1)
        for port: UInt16 in 3...20 {
            try Self.apply(scene, .setCluster(.fixed("c", port)))
            #expect(!scene.engine.slots("c").values.contains { $0.index == index })
        }
        var ended = Exchange()
        scene.worker.report(&attempt, .response(200), &ended)
        #expect(scene.engine.statistics.endpointSlots == 1)
        #expect(scene.engine.statistics.retiredParts == 0)
    }

    @Test func aDetachedAttemptCountsOnItsEndpointAsBefore() throws {
        let scene = try Scene(Configuration(clusters: [.fixed("c", 1)]))
        var exchange = scene.worker.begin(cluster: "c")
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        scene.worker.detach(&attempt)
        // Detached twice is detached once.
        scene.worker.detach(&attempt)
        #expect(scene.engine.endpoint(1)?.activeRequests == 1)
        scene.worker.report(&attempt, .response(500), &exchange)
        #expect(scene.engine.endpoint(1)?.activeRequests == 0)
        #expect(scene.engine.endpoint(1)?.failedRequests == 1)
        scene.worker.end(&exchange)
    }

    @Test func aDetachedAttemptCanStillBeRetried() throws {
        let scene = try Scene(routes: [.forward { $0.retryPolicy = RetryPolicy(on: .serverError) }])
        let request = Request(authority: "a", path: "/")
        var exchange = scene.worker.begin(request.view)
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        scene.worker.detach(&attempt)
        #expect(scene.worker.report(&attempt, .response(503), &exchange).retries)
        #expect(scene.pickOnce(&exchange, .response(200)) == "10.0.0.1:1")
        scene.worker.end(&exchange)
        #expect(scene.engine.clusterStatistics[0].activeRetries == [0, 0])
    }
}
