// Fairlead: tests of using only some of many endpoints
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@testable import FairleadCompiler

@Suite struct EndpointLimitingTests {
    static func assignment(_ ports: [UInt16], priority: Int = 0) -> EndpointAssignment {
        EndpointAssignment(
            name: "a",
            localities: ports.map { HostSetTests.group("z\($0 % 3)", priority: priority, [HostSetTests.endpoint($0)]) })
    }

    static func ports(_ assignment: EndpointAssignment) -> [UInt16] {
        assignment.localities.flatMap { $0.endpoints }.map { endpoint in
            if case .socket(_, let port) = endpoint.address { port } else { 0 }
        }
    }

    @Test func soManyOfEachPriorityAreKeptInTheirOrder() {
        var all = Self.assignment(Array(1...20))
        all.localities += Self.assignment(Array(21...22), priority: 1).localities
        let kept = Self.ports(all.limited(to: 5, seed: 7))
        #expect(kept.filter { $0 <= 20 }.count == 5)
        #expect(kept.filter { $0 > 20 } == [21, 22])
        #expect(kept == kept.sorted())
        #expect(all.limited(to: 20, seed: 7) == all)
    }

    @Test func otherSeedsKeepOthersAndTheSameSeedTheSame() {
        let all = Self.assignment(Array(1...50))
        #expect(all.limited(to: 5, seed: 1) == all.limited(to: 5, seed: 1))
        let used = (0..<100).flatMap { Self.ports(all.limited(to: 5, seed: RandomSource.mixed($0))) }
        #expect(Set(used).count == 50)
    }

    @Test func oneThatGoesChangesOneAtMost() {
        let all = Self.assignment(Array(1...50))
        let before = Set(Self.ports(all.limited(to: 10, seed: 3)))
        for port in UInt16(1)...50 {
            let fewer = Self.assignment((1...50).filter { $0 != port })
            let after = Set(Self.ports(fewer.limited(to: 10, seed: 3)))
            #expect(after.subtracting(before).count == (before.contains(port) ? 1 : 0))
        }
    }

    @Test func theSameAddressCountsOnce() {
        var all = Self.assignment([1, 1, 1, 2, 3])
        #expect(Set(Self.ports(all.limited(to: 2, seed: 0))).count == 2)
        all.localities += Self.assignment([1], priority: 1).localities
        #expect(Self.ports(all.limited(to: 9, seed: 0)) == [1, 1, 1, 2, 3, 1])
    }
}
