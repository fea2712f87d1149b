// Fairlead: names to indices, looked up by bytes
// SPDX-License-Identifier: Apache-2.0

/// A small hash table from names to indices that is asked with bytes, so that reading a key makes no `String`.
///
/// Open addressing with linear steps over a power of two of slots, at most half full. The names are those of the
/// schema, never input, so that nobody can choose them to collide.
struct NameTable: Sendable {
    private struct Entry: Sendable {
        var hash: UInt64
        var start: Int
        var count: Int
        var value: Int
    }

    private var entries: [Entry] = []
    private var text: [UInt8] = []
    /// Indices into `entries`, -1 for empty.
    private var slots: [Int32] = Array(repeating: -1, count: 8)

    /// Adds `name`; a name that is already there keeps its first index.
    mutating func insert(_ name: String, _ value: Int) {
        let bytes = Array(name.utf8)
        guard find(bytes.span) == nil else { return }
        entries.append(Entry(hash: NameTable.hash(bytes.span), start: text.count, count: bytes.count, value: value))
        text += bytes
        if entries.count * 2 > slots.count {
            slots = Array(repeating: -1, count: slots.count * 2)
            for index in entries.indices { place(index) }
        } else {
            place(entries.count - 1)
        }
    }

    /// The index that belongs to `name`.
    func find(_ name: Span<UInt8>) -> Int? {
        let hash = NameTable.hash(name)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] >= 0 {
            let entry = entries[Int(slots[slot])]
            if entry.hash == hash, entry.count == name.count, matches(entry, name) { return entry.value }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private func matches(_ entry: Entry, _ name: Span<UInt8>) -> Bool {
        for offset in 0..<entry.count where text[entry.start + offset] != name[offset] { return false }
        return true
    }

    private mutating func place(_ index: Int) {
        var slot = Int(truncatingIfNeeded: entries[index].hash) & (slots.count - 1)
        while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = Int32(index)
    }

    /// FNV-1a, folded so that the low bits that choose the slot depend on all of it.
    static func hash(_ name: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        // Wrap-around is how the hash is defined.
        for index in name.indices { hash = (hash ^ UInt64(name[index])) &* 0x0000_0100_0000_01B3 }
        return hash ^ (hash >> 32)
    }
}
