// Fairlead: tests of lines out of blocks
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import Testing

@testable import FairleadCommand

@Suite struct LineSplitterTests {
    /// The lines of `text` that comes in blocks of `size` bytes.
    static func lines(_ text: String, size: Int, maximum: Int = 10) -> [String] {
        var lines: [String] = []
        func take(_ line: LineSplitter.Line) {
            switch line {
            case .bytes(let bytes): lines.append(bytes.string)
            case .tooLong: lines.append("too long")
            }
        }
        var splitter = LineSplitter(maximum: maximum)
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            splitter.feed(bytes[start..<min(start + size, bytes.count)], take)
        }
        splitter.finish(take)
        return lines
    }

    @Test(arguments: 1...20)
    func linesAreTheSameWhateverTheBlocks(size: Int) {
        #expect(Self.lines("a\nbc\n\n0123456789\nlast", size: size) == ["a", "bc", "", "0123456789", "last"])
        #expect(Self.lines("a\nb\n", size: size) == ["a", "b"])
    }

    @Test(arguments: 1...30)
    func aLineThatIsTooLongIsToldOnce(size: Int) {
        let long = String(repeating: "x", count: 25)
        #expect(Self.lines("a\n\(long)\nb\n\(long)", size: size) == ["a", "too long", "b", "too long"])
    }

    @Test func nothingGivesNothing() { #expect(Self.lines("", size: 5) == []) }
}
