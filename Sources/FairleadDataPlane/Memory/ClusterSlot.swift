// Fairlead: a cluster's slot
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Synchronization

/// A cluster's slot: what all workers share about a cluster and what survives updates.
///
/// Its lines: what is read with each request (the states of the request permits, the incarnation, the workers' pages); the
/// free request permits of each priority; the counted work of each priority; the holders.
@safe
public struct ClusterSlot: BitwiseCopyable {
    static var byteCount: Int { 384 }
    private static var reserveOffset: Int { 64 }
    private static var countsOffset: Int { 192 }
    private static var holdersOffset: Int { 320 }

    let base: UnsafeMutableRawPointer

    /// Which slot this is, of all that an engine ever made.
    @inline(__always)
    var incarnation: UInt64 { unsafe base.load(fromByteOffset: 16, as: UInt64.self) }

    /// The workers' pages: where `capacity` pointers stand.
    @inline(__always)
    var pages: UnsafeMutablePointer<Atomic<UInt>> {
        unsafe base.load(fromByteOffset: 24, as: UnsafeMutablePointer<Atomic<UInt>>.self)
    }

    /// How many workers there may be.
    var capacity: Int { unsafe base.load(fromByteOffset: 32, as: Int.self) }

    @inline(__always)
    func word(_ offset: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
        unsafe (base + offset).assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    /// The permits of requests at the given priority.
    @inline(__always)
    public func requestPermits(_ priority: Int) -> RequestPermits {
        unsafe RequestPermits(
            slot: self, state: word(priority &* 8), reserve: word(Self.reserveOffset &+ priority &* 64),
            mark: word(40 &+ priority &* 8), priority: priority)
    }

    // MARK: Counted work

    /// Takes one of `limit`; answers whether there was one.
    ///
    /// One word says all: never more than `limit` are out, and none is refused while fewer are.
    @inline(__always)
    func take(_ work: CountedWork, priority: Int, limit: UInt64, isForced: Bool = false) -> Bool {
        let count = unsafe countOf(work, priority)
        // Relaxed throughout: a permit guards no memory, only a number.
        var before = unsafe count.pointee.load(ordering: .relaxed)
        while before < limit || isForced {
            let (exchanged, original) = unsafe count.pointee.weakCompareExchange(
                expected: before, desired: before &+ 1, ordering: .relaxed)
            if exchanged { return true }
            before = original
        }
        return false
    }

    /// Gives one back.
    @inline(__always)
    func giveBack(_ work: CountedWork, priority: Int) {
        unsafe countOf(work, priority).pointee.subtract(1, ordering: .relaxed)
    }

    /// How much is under way.
    public func active(_ work: CountedWork, priority: Int) -> UInt64 {
        unsafe countOf(work, priority).pointee.load(ordering: .relaxed)
    }

    private func countOf(_ work: CountedWork, _ priority: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
        unsafe word(Self.countsOffset &+ priority &* 64 &+ Int(work.rawValue) &* 8)
    }

    // MARK: Holders

    /// Somebody without a snapshot begins to hold the slot: a detached attempt, or a permit.
    func hold() { unsafe word(Self.holdersOffset).pointee.add(1, ordering: .relaxed) }

    /// Lets go. Releasing: partner of the acquiring load in `holders`, which frees the slot.
    func release() { unsafe word(Self.holdersOffset).pointee.subtract(1, ordering: .releasing) }

    /// How many hold it without a snapshot.
    var holders: UInt64 { unsafe word(Self.holdersOffset).pointee.load(ordering: .acquiring) }
}

/// Work that one shared word counts, because it begins seldom: every request would be too often.
public enum CountedWork: UInt8, BitwiseCopyable, CaseIterable, Sendable {
    /// Connections, those that are being made included.
    case connections = 0
    /// Requests that wait for a connection.
    case pendingRequests = 1
    /// Groups of connections that belong together.
    case connectionPools = 2
    /// Retries, from the verdict on.
    case retries = 3
}

/// Owner of a cluster slot's memory.
@safe
public final class ClusterSlotOwner: SnapshotPart {
    /// The slot.
    public let slot: ClusterSlot
    /// The workers' pages, which those who hold the slot need too.
    private let pages: WorkerPages

    /// A slot with nothing under way and no request permits; `incarnation` tells it from all others of the engine.
    public init(incarnation: UInt64, pages: WorkerPages) {
        let base = UnsafeMutableRawPointer.allocate(byteCount: ClusterSlot.byteCount, alignment: 64)
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: ClusterSlot.byteCount)
        unsafe base.storeBytes(of: incarnation, toByteOffset: 16, as: UInt64.self)
        unsafe base.storeBytes(of: pages.base, toByteOffset: 24, as: UnsafeMutableRawPointer.self)
        unsafe base.storeBytes(of: pages.capacity, toByteOffset: 32, as: Int.self)
        unsafe slot = ClusterSlot(base: base)
        self.pages = pages
        super.init()
    }

    deinit { unsafe slot.base.deallocate() }

    /// A detached attempt or a permit may hold it beyond the last snapshot.
    public override var isUnused: Bool { slot.holders == 0 }
}
