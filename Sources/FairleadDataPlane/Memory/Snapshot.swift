// Fairlead: a snapshot's root
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Synchronization

/// The root of one snapshot, as workers read it: a generation number and tables of blocks.
///
/// One allocation: the header, a pin cell for each worker, the route tables, the clusters by their dense ids.
@safe
public struct SnapshotView: BitwiseCopyable, Equatable {
    @safe
    struct Header {
        var generation: UInt64
        var holders: UInt64
        var routeTables: UnsafeMutablePointer<RouteTableView>
        var routeTableCount: Int
        var clusters: UnsafeMutablePointer<UnsafeRawPointer?>
        var clusterCount: Int
        var cells: UnsafeMutablePointer<UInt32>
        var directory: BlockView
    }

    let base: UnsafeMutableRawPointer

    init(base: UnsafeMutableRawPointer) { unsafe self.base = base }

    @inline(__always)
    var header: UnsafeMutablePointer<Header> { unsafe base.assumingMemoryBound(to: Header.self) }

    /// How many workers hold open pins on this snapshot although they have moved on.
    @inline(__always)
    var holders: UnsafeMutablePointer<Atomic<UInt64>> {
        unsafe (base + 8).assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    /// Which publication it came from; later ones have higher numbers.
    public var generation: UInt64 { unsafe header.pointee.generation }

    /// How many route tables there are, gaps included.
    public var routeTableCount: Int { unsafe header.pointee.routeTableCount }

    /// The route table of the given id, `nil` when there is none.
    @inline(__always)
    public func routeTable(_ id: Int) -> RouteTableView? {
        guard id >= 0, id < routeTableCount else { return nil }
        let table = unsafe header.pointee.routeTables[id]
        return table.exists ? table : nil
    }

    /// The block of the cluster of the given id, `nil` when there is none.
    @inline(__always)
    public func cluster(_ id: UInt32) -> BlockView? {
        let count = unsafe header.pointee.clusterCount
        guard Int(id) < count, let block = unsafe header.pointee.clusters[Int(id)] else { return nil }
        return unsafe BlockView(base: block)
    }

    /// The directory of clusters by name.
    public var directory: BlockView { unsafe header.pointee.directory }

    /// Whether both are the same snapshot.
    public static func == (left: SnapshotView, right: SnapshotView) -> Bool { left.identity == right.identity }

    /// The address of the root.
    public var identity: UInt { unsafe UInt(bitPattern: base) }
}

// SAFETY: immutable once published, but for the atomic holders and the cells, each of which one worker alone touches.
extension SnapshotView: @unchecked Sendable {}

/// A route table inside a snapshot: its block of domains, and the blocks of its virtual hosts by ordinal.
@safe
public struct RouteTableView: BitwiseCopyable {
    let table: UnsafeRawPointer?
    let hosts: UnsafePointer<UInt>?

    /// Whether there is a table at all.
    @inline(__always)
    var exists: Bool { unsafe table != nil }

    /// The block of domains.
    @inline(__always)
    public var block: BlockView { unsafe BlockView(base: table.unsafelyUnwrapped) }

    /// The block of the virtual host at `ordinal`, which the table's block named.
    @inline(__always)
    public func virtualHost(_ ordinal: Int) -> BlockView {
        unsafe BlockView(base: UnsafeRawPointer(bitPattern: hosts.unsafelyUnwrapped[ordinal]).unsafelyUnwrapped)
    }
}

/// A snapshot as the control side holds it: owner of the root's memory. What the root points to is owned elsewhere.
@safe
public final class Snapshot: SnapshotPart {
    /// The root, for workers.
    public let view: SnapshotView
    /// The size of the root.
    public let byteCount: Int

    /// One route table of a new snapshot.
    public struct RouteTable {
        let block: Block
        let hosts: SideTable

        /// The block of domains and the table of virtual hosts that it numbers.
        public init(block: Block, hosts: SideTable) {
            self.block = block
            self.hosts = hosts
        }
    }

    /// A root over the given blocks. `nil` stands for an id that is not in use.
    public init(
        generation: UInt64, routeTables: [RouteTable?], clusters: [Block?], directory: Block, workers: Int
    ) {
        let headerSize = (MemoryLayout<SnapshotView.Header>.size + 63) & ~63
        let tableSize = routeTables.count * MemoryLayout<RouteTableView>.stride
        let clusterSize = clusters.count * MemoryLayout<UInt>.stride
        byteCount = headerSize + tableSize + clusterSize + workers * MemoryLayout<UInt32>.stride
        let base = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
        let tables = unsafe (base + headerSize).bindMemory(to: RouteTableView.self, capacity: routeTables.count)
        for (index, table) in routeTables.enumerated() {
            let entry = unsafe RouteTableView(
                table: table.map { unsafe $0.block.view.base },
                hosts: table.map { unsafe UnsafePointer($0.hosts.base.assumingMemoryBound(to: UInt.self)) })
            unsafe (tables + index).initialize(to: entry)
        }
        let blocks = unsafe (base + headerSize + tableSize).bindMemory(
            to: UnsafeRawPointer?.self, capacity: clusters.count)
        for (index, cluster) in clusters.enumerated() {
            unsafe (blocks + index).initialize(to: nil)
            if let cluster { unsafe blocks[index] = cluster.view.base }
        }
        let cells = unsafe (base + headerSize + tableSize + clusterSize).bindMemory(to: UInt32.self, capacity: workers)
        unsafe cells.initialize(repeating: 0, count: workers)
        unsafe base.bindMemory(to: SnapshotView.Header.self, capacity: 1).initialize(
            to: SnapshotView.Header(
                generation: generation, holders: 0, routeTables: tables, routeTableCount: routeTables.count,
                clusters: blocks, clusterCount: clusters.count, cells: cells, directory: directory.view))
        view = unsafe SnapshotView(base: base)
        super.init(born: generation)
    }

    deinit { unsafe view.base.deallocate() }

    /// Whether a worker that has moved on still holds pins on it. Acquiring: partner of the release in
    /// `WorkerCell.unpin`.
    public var isHeld: Bool { unsafe view.holders.pointee.load(ordering: .acquiring) != 0 }

    /// In a child process: forgets the pins of every worker but `survivor`, whose thread alone exists there.
    func forgetPins(except survivor: Int?, workers: Int) {
        for worker in 0..<workers where worker != survivor {
            guard unsafe view.header.pointee.cells[worker] != 0 else { continue }
            unsafe view.header.pointee.cells[worker] = 0
            unsafe view.holders.pointee.subtract(1, ordering: .relaxed)
        }
    }
}

extension SideTable {
    /// The blocks of a route table's virtual hosts, by ordinal. The caller keeps the blocks alive.
    public convenience init(virtualHosts: [Block]) {
        self.init(words: virtualHosts.count)
        for (index, block) in virtualHosts.enumerated() {
            self[index] = unsafe UInt(bitPattern: block.view.base)
        }
    }

    /// The memory that it takes.
    public var byteCount: Int { count * 8 }
}
