// Fairlead: tests of what an update shares with the snapshot before it
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct SharingTests {
    static func host(_ name: String, _ routes: [Route] = [.forward(to: "a")]) -> VirtualHost {
        VirtualHost(name: name, domains: ["\(name).example"], routes: routes)
    }

    /// Two tables of two virtual hosts, three clusters, one of them discovered.
    static func scene() throws -> Scene {
        try Scene(
            Configuration(
                routeConfigurations: [
                    RouteConfiguration(name: "t", virtualHosts: [host("h"), host("i")]),
                    RouteConfiguration(name: "u", virtualHosts: [host("h"), host("i")]),
                ], clusters: [.fixed("a", 1), .fixed("b", 2), .discovered("c", "s")], assignments: [.of("s", 3)]))
    }

    /// Which blocks are new after `changes`.
    static func touched(_ changes: ConfigurationUpdate.Change...) throws -> [String] {
        let scene = try scene()
        let before = scene.engine.blocks
        let generation = scene.engine.statistics.generation
        #expect(before.count == 10)
        #expect(try scene.engine.apply(ConfigurationUpdate(changes)) == generation + 1)
        return scene.engine.newBlocks(since: before)
    }

    @Test func anEndpointTouchesItsClusterAlone() throws {
        #expect(
            try Self.touched(.setEndpoint(.at(9), locality: Locality(), priority: 0, assignment: "a")) == ["cluster a"])
        #expect(
            try Self.touched(.setEndpoint(.at(9), locality: Locality(), priority: 0, assignment: "s")) == ["cluster c"])
        #expect(try Self.touched(.setAssignment(.of("s", 4))) == ["cluster c"])
        #expect(try Self.touched(.setCluster(.fixed("b", 2, 4))) == ["cluster b"])
    }

    @Test func aRouteTouchesItsVirtualHostAlone() throws {
        let changed = Self.host("i", [.forward(.exact("/x"), to: "b")])
        #expect(try Self.touched(.setVirtualHost(changed, routeConfiguration: "t")) == ["host t/i"])
        let whole = RouteConfiguration(name: "u", virtualHosts: [Self.host("h"), changed])
        #expect(try Self.touched(.setRouteConfiguration(whole)) == ["host u/i"])
    }

    @Test func domainsTouchTheTable() throws {
        var moved = Self.host("i")
        moved.domains = ["else.example"]
        #expect(try Self.touched(.setVirtualHost(moved, routeConfiguration: "t")) == ["host t/i", "table t"])
        #expect(try Self.touched(.setVirtualHost(Self.host("j"), routeConfiguration: "t")) == ["host t/j", "table t"])
        #expect(try Self.touched(.removeVirtualHost("i", routeConfiguration: "t")) == ["table t"])
        let turned = RouteConfiguration(name: "t", virtualHosts: [Self.host("i"), Self.host("h")])
        #expect(try Self.touched(.setRouteConfiguration(turned)) == ["table t"])
    }

    @Test func settingsOfATableLeaveItsVirtualHostsAlone() throws {
        var table = RouteConfiguration(name: "t", virtualHosts: [Self.host("h"), Self.host("i")])
        table.ignoresPortInHostMatching = true
        #expect(try Self.touched(.setRouteConfiguration(table)) == ["table t"])
    }

    @Test func comingAndGoingClustersTouchTheDirectory() throws {
        #expect(try Self.touched(.setCluster(.fixed("d", 4))) == ["cluster d", "directory"])
        #expect(try Self.touched(.removeCluster("b")) == ["directory"])
        #expect(try Self.touched(.removeRouteConfiguration("u")) == [])
    }

    @Test func replacingEverythingSharesWhatIsTheSame() throws {
        let scene = try Self.scene()
        let before = scene.engine.blocks
        var configuration = scene.engine.configuration
        configuration.clusters[0].connectTimeout = .seconds(1)
        configuration.routeConfigurations[1].virtualHosts[0].routes = []
        try scene.engine.apply(ConfigurationUpdate(replacingEverythingWith: configuration))
        #expect(scene.engine.newBlocks(since: before) == ["cluster a", "host u/h"])
    }

    @Test func sharedBlocksKeepWorking() throws {
        let scene = try Self.scene()
        for round in 0..<50 {
            try scene.engine.apply(
                ConfigurationUpdate([
                    .setEndpoint(.at(UInt16(100 + round)), locality: Locality(), priority: 0, assignment: "b")
                ]))
            scene.worker.refresh()
            #expect(scene.decide("/", at: "h.example").cluster == "a")
            #expect(scene.picks(1, of: "c") == ["10.0.0.1:3"])
        }
        let statistics = scene.engine.statistics
        #expect(statistics.liveSnapshots == 1)
        #expect(statistics.retiredParts == 0)
        #expect(statistics.blocks == 10)
    }

    /// The Fresh law on one deliberate road: every kind of update, and a fresh engine at its end.
    @Test func whateverTheRoadTheBytesAreThoseOfAFreshEngine() throws {
        let scene = try Self.scene()
        let changes: [ConfigurationUpdate.Change] = [
            .setCluster(.fixed("d", 5)), .setVirtualHost(Self.host("j"), routeConfiguration: "t"), .removeCluster("b"),
            .setEndpoint(.at(7), locality: Locality(zone: "z"), priority: 1, assignment: "s"),
            .setCluster(.fixed("b", 8)), .removeVirtualHost("h", routeConfiguration: "u"),
            .setEndpoint(.at(7, weight: 3), locality: Locality(zone: "z"), priority: 0, assignment: "s"),
            .removeEndpoint(.socket(host: "10.0.0.1", port: 3), assignment: "s"),
            .setRouteConfiguration(.of([.forward(to: "d")], named: "v")), .removeRouteConfiguration("t"),
        ]
        for change in changes {
            try scene.engine.apply(ConfigurationUpdate([change]))
            let fresh = try Engine(scene.engine.configuration, options: .scene)
            #expect(fresh.blockImages == scene.engine.blockImages)
        }
    }
}
