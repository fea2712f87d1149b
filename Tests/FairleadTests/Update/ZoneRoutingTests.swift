// Fairlead: tests of clusters that depend on the local one
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct ZoneRoutingTests {
    static func zone(_ name: String, _ ports: ClosedRange<UInt16>) -> LocalityEndpoints {
        LocalityEndpoints(locality: Locality(zone: name), endpoints: ports.map { .at($0) })
    }

    static var options: EngineOptions {
        var options = EngineOptions.scene
        options.locality = Locality(zone: "a")
        options.localCluster = "local"
        return options
    }

    static func scene(_ local: [LocalityEndpoints]?) throws -> Scene {
        var clusters = [Cluster(name: "c", endpoints: [zone("a", 1...2), zone("b", 11...14)])]
        if let local { clusters.append(Cluster(name: "local", endpoints: local)) }
        return try Scene(Configuration(clusters: clusters), options: options)
    }

    /// How many of 3000 requests stay in the own zone.
    static func staying(_ scene: Scene) -> Int {
        scene.worker.refresh()
        return scene.picks(3000).filter { ["10.0.0.1:1", "10.0.0.1:2"].contains($0) }.count
    }

    @Test func requestsStayAsFarAsTheOwnZoneCanBearThem() throws {
        #expect(try (1900...2100).contains(Self.staying(Self.scene([Self.zone("a", 1...1), Self.zone("b", 2...2)]))))
        #expect(try Self.staying(Self.scene([Self.zone("a", 1...1), Self.zone("b", 2...9)])) == 3000)
    }

    @Test func withoutALocalClusterTheyDoNot() throws {
        #expect(try Self.staying(Self.scene(nil)) == 1000)
    }

    @Test func aChangeOfTheLocalClusterCompilesTheOthersAnew() throws {
        let scene = try Self.scene([Self.zone("a", 1...1), Self.zone("b", 2...2)])
        try scene.engine.apply(ConfigurationUpdate([.removeCluster("local")]))
        #expect(Self.staying(scene) == 1000)
        let local = Cluster(name: "local", endpoints: [Self.zone("a", 1...1), Self.zone("b", 2...9)])
        try scene.engine.apply(ConfigurationUpdate([.setCluster(local)]))
        #expect(Self.staying(scene) == 3000)
        try scene.engine.apply(
            ConfigurationUpdate(
                (3...9).map { .removeEndpoint(.socket(host: "10.0.0.1", port: $0), assignment: "local") }))
        #expect((1900...2100).contains(Self.staying(scene)))
    }

    @Test func whatDoesNotChangeItsZonesLeavesTheOthersAsTheyAre() throws {
        let scene = try Self.scene([Self.zone("a", 1...1), Self.zone("b", 2...2)])
        let before = scene.engine.blockImages.first { $0.name.contains("c") }
        var moved = Cluster(name: "local", endpoints: [Self.zone("a", 7...7), Self.zone("b", 8...8)])
        moved.connectTimeout = .seconds(7)
        try scene.engine.apply(ConfigurationUpdate([.setCluster(moved)]))
        #expect(scene.engine.blockImages.first { $0.name.contains("c") } == before)
    }

    @Test func theLocalClusterHasOnePriority() throws {
        var second = Self.zone("a", 1...1)
        second.priority = 1
        let local = Cluster(name: "local", endpoints: [Self.zone("a", 2...2), second])
        let problems = Engine(options: Self.options).check(ConfigurationUpdate([.setCluster(local)]))
        #expect(problems.map { $0.path } == ["clusters[\"local\"].load_assignment.endpoints[1].priority"])
        var other = local
        other.name = "other"
        #expect(Engine(options: Self.options).check(ConfigurationUpdate([.setCluster(other)])).isEmpty)
    }

    @Test func runtimeValuesChangeIt() throws {
        let scene = try Self.scene([Self.zone("a", 1...1), Self.zone("b", 2...9)])
        func set(_ key: String, _ value: Double) throws {
            try scene.engine.apply(
                ConfigurationUpdate([
                    .setRuntimeLayer(RuntimeLayer("l", [.init("upstream.zone_routing." + key, .number(value))]))
                ]))
        }
        try set("enabled", 0)
        #expect(Self.staying(scene) == 1000)
        try set("min_cluster_size", 7)
        #expect(Self.staying(scene) == 1000)
        try set("min_cluster_size", 6)
        #expect(Self.staying(scene) == 3000)
    }

    @Test func inPanicRequestsMayFailInstead() throws {
        let sick = LocalityEndpoints(
            locality: Locality(zone: "b"), endpoints: (11...14).map { .at($0, .unhealthy) })
        var cluster = Cluster(name: "c", endpoints: [sick])
        let panicking = try Scene(Configuration(clusters: [cluster]), options: Self.options)
        #expect(!panicking.picks(4).contains("-"))
        cluster.loadBalancing.zones.failsInPanic = true
        #expect(try Set(Scene(Configuration(clusters: [cluster]), options: Self.options).picks(4)) == ["-"])
    }

    @Test func anExplanationTellsTheZone() throws {
        let scene = try Scene(
            Configuration(
                routeConfigurations: [.of([.forward()])],
                clusters: [
                    Cluster(name: "c", endpoints: [Self.zone("a", 1...3), Self.zone("b", 11...13)]),
                    Cluster(name: "local", endpoints: [Self.zone("a", 1...1), Self.zone("b", 2...2)]),
                ]), options: Self.options)
        let request = Request(authority: "a", path: "/")
        #expect(scene.worker.explain(request.view).pick?.zone == .own)
    }
}
