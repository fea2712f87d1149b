// Fairlead: pages of words, one for each worker
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Synchronization

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
    /// Requests refused by the circuit breaker.
    case requestOverflow
    /// Requests that were not to wait for a connection.
    case pendingOverflow
    /// Connections refused by the circuit breaker.
    case connectionOverflow
    /// Groups of connections refused by the circuit breaker.
    case poolOverflow
}

/// A page of 64-bit words for each worker, about one cluster: its counters, or what its policy keeps.
///
/// The control side makes the pages before any worker can need them.
@safe
public final class WorkerPages: SnapshotPart {
    let base: UnsafeMutableRawPointer
    let capacity: Int
    private let keptWords: Int
    private var retired: [UInt64]

    /// How many words each page has.
    public let wordCount: Int

    /// Room for up to `capacity` workers; no pages yet. The first `keptWords` of a page stay when its worker goes.
    public init(capacity: Int, wordCount: Int, keptWords: Int = 0) {
        self.capacity = capacity
        self.wordCount = wordCount
        self.keptWords = keptWords
        retired = [UInt64](repeating: 0, count: wordCount)
        unsafe base = UnsafeMutableRawPointer.allocate(byteCount: capacity * 8, alignment: 64)
        unsafe base.initializeMemory(as: UInt.self, repeating: 0, count: capacity)
    }

    /// Pages for what each worker keeps of a cluster itself: its lease of request permits, and its counters.
    public static func ofCluster(capacity: Int) -> WorkerPages {
        let leases = RequestPermits.pageWords
        return WorkerPages(
            capacity: capacity, wordCount: leases + ClusterCounter.allCases.count, keptWords: leases)
    }

    deinit {
        for worker in 0..<capacity { unsafe page(worker)?.deallocate() }
        unsafe base.deallocate()
    }

    private func page(_ worker: Int) -> UnsafeMutablePointer<UInt64>? {
        unsafe base.load(fromByteOffset: worker * 8, as: UnsafeMutablePointer<UInt64>?.self)
    }

    /// Makes the page of `worker`, before that worker first looks.
    public func prepare(worker: Int) {
        guard unsafe page(worker) == nil else { return }
        let raw = UnsafeMutableRawPointer.allocate(byteCount: max(wordCount * 8 + 63, 64) & ~63, alignment: 64)
        let page = unsafe raw.bindMemory(to: UInt64.self, capacity: max(wordCount, 1))
        unsafe page.initialize(repeating: 0, count: max(wordCount, 1))
        // Releasing: others look for free permits in it as soon as they see it.
        unsafe (base + worker * 8).assumingMemoryBound(to: Atomic<UInt>.self).pointee.store(
            UInt(bitPattern: page), ordering: .releasing)
    }

    /// Keeps the counts of a worker that is gone, and empties its page for the next one.
    public func retire(worker: Int) {
        guard let page = unsafe page(worker) else { return }
        for index in keptWords..<wordCount { retired[index] &+= unsafe PageWord(page + index).value }
        unsafe (page + keptWords).update(repeating: 0, count: wordCount - keptWords)
    }

    /// The sum of one counter over all workers, gone ones included.
    public func total(_ counter: ClusterCounter) -> UInt64 {
        let word = keptWords + counter.rawValue
        var sum = retired[word]
        for worker in 0..<capacity {
            if let page = unsafe page(worker) { sum &+= unsafe PageWord(page + word).value }
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
