// Fairlead: tests of telling addresses apart, and writing them
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadDataPlane
import FairleadModel
import Testing

@testable import FairleadCompiler

@Suite struct DistinctAddressesTests {
    static let addresses: [Address] = [
        .socket(host: "10.0.0.1", port: 80), .socket(host: "10.0.0.1", port: 0), .socket(host: "::1", port: 65535),
        .socket(host: "a.b", port: 9), .pipe(path: "/run/a"), .pipe(path: ""), .pipe(path: "10.0.0.1:80"),
        .socket(host: String(repeating: "x", count: 300), port: 10), .pipe(path: "é"),
    ]

    @Test func addressesAreWrittenAsTheirTexts() {
        for address in Self.addresses {
            var bytes: [UInt8] = [7]
            let (port, isPipe) = bytes.append(address: address)
            #expect(bytes == [7] + Array(address.text.utf8))
            switch address {
            case .socket(_, let number): #expect(port == number && !isPipe)
            case .pipe: #expect(port == 0 && isPipe)
            }
        }
    }

    @Test func eachAddressIsNewOnce() {
        var texts: [UInt8] = []
        var distinct = DistinctAddresses(capacity: Self.addresses.count * 2)
        func insert(_ address: Address) -> Bool {
            let start = texts.count
            let (_, isPipe) = texts.append(address: address)
            let place = BlockText(offset: UInt32(start), count: UInt32(texts.count - start))
            return distinct.insert(place, isPipe: isPipe, in: texts)
        }
        for address in Self.addresses { #expect(insert(address)) }
        for address in Self.addresses { #expect(!insert(address)) }
    }

    @Test func aPipeAndASocketThatLookAlikeAreTwoEndpoints() {
        let set = HostSetTests.set([
            HostSetTests.group("a", [.init(.pipe(path: "10.0.0.1:80")), .init(.socket(host: "10.0.0.1", port: 80))])
        ])
        #expect(set.entries.count == 2)
    }

    @Test func textsStandInTheOrderOfTheEndpointsWithTheirHostNames() {
        let set = HostSetTests.set([
            HostSetTests.group("a", priority: 1, [.init(.pipe(path: "/one"), hostname: "first")]),
            HostSetTests.group("a", [.init(.pipe(path: "/two")), .init(.pipe(path: "/three"), hostname: "third")]),
        ])
        #expect(String(decoding: set.texts, as: UTF8.self) == "/two/threethird/onefirst")
        #expect(set.entries.map { $0.address.offset } == [0, 4, 15])
        #expect(set.entries.map { $0.hostname } == [0, 10, 19])
        #expect(set.entries.map { $0.hostnameLength } == [0, 5, 5])
    }
}
