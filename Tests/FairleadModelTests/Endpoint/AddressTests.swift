// Fairlead: tests of addresses, health and localities
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@Suite struct AddressTests {
    @Test(arguments: [
        (Address.socket(host: "10.0.0.9", port: 80), "10.0.0.9:80"),
        (.socket(host: "backend.example", port: 65535), "backend.example:65535"),
        (.socket(host: "::1", port: 8080), "[::1]:8080"),
        (.socket(host: "fe80::1%eth0", port: 0), "[fe80::1%eth0]:0"),
        (.pipe(path: "/run/a.sock"), "/run/a.sock"),
    ])
    func theTextIsWhatHashingPoliciesHash(address: Address, text: String) {
        #expect(address.text == text)
    }
}

@Suite struct HealthStatusTests {
    @Test func theNumbersAreThoseOfEnvoy() {
        let all: [HealthStatus] = [.unknown, .healthy, .unhealthy, .draining, .timeout, .degraded]
        #expect(all.map { $0.rawValue } == [0, 1, 2, 3, 4, 5])
        #expect(HealthStatus(rawValue: 6) == nil)
    }

    @Test func eachStatusHasItsCondition() {
        let all: [HealthStatus] = [.unknown, .healthy, .unhealthy, .draining, .timeout, .degraded]
        #expect(all.map { $0.condition } == [.healthy, .healthy, .unhealthy, .unhealthy, .unhealthy, .degraded])
    }
}

@Suite struct LocalityTests {
    @Test func orderIsByRegionThenZoneThenSubZone() {
        let ascending = [
            Locality(), Locality(subZone: "s"), Locality(zone: "a"), Locality(zone: "b"), Locality(region: "r"),
            Locality(region: "r", zone: "a", subZone: "x"), Locality(region: "r", zone: "a", subZone: "y"),
            Locality(region: "r", zone: "b"), Locality(region: "s"),
        ]
        #expect(ascending.reversed().sorted() == ascending)
        for (left, right) in zip(ascending, ascending.dropFirst()) { #expect(left < right && !(right < left)) }
    }

    @Test(arguments: [
        (Locality(), ""), (Locality(region: "eu"), "eu"), (Locality(region: "eu", zone: "a"), "eu/a"),
        (Locality(region: "eu", zone: "a", subZone: "1"), "eu/a/1"), (Locality(zone: "a"), "/a"),
        (Locality(subZone: "1"), "//1"), (Locality(region: "eu", subZone: "1"), "eu//1"),
    ])
    func theTextLeavesOutEmptyPartsAtTheEnd(locality: Locality, text: String) {
        #expect(locality.description == text)
    }
}
