// Fairlead: what is retired and not yet free
// SPDX-License-Identifier: Apache-2.0

import FairleadDataPlane
import FairleadModel

/// Keeps what snapshots no longer point to until no live generation lies inside its interval.
struct Ledger {
    private struct Entry {
        var part: SnapshotPart
        var retired: UInt64
    }

    private var entries: [Entry] = []
    private var snapshots: [Snapshot] = []

    /// Snapshots that are retired and still used by some worker.
    var heldSnapshots: [Snapshot] { snapshots }

    /// How much is waiting.
    var count: Int { entries.count + snapshots.count }

    /// Notes that `part` is no longer pointed to from generation `generation` on.
    mutating func retire(_ part: SnapshotPart, at generation: UInt64) {
        entries.append(Entry(part: part, retired: generation))
    }

    /// Notes that `snapshot` is no longer the current one.
    mutating func retire(_ snapshot: Snapshot) { snapshots.append(snapshot) }

    /// Frees what no worker can reach: first the roots that no worker announces or holds, then all parts whose
    /// interval holds no live generation.
    mutating func reclaim(_ board: PublicationBoard, current: UInt64) {
        guard count != 0 else { return }
        // All announcements before any holders, as the model demands; this scan is later than the last publication.
        let announced = board.announced()
        snapshots.removeAll { !announced.contains($0.view.identity) && !$0.isHeld }
        let live = snapshots.map { $0.born } + [current]
        entries.removeAll { entry in
            if live.contains(where: { $0 >= entry.part.born && $0 < entry.retired }) { return false }
            return entry.part.isUnused
        }
    }
}

/// Endpoint slots that no snapshot points to any more; detached attempts may still hold some of them.
final class RetiredSlots: SnapshotPart {
    private var slots: [EndpointSlot]
    private let slab: EndpointSlab

    init(_ slots: [EndpointSlot], _ slab: EndpointSlab) {
        self.slots = slots
        self.slab = slab
        super.init(born: 0)
    }

    override var isUnused: Bool {
        slots.removeAll { slot in
            guard slot.holders == 0 else { return false }
            slab.giveBack(slot)
            return true
        }
        return slots.isEmpty
    }
}
