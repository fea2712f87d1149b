// Fairlead: a thread that decides as fast as it can
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import Glibc
import Synchronization

/// A thread with a worker: begins, picks, reports, retries, detaches and ends, with some exchanges kept open over many
/// refreshes.
final class Decider: @unchecked Sendable {
    static let stop = Atomic<Bool>(false)
    nonisolated(unsafe) private static var planted = 0

    let worker: Worker
    private let engine: Engine
    private let plantsRace: Bool
    /// Read after the thread was joined.
    private(set) var decisions = 0
    private(set) var wrong = 0

    init(_ engine: Engine, _ worker: Worker, plantsRace: Bool) {
        self.engine = engine
        self.worker = worker
        self.plantsRace = plantsRace
    }

    func start() -> pthread_t {
        var handle = pthread_t()
        let context = Unmanaged.passUnretained(self).toOpaque()
        pthread_create(
            &handle, nil,
            { context in
                if let context { Unmanaged<Decider>.fromOpaque(context).takeUnretainedValue().run() }
                return nil
            }, context)
        return handle
    }

    private func run() {
        let requests = ["/a", "/a/b", "/b/c?q=1", "/weighted", "/nowhere"].map {
            Request(authority: "www.example", path: $0, headers: [("x-key", $0)], source: "10.0.0.1:1")
        }
        let lasting = requests[0]
        var longest = Exchange()
        var stream = Attempt()
        while !Decider.stop.load(ordering: .acquiring) {
            worker.refresh()
            for request in requests {
                var exchange = worker.begin(request.view)
                check(exchange)
                var attempt = Attempt()
                while worker.pick(&exchange, &attempt) == .endpoint {
                    if attempt.endpoint?.address.isEmpty ?? true { wrong += 1 }
                    let outcome: Outcome = decisions % 3 == 0 ? .response(503) : .response(200)
                    if !worker.report(&attempt, outcome, &exchange).retries { break }
                }
                worker.end(&exchange)
                decisions += 1
            }
            // One stream after the other lives on over many snapshots.
            if decisions % 50 == 0 {
                worker.report(&stream, .response(200), &longest, mayRetry: false)
                worker.end(&longest)
                longest = worker.begin(lasting.view)
                if worker.pick(&longest, &stream) == .endpoint, decisions % 100 == 0 { worker.detach(&stream) }
            }
            if plantsRace { Decider.planted += 1 }
        }
        worker.report(&stream, .response(200), &longest, mayRetry: false)
        worker.end(&longest)
        worker.refresh()
    }

    /// What a request is told has to be whole: names that belong together.
    private func check(_ exchange: borrowing Exchange) {
        switch exchange.disposition {
        case .forward: if exchange.route.virtualHostName.isEmpty { wrong += 1 }
        case .directResponse: if exchange.route.status != 404 { wrong += 1 }
        case .noRoute, .redirect, .tlsRedirect, .nonForwarding, .badRequest: break
        }
    }
}
