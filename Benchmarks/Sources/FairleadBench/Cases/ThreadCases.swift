// Fairlead: two threads that decide while a third one publishes
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import Glibc
import Synchronization

/// Two threads over one, each with a worker, while a writer publishes 1,000 snapshots a second: decisions a second of
/// processor time, in turns in which each thread had a processor nearly for itself. Where others keep the processors
/// busy there are too few such turns, and no factor.
func threadCases(_ bench: Bench) {
    bench.figure(
        "two over one, 10 endpoints shared", .factor, peers: "one shared counter: 10 ns alone, 103 ns with two threads"
    ) {
        scaling([Bulk.cluster("c", 10, policy: LoadBalancing.leastRequest)], targets: ["c", "c"])
    }
    bench.figure("two over one, 1,000 endpoints shared", .factor, .atLeast(1.9)) {
        scaling([Bulk.cluster("c", 1000, policy: LoadBalancing.leastRequest)], targets: ["c", "c"])
    }
    bench.figure("two over one, a cluster of 10 endpoints each", .factor, .atLeast(1.9)) {
        scaling(
            [
                Bulk.cluster("c", 10, policy: LoadBalancing.leastRequest),
                Bulk.cluster("d", 10, policy: LoadBalancing.leastRequest),
            ],
            targets: ["c", "d"])
    }
    bench.figure("p99.9 of a decision, while publishing ÷ in peace", .factor, .atMost(2)) { tail() }
}

/// A thread that decides until it is told to stop.
private final class Decider: Sendable {
    private let worker: Worker
    private let path: String
    private let stop = Atomic<Bool>(false)
    private let done = Atomic<Int>(0)
    private let spent = Atomic<Int>(0)

    init(_ worker: Worker, cluster: String) {
        self.worker = worker
        path = "/to-\(cluster)/x"
    }

    /// How many decisions it made.
    var decisions: Int { done.load(ordering: .acquiring) }

    /// The processor time that it took, in nanoseconds.
    var time: Double { Double(spent.load(ordering: .acquiring)) }

    func askToStop() { stop.store(true, ordering: .relaxed) }

    func decide() {
        let time = Stopwatch.nanoseconds { decideUntilStopped() }
        spent.store(Int(time), ordering: .releasing)
    }

    private func decideUntilStopped() {
        let request = Bulk.request(path)
        let view = request.view
        var attempt = Attempt()
        var count = 0
        while !stop.load(ordering: .relaxed) {
            for _ in 0..<64 {
                worker.refresh()
                var exchange = worker.begin(view)
                if worker.pick(&exchange, &attempt) == .endpoint { worker.report(&attempt, .response(200), &exchange) }
                worker.end(&exchange)
            }
            count += 64
        }
        done.store(count, ordering: .releasing)
    }

    /// The 99.9th percentile of `count` decisions, in nanoseconds, the clock's own time included.
    func tail(of count: Int) -> Double {
        let request = Bulk.request(path)
        let view = request.view
        var attempt = Attempt()
        var times = [UInt32](repeating: 0, count: count)
        var before = Stopwatch.now
        for index in 0..<count {
            worker.refresh()
            var exchange = worker.begin(view)
            if worker.pick(&exchange, &attempt) == .endpoint { worker.report(&attempt, .response(200), &exchange) }
            worker.end(&exchange)
            let after = Stopwatch.now
            times[index] = UInt32(clamping: after - before)
            before = after
        }
        times.sort()
        return Double(times[count / 1000 * 999])
    }
}

/// Publishes a thousand times a second until it is told to stop.
private final class Publisher: Sendable {
    private let engine: Engine
    private let stop = Atomic<Bool>(false)

    init(_ engine: Engine) { self.engine = engine }

    func askToStop() { stop.store(true, ordering: .relaxed) }

    func publish() {
        var turn: UInt32 = 0
        var due = Stopwatch.now
        while !stop.load(ordering: .relaxed) {
            turn += 1
            let endpoint = Endpoint(Bulk.address(0), weight: turn % 2 + 1)
            _ = try? engine.apply(
                ConfigurationUpdate([.setEndpoint(endpoint, locality: Locality(), priority: 0, assignment: "published")]
                ))
            due += 1_000_000
            let now = Stopwatch.now
            if due > now {
                usleep(UInt32((due - now) / 1000))
            } else {
                due = now
            }
        }
    }
}

private func makeFixture(_ clusters: [Cluster]) -> Fixture {
    let routes = clusters.map {
        Route(match: RouteMatch(.prefix("/to-\($0.name)/")), action: .forward(ForwardAction(to: .cluster($0.name))))
    }
    return Fixture(routes, clusters: clusters + [Bulk.cluster("published", 10)])
}

private func scaling(_ clusters: [Cluster], targets: [String]) -> Double {
    let fixture = makeFixture(clusters)
    let workers = [fixture.worker, Fixture.makeWorker(fixture.engine)]
    /// Decisions of the first `count` workers in a second; `nil` when they had to wait for a processor.
    func run(_ count: Int) -> Double? {
        let deciders = (0..<count).map { Decider(workers[$0], cluster: targets[$0]) }
        let publisher = Publisher(fixture.engine)
        let start = Stopwatch.now
        let threads = deciders.map { decider in Thread { decider.decide() } } + [Thread { publisher.publish() }]
        usleep(50_000)
        for decider in deciders { decider.askToStop() }
        publisher.askToStop()
        for thread in threads { thread.join() }
        let elapsed = Double(Stopwatch.now - start)
        guard deciders.allSatisfy({ $0.time > elapsed * 0.85 }) else { return nil }
        return deciders.reduce(0) { $0 + Double($1.decisions) / $1.time }
    }
    _ = run(2)
    var factors: [Double] = []
    for _ in 0..<100 where factors.count < 15 {
        if let one = run(1), let two = run(2) { factors.append(two / one) }
    }
    return factors.count < 3 ? .nan : Stopwatch.median(factors)
}

private func tail() -> Double {
    let fixture = makeFixture([Bulk.cluster("c", 1000, policy: LoadBalancing.leastRequest)])
    let decider = Decider(fixture.worker, cluster: "c")
    _ = decider.tail(of: 100_000)
    return Stopwatch.median(
        (0..<9).map { _ in
            let peaceful = decider.tail(of: 300_000)
            let publisher = Publisher(fixture.engine)
            let thread = Thread { publisher.publish() }
            let busy = decider.tail(of: 300_000)
            publisher.askToStop()
            thread.join()
            return busy / peaceful
        })
}

/// A POSIX thread.
private final class Thread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private var id = pthread_t()

    init(_ run: @escaping @Sendable () -> Void) {
        let context = Unmanaged.passRetained(Body(run)).toOpaque()
        pthread_create(
            &id, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context)
    }

    func join() { pthread_join(id, nil) }
}
