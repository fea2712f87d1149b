// Fairlead: tests of added headers with substitution commands
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOHTTP1
import Testing

@testable import FairleadProxy

@Suite struct HeaderCommandTests {
    /// Runs a GET of `/path?k=v` with a header `x: value` over `route`; answers what the endpoint saw and what came back.
    static func exchange(_ route: Route) async throws -> (seen: TestBackend.Seen, response: TestClient.Response) {
        let backend = try await TestBackend.start { _ in .response(200, headers: [("y", "backend")], body: "hello") }
        var result: (TestBackend.Seen, TestClient.Response)?
        try await ProxyRig.run([route], clusters: [Cluster("a", ports: backend.port)]) { rig async throws in
            let response = try await TestClient.get(rig.port, "/path?k=v", [("x", "value")])
            result = (try #require(backend.seen.first), response)
        }
        await backend.stop()
        return try #require(result)
    }

    @Test func addedHeadersAreComposed() async throws {
        var route = Route.forward("/", to: "a") { $0.pathRewrite = .prefix("/new") }
        route.headerMutations.requestAdditions = [
            .init("r", "%REQ(x)%-%PATH(NQ)%-100%%"), .init("empty", "%REQ(no)%"),
            .init("kept", "%REQ(no)%", keepsEmptyValue: true),
        ]
        route.headerMutations.responseAdditions = [
            .init("s", "%RESPONSE_CODE% %RESP(y)% %REQ(:path)% %REQ(r)% %UPSTREAM_CLUSTER%")
        ]
        let (seen, response) = try await Self.exchange(route)
        #expect(seen.header("r") == "value-/path-100%")
        #expect(seen.header("empty") == nil)
        #expect(seen.header("kept") == "")
        #expect(response.header("s") == "200 backend /newpath?k=v value-/path-100% a")
    }

    /// Seen on Envoy 1.40: everything of a level looks at the headers from before it, and what overwrites comes first.
    @Test func additionsOfALevelDoNotSeeOneAnother() async throws {
        var route = Route.forward("/", to: "a")
        route.headerMutations.requestAdditions = [
            .init("q", "1"), .init("q", "2", rule: .overwriteOrAdd), .init("p", "%REQ(q)%"),
            .init("o", "1", rule: .addIfAbsent), .init("o", "2", rule: .addIfAbsent),
            .init("n", "1"), .init("n", "2", rule: .overwriteIfExists),
        ]
        let (seen, _) = try await Self.exchange(route)
        #expect(seen.head.headers["q"] == ["2", "1"])
        #expect(seen.header("p") == nil)
        #expect(seen.head.headers["o"] == ["1", "2"])
        #expect(seen.head.headers["n"] == ["1"])
    }

    @Test func rewritesSeeTheChangedHeaders() async throws {
        var route = Route.forward("/", to: "a") {
            $0.pathRewrite = .format("/%REQ(x)%")
            $0.hostRewrite = .header("h")
        }
        route.headerMutations.requestAdditions = [
            .init("x", "changed", rule: .overwriteOrAdd), .init("h", "host.example"),
        ]
        let (seen, _) = try await Self.exchange(route)
        #expect(seen.head.uri == "/changed?k=v")
        #expect(seen.header("host") == "host.example")
        #expect(seen.header("x-envoy-original-path") == "/path?k=v")
    }

    @Test func bodiesOfDirectResponsesAreComposed() async throws {
        var answer = DirectResponse(status: 200)
        answer.format = .init("[%REQ(x)%]")
        answer.format?.contentType = "text/html"
        let route = Route(match: RouteMatch(.prefix("/")), action: .directResponse(answer))
        try await ProxyRig.run([route], clusters: []) { rig async throws in
            let response = try await TestClient.get(rig.port, "/", [("x", "value")])
            #expect(response.text == "[value]")
            #expect(response.header("content-type") == "text/html")
        }
    }
}
