// Fairlead: tests of copies of requests
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct MirrorsTests {
    /// A scene whose table, virtual host and route have the given mirrors.
    static func scene(
        table: [MirrorPolicy] = [], host: [MirrorPolicy] = [], route: [MirrorPolicy] = [],
        clusters: [Cluster] = [.fixed("c", 1), .fixed("d", 2), .fixed("e", 3)]
    ) throws -> Scene {
        var virtualHost = VirtualHost(name: "h", domains: ["*"], routes: [.forward { $0.mirrors = route }])
        virtualHost.mirrors = host
        var configuration = RouteConfiguration(name: "t", virtualHosts: [virtualHost])
        configuration.mirrors = table
        return try Scene(configuration, clusters: clusters)
    }

    /// The endpoints that copies of a request go to, by policy; `-` for no copy.
    static func copies(_ scene: Scene, _ request: Request = Request(authority: "a", path: "/")) -> [String] {
        var exchange = scene.worker.begin(request.view)
        let copies = (0..<exchange.route.mirrorCount).map { index -> String in
            guard var mirror = scene.worker.beginMirror(index, of: exchange, request.view) else { return "-" }
            let address = scene.pickOnce(&mirror, .response(200))
            scene.worker.end(&mirror)
            return address ?? "none"
        }
        for index in [copies.count, -1] {
            guard var mirror = scene.worker.beginMirror(index, of: exchange, request.view) else { continue }
            Issue.record("there is no policy \(index)")
            scene.worker.end(&mirror)
        }
        scene.worker.end(&exchange)
        #expect(scene.worker.openExchanges == 0)
        return copies
    }

    static let toD = MirrorPolicy(to: .cluster("d"))
    static let toE = MirrorPolicy(to: .cluster("e"))

    @Test func theMostSpecificListCounts() throws {
        #expect(try Self.copies(Self.scene()) == [])
        #expect(try Self.copies(Self.scene(table: [Self.toD])) == ["10.0.0.1:2"])
        #expect(try Self.copies(Self.scene(table: [Self.toD], host: [Self.toE])) == ["10.0.0.1:3"])
        #expect(
            try Self.copies(Self.scene(table: [Self.toE], host: [Self.toE], route: [Self.toD, Self.toE, Self.toD]))
                == ["10.0.0.1:2", "10.0.0.1:3", "10.0.0.1:2"])
    }

    @Test func aHeaderCanNameTheCluster() throws {
        let scene = try Self.scene(route: [MirrorPolicy(to: .header("X-Copy"))])
        for (value, expected) in [("d", "10.0.0.1:2"), ("lost", "-"), ("", "-")] {
            let request = Request(authority: "a", path: "/", headers: [("x-copy", value)])
            #expect(Self.copies(scene, request) == [expected])
        }
        #expect(Self.copies(scene) == ["-"])
    }

    @Test func theRandomBitsOfTheRequestDecideAboutShares() throws {
        var half = Self.toD
        half.fraction = RuntimeFraction(Fraction(50))
        var none = Self.toD
        none.fraction = RuntimeFraction(Fraction(0))
        var all = Self.toD
        all.fraction = RuntimeFraction(Fraction(1_000_000, of: .million))
        let scene = try Self.scene(route: [half, none, all])
        let request = Request(authority: "a", path: "/")
        request.random = 149
        #expect(Self.copies(scene, request) == ["10.0.0.1:2", "-", "10.0.0.1:2"])
        request.random = 150
        #expect(Self.copies(scene, request) == ["-", "-", "10.0.0.1:2"])
    }

    @Test func nothingIsCopiedWithoutBothClustersOrOfAConnect() throws {
        #expect(try Self.copies(Self.scene(route: [Self.toD], clusters: [.fixed("d", 2)])) == ["-"])
        #expect(try Self.copies(Self.scene(route: [Self.toD], clusters: [.fixed("c", 2)])) == ["-"])
        let request = Request(method: "CONNECT", authority: "a", path: "/")
        #expect(try Self.copies(Self.scene(route: [Self.toD]), request) == ["-"])
    }

    @Test func hostsOfCopiesEndInShadow() throws {
        var kept = Self.toD
        kept.keepsHost = true
        var own = Self.toD
        own.host = "own.example"
        let scene = try Self.scene(route: [Self.toD, kept, own])
        let request = Request(authority: "a", path: "/")
        var exchange = scene.worker.begin(request.view)
        let route = exchange.route
        let hosts = ["h.example:80", "h", "[::1]:80", "[::1]", ""]
        for (index, expected) in [
            ["h.example-shadow:80", "h-shadow", "[::1]-shadow:80", "[::1]-shadow", "-shadow"], hosts,
            [String](repeating: "own.example", count: 5), hosts,
        ].enumerated() {
            let written = hosts.map { host in
                OutputBuffer.text { output in
                    Bytes.withBytes(of: host) { route.writeMirrorAuthority(index, of: $0, into: &output) }
                }
            }
            #expect(written == expected)
        }
        scene.worker.end(&exchange)
    }

    @Test func aCopyMayOutliveItsOriginal() throws {
        let scene = try Self.scene(route: [Self.toD])
        let request = Request(authority: "a", path: "/")
        var exchange = scene.worker.begin(request.view)
        guard var mirror = scene.worker.beginMirror(0, of: exchange, request.view) else {
            Issue.record("no copy is made")
            return scene.worker.end(&exchange)
        }
        scene.worker.end(&exchange)
        #expect(mirror.attempts == 0)
        #expect(scene.pickOnce(&mirror, .response(503)) == "10.0.0.1:2")
        scene.worker.end(&mirror)
    }

    @Test func changesOfACopysHeadersAreToldInTheirOrder() throws {
        var mirror = Self.toD
        mirror.headerChanges = [
            .add(.init("X-A", "fixed", rule: .overwriteOrAdd)), .remove("X-B"), .add(.init("x-c", "%REQ(:path)%")),
        ]
        let scene = try Self.scene(table: [mirror, Self.toE])
        let request = Request(authority: "a", path: "/p")
        var exchange = scene.worker.begin(request.view)
        let route = exchange.route
        var told: [String] = []
        for position in -1..<4 {
            switch route.mirrorHeaderChange(0, position) {
            case nil: told.append("-")
            case .remove(let name)?: told.append("remove \(name.string)")
            case .add(let addition)?:
                let value = OutputBuffer.text { route.writeValue(of: addition, request.view, into: &$0) }
                told.append("\(addition.rule) \(addition.name.string): \(value)")
            }
        }
        #expect(told == ["-", "2 x-a: fixed", "remove x-b", "0 x-c: /p", "-"])
        #expect(route.mirrorHeaderChange(1, 0) == nil)
        #expect(route.mirrorHeaderChange(2, 0) == nil)
        scene.worker.end(&exchange)
    }
}
