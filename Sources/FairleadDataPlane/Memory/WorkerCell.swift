// Fairlead: one worker's own memory
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel
import Synchronization

/// One worker's own memory: the snapshot that it adopted last, its pins, its random source, its counters.
///
/// One thread alone uses it. It is raw memory and not an object, so that a decision counts no reference.
@safe
public struct WorkerCell: BitwiseCopyable, Equatable {
    @safe
    struct State {
        var snapshot: UnsafeMutableRawPointer?
        /// Open pins on the current snapshot: a plain count, because nobody else reads it.
        var pins: UInt32
        var index: UInt32
        var random: RandomSource
        var openExchanges: UInt64
        var cell: UnsafeMutablePointer<Atomic<UInt>>
        var hazard: UnsafeMutablePointer<Atomic<UInt>>
    }

    let state: UnsafeMutablePointer<State>

    /// The distance of the counters from the start: a cache line of their own.
    static var countersOffset: Int { 64 }

    /// Memory for the worker `index` of `board`; give it back with `deallocate`.
    public static func allocate(index: Int, board: PublicationBoard, seed: UInt64) -> WorkerCell {
        let size = countersOffset + WorkerCounters.count * 8
        let memory = UnsafeMutableRawPointer.allocate(byteCount: (size + 127) & ~127, alignment: 128)
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        let state = unsafe memory.bindMemory(to: State.self, capacity: 1)
        unsafe state.initialize(
            to: State(
                snapshot: nil, pins: 0, index: UInt32(index), random: RandomSource(seed: seed), openExchanges: 0,
                cell: board.cell, hazard: board.hazard(index)))
        return unsafe WorkerCell(state: state)
    }

    /// Whether both are the same memory.
    public static func == (left: WorkerCell, right: WorkerCell) -> Bool { unsafe left.state == right.state }

    /// Gives the memory back; the worker holds nothing any more.
    public func deallocate() { unsafe UnsafeMutableRawPointer(state).deallocate() }

    /// The worker's number, 0 ..< the board's capacity.
    @inline(__always)
    public var index: Int { Int(unsafe state.pointee.index) }

    /// The worker's random source.
    @inline(__always)
    public var random: RandomSource {
        get { unsafe state.pointee.random }
        nonmutating set { unsafe state.pointee.random = newValue }
    }

    /// How many exchanges are open.
    @inline(__always)
    public var openExchanges: UInt64 {
        get { unsafe state.pointee.openExchanges }
        nonmutating set { unsafe state.pointee.openExchanges = newValue }
    }

    /// Whether an exchange or an attempt pins the snapshot that the worker adopted last.
    public var hasOpenPins: Bool { unsafe state.pointee.pins != 0 }

    /// The snapshot that the worker adopted last; it has adopted one since its creation.
    @inline(__always)
    public var snapshot: SnapshotView {
        unsafe SnapshotView(base: state.pointee.snapshot.unsafelyUnwrapped)
    }

    /// The worker's counters.
    @inline(__always)
    public var counters: WorkerCounters {
        unsafe WorkerCounters(base: UnsafeMutableRawPointer(state) + Self.countersOffset)
    }

    /// Adopts the newest snapshot; answers whether there was a newer one. One load when there was none.
    @inline(__always)
    @discardableResult
    public func refresh() -> Bool {
        // Acquiring: partner of the publishing store, so that the snapshot's contents are seen.
        let posted = unsafe state.pointee.cell.pointee.load(ordering: .acquiring)
        if unsafe posted == UInt(bitPattern: state.pointee.snapshot) { return false }
        move(to: posted)
        return true
    }

    /// Leaves the current snapshot for the one at `posted`, in the order that the model proves:
    /// holders, hazard, cell again.
    @inline(never)
    private func move(to posted: UInt) {
        if unsafe state.pointee.pins != 0 {
            let left = snapshot
            unsafe left.header.pointee.cells[index] = state.pointee.pins
            // Relaxed: the hazard store below publishes it. The reclaimer reads all hazards before any holders.
            unsafe left.holders.pointee.add(1, ordering: .relaxed)
            unsafe state.pointee.pins = 0
        }
        var target = posted
        while true {
            // Sequentially consistent: partner of the reclaimer's reads in `PublicationBoard.announced`.
            unsafe state.pointee.hazard.pointee.store(target, ordering: .sequentiallyConsistent)
            // Sequentially consistent: partner of `PublicationBoard.publish`. Without this second look the target
            // could have been replaced and freed between the first look and the announcement.
            let again = unsafe state.pointee.cell.pointee.load(ordering: .sequentiallyConsistent)
            if again == target { break }
            target = again
        }
        unsafe state.pointee.snapshot = UnsafeMutableRawPointer(bitPattern: target)
    }

    /// Lets go of the current snapshot; the worker has no open pins on it.
    public func leave() {
        unsafe state.pointee.snapshot = nil
        // Sequentially consistent like every hazard store: what this worker read happened before.
        unsafe state.pointee.hazard.pointee.store(0, ordering: .sequentiallyConsistent)
    }

    /// Pins the current snapshot, so that it outlives the worker's moving on; ended by `unpin`.
    @inline(__always)
    public func pin() -> SnapshotView {
        unsafe state.pointee.pins &+= 1
        return snapshot
    }

    /// Ends one pin on `pinned`.
    @inline(__always)
    public func unpin(_ pinned: SnapshotView) {
        if unsafe pinned.base == state.pointee.snapshot {
            unsafe state.pointee.pins &-= 1
        } else {
            release(pinned)
        }
    }

    @inline(never)
    private func release(_ pinned: SnapshotView) {
        let left = unsafe pinned.header.pointee.cells[index] - 1
        unsafe pinned.header.pointee.cells[index] = left
        // Releasing: partner of `Snapshot.isHeld`, so that everything read through the pin happened before the free.
        if left == 0 { unsafe pinned.holders.pointee.subtract(1, ordering: .releasing) }
    }
}

// SAFETY: one thread at a time uses it, and it may be handed from one to another; the counters are atomic.
extension WorkerCell: @unchecked Sendable {}

/// What one worker has counted. Only the worker adds; anybody may read.
@safe
public struct WorkerCounters: BitwiseCopyable {
    /// What is counted.
    public enum Counter: Int, CaseIterable, Sendable {
        /// Exchanges begun.
        case exchanges
        /// Exchanges that no route matched.
        case noRoute
        /// Attempts that got an endpoint.
        case picks
        /// Picks that found no endpoint.
        case noEndpoint
        /// Retries granted.
        case retries
        /// Retries refused by the circuit breaker.
        case retryOverflow
        /// Snapshots adopted.
        case adoptions
        /// Indices out of range that policies answered.
        case policyFaults
    }

    static var count: Int { 8 }

    let base: UnsafeMutableRawPointer

    @inline(__always)
    private func word(_ counter: Counter) -> UnsafeMutablePointer<Atomic<UInt64>> {
        unsafe (base + counter.rawValue * 8).assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    /// Counts one.
    @inline(__always)
    public func add(_ counter: Counter) {
        // One writer: a relaxed load and store are enough, and cost no locked instruction.
        let before = unsafe word(counter).pointee.load(ordering: .relaxed)
        unsafe word(counter).pointee.store(before &+ 1, ordering: .relaxed)
    }

    /// The count.
    public func value(_ counter: Counter) -> UInt64 { unsafe word(counter).pointee.load(ordering: .relaxed) }
}
