// Fairlead: a cluster's slot and its workers' pages
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Synchronization

/// A cluster's slot: what all workers share about a cluster and what survives updates.
@safe
public struct ClusterSlot: BitwiseCopyable {
    let base: UnsafeMutableRawPointer

    /// Which slot this is, of all that an engine ever made.
    @inline(__always)
    var incarnation: UInt64 { unsafe base.load(fromByteOffset: 8, as: UInt64.self) }

    /// Retries under way at the given priority of requests.
    @inline(__always)
    func activeRetries(_ priority: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
        unsafe (base + priority * 64).assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    /// Takes one of `limit` retry permits; answers whether there was one. Never more than `limit` are out at once.
    @inline(__always)
    func takeRetry(priority: Int, limit: UInt64) -> Bool {
        // Relaxed: a permit guards no memory, only a number.
        let before = unsafe activeRetries(priority).pointee.add(1, ordering: .relaxed).oldValue
        if before < limit { return true }
        unsafe activeRetries(priority).pointee.subtract(1, ordering: .relaxed)
        return false
    }

    /// Gives a retry permit back.
    @inline(__always)
    func giveRetryBack(priority: Int) { unsafe activeRetries(priority).pointee.subtract(1, ordering: .relaxed) }

    /// How many retries are under way.
    public func retries(priority: Int) -> UInt64 { unsafe activeRetries(priority).pointee.load(ordering: .relaxed) }
}

/// Owner of a cluster slot's memory.
@safe
public final class ClusterSlotOwner: SnapshotPart {
    /// The slot.
    public let slot: ClusterSlot

    /// A slot with nothing under way; `incarnation` tells it from all others of the engine.
    public init(incarnation: UInt64) {
        let base = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 64)
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: 128)
        unsafe base.storeBytes(of: incarnation, toByteOffset: 8, as: UInt64.self)
        unsafe slot = ClusterSlot(base: base)
        super.init()
    }

    deinit { unsafe slot.base.deallocate() }
}

/// What is counted for each cluster, on a page of each worker.
public enum ClusterCounter: Int, CaseIterable, Sendable {
    /// Attempts started.
    case requests
    /// Attempts that ended in a failure of the endpoint.
    case failures
    /// Attempts that were retries.
    case retries
    /// Retries refused by the circuit breaker.
    case retryOverflow
    /// Picks that found no endpoint.
    case noEndpoint
    /// Picks made in panic.
    case panics
    /// Requests dropped to relieve the endpoints.
    case dropped
    /// Attempts that the host cancelled.
    case cancelled
}

/// A page of 64-bit words for each worker, about one cluster: its counters, or what its policy keeps.
///
/// The control side makes the pages before any worker can need them.
@safe
public final class WorkerPages: SnapshotPart {
    private let pages: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>?>
    private let capacity: Int
    private var retired: [UInt64]

    /// How many words each page has.
    public let wordCount: Int

    /// Room for up to `capacity` workers; no pages yet.
    public init(capacity: Int, wordCount: Int) {
        self.capacity = capacity
        self.wordCount = wordCount
        retired = [UInt64](repeating: 0, count: wordCount)
        unsafe pages = UnsafeMutablePointer<UnsafeMutablePointer<UInt64>?>.allocate(capacity: capacity)
        unsafe pages.initialize(repeating: nil, count: capacity)
    }

    deinit {
        for worker in 0..<capacity { unsafe pages[worker]?.deallocate() }
        unsafe pages.deallocate()
    }

    var base: UnsafeMutableRawPointer { unsafe UnsafeMutableRawPointer(pages) }

    /// Makes the page of `worker`, before that worker first looks.
    public func prepare(worker: Int) {
        guard unsafe pages[worker] == nil else { return }
        let raw = UnsafeMutableRawPointer.allocate(byteCount: max(wordCount * 8 + 63, 64) & ~63, alignment: 64)
        let page = unsafe raw.bindMemory(to: UInt64.self, capacity: max(wordCount, 1))
        unsafe page.initialize(repeating: 0, count: max(wordCount, 1))
        unsafe pages[worker] = page
    }

    /// Keeps the counts of a worker that is gone, and empties its page for the next one.
    public func retire(worker: Int) {
        guard let page = unsafe pages[worker] else { return }
        for index in 0..<wordCount { retired[index] &+= unsafe PageWord(page + index).value }
        unsafe page.update(repeating: 0, count: wordCount)
    }

    /// The sum of one counter over all workers, gone ones included.
    public func total(_ counter: ClusterCounter) -> UInt64 {
        var sum = retired[counter.rawValue]
        for worker in 0..<capacity {
            if let page = unsafe pages[worker] { sum &+= unsafe PageWord(page + counter.rawValue).value }
        }
        return sum
    }
}

/// One counting word of a page: its worker adds, anybody reads.
@safe
struct PageWord {
    private let word: UnsafeMutablePointer<Atomic<UInt64>>

    @inline(__always)
    init(_ word: UnsafeMutablePointer<UInt64>) {
        unsafe self.word = UnsafeMutableRawPointer(word).assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    // Relaxed: a count orders nothing.
    @inline(__always)
    var value: UInt64 { unsafe word.pointee.load(ordering: .relaxed) }

    @inline(__always)
    func add() {
        // One writer: a load and a store are enough.
        unsafe word.pointee.store(value &+ 1, ordering: .relaxed)
    }
}
