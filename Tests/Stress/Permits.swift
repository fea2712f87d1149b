// Fairlead: taking and giving back requests at once, against a limit
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import Glibc
import Synchronization

/// Threads that take and give back requests of one cluster as fast as they can. A count of their own, taken after each
/// pick and given back before each report, never may exceed the limit; and where all of them together want no more than
/// the limit, nobody may ever be refused.
final class PermitRun: @unchecked Sendable {
    private static let limit = 6
    /// Requests that are surely in use now.
    private static let inUse = Atomic<Int>(0)

    private let worker: Worker
    private let operations: Int
    private let mostHeld: Int
    private let seed: UInt64
    /// Read after the thread was joined.
    private var refused = 0
    private var exceeded = 0

    private init(_ worker: Worker, operations: Int, mostHeld: Int, seed: UInt64) {
        self.worker = worker
        self.operations = operations
        self.mostHeld = mostHeld
        self.seed = seed
    }

    /// Runs both rounds with half of `operations` each; answers whether all went well.
    static func run(operations: Int, threads: Int) throws -> Bool {
        var cluster = Updates.cluster(0, 1)
        cluster.circuitBreakers.normal.requests = UInt32(limit)
        let engine = try Engine(Configuration(clusters: [cluster]))
        var complaints: [String] = []
        for mostHeld in [limit / threads, limit] {
            let runs = try (0..<threads).map {
                PermitRun(
                    try engine.makeWorker(), operations: operations / 2 / threads, mostHeld: mostHeld, seed: UInt64($0))
            }
            for handle in runs.map({ $0.start() }) { pthread_join(handle, nil) }
            let refused = runs.reduce(0) { $0 + $1.refused }
            let exceeded = runs.reduce(0) { $0 + $1.exceeded }
            print("at most \(mostHeld) for each of \(threads) threads: \(refused) refused")
            if exceeded > 0 { complaints.append("the limit was exceeded \(exceeded) times") }
            if mostHeld * threads <= limit, refused > 0 { complaints.append("\(refused) were refused without need") }
            if mostHeld * threads > limit, threads > 1, refused == 0 { complaints.append("nobody was refused") }
            let active = engine.clusterStatistics[0].breakers[0].requests.active
            if active != 0 { complaints.append("\(active) requests never ended") }
        }
        for complaint in complaints { print("FAILED: \(complaint)") }
        print("\(complaints.isEmpty ? 1 : 0) passed, \(complaints.count) failed")
        return complaints.isEmpty
    }

    private func start() -> pthread_t {
        var handle = pthread_t()
        let context = Unmanaged.passUnretained(self).toOpaque()
        pthread_create(
            &handle, nil,
            { context in
                if let context { Unmanaged<PermitRun>.fromOpaque(context).takeUnretainedValue().decide() }
                return nil
            }, context)
        return handle
    }

    private func decide() {
        var random = RandomSource(seed: seed)
        var exchange = worker.begin(cluster: "c0")
        let attempts = (0..<mostHeld).map { _ in Held() }
        var held = 0
        for _ in 0..<operations {
            let gives = held == mostHeld || (held > 0 && random.next(below: 2) == 0)
            if gives {
                held -= 1
                Self.inUse.subtract(1, ordering: .relaxed)
                worker.report(&attempts[held].attempt, .response(200), &exchange, mayRetry: false)
            } else if worker.pick(&exchange, &attempts[held].attempt) == .endpoint {
                held += 1
                if Self.inUse.add(1, ordering: .relaxed).newValue > Self.limit { exceeded += 1 }
            } else {
                refused += 1
            }
        }
        for index in 0..<held {
            Self.inUse.subtract(1, ordering: .relaxed)
            worker.report(&attempts[index].attempt, .response(200), &exchange, mayRetry: false)
        }
        worker.end(&exchange)
    }
}

/// An attempt that is kept in a list.
private final class Held {
    var attempt = Attempt()
}
