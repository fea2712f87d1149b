// Fairlead: tests of what is retired and not yet free
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Fairlead

@Suite struct LedgerTests {
    /// A part that says when it is freed.
    final class Part: SnapshotPart {
        let freed: Locked<[String]>
        let name: String
        var mayGo = true

        init(_ name: String, born: UInt64, _ freed: Locked<[String]>) {
            self.name = name
            self.freed = freed
            super.init(born: born)
        }

        deinit {
            let name = name
            freed.withLock { $0.append(name) }
        }

        override var isUnused: Bool { mayGo }
    }

    static func snapshot(_ generation: UInt64) -> Snapshot {
        Snapshot(
            generation: generation, routeTables: [], clusters: [],
            directory: BlockWriter(header: DirectoryHeader.self).finish(), workers: 2)
    }

    @Test func aPartLivesAsLongAsALiveGenerationLiesInside() {
        let board = PublicationBoard(capacity: 2)
        let freed = Locked<[String]>([])
        var ledger = Ledger()
        let worker = WorkerCell.allocate(index: 0, board: board, seed: 1)
        defer { worker.deallocate() }
        let third = Self.snapshot(3)
        board.publish(third)
        worker.refresh()
        board.publish(Self.snapshot(9))
        ledger.retire(third)
        ledger.retire(Part("before", born: 1, freed), at: 3)
        ledger.retire(Part("around", born: 2, freed), at: 5)
        ledger.retire(Part("just born", born: 3, freed), at: 4)
        ledger.retire(Part("after", born: 4, freed), at: 9)
        ledger.retire(Part("from the start", born: 0, freed), at: 9)
        ledger.reclaim(board, current: 9)
        #expect(freed.withLock { $0.sorted() } == ["after", "before"])
        #expect(ledger.count == 4)
        #expect(ledger.heldSnapshots.count == 1)
        worker.leave()
        ledger.reclaim(board, current: 9)
        #expect(freed.withLock { $0.count } == 5)
        #expect(ledger.count == 0)
    }

    @Test func theCurrentGenerationIsAlive() {
        let board = PublicationBoard(capacity: 1)
        let freed = Locked<[String]>([])
        var ledger = Ledger()
        ledger.retire(Part("current", born: 4, freed), at: 6)
        ledger.reclaim(board, current: 5)
        #expect(freed.withLock { $0 } == [])
        ledger.reclaim(board, current: 6)
        #expect(freed.withLock { $0 } == ["current"])
    }

    @Test func aPartThatIsStillUsedIsAskedAgain() {
        let board = PublicationBoard(capacity: 1)
        let freed = Locked<[String]>([])
        var ledger = Ledger()
        var part: Part? = Part("part", born: 0, freed)
        part?.mayGo = false
        let asked = part
        if let asked { ledger.retire(asked, at: 1) }
        part = nil
        ledger.reclaim(board, current: 2)
        #expect(ledger.count == 1)
        asked?.mayGo = true
        ledger.reclaim(board, current: 2)
        #expect(ledger.count == 0)
    }

    @Test func slotsComeBackOneByOne() {
        let slab = EndpointSlab()
        let slots = (0..<3).map { _ in slab.take() }
        slots[1].hold()
        let retired = RetiredSlots(slots, slab)
        #expect(!retired.isUnused)
        #expect(slab.inUse == 1)
        #expect(!retired.isUnused)
        #expect(slab.inUse == 1)
        slots[1].release()
        #expect(retired.isUnused)
        #expect(slab.inUse == 0)
    }
}
