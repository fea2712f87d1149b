// Fairlead: tests of names as small numbers, and of their recycling
// SPDX-License-Identifier: Apache-2.0

import FairleadScenes
import Testing

@testable import Fairlead

@Suite struct NameTableTests {
    @Test func namesGetDenseNumbers() {
        var table = NameTable()
        #expect(["a", "b", "a", "c"].map { table.retain($0) } == [0, 1, 0, 2])
        #expect(table.count == 3)
        #expect(table["b"] == 1)
        #expect(table["d"] == nil)
    }

    @Test func aNameKeepsItsNumberUntilItsLastReferenceGoes() {
        var table = NameTable()
        for name in ["a", "a", "b"] { _ = table.retain(name) }
        #expect(table.release("a") == nil)
        #expect(table["a"] == 0)
        #expect(table.release("a") == 0)
        #expect(table["a"] == nil)
        #expect(table.release("a") == nil)
        #expect(table.release("unknown") == nil)
        // Until it is recycled, the number is nobody's.
        #expect(table.retain("c") == 2)
        table.recycle(0)
        #expect(table.retain("d") == 0)
        #expect(table.retain("a") == 3)
        #expect(table.count == 4)
    }

    // MARK: In an engine

    @Test func numbersAreUsedAgainWhenManyNamesComeAndGo() throws {
        let scene = try Scene(Configuration(clusters: [.fixed("stays", 1)]))
        for round in 0..<300 {
            let name = "cluster-\(round)"
            try scene.engine.apply(
                ConfigurationUpdate([
                    .setCluster(.fixed(name, 2)),
                    .setRouteConfiguration(
                        .of([
                            .forward(.exact("/named"), to: name), .forward(.exact("/by")) { $0.target = .header("x") },
                        ])),
                    .removeCluster("cluster-\(round - 1)"),
                ]))
            scene.worker.refresh()
            #expect(scene.decide("/named").cluster == name)
            #expect(scene.decide("/by", at: "a", [("x", name)]).cluster == name)
            #expect(scene.decide("/by", at: "a", [("x", "cluster-\(round - 1)")]).cluster == nil)
            #expect(scene.decide("/by", at: "a", [("x", "stays")]).cluster == "stays")
        }
        #expect(scene.engine.clusterIDCount < 6)
        #expect(scene.engine.statistics.clusters == 2)
    }

    @Test func numbersOfNamesThatOnlyRoutesMentionAreUsedAgain() throws {
        let scene = try Scene(Configuration())
        for round in 0..<200 {
            try scene.engine.apply(
                ConfigurationUpdate([.setRouteConfiguration(.of([.forward(to: "nobody-\(round)")]))]))
            scene.worker.refresh()
            #expect(scene.decide("/").cluster == nil)
            scene.engine.poll(now: Instant(nanoseconds: 0))
        }
        #expect(scene.engine.clusterIDCount < 4)
    }

    /// An exchange of a snapshot that has a number for a cluster: the number is not given to another one meanwhile.
    @Test func anExchangeInFlightNeverPicksFromAnotherCluster() throws {
        let scene = try Scene(routes: [.forward(to: "first")], clusters: [.fixed("first", 1)])
        let request = Request(authority: "a", path: "/")
        var exchange = scene.worker.begin(request.view)
        try scene.engine.apply(ConfigurationUpdate([.removeEverything]))
        for round in 0..<10 {
            try scene.engine.apply(ConfigurationUpdate([.setCluster(.fixed("other-\(round)", 9))]))
            scene.worker.refresh()
            #expect(scene.pickOnce(&exchange, .response(503)) == nil)
            #expect(exchange.clusterName(scene.worker).isMissing)
        }
        scene.worker.end(&exchange)
        // Now it is free.
        scene.engine.poll(now: Instant(nanoseconds: 0))
        let count = scene.engine.clusterIDCount
        try scene.engine.apply(ConfigurationUpdate([.setCluster(.fixed("last", 9))]))
        #expect(scene.engine.clusterIDCount == count)
    }

    @Test func aRouteFindsItsClusterWhicheverOfThemComesFirst() throws {
        let scene = try Scene(Configuration(routeConfigurations: [.of([.forward(to: "late")])]))
        #expect(scene.decide("/").cluster == nil)
        for _ in 0..<3 {
            try scene.engine.apply(ConfigurationUpdate([.setCluster(.fixed("late", 1))]))
            scene.worker.refresh()
            #expect(scene.decide("/").cluster == "late")
            try scene.engine.apply(ConfigurationUpdate([.removeCluster("late")]))
            scene.worker.refresh()
            #expect(scene.decide("/").cluster == nil)
        }
    }
}
