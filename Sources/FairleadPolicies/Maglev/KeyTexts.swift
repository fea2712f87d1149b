// Fairlead: sorting hash keys by their bytes
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

/// The hash keys of hosts, to be sorted by their bytes (not as text, which would fold different bytes into one).
struct KeyTexts {
    private let texts: [[UInt8]]
    private let hosts: [UInt32]

    /// The keys of `hosts`, place by place.
    init(_ keys: [String], hosts: [UInt32]) {
        texts = keys.map { Array($0.utf8) }
        self.hosts = hosts
    }

    /// The bytes of the key in `place`.
    func text(_ place: Int) -> [UInt8] { texts[place] }

    /// Whether two keys are the same.
    func isSame(_ left: Int, _ right: Int) -> Bool { texts[left] == texts[right] }

    /// The places by key, and by host where keys are the same. O(keys · log keys).
    func sorted() -> [Int] {
        let skipped = commonPrefix()
        // The eight bytes after what all keys have in common settle nearly every comparison.
        let heads = texts.map { text in
            var head: UInt64 = 0
            for offset in skipped..<(skipped + 8) {
                head = head << 8 | (offset < text.count ? UInt64(text[offset]) : 0)
            }
            return head
        }
        return texts.indices.sorted { left, right in
            if heads[left] != heads[right] { return heads[left] < heads[right] }
            if texts[left] != texts[right] { return texts[left].lexicographicallyPrecedes(texts[right]) }
            return hosts[left] < hosts[right]
        }
    }

    private func commonPrefix() -> Int {
        guard let first = texts.first else { return 0 }
        var length = first.count
        for text in texts {
            var same = 0
            while same < min(length, text.count), text[same] == first[same] { same += 1 }
            length = same
        }
        return length
    }
}
