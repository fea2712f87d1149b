// Fairlead: tests of updates that are tried before they are published
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct UpdateCandidateTests {
    static func table(_ first: String, _ second: String, named name: String = "table") -> RouteConfiguration {
        RouteConfiguration(
            name: name,
            virtualHosts: [
                VirtualHost(name: "a", domains: ["a.example"], routes: [.forward(to: first, named: "r")]),
                VirtualHost(name: "b", domains: ["b.example"], routes: [.forward(to: second, named: "r")]),
            ])
    }

    static func scene() throws -> Scene {
        try Scene(Self.table("c", "c"), clusters: [.fixed("c", 1), .fixed("d", 2)])
    }

    static func compare(
        _ candidate: UpdateCandidate, _ path: String = "/", at authority: String, table: String = "table"
    ) throws -> (before: Destination?, after: Destination?) {
        let request = Request(authority: authority, path: path)
        return try candidate.compare(request.view, routeTable: table)
    }

    @Test func aCandidateTellsWhatChanges() throws {
        let scene = try Self.scene()
        let candidate = try scene.engine.prepare(
            ConfigurationUpdate([
                .setRouteConfiguration(Self.table("c", "d")), .removeCluster("gone"), .setCluster(.fixed("new", 3)),
                .setRouteConfiguration(Self.table("c", "c", named: "second")), .setCluster(.fixed("c", 1)),
                .removeCluster("d"),
            ]))
        let told = candidate.changes.map { "\($0.effect) \($0.kind) \($0.container)/\($0.name)" }
        #expect(
            told == [
                "added routeConfiguration /second", "added virtualHost second/a", "added virtualHost second/b",
                "changed routeConfiguration /table", "changed virtualHost table/b", "removed cluster /d",
                "added cluster /new",
            ])
    }

    @Test func aCandidateTellsWhichLayersOfRuntimeValuesChange() throws {
        let scene = try Self.scene()
        let base = RuntimeLayer("base", [.init("k", .number(1))])
        let top = RuntimeLayer("top", [.init("k", .number(2))])
        try scene.engine.apply(ConfigurationUpdate([.setRuntimeLayer(base), .setRuntimeLayer(top)]))
        func told(_ changes: [ConfigurationUpdate.Change]) throws -> [String] {
            try scene.engine.prepare(ConfigurationUpdate(changes)).changes.map { "\($0.effect) \($0.kind) \($0.name)" }
        }
        #expect(try told([.setRuntimeLayer(base)]) == [])
        #expect(try told([.setRuntimeLayer(RuntimeLayer("base"))]) == ["changed runtimeLayer base"])
        #expect(
            try told([.removeRuntimeLayer("top"), .setRuntimeLayer(RuntimeLayer("new"))]) == [
                "added runtimeLayer new", "removed runtimeLayer top",
            ])
        // The last one counts, so that another order is another configuration.
        #expect(
            try told([.removeRuntimeLayer("base"), .setRuntimeLayer(base)]) == [
                "changed runtimeLayer base", "changed runtimeLayer top",
            ])
    }

    @Test func eachSideCanBeAskedByItself() throws {
        let scene = try Self.scene()
        let candidate = try scene.engine.prepare(ConfigurationUpdate([.setRouteConfiguration(Self.table("c", "d"))]))
        let request = Request(authority: "b.example", path: "/")
        let before = try candidate.destination(of: request.view, routeTable: "table", .before)
        let after = try candidate.destination(of: request.view, routeTable: "table", .after)
        #expect(before?.cluster == "c" && after?.cluster == "d")
        #expect(try candidate.destination(of: request.view, routeTable: "never", .after) == nil)
        let refused = Destination(answered: 400)
        #expect(refused.differences(to: refused) == [])
        #expect(
            try #require(before).differences(to: refused).map { $0.name }.prefix(3) == ["action", "status", "cluster"])
    }

    @Test func aCandidateTellsWhereRequestsWouldGo() throws {
        let scene = try Self.scene()
        let candidate = try scene.engine.prepare(
            ConfigurationUpdate([.setRouteConfiguration(Self.table("c", "new")), .setCluster(.fixed("new", 3))]))
        let same = try Self.compare(candidate, at: "a.example")
        #expect(same.before == same.after)
        #expect(same.before?.cluster == "c")
        let moved = try Self.compare(candidate, "/x?y", at: "b.example")
        #expect(moved.after?.cluster == "new")
        #expect(moved.after?.path == "/x?y")
        let parts = try #require(moved.before).differences(to: try #require(moved.after))
        #expect(parts == [Destination.Part(name: "cluster", before: "c", after: "new")])
        let nowhere = try Self.compare(candidate, at: "nobody")
        #expect(nowhere.before?.status == 404)
        #expect(nowhere.before?.virtualHost == nil)
    }

    @Test func aClusterThatWouldBeMissingKeepsItsName() throws {
        let scene = try Self.scene()
        let candidate = try scene.engine.prepare(
            ConfigurationUpdate([.removeCluster("c"), .setRouteConfiguration(Self.table("c", "never"))]))
        let gone = try Self.compare(candidate, at: "a.example")
        #expect(gone.after?.cluster == "c")
        #expect(gone.after?.status == 503)
        #expect(try Self.compare(candidate, at: "b.example").after?.cluster == "never")
    }

    @Test func clustersThatHeadersNameAreLookedUpInTheCandidate() throws {
        let table = RouteConfiguration.of([.forward(named: "r") { $0.target = .header("x") }])
        let scene = try Scene(table, clusters: [.fixed("c", 1)])
        let candidate = try scene.engine.prepare(
            ConfigurationUpdate([.setCluster(.fixed("new", 3)), .removeCluster("c")]))
        for (name, before, after) in [("c", 0, 503), ("new", 503, 0)] as [(String, UInt16, UInt16)] {
            let request = Request(authority: "a", path: "/", headers: [("x", name)])
            let told = try candidate.compare(request.view, routeTable: "table")
            #expect(told.before?.status == before)
            #expect(told.after?.status == after)
        }
    }

    @Test func tablesThatComeOrGoAreTold() throws {
        let scene = try Self.scene()
        let candidate = try scene.engine.prepare(
            ConfigurationUpdate([
                .removeRouteConfiguration("table"), .setRouteConfiguration(Self.table("c", "c", named: "second")),
            ]))
        let gone = try Self.compare(candidate, at: "a.example")
        #expect(gone.before != nil && gone.after == nil)
        let new = try Self.compare(candidate, at: "a.example", table: "second")
        #expect(new.before == nil && new.after?.cluster == "c")
        let never = try Self.compare(candidate, at: "a.example", table: "never")
        #expect(never.before == nil && never.after == nil)
    }

    @Test func chanceIsTheSameOnBothSides() throws {
        var weighted = WeightedClusters([.init("c", weight: 1), .init("d", weight: 1)])
        weighted.usesHashPolicy = true
        let table = RouteConfiguration.of([.forward(named: "r") { $0.target = .weighted(weighted) }])
        let scene = try Scene(table, clusters: [.fixed("c", 1), .fixed("d", 2)])
        let candidate = try scene.engine.prepare(ConfigurationUpdate([.setCluster(.fixed("c", 9))]))
        for bits in 0..<50 as Range<UInt64> {
            let request = Request(authority: "a", path: "/")
            request.random = bits.isMultiple(of: 5) ? nil : bits
            let told = try candidate.compare(request.view, routeTable: "table")
            #expect(told.before == told.after)
        }
    }

    // MARK: Publishing

    @Test func aCandidateIsPublishedAsOneStep() throws {
        let scene = try Self.scene()
        let update = ConfigurationUpdate([
            .setRouteConfiguration(Self.table("c", "new")), .setCluster(.fixed("new", 3)),
        ])
        let candidate = try scene.engine.prepare(update)
        let generation = scene.engine.statistics.generation
        #expect(try candidate.publish() == generation + 1)
        #expect(scene.worker.refresh())
        #expect(scene.decide("/", at: "b.example").cluster == "new")
        let request = Request(authority: "b.example", path: "/")
        var exchange = scene.worker.begin(request.view)
        #expect(scene.pickOnce(&exchange, .response(200)) == "10.0.0.1:3")
        scene.worker.end(&exchange)
        // What was prepared is what would have been applied.
        let applied = try Self.scene()
        try applied.engine.apply(update)
        #expect(applied.engine.blockImages == scene.engine.blockImages)
        #expect(throws: CandidateFault.published) { try candidate.publish() }
        #expect(throws: CandidateFault.published) { try Self.compare(candidate, at: "b.example") }
    }

    @Test func aStaleCandidateIsRefusedAndChangesNothing() throws {
        let scene = try Self.scene()
        let candidate = try scene.engine.prepare(ConfigurationUpdate([.setRouteConfiguration(Self.table("d", "d"))]))
        #expect(!candidate.isStale)
        try scene.engine.apply(ConfigurationUpdate([.setCluster(.fixed("e", 5)), .removeCluster("c")]))
        #expect(candidate.isStale)
        let before = scene.engine.blockImages
        #expect(throws: CandidateFault.stale) { try candidate.publish() }
        #expect(scene.engine.blockImages == before)
        // It goes on telling what it was prepared over, whatever was freed meanwhile.
        scene.worker.refresh()
        scene.engine.poll(now: Instant(nanoseconds: 0))
        let told = try Self.compare(candidate, at: "a.example")
        #expect(told.before?.cluster == "c" && told.before?.status == 0)
        #expect(told.after?.cluster == "d")
    }

    @Test func aDroppedCandidateLeavesNoTrace() throws {
        let scene = try Self.scene()
        let blocks = scene.engine.blockImages
        let statistics = scene.engine.statistics
        for number in 0..<20 {
            var candidate: UpdateCandidate? = try scene.engine.prepare(
                ConfigurationUpdate([
                    .setRouteConfiguration(Self.table("new\(number)", "d")), .setCluster(.fixed("new\(number)", 3)),
                    .removeCluster("c"),
                ]))
            if let kept = candidate { _ = try Self.compare(kept, at: "a.example") }
            candidate = nil
        }
        #expect(scene.engine.blockImages == blocks)
        #expect(scene.engine.statistics.generation == statistics.generation)
        #expect(scene.engine.statistics.retiredParts == statistics.retiredParts)
        #expect(!scene.worker.refresh())
    }

    @Test func anUpdateWithoutEffectPublishesNothing() throws {
        let scene = try Self.scene()
        let candidate = try scene.engine.prepare(ConfigurationUpdate([.setCluster(.fixed("c", 1))]))
        #expect(candidate.changes.isEmpty)
        #expect(try candidate.publish() == scene.engine.statistics.generation)
        #expect(!scene.worker.refresh())
    }

    @Test func aFaultyUpdateHasNoCandidate() throws {
        let scene = try Self.scene()
        var faulty = Cluster.fixed("f", 1)
        faulty.loadBalancing.policy = "nobody"
        #expect(throws: ProblemList.self) { try scene.engine.prepare(ConfigurationUpdate([.setCluster(faulty)])) }
    }

    @Test func twoCandidatesDoNotDisturbOneAnother() throws {
        let scene = try Self.scene()
        let first = try scene.engine.prepare(ConfigurationUpdate([.setRouteConfiguration(Self.table("x", "c"))]))
        let second = try scene.engine.prepare(ConfigurationUpdate([.setRouteConfiguration(Self.table("y", "c"))]))
        #expect(try Self.compare(first, at: "a.example").after?.cluster == "x")
        #expect(try Self.compare(second, at: "a.example").after?.cluster == "y")
        try second.publish()
        scene.worker.refresh()
        #expect(try Self.compare(first, at: "a.example").after?.cluster == "x")
        #expect(first.isStale)
    }
}
