// Fairlead: an index of texts: equal to, or beginning with
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// One text of a `TextIndex`, or a marker on the way to longer ones.
public struct TextIndexEntry: BitwiseCopyable, Sendable {
    /// Bits of the hash, never 0; 0 stands for an empty place.
    public var fingerprint: UInt32
    /// What is filed under the longest text that this one begins with, plus one; 0 for nothing.
    public var value: UInt32
    /// Where a text that begins with these bytes lies in the block.
    public var text: UInt32
    /// How many of its bytes count.
    public var length: UInt32

    /// An entry; see the properties for what each part means.
    public init(fingerprint: UInt32, value: UInt32, text: UInt32, length: UInt32) {
        self.fingerprint = fingerprint
        self.value = value
        self.text = text
        self.length = length
    }

    /// An empty place.
    public static let empty = TextIndexEntry(fingerprint: 0, value: 0, text: 0, length: 0)
}

/// An index of texts inside a block: a hash table with open addressing, and the distinct lengths of its texts.
///
/// The longest text that some bytes begin with is found by binary search over the lengths: a text leaves markers at the
/// lengths that the search visits on its way to it, and each marker knows the longest text that it begins with itself
/// (Waldvogel, Varghese, Turner and Plattner, "Scalable High Speed IP Routing Lookups", 1997). So a lookup probes
/// log2(distinct lengths) + 1 times, whatever the number of texts.
public struct TextIndex: BitwiseCopyable, Sendable {
    /// The hash table; its size is a power of two, at least one place is empty.
    public var entries: BlockArray<TextIndexEntry>
    /// The distinct lengths that are searched, ascending.
    public var lengths: BlockArray<UInt32>
    /// What is filed under the empty text, plus one; 0 for nothing.
    public var root: UInt32
    /// Which hash function of the family is used.
    public var seed: UInt32

    /// An index; see the properties for what each part means.
    public init(entries: BlockArray<TextIndexEntry>, lengths: BlockArray<UInt32>, root: UInt32, seed: UInt32) {
        self.entries = entries
        self.lengths = lengths
        self.root = root
        self.seed = seed
    }

    /// An index without texts.
    public static let empty = TextIndex(entries: .empty, lengths: .empty, root: 0, seed: 0)

    /// What is filed under the longest text, of at most `limit` bytes, that `text` begins with, plus one; 0 for nothing.
    /// `limit` is at most the length of `text`.
    @inline(__always)
    func longest(_ text: Bytes, limit: Int, _ reading: TextReading, in block: BlockView) -> UInt32 {
        if lengths.count == 0 { return root }
        // Callers pass constants: of these only one is left, compiled for its reading alone.
        switch reading.rawValue {
        case AsIs.reading.rawValue: return longest(text, limit: limit, AsIs.self, in: block)
        case Folded.reading.rawValue: return longest(text, limit: limit, Folded.self, in: block)
        case FromBack.reading.rawValue: return longest(text, limit: limit, FromBack.self, in: block)
        default: return longest(text, limit: limit, FoldedFromBack.self, in: block)
        }
    }

    /// The search goes by hashes alone, and only the last marker that it finds is compared. That is enough: the text
    /// that left this one left one at every shorter length on the way, so none of those was found wrongly.
    private func longest<Kind: ReadingKind>(
        _ text: Bytes, limit: Int, _ kind: Kind.Type, in block: BlockView
    ) -> UInt32 {
        var found = -1
        var low = 0
        var high = Int(lengths.count)
        var settled = TextHash(seed: UInt64(seed))
        while low < high {
            let middle = (low &+ high) &>> 1
            let length = Int(block[lengths, middle])
            if length <= limit {
                var running = settled
                let hash = running.hash(text, length: length, Kind.reading)
                let place = place(hash, length: length, in: block)
                if place >= 0 {
                    found = place
                    low = middle &+ 1
                    settled = running
                    continue
                }
            }
            high = middle
        }
        if found < 0 { return root }
        let marker = block[entries, found]
        if TextIndex.holds(marker, text, Kind.reading, in: block) { return marker.value }
        return longestCompared(text, limit: limit, Kind.reading, in: block)
    }

    /// The same for a text whose hash collides with that of another: every marker is compared.
    @inline(never)
    private func longestCompared(_ text: Bytes, limit: Int, _ reading: TextReading, in block: BlockView) -> UInt32 {
        var best = root
        var low = 0
        var high = Int(lengths.count)
        while low < high {
            let middle = (low &+ high) >> 1
            let length = Int(block[lengths, middle])
            if length <= limit, let value = value(text, length: length, reading, in: block) {
                best = value
                low = middle &+ 1
            } else {
                high = middle
            }
        }
        return best
    }

    /// What is filed under exactly `text`, plus one; 0 for nothing.
    @inline(__always)
    func exact(_ text: Bytes, _ reading: TextReading, in block: BlockView) -> UInt32 {
        guard entries.count != 0 else { return 0 }
        return value(text, length: text.count, reading, in: block) ?? 0
    }

    /// What is filed under the first `length` bytes of `text`.
    @inline(__always)
    private func value(_ text: Bytes, length: Int, _ reading: TextReading, in block: BlockView) -> UInt32? {
        var running = TextHash(seed: UInt64(seed))
        let hash = running.hash(text, length: length, reading)
        let mask = Int(entries.count) &- 1
        let fingerprint = TextIndex.fingerprint(hash)
        var place = Int(truncatingIfNeeded: hash) & mask
        while true {
            let entry = block[entries, place]
            if entry.fingerprint == 0 { return nil }
            if entry.fingerprint == fingerprint, Int(entry.length) == length,
                TextIndex.holds(entry, text, reading, in: block)
            {
                return entry.value
            }
            place = (place &+ 1) & mask
        }
    }

    /// The first place that is taken by a text of that hash and length; −1 when there is none.
    @inline(__always)
    private func place(_ hash: UInt64, length: Int, in block: BlockView) -> Int {
        let mask = Int(entries.count) &- 1
        let fingerprint = TextIndex.fingerprint(hash)
        var place = Int(truncatingIfNeeded: hash) & mask
        while true {
            let entry = block[entries, place]
            if entry.fingerprint == fingerprint, Int(entry.length) == length { return place }
            if entry.fingerprint == 0 { return -1 }
            place = (place &+ 1) & mask
        }
    }

    @inline(__always)
    private static func holds(
        _ entry: TextIndexEntry, _ text: Bytes, _ reading: TextReading, in block: BlockView
    ) -> Bool {
        let length = Int(entry.length)
        let filed = block.bytes(BlockText(offset: entry.text, count: entry.length))
        if reading.contains(.fromBack) {
            let end = text[(text.count &- length)..<text.count]
            return reading.contains(.folded) ? end.foldedEquals(filed) : end.elementsEqual(filed)
        }
        return reading.contains(.folded)
            ? text.prefix(length).foldedEquals(filed) : text.starts(with: filed)
    }

    /// The bits of a hash that an entry keeps; the low bits choose its place.
    @inline(__always)
    static func fingerprint(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) | 1 }

    /// The hash of a whole text, for whoever builds an index.
    public static func hash(_ text: Bytes, seed: UInt32, _ reading: TextReading) -> (place: UInt64, fingerprint: UInt32)
    {
        var running = TextHash(seed: UInt64(seed))
        let hash = running.hash(text, length: text.count, reading)
        return (hash, fingerprint(hash))
    }
}

/// A way of reading as a type.
private protocol ReadingKind {
    static var reading: TextReading { get }
}

private enum AsIs: ReadingKind {
    @inline(__always) static var reading: TextReading { TextReading(rawValue: 0) }
}

private enum Folded: ReadingKind {
    @inline(__always) static var reading: TextReading { .folded }
}

private enum FromBack: ReadingKind {
    @inline(__always) static var reading: TextReading { .fromBack }
}

private enum FoldedFromBack: ReadingKind {
    @inline(__always) static var reading: TextReading { TextReading(rawValue: 3) }
}
