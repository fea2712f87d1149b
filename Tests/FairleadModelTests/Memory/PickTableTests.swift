// Fairlead: tests of what pickers read and keep
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@Suite struct PickTableTests {
    static func withTable<Result>(_ bytes: [UInt8], _ body: (PickTable) -> Result) -> Result {
        bytes.withUnsafeBytes { body(PickTable(start: $0.baseAddress, byteCount: $0.count)) }
    }

    @Test func wordsAreReadInLittleEndianOrder() {
        Self.withTable([1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f]) { table in
            #expect(table.uint32(at: 0) == 0x0403_0201)
            #expect(table.uint32(at: 4) == 0x0807_0605)
            #expect(table.uint64(at: 0) == 0x0807_0605_0403_0201)
            #expect(table.double(at: 8) == 1)
        }
    }

    @Test(arguments: [
        -1, -4, -8, 13, 14, 16, 1000, Int.max, Int.max - 1, Int.max - 3, Int.max - 7, Int.min, Int.min + 7,
    ])
    func whatIsNotWhollyInsideReadsAsZero(offset: Int) {
        Self.withTable([UInt8](repeating: 0xff, count: 16)) { table in
            #expect(table.uint32(at: offset) == 0)
            #expect(table.uint64(at: offset) == 0)
            #expect(table.double(at: offset) == 0)
        }
    }

    @Test func theLastWholeWordIsReadAndTheNextIsNot() {
        Self.withTable([UInt8](repeating: 0xff, count: 12)) { table in
            #expect(table.uint32(at: 8) == .max)
            #expect(table.uint32(at: 9) == 0)
            #expect(table.uint64(at: 4) == .max)
            #expect(table.uint64(at: 8) == 0)
        }
    }

    @Test func aTableWithoutAddressIsEmpty() {
        let table = PickTable(start: nil, byteCount: 64)
        #expect(table.byteCount == 0)
        #expect(table.uint32(at: 0) == 0)
        #expect(table.uint64(at: 0) == 0)
    }

    @Test func workerWordsAreReadAndWrittenInsideAndIgnoredOutside() {
        let start = UnsafeMutablePointer<UInt64>.allocate(capacity: 4)
        start.initialize(repeating: 7, count: 4)
        defer { start.deallocate() }
        let words = WorkerWords(start: start + 1, count: 2)
        words[0] = 1
        words[1] = 2
        for outside in [-1, 2, 3, Int.max, Int.min] {
            words[outside] = 99
            #expect(words[outside] == 0)
        }
        #expect((0..<4).map { start[$0] } == [7, 1, 2, 7])
        let none = WorkerWords(start: nil, count: 5)
        none[0] = 1
        #expect(none.count == 0)
        #expect(none[0] == 0)
    }
}
