// Fairlead: tests of how policies write their tables
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin
import FairleadTestKit
import Testing

@Suite struct TableWriterTests {
    static func read<Result>(_ writer: TableWriter, _ body: (PickTable) -> Result) -> Result {
        PinnedWords(writer.bytes).withTable(body)
    }

    @Test func whatIsWrittenIsReadBackAtItsOffset() {
        var writer = TableWriter()
        let small = writer.append(UInt32(0x0403_0201))
        writer.align()
        let large = writer.append(UInt64.max - 1)
        let number = writer.append(-0.5)
        let words = writer.append(contentsOf: [UInt32(1), .max, 3])
        writer.align()
        let longs = writer.append(contentsOf: [UInt64(7), 1 << 63])
        let doubles = writer.append(contentsOf: [1.5, .infinity])
        #expect([small, large, number, words, longs, doubles] == [0, 8, 16, 24, 40, 56])
        #expect(writer.offset == 72)
        Self.read(writer) { table in
            #expect(table.byteCount == 72)
            #expect(table.uint32(at: small) == 0x0403_0201)
            #expect(table.uint64(at: large) == UInt64.max - 1)
            #expect(table.double(at: number) == -0.5)
            #expect((0..<3).map { table.uint32(at: words + $0 * 4) } == [1, .max, 3])
            #expect((0..<2).map { table.uint64(at: longs + $0 * 8) } == [7, 1 << 63])
            #expect((0..<2).map { table.double(at: doubles + $0 * 8) } == [1.5, .infinity])
        }
    }

    @Test func wordsLieLowestByteFirst() {
        var writer = TableWriter()
        writer.append(UInt32(0x0403_0201))
        writer.append(UInt32(8))
        writer.append(UInt64(0x0807_0605_0403_0201))
        #expect(writer.bytes == [1, 2, 3, 4, 8, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8])
        var many = TableWriter()
        many.append(contentsOf: [UInt32(0x0403_0201), 8])
        many.append(contentsOf: [UInt64(0x0807_0605_0403_0201)])
        #expect(many.bytes == writer.bytes)
    }

    @Test func alignmentFillsWithZeros() {
        for count in 0..<10 {
            var writer = TableWriter()
            for _ in 0..<count { writer.append(UInt32.max) }
            writer.align()
            #expect(writer.offset == (count * 4 + 7) / 8 * 8)
            writer.align()
            #expect(writer.offset == (count * 4 + 7) / 8 * 8)
            #expect(writer.bytes.dropFirst(count * 4).allSatisfy { $0 == 0 })
        }
    }

    @Test func roomThatIsReservedIsNotWritten() {
        var writer = TableWriter()
        writer.reserve(1000)
        #expect(writer.bytes.isEmpty)
        #expect(writer.append(contentsOf: [UInt32]()) == 0)
        #expect(writer.offset == 0)
    }
}
