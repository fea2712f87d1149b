// Fairlead: tests of a caller's buffer
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@Suite struct OutputBufferTests {
    /// Lets `write` fill a buffer of `capacity` bytes that is surrounded by marks, and answers what came out.
    static func fill(
        _ capacity: Int, _ write: (inout OutputBuffer) -> Void
    ) -> (written: String, needed: Int, fits: Bool, marks: Bool) {
        let mark: UInt8 = 0xee
        let room = max(capacity, 0)
        let start = UnsafeMutablePointer<UInt8>.allocate(capacity: room + 16)
        start.initialize(repeating: mark, count: room + 16)
        defer { start.deallocate() }
        var buffer = OutputBuffer(start: start + 8, capacity: capacity)
        write(&buffer)
        let isUntouched = (0..<8).allSatisfy { start[$0] == mark && start[8 + room + $0] == mark }
        return (buffer.written.string, buffer.needed, buffer.fits, isUntouched)
    }

    @Test(arguments: -1...12)
    func neverMoreThanTheCapacityIsWrittenAndAllIsCounted(capacity: Int) {
        let text = "hello, you"
        let result = Self.fill(capacity) { buffer in
            buffer.append("hello")
            buffer.append(UInt8(ascii: ","))
            Bytes.withBytes(of: " you") { buffer.append($0) }
        }
        #expect(result.written == String(text.prefix(max(capacity, 0))))
        #expect(result.needed == text.utf8.count)
        #expect(result.fits == (capacity >= text.utf8.count))
        #expect(result.marks)
    }

    @Test func aBufferWithoutAddressOnlyCounts() {
        var buffer = OutputBuffer(start: nil, capacity: 100)
        buffer.append("abc")
        buffer.append(decimal: 17)
        #expect(buffer.capacity == 0)
        #expect(buffer.needed == 5)
        #expect(!buffer.fits)
        #expect(buffer.count == 0)
        #expect(buffer.written.isEmpty)
    }

    @Test func nothingFitsIntoNothing() {
        let buffer = OutputBuffer(start: nil, capacity: 0)
        #expect(buffer.fits)
        #expect(buffer.needed == 0)
    }

    @Test func appendingMissingBytesWritesNothing() {
        let result = Self.fill(4) { buffer in
            buffer.append(Bytes.missing)
            buffer.append("a")
            Bytes.withEmpty { buffer.append($0) }
        }
        #expect(result.written == "a")
        #expect(result.needed == 1)
    }

    @Test(arguments: [0, 1, 9, 10, 11, 99, 100, 65_535, 4_294_967_296, UInt64.max])
    func numbersAreWrittenInDecimal(number: UInt64) {
        #expect(Self.fill(32) { $0.append(decimal: number) }.written == String(number))
        // Cut in the middle, the first digits are there.
        #expect(Self.fill(1) { $0.append(decimal: number) }.written == String(String(number).prefix(1)))
    }

    @Test func truncationForgetsTheEndAndNeverGrows() {
        let result = Self.fill(8) { buffer in
            buffer.append("abcdef")
            buffer.truncate(to: 9)
            #expect(buffer.needed == 6)
            buffer.truncate(to: 2)
            #expect(buffer.written.string == "ab")
            buffer.append("z")
            buffer.truncate(to: -1)
            #expect(buffer.needed == 0)
            buffer.append("y")
        }
        #expect(result.written == "y")
        #expect(result.needed == 1)
    }

    @Test func afterTruncationAFullBufferTakesBytesAgain() {
        let result = Self.fill(4) { buffer in
            buffer.append("abcdefgh")
            #expect(!buffer.fits)
            buffer.truncate(to: 3)
            #expect(buffer.fits)
            buffer.append("x")
        }
        #expect(result.written == "abcx")
        #expect(result.fits)
    }

    // MARK: Results that own their memory

    @Test(arguments: [0, 1, 511, 512, 513, 5000])
    func resultsOfAnySizeAreCollected(count: Int) {
        let text = String(repeating: "x", count: count)
        var rounds = 0
        var array: [UInt8] = Array("before".utf8)
        let answer = OutputBuffer.collect(into: &array) { buffer in
            rounds += 1
            Bytes.withBytes(of: text) { buffer.append($0) }
            return count
        }
        #expect(answer == count)
        #expect(array == Array(text.utf8))
        #expect(rounds == (count <= 512 ? 1 : 2))
        #expect(OutputBuffer.text { buffer in Bytes.withBytes(of: text) { buffer.append($0) } } == text)
    }

    @Test func anArrayThatIsUsedAgainKeepsItsMemory() {
        var array: [UInt8] = []
        OutputBuffer.collect(into: &array) { buffer in
            Bytes.withBytes(of: String(repeating: "x", count: 5000)) { buffer.append($0) }
        }
        let capacity = array.capacity
        OutputBuffer.collect(into: &array) { $0.append("short") }
        #expect(String(decoding: array, as: UTF8.self) == "short")
        #expect(array.capacity == capacity)
    }
}
