// Fairlead: tests of which endpoint keeps which slot
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Fairlead

@Suite struct SlotMatchingTests {
    static func matching(_ ports: [Int], former: [Int]) -> SlotMatching {
        func addresses(_ ports: [Int]) -> [Address] { ports.map { .socket(host: "10.0.0.1", port: UInt16($0)) } }
        return SlotMatching(addresses(ports), former: addresses(former))
    }

    static let lists: [([Int], former: [Int], sources: [Int], gone: [Int])] = [
        ([1, 2, 3], [1, 2, 3], [0, 1, 2], []), ([1, 3], [1, 2, 3], [0, 2], [1]), ([1, 9, 2], [1, 2], [0, -1, 1], []),
        ([1, 9, 3], [1, 2, 3], [0, -1, 2], [1]), ([3, 1, 2], [1, 2, 3], [2, 0, 1], []), ([], [1, 2], [], [0, 1]),
        ([1, 2], [], [-1, -1], []), ([2, 3, 4, 9], [1, 2, 3, 4], [1, 2, 3, -1], [0]),
        ([4, 3, 2, 1], [1, 2, 3, 4], [3, 2, 1, 0], []),
    ]

    @Test(arguments: lists)
    func survivorsAreFoundWhereTheyWere(ports: [Int], former: [Int], sources: [Int], gone: [Int]) {
        let matching = Self.matching(ports, former: former)
        #expect(matching.sources == sources)
        #expect(matching.gone == gone)
    }

    @Test func anyTwoListsAreMatchedAsALookupWould() {
        var random = RandomSource(seed: 3)
        func list() -> [Int] {
            var ports = Array(0..<12)
            for index in ports.indices { ports.swapAt(index, Int(random.next(below: 12))) }
            // Half of the time in order: the usual case.
            if random.next(below: 2) == 0 { ports.sort() }
            return Array(ports.filter { _ in random.next(below: 4) != 0 })
        }
        for _ in 0..<2000 {
            let (former, ports) = (list(), list())
            let matching = Self.matching(ports, former: former)
            #expect(matching.sources == ports.map { former.firstIndex(of: $0) ?? -1 }, "\(former) to \(ports)")
            #expect(matching.gone == former.indices.filter { !ports.contains(former[$0]) }, "\(former) to \(ports)")
        }
    }
}
