// Fairlead: tests of copies of requests
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOCore
import NIOHTTP1
import Testing

@testable import FairleadProxy

@Suite struct MirrorTests {
    static func mirrored(_ mirrors: [MirrorPolicy]) -> Route {
        .forward("/", to: "main") {
            $0.pathRewrite = .prefix("/new/")
            $0.mirrors = mirrors
        }
    }

    @Test func copiesHaveTheForwardedHeadAndTheBody() async throws {
        let main = try await TestBackend.start { _ in .response(200, body: "main") }
        let shadow = try await TestBackend.start { _ in .response(500, body: "shadow") }
        let clusters = [Cluster("main", ports: main.port), Cluster("shadow", ports: shadow.port)]
        try await ProxyRig.run([Self.mirrored([MirrorPolicy(to: .cluster("shadow"))])], clusters: clusters) {
            rig async throws in
            let client = try await TestClient.connect(rig.port)
            try await client.send("POST /x HTTP/1.1\r\nHost: h.example:80\r\nContent-Length: 5\r\n\r\nhello")
            #expect(try await client.response().text == "main")
            try await ProxyRig.wait { !shadow.seen.isEmpty }
            client.close()
            let copy = try #require(shadow.seen.first)
            #expect(copy.head.uri == "/new/x")
            #expect(copy.head.method == .POST)
            #expect(copy.header("host") == "h.example-shadow:80")
            #expect(copy.header("x-envoy-internal") == "true")
            #expect(String(buffer: copy.body) == "hello")
            #expect(main.seen.first?.header("host") == "h.example:80")
            #expect(main.seen.first?.header("x-envoy-internal") == nil)
        }
        await main.stop()
        await shadow.stop()
    }

    @Test func headersOfCopiesAreChangedOneAfterTheOther() async throws {
        let main = try await TestBackend.start { _ in .response(200, body: "main") }
        let shadow = try await TestBackend.start { _ in .response(200, body: "shadow") }
        let clusters = [Cluster("main", ports: main.port), Cluster("shadow", ports: shadow.port)]
        var changed = MirrorPolicy(to: .cluster("shadow"))
        changed.headerChanges = [
            .add(.init("x-first", "%REQ(x-user)%")), .remove("X-User"), .add(.init("x-second", "%REQ(x-user)%")),
            .add(.init("x-first", "never", rule: .addIfAbsent)), .add(.init("x-third", "[%REQ(x-first)%]")),
            .add(.init("x-third", "last", rule: .overwriteIfExists)), .add(.init("x-cluster", "lost")),
        ]
        let byHeader = MirrorPolicy(to: .header("x-cluster"))
        try await ProxyRig.run([Self.mirrored([changed, byHeader])], clusters: clusters) { rig async throws in
            let answer = try await TestClient.get(rig.port, "/x", [("x-user", "ada"), ("x-cluster", "shadow")])
            #expect(answer.text == "main")
            try await ProxyRig.wait { shadow.seen.count == 2 }
            let copy = try #require(shadow.seen.first { $0.header("x-first") != nil })
            #expect(copy.header("x-first") == "ada")
            #expect(copy.header("x-user") == nil)
            #expect(copy.header("x-second") == nil)
            #expect(copy.header("x-third") == "last")
            let other = try #require(shadow.seen.first { $0.header("x-first") == nil })
            #expect(other.header("x-user") == "ada")
            #expect(other.header("x-cluster") == "shadow")
            #expect(main.seen.first?.header("x-user") == "ada")
        }
        await main.stop()
        await shadow.stop()
    }

    @Test func nobodyWaitsForACopy() async throws {
        let main = try await TestBackend.start { _ in .response(200, body: "main") }
        let silent = try await TestBackend.start { _ in .silence }
        let gone = try await TestBackend.start { _ in .silence }
        await gone.stop()
        let clusters = [
            Cluster("main", ports: main.port), Cluster("silent", ports: silent.port), Cluster("gone", ports: gone.port),
        ]
        let mirrors = ["silent", "gone", "lost"].map { MirrorPolicy(to: .cluster($0)) }
        try await ProxyRig.run([Self.mirrored(mirrors)], clusters: clusters) { rig async throws in
            for _ in 0..<3 { #expect(try await TestClient.get(rig.port, "/x").text == "main") }
            try await ProxyRig.wait { silent.seen.count == 3 }
        }
        await main.stop()
        await silent.stop()
    }
}
