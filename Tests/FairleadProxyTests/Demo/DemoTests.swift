// Fairlead: tests of the demonstration
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import Testing

@testable import FairleadProxy

@Suite struct DemoTests {
    @Test func itsOwnRequestsGetWhatIsExpected() async throws {
        let demo = try await Demo()
        let proxy = try await Proxy(engine: Engine())
        try await proxy.apply(await demo.configuration(port: 0))
        let port = try #require(await proxy.port(ofListener: Demo.listener))
        repeat { await demo.sendTraffic(port: port, for: .milliseconds(500)) } while await demo.answered < 100
        #expect(await demo.surprises == [])
        #expect(await demo.isAsExpected)
        #expect(await demo.summary.last == "all as expected")
        let clusters = proxy.engine.clusterStatistics
        let table = await demo.tableLines(clusters)
        // The head, the shop's endpoints in two clusters, the canary, three flaky ones.
        #expect(table.count == 17)
        #expect(table.contains { $0.contains("canary-1") })
        #expect(await demo.newsLine(clusters) == "")
        let invitation = Demo.invitation(port: port, admin: "x:1").joined()
        #expect(invitation.contains("http://127.0.0.1:\(port)/cart"))
        #expect(invitation.contains("http://x:1/stats"))
        await proxy.shutDown()
        await demo.stop()
    }

    @Test func whatIsNotExpectedIsTold() async throws {
        let demo = try await Demo()
        let proxy = try await Proxy(engine: Engine())
        var configuration = await demo.configuration(port: 0)
        // The flaky route without its retries.
        for index in configuration.routeConfigurations[0].virtualHosts[0].routes.indices {
            guard case .forward(var action) = configuration.routeConfigurations[0].virtualHosts[0].routes[index].action
            else { continue }
            action.retryPolicy = nil
            configuration.routeConfigurations[0].virtualHosts[0].routes[index].action = .forward(action)
        }
        try await proxy.apply(configuration)
        let port = try #require(await proxy.port(ofListener: Demo.listener))
        #expect(await !demo.isAsExpected)
        repeat { await demo.sendTraffic(port: port, for: .milliseconds(300)) } while await demo.surprises.isEmpty
        #expect(await !demo.isAsExpected)
        let summary = await demo.summary
        #expect(summary.contains("unexpected: /flaky gave 503, not 200"))
        await proxy.shutDown()
        await demo.stop()
    }
}
