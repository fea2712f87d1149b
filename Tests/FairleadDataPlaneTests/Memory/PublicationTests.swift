// Fairlead: tests of snapshots, and of how workers adopt and hold them
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@testable import FairleadDataPlane

/// The meeting of control side and workers, one step at a time; what may happen at once is the business of the model in
/// `Tests/PublicationModel` and of the stress program.
@Suite struct PublicationTests {
    let board = PublicationBoard(capacity: 3)

    static func snapshot(_ generation: UInt64, _ clusters: [Block?] = []) -> Snapshot {
        Snapshot(
            generation: generation, routeTables: [], clusters: clusters,
            directory: BlockWriter(header: DirectoryHeader.self).finish(), workers: 3)
    }

    @Test func aWorkerAdoptsWhatIsPublishedOnce() {
        let cell = WorkerCell.allocate(index: 1, board: board, seed: 7)
        defer { cell.deallocate() }
        let first = Self.snapshot(1)
        board.publish(first)
        #expect(board.announced().isEmpty)
        #expect(cell.refresh())
        #expect(cell.snapshot.generation == 1)
        #expect(!cell.refresh())
        #expect(board.announced() == [first.view.identity])
        let second = Self.snapshot(2)
        board.publish(second)
        #expect(cell.snapshot.generation == 1)
        #expect(cell.refresh())
        #expect(cell.snapshot == second.view)
        #expect(board.announced() == [second.view.identity])
        cell.leave()
        #expect(board.announced().isEmpty)
    }

    @Test func openPinsHoldASnapshotThatTheWorkerHasLeft() {
        let cell = WorkerCell.allocate(index: 0, board: board, seed: 7)
        defer { cell.deallocate() }
        let first = Self.snapshot(1)
        board.publish(first)
        cell.refresh()
        let one = cell.pin()
        let two = cell.pin()
        // As long as the snapshot is current, the announcement is enough.
        #expect(!first.isHeld)
        let second = Self.snapshot(2)
        board.publish(second)
        cell.refresh()
        #expect(first.isHeld)
        #expect(board.announced() == [second.view.identity])
        cell.unpin(one)
        #expect(first.isHeld)
        cell.unpin(two)
        #expect(!first.isHeld)
        cell.leave()
    }

    @Test func withoutPinsNothingIsHeld() {
        let cell = WorkerCell.allocate(index: 0, board: board, seed: 7)
        defer { cell.deallocate() }
        let first = Self.snapshot(1)
        board.publish(first)
        cell.refresh()
        cell.unpin(cell.pin())
        let second = Self.snapshot(2)
        board.publish(second)
        cell.refresh()
        #expect(!first.isHeld && !second.isHeld)
        cell.leave()
    }

    @Test func pinsOfSeveralWorkersAndSnapshotsAreToldApart() {
        let cells = (0..<2).map { WorkerCell.allocate(index: $0, board: board, seed: 7) }
        defer { for cell in cells { cell.deallocate() } }
        let snapshots = (1...3).map { Self.snapshot(UInt64($0)) }
        var pins: [[SnapshotView]] = [[], []]
        for snapshot in snapshots {
            board.publish(snapshot)
            for (index, cell) in cells.enumerated() {
                cell.refresh()
                pins[index].append(cell.pin())
            }
        }
        #expect(snapshots.map { $0.isHeld } == [true, true, false])
        cells[0].unpin(pins[0][0])
        #expect(snapshots[0].isHeld)
        cells[1].unpin(pins[1][0])
        #expect(snapshots.map { $0.isHeld } == [false, true, false])
        for (index, cell) in cells.enumerated() {
            cell.unpin(pins[index][1])
            cell.unpin(pins[index][2])
            cell.leave()
        }
        #expect(snapshots.allSatisfy { !$0.isHeld })
    }

    @Test func aChildProcessForgetsTheOtherWorkers() {
        let cells = (0..<3).map { WorkerCell.allocate(index: $0, board: board, seed: 7) }
        defer { for cell in cells { cell.deallocate() } }
        let first = Self.snapshot(1)
        let second = Self.snapshot(2)
        board.publish(first)
        for cell in cells { cell.refresh() }
        let pins = cells.map { $0.pin() }
        board.publish(second)
        for cell in cells { cell.refresh() }
        #expect(board.announced() == [UInt](repeating: second.view.identity, count: 3))
        board.afterFork(keeping: 1, snapshots: [first, second])
        #expect(board.announced() == [second.view.identity])
        #expect(first.isHeld)
        cells[1].unpin(pins[1])
        #expect(!first.isHeld)
        board.afterFork(keeping: nil, snapshots: [first, second])
        #expect(board.announced().isEmpty)
    }

    @Test func aSnapshotKnowsItsTablesAndClustersByID() {
        let block = BlockWriter(header: ClusterHeader.self).finish()
        let domains = BlockWriter(header: RouteTableHeader.self).finish()
        let host = BlockWriter(header: VirtualHostHeader.self).finish()
        let hosts = SideTable(virtualHosts: [host])
        let directory = BlockWriter(header: DirectoryHeader.self).finish()
        let snapshot = Snapshot(
            generation: 9, routeTables: [nil, Snapshot.RouteTable(block: domains, hosts: hosts)],
            clusters: [nil, block, nil], directory: directory, workers: 3)
        let view = snapshot.view
        #expect(view.generation == 9)
        #expect(view.routeTableCount == 2)
        #expect(view.routeTable(0) == nil && view.routeTable(2) == nil && view.routeTable(-1) == nil)
        #expect(view.routeTable(1)?.block == domains.view)
        #expect(view.routeTable(1)?.virtualHost(0) == host.view)
        #expect(view.cluster(1) == block.view)
        for id: UInt32 in [0, 2, 3, .max] { #expect(view.cluster(id) == nil) }
        #expect(view.directory == directory.view)
        #expect(snapshot.born == 9)
        #expect(hosts.byteCount == 8)
    }

    @Test func aPartIsBornWhenItIsFirstPublished() {
        let block = BlockWriter(header: DirectoryHeader.self).finish()
        #expect(block.born == .max)
        block.publish(in: 4)
        block.publish(in: 7)
        #expect(block.born == 4)
        #expect(block.isUnused)
    }

    @Test func countersAddUp() {
        let cell = WorkerCell.allocate(index: 2, board: board, seed: 7)
        defer { cell.deallocate() }
        for (times, counter) in WorkerCounters.Counter.allCases.enumerated() {
            for _ in 0..<times { cell.counters.add(counter) }
        }
        #expect(WorkerCounters.Counter.allCases.map { cell.counters.value($0) } == (0..<8).map { UInt64($0) })
        #expect(cell.index == 2)
        // The worker's own state lies beside its counters and is not touched by them.
        #expect(cell.openExchanges == 0)
        #expect(cell.random.state == 7)
    }
}
