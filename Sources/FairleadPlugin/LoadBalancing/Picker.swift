// Fairlead: the data side of a policy
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// The data side of a load-balancing policy: picks the index of a host, once per attempt, after Locality and before
/// the endpoint's slot is taken.
///
/// It runs on the workers, many at once, so it keeps nothing in itself: it reads its table, its worker's own words and
/// the context. It never blocks, allocates or calls the system (the Silence law).
public protocol Picker: Sendable {
    /// The index of the chosen host, 0 ..< `context.loads.count`, or a negative number for none. Any other index is
    /// refused by the engine and counted as an error of the policy.
    func pick(_ table: PickTable, _ context: inout PickContext) -> Int
}

/// What a picker knows of the request it picks for.
@frozen
public struct PickContext: BitwiseCopyable {
    /// The worker's random source.
    public var random: RandomSource
    /// The request's hash by its route's hash policies; random bits when there was none.
    public let hash: UInt64
    /// Whether the hash comes from the request and not from chance.
    public let hasHash: Bool
    /// Which try of host selection this is: 0 first, one more each time that a retry's host predicate refused.
    public let attempt: UInt32
    /// How busy the hosts are.
    public let loads: HostLoads
    /// Requests that are open on the whole cluster now, over all workers and without the one that is being picked for;
    /// negative when the caller does not know.
    public let clusterActiveRequests: Int
    /// The policy's own words for this worker and host list.
    public let words: WorkerWords

    /// A context; see the properties for what each part means.
    @inlinable
    @inline(__always)
    public init(
        random: RandomSource, hash: UInt64, hasHash: Bool, attempt: UInt32, loads: HostLoads, words: WorkerWords,
        clusterActiveRequests: Int = -1
    ) {
        self.random = random
        self.hash = hash
        self.hasHash = hasHash
        self.attempt = attempt
        self.loads = loads
        self.words = words
        self.clusterActiveRequests = clusterActiveRequests
    }
}

/// A picker as snapshots hold it: one virtual call away, without an existential (which would cost a reference count a
/// call, shared by all workers).
open class PickerSlot: @unchecked Sendable {
    // SAFETY of @unchecked: a slot has no mutable state; subclasses hold a Sendable picker or an immutable C vtable.

    /// For subclasses.
    public init() {}

    /// Picks; see `Picker.pick`.
    open func pick(_ table: PickTable, _ context: inout PickContext) -> Int { -1 }
}

/// The slot of a Swift picker; the call is specialised and inlined for its type.
public final class TypedSlot<P: Picker>: PickerSlot, @unchecked Sendable {
    @usableFromInline let picker: P

    /// A slot that asks `picker`.
    @inlinable
    public init(_ picker: P) {
        self.picker = picker
        super.init()
    }

    /// Picks; see `Picker.pick`.
    @inlinable
    public override func pick(_ table: PickTable, _ context: inout PickContext) -> Int {
        picker.pick(table, &context)
    }
}
