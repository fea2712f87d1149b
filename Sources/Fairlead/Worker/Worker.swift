// Fairlead: one thread's entry to the engine
// SPDX-License-Identifier: Apache-2.0

public import FairleadDataPlane
public import FairleadModel

/// One thread's entry to the engine: decides requests, from the snapshot that it adopted last.
///
/// Use each worker on one thread at a time. Its verbs never allocate, lock, wait or count references, except inside a
/// pattern engine. The verbs of one request are `begin`, `pick`, `report` (and again, for retries), `end`.
public final class Worker: Sendable {
    /// The engine, for the C interface.
    package let engine: Engine
    /// The worker's own memory, for the C interface.
    package let cell: WorkerCell

    init(_ engine: Engine, _ cell: WorkerCell) {
        self.engine = engine
        self.cell = cell
    }

    deinit { engine.remove(cell) }

    /// Adopts the newest snapshot; call it once for each turn of the event loop. One load when nothing is new.
    ///
    /// - Returns: whether a newer snapshot was adopted.
    @discardableResult
    public func refresh() -> Bool {
        let isNew = cell.refresh()
        if isNew { cell.counters.add(.adoptions) }
        return isNew
    }

    /// The generation of the snapshot that the worker adopted last.
    public var generation: UInt64 { cell.snapshot.generation }

    /// How many exchanges are open.
    public var openExchanges: Int { Int(cell.openExchanges) }

    /// Begins an exchange: finds the route of `request` in the route table of the given id.
    ///
    /// - Parameter routeTable: from `Engine.routeTableID`; 0 is the first table that the engine ever had.
    /// - Complexity: O(log of the number of distinct path lengths), plus the conditions of the candidates.
    public func begin(_ request: borrowing RequestView, routeTable: Int = 0) -> Exchange {
        var exchange = Exchange()
        cell.begin(&exchange.state, request, routeTable: routeTable)
        return exchange
    }

    /// Begins an exchange with the cluster called `name`, without any route: for hosts that only balance.
    ///
    /// - Parameter hash: the request's hash, for consistent hashing; `nil` for none.
    public func begin(cluster name: String, hash: UInt64? = nil) -> Exchange {
        var exchange = Exchange()
        Bytes.withBytes(of: name) { cell.begin(&exchange.state, cluster: $0, hash: hash) }
        return exchange
    }

    /// Begins an exchange for the copy that the mirror policy at `index` of the route of `exchange` makes of `request`;
    /// `nil` when it makes none of this one. The copy's exchange is one by cluster: pick, report and end it like any
    /// other; it may outlive the one that it is a copy of.
    ///
    /// - Parameter index: 0 ..< `RouteView.mirrorCount`.
    public func beginMirror(
        _ index: Int, of exchange: borrowing Exchange, _ request: borrowing RequestView
    ) -> Exchange? {
        var mirror = Exchange()
        guard cell.beginMirror(&mirror.state, index, of: exchange.state, request) else { return nil }
        return mirror
    }

    /// Picks an endpoint for the next attempt of `exchange`, among the hosts of now.
    ///
    /// - Parameter attempt: filled when the answer is `.endpoint`; has to be reported then.
    public func pick(_ exchange: inout Exchange, _ attempt: inout Attempt) -> PickResult {
        cell.pick(&exchange.state, &attempt.state)
    }

    /// Reports what became of `attempt`.
    ///
    /// - Parameter mayRetry: whether the host could still make another attempt: nothing of a response was passed on,
    ///   and the request's body is at hand.
    /// - Parameter facts: what a retry policy may look at in the response; read during the call only.
    /// - Returns: whether to try again, and after how long.
    @discardableResult
    public func report(
        _ attempt: inout Attempt, _ outcome: Outcome, _ exchange: inout Exchange, mayRetry: Bool = true,
        _ facts: RetryFacts = RetryFacts()
    ) -> Verdict {
        cell.report(&attempt.state, outcome, &exchange.state, mayRetry: mayRetry, facts)
    }

    /// Takes a permit for what the host does beside requests: a connection, a waiting request, a group of connections.
    ///
    /// - Parameters:
    ///   - work: anything but `.retries`, whose permits come with verdicts.
    ///   - attempt: open and not detached: whose cluster, endpoint and priority it is about.
    ///   - isForced: takes it although the cap may be reached. As in Envoy, an endpoint without any connection may
    ///     always get one: nobody else could serve the requests that wait there.
    /// - Returns: the permit; one that is not held when the cap is reached.
    public func takePermit(
        _ work: CountedWork, for attempt: borrowing Attempt, isForced: Bool = false
    ) -> Permit {
        Permit(cell.takePermit(work, for: attempt.state, isForced: isForced), of: engine)
    }

    /// Gives up the snapshot that `attempt` holds and keeps only its endpoint's counters: for streams that last.
    public func detach(_ attempt: inout Attempt) { cell.detach(&attempt.state) }

    /// Ends `exchange`. Report its attempts first.
    public func end(_ exchange: inout Exchange) { cell.end(&exchange.state) }

    /// What the worker has counted.
    public func count(_ counter: WorkerCounters.Counter) -> UInt64 { cell.counters.value(counter) }
}

/// One request's way through the engine, from `Worker.begin` to `Worker.end`.
///
/// It holds the snapshot of its route. It cannot be copied, and has to be ended by the worker that began it.
public struct Exchange: ~Copyable {
    var state = ExchangeState.idle

    /// An exchange that has not begun; to be assigned from `Worker.begin`.
    public init() {}

    /// How the exchange goes on.
    public var disposition: ExchangeState.Disposition { state.disposition }

    /// What the route says; valid until `end`.
    public var route: RouteView { RouteView(state) }

    /// How many attempts were made.
    public var attempts: Int { Int(state.attempts) }

    /// The request's hash by its route's policies, or random bits.
    public var hash: UInt64 { state.hash }

    /// The cluster's name as the worker's snapshot knows it; missing when it does not exist.
    public func clusterName(_ worker: Worker) -> Bytes { worker.cell.clusterName(state) }
}

/// A permit from a circuit breaker, from `Worker.takePermit` to its end, when it gives itself back. Any thread may have it.
public struct Permit: ~Copyable, Sendable {
    private var state: PermitState
    // The memory that the permit points into is the engine's.
    private let engine: Engine

    init(_ state: PermitState, of engine: Engine) {
        self.state = state
        self.engine = engine
    }

    /// Whether there is a permit: not when the cap was reached, and no more after `giveBack`.
    public var isHeld: Bool { state.isHeld }

    /// Gives it back now.
    public mutating func giveBack() { state.giveBack() }

    deinit {
        var state = state
        state.giveBack()
    }
}

/// One attempt of an exchange, from `Worker.pick` to `Worker.report`. It holds the snapshot that its endpoint is from.
public struct Attempt: ~Copyable {
    var state = AttemptState.idle

    /// No attempt yet; the same one can be used again and again.
    public init() {}

    /// Whether an endpoint was picked and not yet reported.
    public var isOpen: Bool { state.isOpen }

    /// The number of the attempt in its exchange, from 1.
    public var number: Int { Int(state.number) }

    /// The endpoint; `nil` when none was picked, or when the attempt was reported or detached.
    public var endpoint: EndpointView? { EndpointView(state) }
}
