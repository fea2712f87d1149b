// Fairlead: tests of endpoints that requests name themselves
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

/// `Tests/Vectors/balancing/overrides.*.json` holds what Envoy answers.
@Suite struct HostOverridesTests {
    static func scene(
        _ sources: [OverrideSource] = [.header("X-Target")], retries: UInt32 = 0,
        _ change: (inout Cluster) -> Void = { _ in }
    ) throws -> Scene {
        var cluster = Cluster.of("c", [.at(1), .at(2, .unhealthy), .at(3), .at(4, .draining)])
        cluster.loadBalancing.overrideSources = sources
        cluster.circuitBreakers.normal.retries = 100
        change(&cluster)
        let route = Route.forward {
            $0.retryPolicy = RetryPolicy(on: .serverError)
            $0.retryPolicy?.retries = retries
        }
        return try Scene(routes: [route], clusters: [cluster])
    }

    /// The addresses that one exchange is sent to, try by try.
    static func tries(_ scene: Scene, _ request: Request, _ count: Int = 1) -> [String] {
        var exchange = scene.worker.begin(request.view)
        defer { scene.worker.end(&exchange) }
        return (0..<count).compactMap { _ in scene.pickOnce(&exchange, .response(503)) }
    }

    static func request(_ target: String?) -> Request {
        Request(authority: "a", path: "/", headers: target.map { [("x-target", $0)] } ?? [])
    }

    @Test func theNamedEndpointIsTakenHoweverWellItIs() throws {
        let scene = try Self.scene()
        for port in 1...4 {
            for _ in 0..<3 {
                #expect(Self.tries(scene, Self.request("10.0.0.1:\(port)")) == ["10.0.0.1:\(port)"])
            }
        }
    }

    @Test func whatIsNotNamedOrNotThereIsChosenByThePolicy() throws {
        let scene = try Self.scene()
        for target in [nil, "", ",", "10.0.0.1:9", "10.0.0.1", "10.0.0.1:1;", "nonsense"] {
            let picked = (0..<6).flatMap { _ in Self.tries(scene, Self.request(target)) }
            #expect(Set(picked) == ["10.0.0.1:1", "10.0.0.1:3"])
        }
    }

    @Test func attemptsMoveOnToLaterNames() throws {
        let scene = try Self.scene(retries: 5)
        let tries = Self.tries(scene, Self.request("10.0.0.1:4, 10.0.0.1:9 ,\t10.0.0.1:2"), 4)
        #expect(tries.count == 4)
        #expect(tries.prefix(2) == ["10.0.0.1:4", "10.0.0.1:2"])
        #expect(tries.dropFirst(2).allSatisfy { ["10.0.0.1:1", "10.0.0.1:3"].contains($0) })
    }

    @Test func sixNamesAreKept() throws {
        let scene = try Self.scene()
        let unknown = (10...14).map { "10.0.0.1:\($0)" }.joined(separator: ",")
        #expect(Self.tries(scene, Self.request(unknown + ",10.0.0.1:2")) == ["10.0.0.1:2"])
        #expect(Self.tries(scene, Self.request(unknown + ",10.0.0.1:15,10.0.0.1:2")) != ["10.0.0.1:2"])
    }

    @Test func metadataOfTheRequestNamesThemToo() throws {
        let scene = try Self.scene([.metadata(filter: "f", path: ["a", "b"]), .header("x-target")])
        let request = Self.request("10.0.0.1:2")
        request.addMetadata("f", .structure([.init("a", .structure([.init("b", .text("10.0.0.1:4"))]))]))
        #expect(Self.tries(scene, request) == ["10.0.0.1:4"])
        #expect(Self.tries(scene, Self.request("10.0.0.1:2")) == ["10.0.0.1:2"])
    }

    @Test func endpointsThatGoAreNotFoundAnyMore() throws {
        let scene = try Self.scene(retries: 2)
        var exchange = scene.worker.begin(Self.request("10.0.0.1:2,10.0.0.1:4").view)
        try scene.engine.apply(
            ConfigurationUpdate([.removeEndpoint(.socket(host: "10.0.0.1", port: 2), assignment: "c")]))
        scene.worker.refresh()
        #expect(scene.pickOnce(&exchange, .response(200)) == "10.0.0.1:4")
        scene.worker.end(&exchange)
    }

    @Test func subsetsDoNotHoldThemBack() throws {
        let scene = try Self.scene { $0.loadBalancing.subsets = SubsetBalancing([.init(["v"])]) }
        #expect(Self.tries(scene, Self.request("10.0.0.1:3")) == ["10.0.0.1:3"])
        #expect(Self.tries(scene, Self.request(nil)) == [])
    }

    @Test func anExplanationTellsThatTheRequestNamesIt() throws {
        let pick = try Self.scene().worker.explain(Self.request("10.0.0.1:2").view).pick
        #expect(pick?.isNamedByRequest == true)
        #expect(pick?.endpoint?.address == "10.0.0.1:2")
    }
}
