// Fairlead: the engine
// SPDX-License-Identifier: Apache-2.0

import FairleadCompiler
public import FairleadConfiguration
import FairleadDataPlane
public import FairleadModel

/// A routing and load-balancing engine: takes configurations, publishes snapshots, hands out workers.
///
/// Thread-safe. Its methods are the control side: they may allocate, take a lock and take their time. Requests are
/// decided by workers (`makeWorker`), one for each thread of the host, which never wait for the control side.
public final class Engine: Sendable {
    let state: ControlLock<EngineState>

    /// An engine without any configuration.
    public init(options: EngineOptions = EngineOptions()) { state = ControlLock(EngineState(options)) }

    /// An engine that serves `configuration`.
    ///
    /// - Throws: every problem of the configuration at once.
    public convenience init(_ configuration: Configuration, options: EngineOptions = EngineOptions())
        throws(ProblemList)
    {
        self.init(options: options)
        try apply(ConfigurationUpdate(replacingEverythingWith: configuration))
    }

    /// Takes all changes of `update` as one step: compiles what they touch, shares the rest, publishes once.
    ///
    /// - Returns: the generation that serves the update.
    /// - Throws: every problem at once; then nothing has changed.
    @discardableResult
    public func apply(_ update: ConfigurationUpdate) throws(ProblemList) -> UInt64 {
        try state.withLock { (state: inout EngineState) throws(ProblemList) -> UInt64 in
            let prepared = try PreparedUpdate(UpdateDraft(update, over: state), state)
            if !prepared.isEmpty { state.commit(prepared) }
            return state.generation
        }
    }

    /// Says everything that speaks against `update`, and changes nothing.
    public func check(_ update: ConfigurationUpdate) -> [Problem] {
        state.withLock { state in UpdateJudge(UpdateDraft(update, over: state), state).problems }
    }

    /// Says what the plugins of `options` have against `configuration`: patterns that do not compile, policies that nobody
    /// registered, their parameters and hosts. Paths begin with the list and the index, for example `clusters[2]`.
    public static func problems(in configuration: Configuration, options: EngineOptions) -> [Problem] {
        Compiler.check(configuration, options.plugins)
    }

    /// Says what is legal but wrong with `configuration`, which has no errors: routes that can never match, clusters that
    /// nothing uses, retries that cannot act. All of it is warnings; `docs/lint.md` tells their codes. Paths begin with the
    /// list and the index, for example `clusters[2]`.
    ///
    /// - Parameter isComplete: whether these are all resources that there are.
    public static func lint(
        _ configuration: Configuration, options: EngineOptions, isComplete: Bool = true
    ) -> [Problem] {
        Linter.problems(in: configuration, isComplete: isComplete) + Compiler.lint(configuration, options.plugins)
    }

    /// The name of the cluster that the engine itself belongs to (`EngineOptions.localCluster`); empty for none.
    public var localCluster: String { state.withLock { state in state.options.localCluster } }

    /// Does work that is due: frees what no worker can reach any more.
    ///
    /// - Parameter now: the host's time.
    /// - Returns: when to call again at the latest; `nil` when nothing is waiting.
    @discardableResult
    public func poll(now: Instant) -> Instant? {
        state.withLock { state in
            state.reclaim()
            // What waits, waits for a worker to move on: looking once a second is soon enough.
            return state.ledger.count == 0 && state.releasedIDs.isEmpty ? nil : now + .seconds(1)
        }
    }

    /// The id of the route table called `name`, for `Worker.begin`. It stays the same as long as the engine lives,
    /// whatever happens to the table; `nil` when there never was one.
    public func routeTableID(_ name: String) -> Int? {
        state.withLock { state in state.tableIDs[name].map { Int($0) } }
    }

    /// What the connection manager of the listener called `name` does to requests before they are routed; `nil` when no
    /// listener is called so.
    public func preparationRules(forListener name: String) -> PreparationRules? {
        state.withLock { state in
            guard let manager = state.listeners[name]?.connectionManager else { return nil }
            return manager.preparation(with: state.routeTables[manager.routeConfiguration]?.settings)
        }
    }

    /// The whole configuration as it stands, lists sorted by name.
    public var configuration: Configuration { state.withLock { $0.configuration } }

    /// In a child process after a fork: drops what the threads of the parent held. `survivor` is the worker of the
    /// thread that forked, if it has one. Fork only while no method of the engine is running.
    public func afterFork(keeping survivor: Worker?) {
        state.withLock { state in
            let snapshots = state.ledger.heldSnapshots + [state.snapshot]
            state.board.afterFork(keeping: survivor?.cell.index, snapshots: snapshots)
            for cluster in state.clusters.values {
                for priority in 0..<2 {
                    cluster.owner.slot.requestPermits(priority).giveBackAll(except: survivor?.cell.index)
                }
            }
            for index in state.workers.indices where index != survivor?.cell.index { state.workers[index] = nil }
        }
    }
}
