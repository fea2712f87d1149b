// Fairlead: tests of redirects that are followed
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOCore
import NIOHTTP1
import Testing

@testable import FairleadProxy

@Suite struct RedirectTests {
    /// A proxy whose route for `/from` follows redirects; its endpoint redirects what comes there as the request says.
    static func run(
        _ change: (inout InternalRedirects) -> Void = { _ in }, _ body: (ProxyRig, TestBackend) async throws -> Void
    ) async throws {
        let backend = try await TestBackend.start { seen in
            guard seen.head.uri.hasPrefix("/from") else { return .response(200, body: "done") }
            return .response(
                Int(seen.header("x-status") ?? "302") ?? 302,
                headers: [("location", seen.header("x-location") ?? ""), ("x-copy", "copied")])
        }
        var redirects = InternalRedirects()
        redirects.copiedHeaders = ["x-copy"]
        change(&redirects)
        let routes = [
            Route.forward("/from", to: "a") { $0.internalRedirects = redirects },
            Route.forward("/to", to: "a") { $0.pathRewrite = .prefix("/new") },
            Route(
                name: "direct", match: RouteMatch(.prefix("/direct")),
                action: .directResponse(DirectResponse(status: 200, body: Array("direct".utf8)))),
        ]
        try await ProxyRig.run(routes, clusters: [Cluster("a", ports: backend.port)]) { rig async throws in
            try await body(rig, backend)
        }
        await backend.stop()
    }

    @Test func theNewRequestIsThatOfTheLocation() async throws {
        try await Self.run { rig, backend in
            let response = try await TestClient.get(
                rig.port, "/from?q=1", [("x-location", "http://new.example:81/to/x?y=z#frag"), ("x-kept", "kept")])
            #expect(response.text == "done")
            let next = try #require(backend.seen.last)
            #expect(next.head.uri == "/new/x?y=z")
            #expect(next.header("host") == "new.example:81")
            #expect(next.header("x-copy") == "copied")
            #expect(next.header("x-kept") == "kept")
            #expect(next.header("x-envoy-original-url") == "http://test.example/from?q=1")
            #expect(next.header("x-envoy-original-path") == "/to/x?y=z")
        }
    }

    @Test func theNewRouteMayAnswerByItself() async throws {
        try await Self.run { rig, backend in
            let response = try await TestClient.get(rig.port, "/from", [("x-location", "http://h/direct")])
            #expect(response.text == "direct")
            #expect(backend.seen.count == 1)
        }
    }

    @Test func theBodyIsSentAgainUnlessTheRequestBecomesAGet() async throws {
        try await Self.run({ $0.statuses = [303, 307] }) { rig, backend in
            for (status, method, text) in [("307", HTTPMethod.POST, "hello"), ("303", .GET, "")] {
                let client = try await TestClient.connect(rig.port)
                try await client.send(
                    "POST /from HTTP/1.1\r\nHost: h\r\nX-Status: \(status)\r\nX-Location: http://h/to\r\n"
                        + "Content-Length: 5\r\n\r\nhello")
                #expect(try await client.response().text == "done")
                client.close()
                let next = try #require(backend.seen.last)
                #expect(next.head.method == method)
                #expect(String(buffer: next.body) == text)
            }
        }
    }

    @Test func whatIsNotFollowedIsPassedOn() async throws {
        try await Self.run { rig, backend in
            for location in ["/to", "http://h/nowhere", "https://h/to"] {
                let response = try await TestClient.get(rig.port, "/from", [("x-location", location)])
                #expect(response.status == 302)
                #expect(response.header("location") == location)
            }
            let loop = try await TestClient.get(rig.port, "/from", [("x-location", "http://h/from/again")])
            #expect(loop.status == 302)
            #expect(backend.seen.count == 5)
        }
    }
}
