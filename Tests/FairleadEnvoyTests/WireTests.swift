// Fairlead: tests of the wire reader and writer
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FairleadEnvoy

@Suite struct WireWriterTests {
    @Test func varintsTakeSevenBitsAByte() {
        for (value, bytes) in [
            (0, [0]), (127, [0x7F]), (128, [0x80, 1]), (300, [0xAC, 2]),
            (UInt64.max, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1]),
        ] as [(UInt64, [UInt8])] {
            var writer = WireWriter()
            writer.varint(value)
            #expect(writer.bytes == bytes)
        }
    }

    @Test func fixedNumbersHaveTheirLowestByteFirst() {
        var writer = WireWriter()
        writer.fixed32(0x0102_0304)
        writer.fixed64(0x0102_0304_0506_0708)
        #expect(writer.bytes == [4, 3, 2, 1, 8, 7, 6, 5, 4, 3, 2, 1])
    }

    @Test(arguments: [0, 1, 127, 128, 129, 16_383, 16_384, 2_097_151, 2_097_152])
    func nestedValuesHaveTheShortestLength(_ size: Int) {
        var writer = WireWriter()
        writer.tag(1, .lengthDelimited)
        let outer = writer.begin()
        writer.tag(2, .lengthDelimited)
        let inner = writer.begin()
        for _ in 0..<size { writer.varint(7) }
        writer.end(inner)
        writer.end(outer)

        var content = WireWriter()
        content.tag(2, .lengthDelimited)
        content.lengthDelimited([UInt8](repeating: 7, count: size))
        var expected = WireWriter()
        expected.tag(1, .lengthDelimited)
        expected.lengthDelimited(content.bytes)
        #expect(writer.bytes == expected.bytes)
    }
}

@Suite struct WireReaderTests {
    private func reader(_ bytes: [UInt8]) -> WireReader { WireReader(bytes, bytes.indices) }

    @Test func whatWasWrittenIsRead() {
        var writer = WireWriter()
        writer.tag(1, .varint)
        writer.varint(.max)
        writer.tag(536_870_911, .lengthDelimited)
        writer.lengthDelimited(Array("abc".utf8))
        var reader = reader(writer.bytes)
        let first = reader.tag()
        #expect(first?.number == 1 && first?.type == .varint)
        let value = reader.varint()
        #expect(value == .max)
        let second = reader.tag()
        #expect(second?.number == 536_870_911 && second?.type == .lengthDelimited)
        let content = reader.lengthDelimited()
        #expect(content == 17..<20)
        #expect(reader.isAtEnd)
    }

    @Test(
        arguments: [
            [], [0x80], [0x00], [0x07], [0x0E], [0x0F], [0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
        ] as [[UInt8]])
    func whatIsNoTagIsRefused(_ bytes: [UInt8]) {
        var reader = reader(bytes)
        let tag = reader.tag()
        #expect(tag?.number == nil)
        #expect(reader.offset == 0)
    }

    @Test func valuesThatAreCutShortAreRefused() {
        var tooLong = reader([UInt8](repeating: 0xFF, count: 11))
        let number = tooLong.varint()
        #expect(number == nil)
        for bytes in [[3, 1, 2], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]] as [[UInt8]] {
            var short = reader(bytes)
            let content = short.lengthDelimited()
            #expect(content == nil)
            #expect(short.offset == 0)
        }
        for type in [WireType.fixed64, .fixed32, .varint, .lengthDelimited, .startGroup, .endGroup] {
            var reader = reader([0x80, 0x80, 0x80])
            let isSkipped = reader.skip(type)
            #expect(!isSkipped)
        }
    }

    @Test func valuesAreSkipped() {
        for (type, size) in [(WireType.varint, 2), (.fixed32, 4), (.fixed64, 8), (.lengthDelimited, 3)] {
            let bytes: [UInt8] = type == .varint ? [0x80, 1] : [2] + [UInt8](repeating: 9, count: size - 1)
            var reader = reader(bytes)
            let isSkipped = reader.skip(type)
            #expect(isSkipped)
            #expect(reader.isAtEnd)
        }
    }
}
