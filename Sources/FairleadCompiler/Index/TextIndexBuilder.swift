// Fairlead: building an index of texts
// SPDX-License-Identifier: Apache-2.0

import FairleadDataPlane
import FairleadModel

/// Builds a `TextIndex`: sorts the texts, finds for each the longest other one that it begins with, and lays hash table
/// and markers out. O(n log n) for n texts, whatever they look like.
struct TextIndexBuilder {
    /// One text to be filed.
    struct Item {
        /// The text in reading order (reversed for what is read from the back), in lower case where case is folded.
        var start: Int
        var count: Int
        /// Where the text lies in the block, in its natural order.
        var place: BlockText
        /// Whether only whole texts match it. Of two equal texts one may be whole and the other not.
        var isWhole: Bool
    }

    /// What building comes to.
    struct Result {
        /// The index over whole texts; item indices are filed.
        var exact: TextIndex
        /// The index over beginnings; item indices are filed.
        var prefixes: TextIndex
        /// For each item the item with the longest text, not a whole one, that it begins with; −1 for none.
        var parents: [Int]
        /// The items in the order of their texts: parents come before those that begin with them.
        var order: [Int]
    }

    private let reading: TextReading
    private var bytes: [UInt8] = []
    private var items: [Item] = []

    init(_ reading: TextReading) { self.reading = reading }

    /// How many texts there are so far.
    var count: Int { items.count }

    /// Adds `text`, which lies at `place` in the block.
    mutating func add(_ text: String, at place: BlockText, isWhole: Bool) {
        let start = bytes.count
        if reading.contains(.fromBack) {
            bytes.append(contentsOf: text.utf8.reversed())
        } else {
            bytes.append(contentsOf: text.utf8)
        }
        items.append(Item(start: start, count: bytes.count - start, place: place, isWhole: isWhole))
    }

    /// Builds the index into `writer`. What is filed for each item is its value in `values`, by default its number.
    func build(into writer: inout BlockWriter, values: [UInt32]? = nil) -> Result {
        Bytes.withBytes(of: bytes) { all in
            let order = sorted(all)
            var parents = [Int](repeating: -1, count: items.count)
            let lengths = distinctLengths()
            let filed = values ?? (0..<items.count).map { UInt32($0) }
            var prefixes = EntryTable()
            var exact = EntryTable()
            var ancestors: [Int] = []
            var root: UInt32 = 0
            for index in order {
                let item = items[index]
                let text = all[item.start..<(item.start + item.count)]
                while let top = ancestors.last, !text.starts(with: bytes(of: top, all)) { ancestors.removeLast() }
                parents[index] = ancestors.last ?? -1
                if item.isWhole {
                    exact.insert(entry(item, item.count, filed[index] + 1))
                    continue
                }
                if item.count == 0 {
                    root = filed[index] + 1
                } else {
                    addMarkers(item, lengths, ancestors, filed, root, &prefixes)
                    prefixes.insert(entry(item, item.count, filed[index] + 1))
                }
                ancestors.append(index)
            }
            return Result(
                exact: exact.write(all, self, into: &writer, lengths: [], root: 0),
                prefixes: prefixes.write(all, self, into: &writer, lengths: lengths, root: root),
                parents: parents, order: order)
        }
    }

    private func bytes(of index: Int, _ all: Bytes) -> Bytes {
        all[items[index].start..<(items[index].start + items[index].count)]
    }

    /// Item numbers in the order of their texts; of equal texts the one that is not whole comes first.
    private func sorted(_ all: Bytes) -> [Int] {
        items.indices.sorted { left, right in
            let first = bytes(of: left, all)
            let second = bytes(of: right, all)
            if first.precedes(second) { return true }
            if second.precedes(first) { return false }
            if items[left].isWhole != items[right].isWhole { return !items[left].isWhole }
            return left < right
        }
    }

    private func distinctLengths() -> [UInt32] {
        var seen: [UInt32] = items.lazy.filter { !$0.isWhole && $0.count > 0 }.map { UInt32($0.count) }
        seen.sort()
        var lengths: [UInt32] = []
        for length in seen where lengths.last != length { lengths.append(length) }
        return lengths
    }

    /// Leaves a marker at every length that a search visits on its way to the text's own.
    private func addMarkers(
        _ item: Item, _ lengths: [UInt32], _ ancestors: [Int], _ filed: [UInt32], _ root: UInt32,
        _ table: inout EntryTable
    ) {
        var low = 0
        var high = lengths.count
        while low < high {
            let middle = (low + high) >> 1
            let length = Int(lengths[middle])
            if length == item.count { return }
            if length < item.count {
                table.insert(entry(item, length, deepest(ancestors, notLongerThan: length, filed, root)))
                low = middle + 1
            } else {
                high = middle
            }
        }
    }

    /// What is filed under the longest ancestor of at most `length` bytes.
    private func deepest(_ ancestors: [Int], notLongerThan length: Int, _ filed: [UInt32], _ root: UInt32) -> UInt32 {
        var low = 0
        var high = ancestors.count
        while low < high {
            let middle = (low + high) >> 1
            if items[ancestors[middle]].count <= length { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? root : filed[ancestors[low - 1]] + 1
    }

    private func entry(_ item: Item, _ length: Int, _ value: UInt32) -> EntryTable.Entry {
        // Read from the back, the first bytes in reading order are the last ones of the text in the block.
        let skipped = reading.contains(.fromBack) ? UInt32(item.count - length) : 0
        return EntryTable.Entry(
            start: item.start, length: length, place: item.place.offset &+ skipped, value: value)
    }

    /// The hash of an entry's bytes. They are in reading order already, so they are read from the front.
    fileprivate func hash(_ entry: EntryTable.Entry, _ all: Bytes, seed: UInt32) -> (UInt64, UInt32) {
        let text = all[entry.start..<(entry.start + entry.length)]
        let hash = TextIndex.hash(text, seed: seed, [])
        return (hash.place, hash.fingerprint)
    }
}

/// The entries of one hash table before they are laid out, in canonical order; equal texts are entered once.
struct EntryTable {
    struct Entry {
        var start: Int
        var length: Int
        var place: UInt32
        var value: UInt32
    }

    private var entries: [Entry] = []

    /// Adds an entry; entries come sorted, so an equal one would be filtered out when the table is written.
    mutating func insert(_ entry: Entry) { entries.append(entry) }

    /// Lays the table out; tries other hash functions of the family when a run of taken places gets long.
    func write(
        _ all: Bytes, _ builder: TextIndexBuilder, into writer: inout BlockWriter, lengths: [UInt32], root: UInt32
    ) -> TextIndex {
        guard !entries.isEmpty else {
            return TextIndex(entries: .empty, lengths: .empty, root: root, seed: 0)
        }
        var best: (places: [TextIndexEntry], run: Int, seed: UInt32)?
        for seed in UInt32(0)..<4 {
            let attempt = layOut(all, builder, seed: seed)
            if attempt.run < best?.run ?? .max { best = (attempt.places, attempt.run, seed) }
            if attempt.run <= 64 { break }
        }
        return TextIndex(
            entries: writer.append(best?.places ?? []), lengths: writer.append(lengths), root: root,
            seed: best?.seed ?? 0)
    }

    /// Fills a table of twice the needed places or more; answers the longest way that an entry lies from its own place.
    private func layOut(
        _ all: Bytes, _ builder: TextIndexBuilder, seed: UInt32
    ) -> (places: [TextIndexEntry], run: Int) {
        var size = 4
        while size < entries.count * 2 { size *= 2 }
        var places = [TextIndexEntry](repeating: .empty, count: size)
        var owners = [Int32](repeating: -1, count: size)
        var filled = 0
        var longest = 0
        for (number, entry) in entries.enumerated() {
            let (hash, fingerprint) = builder.hash(entry, all, seed: seed)
            var place = Int(truncatingIfNeeded: hash) & (size - 1)
            var run = 0
            var isKnown = false
            while places[place].fingerprint != 0 {
                if places[place].fingerprint == fingerprint, same(Int(owners[place]), entry, all) {
                    isKnown = true
                    break
                }
                place = (place + 1) & (size - 1)
                run += 1
            }
            if isKnown { continue }
            places[place] = TextIndexEntry(
                fingerprint: fingerprint, value: entry.value, text: entry.place, length: UInt32(entry.length))
            owners[place] = Int32(number)
            filled += 1
            longest = max(longest, run)
        }
        return shrunk(places, filled, all, builder, seed: seed) ?? (places, longest)
    }

    /// Lays the distinct entries out once more when they need a much smaller table than all of them.
    private func shrunk(
        _ places: [TextIndexEntry], _ filled: Int, _ all: Bytes, _ builder: TextIndexBuilder, seed: UInt32
    ) -> (places: [TextIndexEntry], run: Int)? {
        guard filled * 4 <= places.count, places.count > 4 else { return nil }
        var distinct = EntryTable()
        var owners: [UInt64: [Int]] = [:]
        for (number, entry) in entries.enumerated() {
            let hash = builder.hash(entry, all, seed: seed).0
            if owners[hash]?.contains(where: { same($0, entry, all) }) == true { continue }
            owners[hash, default: []].append(number)
            distinct.insert(entry)
        }
        return distinct.layOut(all, builder, seed: seed)
    }

    private func same(_ number: Int, _ entry: Entry, _ all: Bytes) -> Bool {
        let other = entries[number]
        guard other.length == entry.length else { return false }
        let first = all[other.start..<(other.start + other.length)]
        return first.elementsEqual(all[entry.start..<(entry.start + entry.length)])
    }
}
