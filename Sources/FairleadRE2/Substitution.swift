// Fairlead: what the matches of a pattern become
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// A substitution text, read the way RE2 reads one: `\0` to `\9` are groups, `\\` is a backslash, all else is itself.
struct Substitution {
    private let text: Bytes

    /// The highest group that the text names, 0 to 9. Faults do not hide what stands behind them.
    let highestGroup: Int

    /// Reads `text`, which must live as long as this value. O(n).
    init(_ text: Bytes) {
        self.text = text
        var highest = 0
        var index = 0
        while index < text.count {
            if text[index] == UInt8(ascii: "\\") {
                index += 1
                if index < text.count, let group = Substitution.digit(text[index]) { highest = max(highest, group) }
            }
            index += 1
        }
        highestGroup = highest
    }

    /// Writes what a match with these groups becomes, up to the first fault if there is one.
    func write(_ groups: RE2Groups, of source: Bytes, into output: inout OutputBuffer) {
        var index = 0
        while index < text.count {
            if text[index] == UInt8(ascii: "\\") {
                index += 1
                guard index < text.count else { return }
                if let group = Substitution.digit(text[index]) {
                    output.append(source[groups[group]])
                } else if text[index] == UInt8(ascii: "\\") {
                    output.append(text[index])
                } else {
                    return
                }
            } else {
                output.append(text[index])
            }
            index += 1
        }
    }

    private static func digit(_ byte: UInt8) -> Int? {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? Int(byte) - Int(UInt8(ascii: "0")) : nil
    }
}
