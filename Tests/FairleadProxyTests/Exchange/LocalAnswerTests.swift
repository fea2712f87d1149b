// Fairlead: tests of answers in an endpoint's place
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOCore
import Testing

@testable import FairleadProxy

@Suite struct LocalAnswerTests {
    static let prefix = "upstream connect error or disconnect/reset before headers. reset reason: "

    @Test func anEndpointThatDoesNotListenIs503() async throws {
        let dead = try await RetryTests.deadPort()
        try await ProxyRig.run([.forward("/", to: "a")], clusters: [Cluster("a", ports: dead)]) { rig async throws in
            let response = try await TestClient.get(rig.port, "/")
            #expect(response.status == 503)
            #expect(response.text == Self.prefix + "remote connection failure")
            #expect(response.header("content-type") == "text/plain")
            #expect(response.header("server") == "fairlead")
        }
    }

    @Test func anEndpointThatHangsUpIs503() async throws {
        let backend = try await TestBackend.start { _ in .close }
        try await ProxyRig.run([.forward("/", to: "a")], clusters: [Cluster("a", ports: backend.port)]) {
            rig async throws in
            let response = try await TestClient.get(rig.port, "/")
            #expect(response.status == 503)
            #expect(response.text == Self.prefix + "connection termination")
        }
        await backend.stop()
    }

    @Test(arguments: ["nonsense\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n"])
    func anEndpointThatTalksNonsenseIs503(nonsense: String) async throws {
        let backend = try await TestBackend.start { _ in .raw(nonsense) }
        try await ProxyRig.run([.forward("/", to: "a")], clusters: [Cluster("a", ports: backend.port)]) {
            rig async throws in
            let response = try await TestClient.get(rig.port, "/")
            #expect(response.status == 503)
            #expect(response.text == Self.prefix + "protocol error")
        }
        await backend.stop()
    }

    @Test func noEndpointIs503AndNoClusterIsWhatTheRouteSays() async throws {
        var missing = ForwardAction(to: .header("x-cluster"))
        missing.clusterNotFound = .notFound
        let routes = [
            Route(match: RouteMatch(.prefix("/missing")), action: .forward(missing)), Route.forward("/", to: "a"),
        ]
        try await ProxyRig.run(routes, clusters: [Cluster("a")]) { rig async throws in
            let empty = try await TestClient.get(rig.port, "/")
            #expect(empty.status == 503)
            #expect(empty.text == "no healthy upstream")
            let unknown = try await TestClient.get(rig.port, "/missing", [("x-cluster", "nobody")])
            #expect(unknown.status == 404)
            #expect(unknown.text == "")
            #expect(try await TestClient.get(rig.port, "/missing").status == 404)
        }
    }

    @Test func aDroppedRequestSaysSo() async throws {
        var cluster = Cluster("a", ports: 1)
        cluster.assignment.dropOverload = .init(category: "all", fraction: Fraction(100))
        try await ProxyRig.run([.forward("/", to: "a")], clusters: [cluster]) { rig async throws in
            let response = try await TestClient.get(rig.port, "/")
            #expect(response.status == 503)
            #expect(response.text == "unconditional drop overload")
            #expect(response.header("x-envoy-unconditional-drop-overload") == "true")
        }
    }

    @Test func theRoutesTimeIs504() async throws {
        let backend = try await TestBackend.start { _ in .silence }
        let route = Route.forward("/", to: "a") { $0.timeout = .milliseconds(50) }
        try await ProxyRig.run(
            [route], clusters: [Cluster("a", ports: backend.port)], host: { $0.includesAttemptCountInResponse = true }
        ) { rig async throws in
            let response = try await TestClient.get(rig.port, "/")
            #expect(response.status == 504)
            #expect(response.text == "upstream request timeout")
            #expect(response.header("x-envoy-attempt-count") == "1")
        }
        await backend.stop()
    }

    @Test func stillnessIs504AfterAWholeRequestAnd408Before() async throws {
        let backend = try await TestBackend.start { _ in .silence }
        let route = Route.forward("/", to: "a") { $0.idleTimeout = .milliseconds(50) }
        try await ProxyRig.run([route], clusters: [Cluster("a", ports: backend.port)]) { rig async throws in
            let whole = try await TestClient.get(rig.port, "/")
            #expect(whole.status == 504)
            #expect(whole.text == "stream timeout")
            let half = try await TestClient.ask(rig.port, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc")
            #expect(half.status == 408)
        }
        await backend.stop()
    }

    @Test func aRequestThatDoesNotArriveInTimeIs408() async throws {
        let backend = try await TestBackend.start { _ in .response(200) }
        try await ProxyRig.run(
            [.forward("/", to: "a")], clusters: [Cluster("a", ports: backend.port)],
            manager: { $0.requestTimeout = .milliseconds(50) }
        ) { rig async throws in
            let client = try await TestClient.connect(rig.port)
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc")
            let response = try await client.response()
            #expect(response.status == 408)
            #expect(response.text == "request timeout")
            _ = try await client.end()
        }
        await backend.stop()
    }

    @Test func aFullClusterIs503() async throws {
        let backend = try await TestBackend.start { _ in .silence }
        var cluster = Cluster("a", ports: backend.port)
        cluster.circuitBreakers.normal.connections = 1
        cluster.circuitBreakers.normal.pendingRequests = 1
        let full = cluster
        try await ProxyRig.run([.forward("/", to: "a")], clusters: [full]) { rig async throws in
            // One is on the only connection, one waits for it, and a third is one too many.
            var clients: [TestClient] = []
            for number in 1...2 {
                let client = try await TestClient.connect(rig.port)
                try await client.send("GET /\(number) HTTP/1.1\r\nHost: a\r\n\r\n")
                clients.append(client)
                if number == 1 { try await ProxyRig.wait { backend.seen.count == 1 } }
            }
            let engine = rig.proxy.engine
            try await ProxyRig.wait { engine.clusterStatistics[0].breakers[0].pendingRequests.active == 1 }
            #expect(engine.clusterStatistics[0].breakers[0].connections.active == 1)
            let response = try await TestClient.get(rig.port, "/3")
            #expect(response.status == 503)
            #expect(response.text == Self.prefix + "overflow")
            #expect(response.header("x-envoy-overloaded") == "true")
            for client in clients { client.close() }
            try await ProxyRig.wait { engine.clusterStatistics[0].breakers[0].pendingRequests.active == 0 }
            try await ProxyRig.wait { engine.clusterStatistics[0].breakers[0].requests.active == 0 }
        }
        await backend.stop()
    }

    @Test func aClusterWithEnoughRequestsIs503() async throws {
        let backend = try await TestBackend.start { _ in .silence }
        var cluster = Cluster("a", ports: backend.port)
        cluster.circuitBreakers.normal.requests = 1
        let full = cluster
        try await ProxyRig.run([.forward("/", to: "a")], clusters: [full]) { rig async throws in
            let client = try await TestClient.connect(rig.port)
            try await client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n")
            try await ProxyRig.wait { backend.seen.count == 1 }
            let response = try await TestClient.get(rig.port, "/2")
            #expect(response.status == 503)
            #expect(response.text == Self.prefix + "overflow")
            #expect(response.header("x-envoy-overloaded") == "true")
            client.close()
        }
        await backend.stop()
    }
}
