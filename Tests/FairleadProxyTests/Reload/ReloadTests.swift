// Fairlead: tests of configurations that change under load
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import Glibc
import NIOCore
import Synchronization
import Testing

@testable import FairleadProxy

@Suite struct ReloadTests {
    /// Sends requests over one connection until it is told to stop.
    static func load(_ port: Int, _ tally: Tally) async throws {
        let client = try await TestClient.connect(port)
        while !tally.isOver {
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            let response = try await client.response()
            tally.count(response.status == 200 ? response.text : "status \(response.status)")
        }
        client.close()
    }

    @Test func nothingIsLostWhileRoutesAndClustersChange() async throws {
        let backends = [
            try await TestBackend.start { _ in .response(200, body: "0") },
            try await TestBackend.start { _ in .response(200, body: "1") },
        ]
        // Each change replaces table, cluster and endpoint by ones of other names.
        func configuration(_ number: Int) -> Configuration {
            let name = "c\(number % 2)"
            var configuration = ProxyRig.configuration(
                [.forward("/", to: name)], clusters: [Cluster(name, ports: backends[number % 2].port)])
            configuration.routeConfigurations[0].name = "table \(number % 2)"
            configuration.routeConfigurations[0].validatesClusters = true
            configuration.listeners[0].connectionManager.routeConfiguration = "table \(number % 2)"
            return configuration
        }
        try await ProxyRig.run(configuration(0), options: { $0.concurrency = 2 }) { rig async throws in
            let tally = Tally()
            async let loads: Void = withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { try await Self.load(rig.port, tally) } }
                try await group.waitForAll()
            }
            var number = 0
            while number < 60 || tally.bodies.values.contains(where: { $0 < 30 }) || tally.bodies.count < 2 {
                number += 1
                try await rig.proxy.apply(configuration(number))
            }
            tally.end()
            try await loads
            #expect(Set(tally.bodies.keys) == ["0", "1"])
            await rig.proxy.tick()
            #expect(rig.engine.statistics.liveSnapshots == 1)
        }
        for backend in backends { await backend.stop() }
    }

    @Test func aRequestUnderWayEndsOnItsRoute() async throws {
        let gate = Gate()
        let slow = try await GatedBackend.start(gate)
        try await ProxyRig.run([.forward("/", to: "slow")], clusters: [Cluster("slow", ports: slow.port)]) {
            rig async throws in
            let client = try await TestClient.connect(rig.port)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
            try await ProxyRig.wait { slow.waiting == 1 }
            try await rig.proxy.apply(ProxyRig.configuration([.direct("/", 200, "new")], clusters: []))
            gate.open()
            #expect(try await client.response().text == "late")
            #expect(try await client.response().text == "new")
            client.close()
        }
        await slow.stop()
    }

    @Test func listenersComeAndGo() async throws {
        func listener(_ name: String) -> Listener {
            Listener(
                name: name, address: .socket(host: "127.0.0.1", port: 0),
                connectionManager: ConnectionManager(routeConfiguration: "table"))
        }
        var configuration = ProxyRig.configuration([.direct("/")], clusters: [])
        configuration.listeners.append(listener("second"))
        try await ProxyRig.run(configuration) { rig async throws in
            let second = try #require(await rig.proxy.port(ofListener: "second"))
            let kept = try await TestClient.connect(rig.port)
            let gone = try await TestClient.connect(second)
            for client in [kept, gone] {
                try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.response().text == "ok")
            }
            var next = configuration
            next.listeners[1] = listener("third")
            try await rig.proxy.apply(next)
            #expect(try await gone.end() == 0)
            await #expect(throws: (any Error).self) { _ = try await TestClient.get(second, "/") }
            try await kept.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await kept.response().text == "ok")
            #expect(await rig.proxy.port(ofListener: "second") == nil)
            let third = try #require(await rig.proxy.port(ofListener: "third"))
            #expect(try await TestClient.get(third, "/").text == "ok")
            kept.close()
        }
    }

    @Test func aBadConfigurationChangesNothing() async throws {
        let good = ProxyRig.configuration([.direct("/", 200, "good")], clusters: [])
        try await ProxyRig.run(good) { rig async throws in
            var bad = ProxyRig.configuration([.direct("/", 200, "bad"), .direct("", 99)], clusters: [])
            bad.listeners[0].connectionManager.routeConfiguration = "nobody"
            let generation = rig.engine.statistics.generation
            let refused = await #expect(throws: ProblemList.self) { try await rig.proxy.apply(bad) }
            #expect((refused?.problems.count ?? 0) >= 2)
            #expect(rig.engine.statistics.generation == generation)
            #expect(try await TestClient.get(rig.port, "/").text == "good")
        }
    }

    @Test func anAddressThatIsTakenIsAProblemAndChangesNothing() async throws {
        let backend = try await TestBackend.start { _ in .close }
        try await ProxyRig.run(ProxyRig.configuration([.direct("/")], clusters: [])) { rig async throws in
            var taken = ProxyRig.configuration([.direct("/", 200, "new")], clusters: [])
            taken.listeners.append(
                Listener(
                    name: "taken", address: .socket(host: "127.0.0.1", port: UInt16(backend.port)),
                    connectionManager: ConnectionManager(routeConfiguration: "table")))
            let wanted = taken
            let refused = await #expect(throws: ProblemList.self) { try await rig.proxy.apply(wanted) }
            #expect(refused?.problems.map(\.code) == [.cannotListen])
            #expect(try await TestClient.get(rig.port, "/").text == "ok")
        }
        await backend.stop()
    }

    @Test func connectionsToEndpointsThatAreGoneAreClosed() async throws {
        let backend = try await TestBackend.start { _ in .response(200) }
        try await ProxyRig.run([.forward("/", to: "a")], clusters: [Cluster("a", ports: backend.port)]) {
            rig async throws in
            #expect(try await TestClient.get(rig.port, "/").status == 200)
            let upstream = rig.proxy.clusters.cluster(named: "a")
            #expect(upstream.openConnections == 1)
            try await rig.proxy.apply(ProxyRig.configuration([.direct("/")], clusters: []))
            try await ProxyRig.wait { upstream.openConnections == 0 }
        }
        await backend.stop()
    }
}

/// What came back so far.
final class Tally: Sendable {
    private let counts = Mutex<[String: Int]>([:])
    private let over = Mutex(false)

    var bodies: [String: Int] { counts.withLock { $0 } }
    var isOver: Bool { over.withLock { $0 } }

    func count(_ body: String) { counts.withLock { $0[body, default: 0] += 1 } }
    func end() { over.withLock { $0 = true } }
}
