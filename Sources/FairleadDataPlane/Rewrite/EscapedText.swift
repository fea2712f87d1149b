// Fairlead: texts with percent escapes
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// A text with percent escapes, decoded byte by byte. What looks like an escape and is none stands for itself.
struct EscapedText {
    private let text: Bytes
    private var index = 0

    init(_ text: Bytes) { self.text = text }

    private mutating func next() -> UInt8? {
        guard index < text.count else { return nil }
        guard let byte = text.escapedByte(at: index, before: text.count) else {
            index += 1
            return text[index - 1]
        }
        index += 3
        return byte
    }

    /// Whether it stands for `other`.
    func stands(for other: Bytes) -> Bool {
        var rest = self
        for place in 0..<other.count where rest.next() != other[place] { return false }
        return rest.next() == nil
    }

    /// Writes what it stands for.
    func write(to output: inout OutputBuffer) {
        var rest = self
        while let byte = rest.next() { output.append(byte) }
    }
}

extension Bytes {
    /// The byte that the escape at `index` stands for; `nil` when there is none that ends before `end`.
    func escapedByte(at index: Int, before end: Int) -> UInt8? {
        guard index + 2 < end, self[index] == UInt8(ascii: "%"), let high = self[index + 1].hexadecimalValue,
            let low = self[index + 2].hexadecimalValue
        else { return nil }
        return high << 4 | low
    }
}
