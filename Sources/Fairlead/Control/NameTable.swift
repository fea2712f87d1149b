// Fairlead: names as small numbers
// SPDX-License-Identifier: Apache-2.0

import FairleadDataPlane

/// Dense ids for names. An id belongs to a name as long as anything refers to it; then it is held back until no
/// snapshot that knew it is alive, and given to the next new name.
struct NameTable {
    private var ids: [String: UInt32] = [:]
    private var references: [Int] = []
    private var free: [UInt32] = []

    /// How many ids there are, free ones included.
    var count: Int { references.count }

    /// The id of `name`, if it has one.
    subscript(name: String) -> UInt32? { ids[name] }

    /// The name that has the id `id`, `nil` when none has. O(names): for explanations.
    func name(of id: UInt32) -> String? {
        for (name, known) in ids where known == id { return name }
        return nil
    }

    /// The id of `name`, with one more reference to it.
    mutating func retain(_ name: String) -> UInt32 {
        if let id = ids[name] {
            references[Int(id)] += 1
            return id
        }
        let id: UInt32
        if let last = free.popLast() {
            id = last
            references[Int(id)] = 1
        } else {
            id = UInt32(references.count)
            references.append(1)
        }
        ids[name] = id
        return id
    }

    /// Takes one reference to `name` back; answers its id when that was the last.
    mutating func release(_ name: String) -> UInt32? {
        guard let id = ids[name] else { return nil }
        references[Int(id)] -= 1
        guard references[Int(id)] == 0 else { return nil }
        ids[name] = nil
        return id
    }

    /// Gives an id free for the next new name: nothing that is alive knows it any more.
    mutating func recycle(_ id: UInt32) { free.append(id) }
}
