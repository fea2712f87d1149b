// Fairlead: tests of runtime values
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct RuntimeTests {
    /// A route for 1 per cent of the requests by the key `share`, else another.
    static func scene(_ layers: [RuntimeLayer] = []) throws -> Scene {
        let some = Route.answer(.prefix(""), named: "some") { match in
            match.fraction = RuntimeFraction(Fraction(1), runtimeKey: "share")
        }
        let table = RouteConfiguration.of([some, .answer(.prefix(""), named: "rest")])
        return try Scene(Configuration(routeConfigurations: [table], runtimeLayers: layers))
    }

    /// How many of the random numbers 0 ..< 100 take the first route.
    static func taken(_ scene: Scene) -> Int {
        scene.worker.refresh()
        return (0..<100).count { number in
            let request = Request(authority: "a", path: "/")
            request.random = UInt64(number)
            return scene.decide(request).route == "some"
        }
    }

    @Test(arguments: [
        (RuntimeValue.number(40), 40), (.number(100), 100), (.number(250), 100), (.number(0), 0), (.number(1.5), 1),
        (.number(-3), 1), (.text("25"), 25), (.text("x"), 1), (.bool(true), 1),
        (.fraction(Fraction(3, of: .hundred)), 3),
        (.fraction(Fraction(10_000, of: .tenThousand)), 100), (.fraction(Fraction(0, of: .million)), 0),
    ])
    func aValueReplacesTheShare(_ value: RuntimeValue, _ expected: Int) throws {
        let scene = try Self.scene()
        #expect(Self.taken(scene) == 1)
        try scene.engine.apply(ConfigurationUpdate([.setRuntimeLayer(RuntimeLayer("host", [.init("share", value)]))]))
        #expect(Self.taken(scene) == expected)
        #expect(scene.engine.configuration.runtimeLayers == [RuntimeLayer("host", [.init("share", value)])])
        try scene.engine.apply(ConfigurationUpdate([.removeRuntimeLayer("host")]))
        #expect(Self.taken(scene) == 1)
    }

    @Test func theLastLayerCountsAndOneThatIsReplacedKeepsItsPlace() throws {
        let scene = try Self.scene([
            RuntimeLayer("low", [.init("share", .number(10))]), RuntimeLayer("high", [.init("share", .number(20))]),
        ])
        #expect(Self.taken(scene) == 20)
        try scene.engine.apply(
            ConfigurationUpdate([.setRuntimeLayer(RuntimeLayer("low", [.init("share", .number(30))]))]))
        #expect(Self.taken(scene) == 20)
        try scene.engine.apply(ConfigurationUpdate([.setRuntimeLayer(RuntimeLayer("high"))]))
        #expect(Self.taken(scene) == 30)
    }

    @Test func onlyVirtualHostsThatReferToTheKeyAreCompiledAnew() throws {
        let scene = try Self.scene()
        let before = scene.engine.blockImages
        try scene.engine.apply(
            ConfigurationUpdate([.setRuntimeLayer(RuntimeLayer("host", [.init("other", .number(5))]))]))
        #expect(scene.engine.blockImages == before)
        try scene.engine.apply(
            ConfigurationUpdate([.setRuntimeLayer(RuntimeLayer("host", [.init("share", .number(5))]))]))
        let after = scene.engine.blockImages
        #expect(zip(before, after).filter { $0 != $1 }.map { $0.0.name } == ["virtual host table 0"])
    }

    @Test func weightsAreReplacedByClusterAndNothingIsNoRoute() throws {
        var weighted = WeightedClusters([.init("a", weight: 1), .init("b", weight: 1)])
        weighted.runtimeKeyPrefix = "w"
        let route = Route(
            name: "r", match: RouteMatch(.prefix("")), action: .forward(ForwardAction(to: .weighted(weighted))))
        let scene = try Scene(routes: [route], clusters: [.fixed("a", 1), .fixed("b", 2)])
        func clusters() -> Set<String> {
            scene.worker.refresh()
            return Set(
                (0..<20).map { number in
                    let request = Request(authority: "x", path: "/")
                    request.random = UInt64(number)
                    var exchange = scene.worker.begin(request.view)
                    let agrees = exchange.route.agreesWithScan(request.view)
                    #expect(agrees)
                    defer { scene.worker.end(&exchange) }
                    return exchange.disposition == .forward ? exchange.route.clusterName.string : "none"
                })
        }
        #expect(clusters() == ["a", "b"])
        try scene.engine.apply(ConfigurationUpdate([.setRuntimeLayer(RuntimeLayer("l", [.init("w.a", .number(0))]))]))
        #expect(clusters() == ["b"])
        try scene.engine.apply(
            ConfigurationUpdate([
                .setRuntimeLayer(RuntimeLayer("l", [.init("w.a", .number(0)), .init("w.b", .number(0))]))
            ]))
        #expect(clusters() == ["none"])
    }

    @Test func layersWithoutANameOrWithAKeyTwiceAreRefused() throws {
        let scene = try Self.scene()
        let error = #expect(throws: ProblemList.self) {
            try scene.engine.apply(
                ConfigurationUpdate([
                    .setRuntimeLayer(RuntimeLayer("", [.init("k", .number(1)), .init("k", .number(2))]))
                ]))
        }
        #expect(
            error?.problems.map(\.path) == [#"runtime_layers[""].name"#, #"runtime_layers[""].static_layer["k"]"#])
    }
}
