// Fairlead: tests of requests that are forwarded
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import FairleadProxy

@Suite struct ForwardingTests {
    @Test func aRequestGoesToTheEndpointAndTheResponseBack() async throws {
        let backend = try await TestBackend.start { _ in .response(200, headers: [("X-From", "backend")], body: "hello")
        }
        try await ProxyRig.run([.forward("/", to: "a")], clusters: [Cluster("a", ports: backend.port)]) {
            rig async throws in
            let response = try await TestClient.get(rig.port, "/path?x=1", [("X-Mixed", "Yes")])
            #expect(response.status == 200)
            #expect(response.text == "hello")
            #expect(response.header("x-from") == "backend")
            #expect(response.header("server") == "fairlead")
            #expect(response.header("date") != nil)
            let seen = try #require(backend.seen.first)
            #expect(seen.head.uri == "/path?x=1")
            #expect(seen.header("host") == "test.example")
            #expect(seen.header("x-mixed") == "Yes")
            #expect(seen.header("x-forwarded-proto") == "http")
            #expect(seen.header("x-envoy-expected-rq-timeout-ms") == "15000")
            #expect(seen.header("x-request-id")?.utf8.count == 36)
        }
        await backend.stop()
    }

    @Test func aConnectionServesManyRequestsAndSoDoesTheOneToTheEndpoint() async throws {
        let backend = try await TestBackend.start { .response(200, body: $0.head.uri) }
        try await ProxyRig.run([.forward("/", to: "a")], clusters: [Cluster("a", ports: backend.port)]) {
            rig async throws in
            let client = try await TestClient.connect(rig.port)
            for number in 0..<50 {
                try await client.send("GET /\(number) HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.response().text == "/\(number)")
            }
            client.close()
            #expect(backend.connections == 1)
            #expect(backend.seen.count == 50)
        }
        await backend.stop()
    }

    @Test func requestsThatAreSentAheadAreAnsweredInOrder() async throws {
        let backend = try await TestBackend.start { .response(200, body: $0.head.uri) }
        let direct = Route(
            match: RouteMatch(.prefix("/direct")),
            action: .directResponse(DirectResponse(status: 200, body: Array("d".utf8))))
        try await ProxyRig.run([direct, .forward("/", to: "a")], clusters: [Cluster("a", ports: backend.port)]) {
            rig async throws in
            let client = try await TestClient.connect(rig.port)
            var text = ""
            for number in 0..<100 {
                text += "GET \(number % 3 == 0 ? "/direct" : "/\(number)") HTTP/1.1\r\nHost: a\r\n\r\n"
            }
            try await client.send(text)
            for number in 0..<100 {
                #expect(try await client.response().text == (number % 3 == 0 ? "d" : "/\(number)"))
            }
            client.close()
        }
        await backend.stop()
    }

    @Test(arguments: [true, false])
    func largeBodiesPassInBothDirections(isChunked: Bool) async throws {
        let backend = try await TestBackend.start { _ in .echo }
        try await ProxyRig.run([.forward("/", to: "a")], clusters: [Cluster("a", ports: backend.port)]) {
            rig async throws in
            let client = try await TestClient.connect(rig.port)
            let body = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
            async let response = client.response()
            if isChunked {
                try await client.send("POST /e HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
                for start in stride(from: 0, to: body.count, by: 250_000) {
                    try await client.send("3d090\r\n")
                    try await client.send(Array(body[start..<start + 250_000]))
                    try await client.send("\r\n")
                }
                try await client.send("0\r\n\r\n")
            } else {
                try await client.send("POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n")
                try await client.send(body)
            }
            #expect(try await response.body == body)
            client.close()
        }
        await backend.stop()
    }

    @Test func trailersPassInBothDirections() async throws {
        let backend = try await TestBackend.start { _ in .chunks(count: 2, size: 3, trailer: ("x-sum", "6")) }
        try await ProxyRig.run([.forward("/", to: "a")], clusters: [Cluster("a", ports: backend.port)]) {
            rig async throws in
            let response = try await TestClient.ask(
                rig.port,
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nx-check: 1\r\n\r\n")
            #expect(response.text == "xxxxxx")
            #expect(response.trailers.map(\.name) == ["x-sum"])
            let seen = try #require(backend.seen.first)
            #expect(String(buffer: seen.body) == "ab")
            #expect(seen.trailers?.first(name: "x-check") == "1")
        }
        await backend.stop()
    }

    @Test func aClientThatDoesNotReadStopsTheEndpoint() async throws {
        let backend = try await TestBackend.start { _ in .chunks(count: 2000, size: 50_000) }
        try await ProxyRig.run([.forward("/", to: "a")], clusters: [Cluster("a", ports: backend.port)]) {
            rig async throws in
            let client = try await TestClient.connect(rig.port)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.head().status == 200)
            // The endpoint gets rid of what fits into the buffers of the system, and of no more.
            var before = -1
            var sameFor = 0
            try await ProxyRig.wait {
                sameFor = backend.chunks == before ? sameFor + 1 : 0
                before = backend.chunks
                return sameFor == 50
            }
            #expect(backend.chunks < 1000)
            // All of it comes through once the client reads: 2000 chunks of 50,000 bytes, framed.
            #expect(try await client.read(100_000_000) == 100_000_000)
            try await ProxyRig.wait { backend.chunks == 2000 }
            client.close()
        }
        await backend.stop()
    }

    @Test func anEndpointThatDoesNotReadStopsTheClient() async throws {
        // It accepts connections and never reads from them.
        let deaf = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: false)
            .bind(host: "127.0.0.1", port: 0).get()
        let cluster = Cluster("a", ports: deaf.localAddress?.port ?? 0)
        try await ProxyRig.run([.forward("/", to: "a")], clusters: [cluster]) { rig async throws in
            let client = try await TestClient.connect(rig.port)
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n")
            let sent = Tally()
            let sending = Task {
                let chunk = [UInt8](repeating: 7, count: 50_000)
                for _ in 0..<2000 {
                    try await client.send(chunk)
                    sent.count("chunk")
                }
            }
            var before = -1
            var sameFor = 0
            try await ProxyRig.wait {
                let now = sent.bodies["chunk"] ?? 0
                sameFor = now == before ? sameFor + 1 : 0
                before = now
                return sameFor == 50
            }
            #expect((sent.bodies["chunk"] ?? 0) < 1000)
            client.close()
            _ = await sending.result
        }
        try await deaf.close().get()
    }
}
