// Fairlead: tests of shares of zones
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@testable import FairleadCompiler

/// `Tests/Vectors/balancing/zones.*.json` holds how Envoy spreads requests.
@Suite struct ZoneSharesTests {
    static let own = Locality(zone: "a")

    static func assignment(_ zones: [(String, Int)], first: UInt16 = 1) -> EndpointAssignment {
        var port = first
        let groups = zones.map { name, count in
            let endpoints = (0..<count).map { _ in
                defer { port += 1 }
                return HostSetTests.endpoint(port)
            }
            return HostSetTests.group(name, endpoints)
        }
        return EndpointAssignment(name: "a", localities: groups)
    }

    static func shares(
        _ upstream: [(String, Int)], _ local: [(String, Int)], own: Locality? = own,
        _ change: (inout ZoneRouting) -> Void = { _ in }
    ) -> ZoneShares? {
        let hosts = HostSet(assignment(upstream), own: own)
        var zones = ZoneRouting()
        change(&zones)
        return ZoneShares(
            hosts, hosts.priorities[0], zones, LocalHosts(assignment(local), own: own), own: own)
    }

    @Test func whatTheOwnLocalityCanBearStays() throws {
        let shares = try #require(Self.shares([("a", 2), ("b", 4)], [("a", 1), ("b", 1)]))
        #expect(shares.hasOwn)
        // A third of the endpoints, half of the senders: in parts of 10,000, cut off.
        #expect(shares.own == 3333 * 10_000 / 5000)
        #expect(shares.residuals == [0, 1666])
    }

    @Test func allStayWhereThereIsRoomForAll() throws {
        let shares = try #require(Self.shares([("a", 3), ("b", 3)], [("a", 1), ("b", 1)]))
        #expect(shares.own == 10_000)
        #expect(shares.residuals.isEmpty)
    }

    @Test func withoutEndpointsInTheOwnLocalityOthersTakeWhatTheyCan() throws {
        let shares = try #require(Self.shares([("b", 4), ("c", 2)], [("a", 1), ("b", 1)]))
        #expect(!shares.hasOwn)
        #expect(shares.own == 0)
        #expect(shares.residuals == [1666, 1666 + 3333])
    }

    @Test func itNeedsTwoLocalitiesAndEnoughEndpoints() {
        #expect(Self.shares([("a", 9)], [("a", 1), ("b", 1)]) == nil)
        #expect(Self.shares([("a", 2), ("b", 3)], [("a", 1), ("b", 1)]) == nil)
        #expect(Self.shares([("a", 2), ("b", 3)], [("a", 1), ("b", 1)]) { $0.minimumEndpoints = 5 } != nil)
        #expect(Self.shares([("a", 2), ("b", 4)], [("a", 1)]) == nil)
        #expect(Self.shares([("a", 2), ("b", 4)], [("b", 1), ("c", 1)]) == nil)
        #expect(Self.shares([("a", 2), ("b", 4)], [("a", 1), ("b", 1)], own: nil) == nil)
        #expect(Self.shares([("a", 2), ("b", 4)], []) == nil)
    }

    @Test func enoughEndpointsOfTheOwnLocalityMayTakeAll() throws {
        #expect(Self.shares([("a", 2), ("b", 4)], [("a", 1)]) { $0.forcedMinimum = 2 }?.own == 10_000)
        let few = try #require(Self.shares([("a", 2), ("b", 4)], [("a", 1), ("b", 1)]) { $0.forcedMinimum = 3 })
        #expect(few.own == 6666)
    }

    @Test func theLocalClusterIsInPanicByTheThresholdOfTheOther() {
        let sick = HostSetTests.group(
            "b", [HostSetTests.endpoint(8, .unhealthy), HostSetTests.endpoint(9, .unhealthy)])
        let local = LocalHosts(
            EndpointAssignment(name: "l", localities: [HostSetTests.group("a", [HostSetTests.endpoint(1)]), sick]),
            own: Self.own)
        #expect(local.isPanic(threshold: 50))
        #expect(!local.isPanic(threshold: 33))
        #expect(LocalHosts(EndpointAssignment(name: "l"), own: Self.own).isPanic(threshold: 1))
    }
}
