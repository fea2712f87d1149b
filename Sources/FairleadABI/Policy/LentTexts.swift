// Fairlead: texts lent to C for the length of a call
// SPDX-License-Identifier: Apache-2.0

import CFairlead

/// Texts in one buffer, so that C can borrow all of them at once.
struct LentTexts {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    /// Adds `text`; its number counts up from 0.
    mutating func add(_ text: some Sequence<UInt8>) {
        bytes += text
        ends.append(bytes.count)
    }

    /// Runs `body` with a function that answers the text of a number.
    func lend<Result>(_ body: (_ text: (Int) -> fl_bytes) -> Result) -> Result {
        // One byte more, so that empty texts have an address too.
        unsafe (bytes + [0]).withUnsafeBytes { buffer in
            unsafe body { number in
                let start = number == 0 ? 0 : ends[number - 1]
                let base = unsafe buffer.baseAddress.map { unsafe ($0 + start).assumingMemoryBound(to: CChar.self) }
                return unsafe fl_bytes(data: base, size: ends[number] - start)
            }
        }
    }
}
