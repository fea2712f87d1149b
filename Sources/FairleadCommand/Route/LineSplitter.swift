// Fairlead: lines out of blocks
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// Takes blocks of bytes apart into lines. A line that is too long is told as such, once, and not kept.
struct LineSplitter {
    /// One line.
    enum Line {
        /// Its bytes, without the end of the line.
        case bytes(Bytes)
        /// It was longer than allowed.
        case tooLong
    }

    private let maximum: Int
    private var pending: [UInt8] = []
    /// How much of `pending` is known to hold no end of a line.
    private var searched = 0
    private var skips = false

    /// A splitter for lines of at most `maximum` bytes.
    init(maximum: Int) { self.maximum = maximum }

    /// Takes `block`, and hands over every line that it completes.
    mutating func feed(_ block: ArraySlice<UInt8>, _ take: (Line) -> Void) {
        pending += block
        var start = 0
        var searched = searched
        var skips = skips
        let maximum = maximum
        Bytes.withBytes(of: pending) { all in
            while let end = all.firstIndex(of: UInt8(ascii: "\n"), from: max(start, searched)) {
                if skips {
                    skips = false
                } else {
                    take(end - start > maximum ? .tooLong : .bytes(all[start..<end]))
                }
                start = end + 1
            }
        }
        pending.removeFirst(start)
        if pending.count > maximum {
            pending.removeAll(keepingCapacity: true)
            if !skips { take(.tooLong) }
            skips = true
        }
        searched = pending.count
        self.searched = searched
        self.skips = skips
    }

    /// Hands over what follows the last end of a line, if anything does.
    mutating func finish(_ take: (Line) -> Void) {
        if !pending.isEmpty, !skips { Bytes.withBytes(of: pending) { take(.bytes($0)) } }
        pending = []
        searched = 0
    }
}
