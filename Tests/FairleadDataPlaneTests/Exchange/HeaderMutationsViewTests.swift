// Fairlead: tests of header mutations as hosts get them
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct HeaderMutationsViewTests {
    /// Mutations that can be told by their name.
    static func mutations(_ name: String) -> HeaderMutations {
        var mutations = HeaderMutations()
        mutations.requestAdditions = [.init("X-\(name)", "request")]
        mutations.requestRemovals = ["X-No-\(name)"]
        mutations.responseAdditions = [.init("Y-\(name)", "response")]
        mutations.responseRemovals = ["Y-No-\(name)"]
        return mutations
    }

    static func table(
        wins: Bool, levels: Set<String> = ["entry", "route", "host", "table"]
    ) -> RouteConfiguration {
        let of = { (name: String) in levels.contains(name) ? mutations(name) : HeaderMutations() }
        var entry = WeightedClusters.Entry("c", weight: 1)
        entry.headerMutations = of("entry")
        var route = Route.forward { $0.target = .weighted(WeightedClusters([entry])) }
        route.headerMutations = of("route")
        var host = VirtualHost(name: "h", domains: ["*"], routes: [route])
        host.headerMutations = of("host")
        var table = RouteConfiguration(name: "t", virtualHosts: [host])
        table.headerMutations = of("table")
        table.mostSpecificHeaderMutationsWin = wins
        return table
    }

    /// The levels in the order of their application, by the names of what they add and remove.
    static func levels(_ table: RouteConfiguration) throws -> [String?] {
        let scene = try Scene(table, clusters: [.fixed("c", 1)])
        let request = Request(authority: "a", path: "/")
        var exchange = scene.worker.begin(request.view)
        let route = exchange.route
        let names = (0..<RouteView.mutationLevelCount).map { position -> String? in
            guard let level = route.mutations(position) else { return nil }
            let name = level.addition(0, toResponse: false).name.string
            #expect(level.additionCount(toResponse: false) == 1 && level.additionCount(toResponse: true) == 1)
            #expect(level.removalCount(fromResponse: false) == 1 && level.removalCount(fromResponse: true) == 1)
            #expect(level.addition(0, toResponse: true).name.string == "y" + name.dropFirst())
            #expect(level.removal(0, fromResponse: false).string == "x-no" + name.dropFirst())
            #expect(level.removal(0, fromResponse: true).string == "y-no" + name.dropFirst())
            #expect(level.addition(0, toResponse: false).value.string == "request")
            #expect(level.addition(0, toResponse: true).value.string == "response")
            return String(name.dropFirst(2))
        }
        #expect(route.mutations(-1) == nil)
        #expect(route.mutations(RouteView.mutationLevelCount) == nil)
        scene.worker.end(&exchange)
        return names
    }

    @Test func theMostGeneralLevelHasTheLastWord() throws {
        #expect(try Self.levels(Self.table(wins: false)) == ["entry", "route", "host", "table"])
    }

    @Test func theMostSpecificLevelCanHaveTheLastWordButTheWeightedClusterStaysFirst() throws {
        #expect(try Self.levels(Self.table(wins: true)) == ["entry", "table", "host", "route"])
    }

    @Test func levelsWithoutMutationsAreLeftOut() throws {
        #expect(try Self.levels(Self.table(wins: false, levels: ["host"])) == [nil, nil, "host", nil])
        #expect(try Self.levels(Self.table(wins: true, levels: ["route", "table"])) == [nil, "table", nil, "route"])
        #expect(try Self.levels(Self.table(wins: true, levels: [])) == [nil, nil, nil, nil])
    }

    @Test func withoutAWeightedClusterThereIsNoSuchLevel() throws {
        var table = Self.table(wins: false)
        table.virtualHosts[0].routes[0].action = .forward(ForwardAction(to: .cluster("c")))
        #expect(try Self.levels(table) == [nil, "route", "host", "table"])
    }

    @Test func redirectsAndAnswersAreMutatedToo() throws {
        var table = Self.table(wins: false)
        table.virtualHosts[0].routes[0].action = .redirect(RedirectAction())
        #expect(try Self.levels(table) == [nil, "route", "host", "table"])
    }

    @Test func withoutARouteThereAreNone() throws {
        var table = Self.table(wins: false)
        table.virtualHosts[0].routes = []
        let scene = try Scene(table, clusters: [.fixed("c", 1)])
        let request = Request(authority: "a", path: "/")
        var exchange = scene.worker.begin(request.view)
        for position in 0..<4 { #expect(exchange.route.mutations(position) == nil) }
        scene.worker.end(&exchange)
    }

    @Test func additionsKeepTheirOrderAndRules() throws {
        var route = Route.forward()
        route.headerMutations.responseAdditions = [
            .init("A", "1"), .init("a", "%REQ(x)%", rule: .addIfAbsent),
            .init("B", "", rule: .overwriteOrAdd, keepsEmptyValue: true),
            .init("C", "3", rule: .overwriteIfExists),
        ]
        route.headerMutations.requestRemovals = ["One", "TWO", "one"]
        let scene = try Scene(routes: [route])
        let request = Request(authority: "a", path: "/")
        var exchange = scene.worker.begin(request.view)
        let view = exchange.route
        let level = try #require(view.mutations(1))
        let additions = (0..<level.additionCount(toResponse: true)).map { level.addition($0, toResponse: true) }
        #expect(additions.map { $0.name.string } == ["a", "a", "b", "c"])
        #expect(additions.map { $0.value.string } == ["1", "", "", "3"])
        #expect(additions.map { $0.isFixed } == [true, false, true, true])
        #expect(additions.map { $0.rule } == [0, 1, 2, 3])
        #expect(additions.map { $0.keepsEmptyValue } == [false, false, true, false])
        #expect(
            (0..<level.removalCount(fromResponse: false)).map { level.removal($0, fromResponse: false).string } == [
                "one", "two", "one",
            ])
        #expect(level.additionCount(toResponse: false) == 0)
        #expect(level.removalCount(fromResponse: true) == 0)
        scene.worker.end(&exchange)
    }
}
