// Fairlead: tests of what an attempt tells of its endpoint
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct EndpointViewTests {
    /// Lends the view of the only endpoint of a cluster.
    static func view(_ endpoint: Endpoint, _ body: (EndpointView) -> Void) throws {
        var cluster = Cluster(
            name: "shop",
            endpoints: [
                LocalityEndpoints(
                    locality: Locality(region: "eu", zone: "a", subZone: "1"), priority: 2, endpoints: [endpoint])
            ])
        cluster.connectTimeout = .milliseconds(250)
        let scene = try Scene(Configuration(clusters: [cluster]))
        var exchange = scene.worker.begin(cluster: "shop")
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        let view = attempt.endpoint
        body(try #require(view))
        scene.worker.report(&attempt, .response(200), &exchange)
        scene.worker.end(&exchange)
    }

    static let addresses: [(Address, text: String, host: String, port: UInt16)] = [
        (.socket(host: "10.0.0.9", port: 80), "10.0.0.9:80", "10.0.0.9", 80),
        (.socket(host: "2001:db8::1", port: 65535), "[2001:db8::1]:65535", "2001:db8::1", 65535),
        (.pipe(path: "/run/a:b.sock"), "/run/a:b.sock", "/run/a:b.sock", 0),
    ]

    @Test(arguments: addresses.indices)
    func addressesAreToldWholeAndInParts(index: Int) throws {
        let (address, text, host, port) = Self.addresses[index]
        try Self.view(Endpoint(address)) { view in
            #expect(view.address.string == text)
            #expect(view.host.string == host)
            #expect(view.port == port)
            #expect(view.hostname.isMissing)
        }
    }

    @Test func everythingElseIsTold() throws {
        try Self.view(.at(7, weight: .max, .degraded, hostname: "ep.example")) { view in
            #expect(view.hostname.string == "ep.example")
            #expect(view.weight == .max)
            #expect(view.health == .degraded)
            #expect(view.priority == 2)
            #expect(view.clusterName.string == "shop")
            #expect(view.connectTimeout == 250_000_000)
            let locality = view.locality
            #expect([locality.region.string, locality.zone.string, locality.subZone.string] == ["eu", "a", "1"])
        }
    }

    @Test func anEndpointIsToldUntilItsAttemptIsReportedOrDetached() throws {
        let scene = try Scene(Configuration(clusters: [.fixed("c", 1)]))
        var exchange = scene.worker.begin(cluster: "c")
        var attempt = Attempt()
        var isTold = attempt.endpoint != nil
        #expect(!isTold)
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        isTold = attempt.endpoint != nil
        #expect(isTold)
        scene.worker.detach(&attempt)
        isTold = attempt.endpoint != nil
        #expect(!isTold)
        // Detached, it is open and has its slot all the same.
        var isOpen = attempt.isOpen && attempt.slot != nil
        #expect(isOpen)
        scene.worker.report(&attempt, .response(200), &exchange)
        isOpen = attempt.isOpen
        #expect(!isOpen)
        scene.worker.end(&exchange)
    }
}
