// Fairlead: where the current snapshot is posted
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The published cell and one hazard slot a worker: the whole meeting place of control side and workers.
///
/// The protocol, and why each ordering is what it is, is checked exhaustively by the model in
/// `Tests/PublicationModel`. In short: a worker announces in its hazard slot which snapshot it is about to use and
/// looks at the cell again; the control side posts a new snapshot in the cell and then reads all hazard slots. Cell and
/// hazards are sequentially consistent, so at least one of the two sees the other.
@safe
public final class PublicationBoard {
    /// A hazard slot's distance: two cache lines, as processors fetch lines in pairs.
    private static var stride: Int { 128 }

    private let memory: UnsafeMutableRawPointer
    /// How many workers there may be at once.
    public let capacity: Int

    /// A board for up to `capacity` workers; nothing is published.
    public init(capacity: Int) {
        self.capacity = capacity
        let size = (capacity + 1) * Self.stride
        unsafe memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: Self.stride)
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    }

    deinit { unsafe memory.deallocate() }

    var cell: UnsafeMutablePointer<Atomic<UInt>> { unsafe memory.assumingMemoryBound(to: Atomic<UInt>.self) }

    func hazard(_ worker: Int) -> UnsafeMutablePointer<Atomic<UInt>> {
        unsafe (memory + (worker + 1) * Self.stride).assumingMemoryBound(to: Atomic<UInt>.self)
    }

    /// Posts `snapshot`. Sequentially consistent: partner of the worker's re-read after it set its hazard.
    public func publish(_ snapshot: Snapshot) {
        unsafe cell.pointee.store(snapshot.view.identity, ordering: .sequentiallyConsistent)
    }

    /// The identities of all snapshots that some worker may be using, in no order. Sequentially consistent: partner of
    /// the worker's hazard store. Read them all before any snapshot's `isHeld`: a worker that moves on counts itself
    /// among the holders before it moves its hazard.
    public func announced() -> [UInt] {
        var identities: [UInt] = []
        for worker in 0..<capacity {
            let identity = unsafe hazard(worker).pointee.load(ordering: .sequentiallyConsistent)
            if identity != 0 { identities.append(identity) }
        }
        return identities
    }

    /// In a child process: drops the hazards of every worker but `survivor`, and their pins on `snapshots`.
    public func afterFork(keeping survivor: Int?, snapshots: [Snapshot]) {
        for worker in 0..<capacity where worker != survivor {
            unsafe hazard(worker).pointee.store(0, ordering: .sequentiallyConsistent)
        }
        for snapshot in snapshots { snapshot.forgetPins(except: survivor, workers: capacity) }
    }
}

// SAFETY: everything in it is atomic.
extension PublicationBoard: @unchecked Sendable {}
