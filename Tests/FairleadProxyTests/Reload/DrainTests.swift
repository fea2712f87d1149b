// Fairlead: tests of proxies that end
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOCore
import Testing

@testable import FairleadProxy

@Suite struct DrainTests {
    @Test func requestsUnderWayAreAnsweredAndTheConnectionIsClosed() async throws {
        let gate = Gate()
        let backend = try await TestBackend.start { _ in .response(200, body: "done") }
        let slow = try await GatedBackend.start(gate)
        let routes = [Route.forward("/slow", to: "slow"), .forward("/", to: "a")]
        try await ProxyRig.run(
            routes, clusters: [Cluster("a", ports: backend.port), Cluster("slow", ports: slow.port)]
        ) {
            rig async throws in
            let idle = try await TestClient.connect(rig.port)
            try await idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await idle.response().text == "done")
            let busy = try await TestClient.connect(rig.port)
            try await busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
            try await ProxyRig.wait { slow.waiting == 1 }
            async let cut = rig.proxy.drain()
            // The idle one is closed at once, and nobody is let in any more.
            #expect(try await idle.end() == 0)
            #expect(rig.proxy.state == .draining)
            await #expect(throws: (any Error).self) { _ = try await TestClient.get(rig.port, "/") }
            gate.open()
            let response = try await busy.response()
            #expect(response.status == 200)
            #expect(response.header("connection") == "close")
            #expect(try await busy.end() == 0)
            #expect(await cut == 0)
        }
        await backend.stop()
        await slow.stop()
    }

    @Test func connectionsThatDoNotEndAreCounted() async throws {
        let backend = try await TestBackend.start { _ in .silence }
        try await ProxyRig.run(
            [.forward("/", to: "a")], clusters: [Cluster("a", ports: backend.port)],
            options: { $0.drainTime = .milliseconds(50) }
        ) { rig async throws in
            let client = try await TestClient.connect(rig.port)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            try await ProxyRig.wait { backend.seen.count == 1 }
            #expect(await rig.proxy.drain() == 1)
            client.close()
        }
        await backend.stop()
    }
}
