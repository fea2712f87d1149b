// Fairlead: tests of retries through the proxy
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import FairleadProxy

@Suite struct RetryTests {
    static func policy(_ conditions: RetryPolicy.Conditions, retries: UInt32 = 1) -> RetryPolicy {
        var policy = RetryPolicy(on: conditions)
        policy.retries = retries
        policy.backOffBase = .milliseconds(1)
        policy.avoidsPreviousHosts = true
        policy.hostSelectionAttempts = 5
        return policy
    }

    /// A port that nobody listens at.
    static func deadPort() async throws -> Int {
        let backend = try await TestBackend.start { _ in .close }
        await backend.stop()
        return backend.port
    }

    @Test func anotherEndpointIsAskedAfterA503() async throws {
        let bad = try await TestBackend.start { _ in .response(503, body: "bad") }
        let good = try await TestBackend.start { .response(200, body: String(buffer: $0.body)) }
        let route = Route.forward("/", to: "a") { $0.retryPolicy = Self.policy(.serverError) }
        try await ProxyRig.run(
            [route], clusters: [Cluster("a", ports: bad.port, good.port)],
            host: {
                $0.includesAttemptCountInResponse = true
                $0.includesRequestAttemptCount = true
            }
        ) { rig async throws in
            let client = try await TestClient.connect(rig.port)
            var retried = 0
            for _ in 0..<20 {
                try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody")
                let response = try await client.response()
                #expect(response.status == 200)
                #expect(response.text == "body")
                if response.header("x-envoy-attempt-count") == "2" { retried += 1 }
            }
            client.close()
            #expect(retried == bad.seen.count)
            #expect(retried > 0)
            #expect(good.seen.count == 20)
            #expect(good.seen.contains { $0.header("x-envoy-attempt-count") == "2" })
            // The connection to the failing endpoint is kept: its short answer is read to the end.
            #expect(bad.connections == 1)
        }
        await bad.stop()
        await good.stop()
    }

    @Test func anotherEndpointIsAskedWhenOneDoesNotListen() async throws {
        let good = try await TestBackend.start { _ in .response(200) }
        let route = Route.forward("/", to: "a") { $0.retryPolicy = Self.policy(.connectFailure) }
        let dead = try await Self.deadPort()
        try await ProxyRig.run([route], clusters: [Cluster("a", ports: dead, good.port)]) { rig async throws in
            for _ in 0..<10 { #expect(try await TestClient.get(rig.port, "/").status == 200) }
        }
        await good.stop()
    }

    @Test func anotherEndpointIsAskedWhenOneHangsUp() async throws {
        let bad = try await TestBackend.start { _ in .close }
        let good = try await TestBackend.start { _ in .response(200) }
        let route = Route.forward("/", to: "a") { $0.retryPolicy = Self.policy(.reset) }
        try await ProxyRig.run([route], clusters: [Cluster("a", ports: bad.port, good.port)]) { rig async throws in
            for _ in 0..<10 { #expect(try await TestClient.get(rig.port, "/").status == 200) }
            #expect(bad.seen.count > 0)
        }
        await bad.stop()
        await good.stop()
    }

    @Test func theLastAnswerIsPassedOnWhenRetriesRunOut() async throws {
        let bad = try await TestBackend.start {
            .response(503, body: "try \($0.header("x-envoy-attempt-count") ?? "")")
        }
        let route = Route.forward("/", to: "a") { $0.retryPolicy = Self.policy(.serverError, retries: 2) }
        try await ProxyRig.run(
            [route], clusters: [Cluster("a", ports: bad.port)], host: { $0.includesRequestAttemptCount = true }
        ) { rig async throws in
            let response = try await TestClient.get(rig.port, "/")
            #expect(response.status == 503)
            #expect(response.text == "try 3")
            #expect(bad.seen.count == 3)
        }
        await bad.stop()
    }

    @Test func aFailureAfterRetriesSaysSo() async throws {
        let dead = try await Self.deadPort()
        let route = Route.forward("/", to: "a") { $0.retryPolicy = Self.policy(.connectFailure) }
        try await ProxyRig.run([route], clusters: [Cluster("a", ports: dead)]) { rig async throws in
            let response = try await TestClient.get(rig.port, "/")
            #expect(response.status == 503)
            #expect(
                response.text
                    == "upstream connect error or disconnect/reset before headers. retried and the latest reset reason: "
                    + "remote connection failure")
        }
    }

    @Test func aBodyBeyondTheLimitIsNotSentAgain() async throws {
        let bad = try await TestBackend.start { _ in .response(503) }
        let route = Route.forward("/", to: "a") { $0.retryPolicy = Self.policy(.serverError, retries: 3) }
        try await ProxyRig.run(
            [route], clusters: [Cluster("a", ports: bad.port)], options: { $0.maximumRetainedBody = 10_000 }
        ) { rig async throws in
            let body = String(repeating: "x", count: 20_000)
            let request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n\(body)"
            #expect(try await TestClient.ask(rig.port, request).status == 503)
            #expect(bad.seen.count == 1)
            let short = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
            #expect(try await TestClient.ask(rig.port, short).status == 503)
            #expect(bad.seen.count == 5)
            #expect(bad.seen.suffix(4).allSatisfy { String(buffer: $0.body) == "abc" })
        }
        await bad.stop()
    }

    @Test func nothingIsRetriedOnceTheAnswerHasBegun() async throws {
        let bad = try await TestBackend.start { _ in
            .raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart", closes: true)
        }
        let route = Route.forward("/", to: "a") { $0.retryPolicy = Self.policy(.reset) }
        try await ProxyRig.run([route], clusters: [Cluster("a", ports: bad.port)]) { rig async throws in
            let client = try await TestClient.connect(rig.port)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.head().status == 200)
            #expect(try await client.end() == 4)
            #expect(bad.seen.count == 1)
        }
        await bad.stop()
    }

    @Test func eachAttemptHasItsOwnTime() async throws {
        let slow = try await TestBackend.start { _ in .silence }
        let good = try await TestBackend.start { _ in .response(200) }
        // Chance picks, and there are tries enough for a machine that is busy otherwise.
        var policy = Self.policy(.serverError, retries: 30)
        policy.avoidsPreviousHosts = false
        policy.perTryTimeout = .milliseconds(300)
        let perTry = policy
        var cluster = Cluster("a", ports: slow.port, good.port)
        cluster.loadBalancing = LoadBalancing(policy: LoadBalancing.random)
        let route = Route.forward("/", to: "a") {
            $0.retryPolicy = perTry
            $0.timeout = .zero
        }
        try await ProxyRig.run([route], clusters: [cluster]) { rig async throws in
            repeat {
                let response = try await TestClient.get(rig.port, "/")
                #expect(response.status == 200)
            } while slow.seen.isEmpty
            #expect(slow.seen.allSatisfy { $0.header("x-envoy-expected-rq-timeout-ms") == "300" })
        }
        await slow.stop()
        await good.stop()
    }
}
