// Fairlead: an update that is tried before it is published
// SPDX-License-Identifier: Apache-2.0

public import FairleadConfiguration
public import FairleadModel

/// Why a candidate cannot be published.
public enum CandidateFault: Error, Hashable, Sendable {
    /// Another update was published since it was prepared: prepare it anew.
    case stale
    /// It was published already.
    case published
}

/// An update that is judged and compiled, and not published: to be asked what it would change, and then published or
/// dropped. Nothing of the engine's state changes until it is published; to drop it, let go of it.
///
/// It holds what it was compared with, and so the memory of that. Used by one thread at a time.
public final class UpdateCandidate {
    /// Which resources change: by kind, then by name.
    public let changes: [ResourceChange]
    /// The generation that it was prepared over.
    public let baseGeneration: UInt64
    private let engine: Engine
    private let update: PreparedUpdate
    private let before: Preview
    private let after: Preview
    private var isPublished = false

    fileprivate init(_ engine: Engine, _ update: PreparedUpdate, _ state: EngineState) {
        self.engine = engine
        self.update = update
        changes = update.changes(in: state)
        baseGeneration = state.generation
        before = Preview(state)
        after = Preview(state, with: update)
    }

    /// Whether another update was published since it was prepared.
    public var isStale: Bool { !isPublished && engine.state.withLock { $0.generation } != baseGeneration }

    /// The two configurations that a candidate knows.
    public enum Side: Sendable {
        /// What is, without the update.
        case before
        /// What would be with it.
        case after
    }

    /// Where `request` goes on one side, always by the same chance; `nil` when there is no route table called
    /// `routeTable`. For requests that each side prepares in its own way.
    ///
    /// - Throws: when it was published.
    public func destination(
        of request: borrowing RequestView, routeTable: String, _ side: Side
    ) throws(CandidateFault) -> Destination? {
        guard !isPublished else { throw .published }
        let preview = side == .before ? before : after
        return preview.destination(of: request, routeTable: routeTable)
    }

    /// Where `request` goes without and with the update, both by the same chance; a part is `nil` when there is no route
    /// table called `routeTable`. Asked again, it answers the same.
    ///
    /// - Throws: when it was published.
    public func compare(
        _ request: borrowing RequestView, routeTable: String
    ) throws(CandidateFault) -> (before: Destination?, after: Destination?) {
        (
            try destination(of: request, routeTable: routeTable, .before),
            try destination(of: request, routeTable: routeTable, .after)
        )
    }

    /// Publishes it, as one step and without compiling anything again.
    ///
    /// - Returns: the generation that serves it.
    /// - Throws: when another update was published since it was prepared, or this one was; then nothing has changed.
    @discardableResult
    public func publish() throws(CandidateFault) -> UInt64 {
        guard !isPublished else { throw .published }
        let base = baseGeneration
        let update = update
        let generation = try engine.state.withLock { (state: inout EngineState) throws(CandidateFault) -> UInt64 in
            guard state.generation == base else { throw .stale }
            if !update.isEmpty { state.commit(update) }
            return state.generation
        }
        isPublished = true
        return generation
    }
}

extension Engine {
    /// Judges and compiles `update`, and publishes nothing: the answer tells what would change, and can be published or
    /// dropped.
    ///
    /// - Throws: every problem at once, as `apply` would.
    public func prepare(_ update: ConfigurationUpdate) throws(ProblemList) -> UpdateCandidate {
        try state.withLock { (state: inout EngineState) throws(ProblemList) -> UpdateCandidate in
            UpdateCandidate(self, try PreparedUpdate(UpdateDraft(update, over: state), state), state)
        }
    }
}
