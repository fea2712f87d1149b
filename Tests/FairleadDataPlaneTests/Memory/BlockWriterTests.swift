// Fairlead: tests of writing blocks and reading them in place
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin
import Testing

@testable import FairleadDataPlane

@Suite struct BlockWriterTests {
    /// A small record.
    struct Pair: BitwiseCopyable, Equatable {
        var first: UInt32
        var second: UInt32
    }

    @Test func textsAreReadBackAsTheyWereWritten() {
        var writer = BlockWriter(header: DirectoryHeader.self)
        let texts = ["a", "", "é", String(repeating: "long ", count: 1000), "a"]
        let places = texts.map { writer.text($0) }
        let block = writer.finish()
        for (text, place) in zip(texts, places) {
            #expect(block.view.bytes(place).array == Array(text.utf8))
            #expect(!block.view.bytes(place).isMissing)
        }
    }

    @Test func equalTextsShareOnePlace() {
        var writer = BlockWriter(header: DirectoryHeader.self)
        let first = writer.text("text")
        let count = writer.count
        #expect(writer.text("text").offset == first.offset)
        #expect(writer.count == count)
        #expect(writer.text("Text").offset != first.offset)
    }

    @Test func textsThatOnlyLookAlikeHavePlacesOfTheirOwn() {
        var writer = BlockWriter(header: DirectoryHeader.self)
        let composed = writer.text("caf\u{e9}")
        let decomposed = writer.text("cafe\u{301}")
        // The same scalars in another order, and as many bytes.
        let below = writer.text("a\u{323}\u{307}")
        let above = writer.text("a\u{307}\u{323}")
        let block = writer.finish()
        #expect(block.view.bytes(composed).count == 5)
        #expect(block.view.bytes(decomposed).count == 6)
        #expect(block.view.bytes(below).array == Array("a\u{323}\u{307}".utf8))
        #expect(block.view.bytes(above).array == Array("a\u{307}\u{323}".utf8))
    }

    @Test func noTextIsMissingAndAnEmptyOneIsNot() {
        var writer = BlockWriter(header: DirectoryHeader.self)
        let none = writer.text(nil)
        let empty = writer.text("")
        let block = writer.finish()
        #expect(none.offset == 0)
        #expect(block.view.bytes(none).isMissing)
        #expect(empty.offset != 0)
        #expect(!block.view.bytes(empty).isMissing)
        #expect(block.view.bytes(.empty).isMissing)
    }

    @Test func recordsAreAlignedWhateverStandsBeforeThem() {
        for length in 0..<9 {
            var writer = BlockWriter(header: DirectoryHeader.self)
            _ = writer.text(String(repeating: "x", count: length))
            let pairs = (0..<5).map { Pair(first: UInt32($0), second: .max - UInt32($0)) }
            let array = writer.append(pairs)
            let single = writer.append(shared: Pair(first: 7, second: 8))
            let raw = writer.append(bytes: [1, 2, 3])
            let block = writer.finish()
            #expect(array.offset % 8 == 0 && single.offset % 8 == 0 && raw.offset % 8 == 0)
            #expect((0..<5).map { block.view[array, $0] } == pairs)
            #expect(block.view[single] == Pair(first: 7, second: 8))
            #expect(block.view.bytes(raw).array == [1, 2, 3])
            #expect(block.byteCount % 8 == 0)
        }
    }

    @Test func equalRecordsAreStoredOnce() {
        var writer = BlockWriter(header: DirectoryHeader.self)
        let first = writer.append(shared: Pair(first: 1, second: 2))
        let other = writer.append(shared: Pair(first: 2, second: 1))
        #expect(writer.append(shared: Pair(first: 1, second: 2)).offset == first.offset)
        #expect(other.offset != first.offset)
        #expect(first.exists && !BlockReference<Pair>.none.exists)
    }

    @Test func noRecordsTakeNoRoom() {
        var writer = BlockWriter(header: DirectoryHeader.self)
        let count = writer.count
        let array = writer.append([Pair]())
        #expect(array.offset == 0 && array.count == 0)
        #expect(writer.count == count)
    }

    @Test func theHeaderStandsAtTheFront() {
        var writer = BlockWriter(header: RouteTableHeader.self)
        var header = RouteTableHeader()
        header.catchAll = 7
        header.name = writer.text("table")
        writer.setHeader(header)
        let block = writer.finish()
        let read: RouteTableHeader = block.view.load(0)
        #expect(read.catchAll == 7)
        #expect(block.view.bytes(read.name).string == "table")
    }

    @Test func theSameCallsGiveTheSameBytes() {
        func write(_ text: String) -> Block {
            var writer = BlockWriter(header: DirectoryHeader.self)
            _ = writer.text(text)
            _ = writer.append([Pair(first: 1, second: 2)])
            _ = writer.text("odd")
            _ = writer.append(bytes: [])
            return writer.finish()
        }
        #expect(write("a").bytes == write("a").bytes)
        #expect(write("a").hasSameBytes(as: write("a")))
        #expect(!write("a").hasSameBytes(as: write("b")))
        #expect(!write("a").hasSameBytes(as: write("much longer than the other")))
        // Gaps are zero.
        #expect(write("a").bytes.filter { $0 != 0 }.count == 1 + 2 + 3)
    }

    @Test func nothingHangsBesideABlockAtFirst() {
        let block = BlockWriter(header: DirectoryHeader.self).finish()
        for index in 0..<BlockView.sideWords { #expect(block.view.side(index) == nil) }
        #expect(block.view.clusterID(0) == .max)
        Bytes.withBytes(of: "x") { text in
            #expect(!block.view.matches(pattern: 0, text))
            #expect(!block.view.matches(pattern: 1, text))
            #expect(OutputBuffer.text { block.view.replaceAll(pattern: 1, in: text, with: .missing, into: &$0) } == "x")
        }
    }

    @Test func whatHangsBesideABlockIsNotPartOfItsBytes() {
        final class Everything: CompiledPattern, @unchecked Sendable {
            override func matches(_ text: Bytes) -> Bool { true }
        }
        let block = BlockWriter(header: DirectoryHeader.self).finish()
        let before = block.bytes
        block.attach(patterns: [CompiledPattern(), Everything()])
        block.attach(clusterIDs: [9, 4])
        #expect(block.bytes == before)
        #expect(block.view.clusterID(0) == 9 && block.view.clusterID(1) == 4)
        Bytes.withBytes(of: "x") { text in
            #expect(!block.view.matches(pattern: 1, text))
            #expect(block.view.matches(pattern: 2, text))
        }
    }
}
