// Fairlead: tests of what an engine tells of itself
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct StatisticsTests {
    @Test func anEmptyEngineHasItsDirectoryAlone() {
        let statistics = Engine().statistics
        #expect(statistics.generation == 1)
        #expect(statistics.liveSnapshots == 1)
        #expect(statistics.blocks == 1)
        #expect(statistics.blockBytes > 0 && statistics.rootBytes > 0)
        #expect(
            [statistics.clusters, statistics.routeTables, statistics.virtualHosts, statistics.workers] == [0, 0, 0, 0])
        #expect(statistics.endpointSlots == 0 && statistics.slotBytes == 0 && statistics.retiredParts == 0)
        #expect(WorkerCounters.Counter.allCases.allSatisfy { statistics[$0] == 0 })
    }

    @Test func blocksAndBytesAreThoseOfTheImages() throws {
        let scene = try Scene(AggregateTests.configuration)
        let statistics = scene.engine.statistics
        let images = scene.engine.blockImages
        // The directory holds ids, which are history, and is no image.
        #expect(statistics.blocks == images.count + 1)
        #expect(statistics.blockBytes > images.reduce(0) { $0 + $1.bytes.count })
        #expect(statistics.clusters == 5 && statistics.routeTables == 1 && statistics.virtualHosts == 3)
        #expect(statistics.endpointSlots == 14)
        #expect(statistics.slotBytes == 1024 * 64)
        #expect(
            images.map { $0.name } == [
                "cluster blue", "cluster canary", "cluster green", "cluster maglev", "cluster search",
                "route table edge",
                "virtual host edge 0", "virtual host edge 1", "virtual host edge 2",
            ])
        #expect(images.first { $0.name == "virtual host edge 0" }?.references == ["canary", "search", "blue", "green"])
        #expect(images.first { $0.name == "route table edge" }?.references == ["api", "secure", "rest"])
    }

    @Test func memoryComesBack() throws {
        let engine = Engine(options: .scene)
        let empty = engine.statistics
        for _ in 0..<5 {
            try engine.apply(ConfigurationUpdate(replacingEverythingWith: AggregateTests.configuration))
            try engine.apply(ConfigurationUpdate([.removeEverything]))
        }
        let statistics = engine.statistics
        #expect(statistics.blockBytes == empty.blockBytes)
        #expect(statistics.endpointSlots == 0)
        #expect(statistics.retiredParts == 0)
        // Places of ids stay, and are used again.
        #expect(statistics.rootBytes < empty.rootBytes + 500)
    }

    @Test func clustersAreToldInTheOrderOfTheirNames() throws {
        let engine = try Engine(
            Configuration(clusters: [.fixed("b", 2), .fixed("a", 1), .of("c", [.at(3)], policy: LoadBalancing.random)]))
        let clusters = engine.clusterStatistics
        #expect(clusters.map { $0.name } == ["a", "b", "c"])
        #expect(
            clusters.map { $0.policy } == [LoadBalancing.roundRobin, LoadBalancing.roundRobin, LoadBalancing.random])
        #expect(clusters.allSatisfy { $0.activeRetries == [0, 0] && $0.counts.allSatisfy { $0 == 0 } })
    }

    @Test func endpointsAreToldWithEverythingThatIsKnown() throws {
        let cluster = Cluster(
            name: "c",
            endpoints: [
                LocalityEndpoints(
                    locality: Locality(region: "r", zone: "z", subZone: "s"), priority: 1,
                    endpoints: [.at(2, weight: 7, .degraded, hostname: "two")]), LocalityEndpoints(endpoints: [.at(1)]),
            ])
        let engine = try Engine(Configuration(clusters: [cluster]))
        let endpoints = engine.clusterStatistics[0].endpoints
        #expect(endpoints.map { $0.address.text } == ["10.0.0.1:1", "10.0.0.1:2"])
        #expect(endpoints.map { $0.priority } == [0, 1])
        #expect(endpoints.map { $0.weight } == [1, 7])
        #expect(endpoints.map { $0.health } == [.unknown, .degraded])
        #expect(endpoints.map { $0.hostname } == ["", "two"])
        #expect(endpoints.map { $0.locality } == [Locality(), Locality(region: "r", zone: "z", subZone: "s")])
        #expect(endpoints.allSatisfy { $0.activeRequests == 0 && $0.startedRequests == 0 && $0.failedRequests == 0 })
    }
}
