// Fairlead: an endpoint's slot, the counters that outlive snapshots
// SPDX-License-Identifier: Apache-2.0

public import Synchronization

/// A reference to one endpoint slot: a cache line of counters that all workers share and that survives updates.
///
/// Snapshots come and go; as long as an endpoint stays in its cluster it keeps its slot, and with it its active
/// requests and totals. The engine owns the memory.
@safe
@frozen
public struct EndpointSlot: BitwiseCopyable, Equatable {
    /// The bytes of one slot: one cache line, so that no two endpoints share one.
    public static var stride: Int { 64 }

    @usableFromInline let base: UnsafeMutableRawPointer

    /// The slot at `base`, which is aligned to `stride` and was prepared by `initialize`.
    @inlinable
    @inline(__always)
    public init(base: UnsafeMutableRawPointer) { unsafe self.base = base }

    /// Prepares the cache line: nothing active, nothing counted.
    public func initialize(index: UInt32, incarnation: UInt32) {
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: Self.stride)
        unsafe base.storeBytes(of: index, toByteOffset: 32, as: UInt32.self)
        unsafe base.storeBytes(of: incarnation, toByteOffset: 36, as: UInt32.self)
    }

    @inlinable
    @inline(__always)
    func word(_ offset: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
        unsafe (base + offset).assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    /// The address, which is the slot's identity while anything holds it; for comparing tried endpoints.
    @inlinable
    @inline(__always)
    public var identity: UInt { unsafe UInt(bitPattern: base) }

    /// The place of the slot in the engine's slab. With `incarnation` it names the slot for ever.
    public var index: UInt32 { unsafe base.load(fromByteOffset: 32, as: UInt32.self) }

    /// Which use of the place this is.
    public var incarnation: UInt32 { unsafe base.load(fromByteOffset: 36, as: UInt32.self) }

    // Started (40 bits) and active (24 bits) share one word, so that a pick pays one read-modify-write.
    // Relaxed throughout: the counters order nothing, and a pick that reads a value of a moment ago is still a pick.

    /// Requests that are open now, over all workers.
    @inlinable
    @inline(__always)
    public var activeRequests: Int {
        Int(truncatingIfNeeded: unsafe word(0).pointee.load(ordering: .relaxed) >> 40)
    }

    /// Requests that were ever started.
    public var startedRequests: UInt64 { unsafe word(0).pointee.load(ordering: .relaxed) & 0xff_ffff_ffff }

    /// Requests that ended in a failure of the endpoint.
    public var failedRequests: UInt64 { unsafe word(8).pointee.load(ordering: .relaxed) }

    /// Attempts that gave up their snapshot and keep only this slot.
    public var holders: UInt64 { unsafe word(16).pointee.load(ordering: .acquiring) }

    /// Connections that hosts hold permits for.
    public var connections: UInt64 { unsafe word(24).pointee.load(ordering: .relaxed) }

    /// Takes one of `limit` connections; answers whether there was one. `isForced` takes it in any case.
    public func takeConnection(limit: UInt64, isForced: Bool) -> Bool {
        var before = connections
        while before < limit || isForced {
            let (exchanged, original) = unsafe word(24).pointee.weakCompareExchange(
                expected: before, desired: before &+ 1, ordering: .relaxed)
            if exchanged { return true }
            before = original
        }
        return false
    }

    /// Gives a connection back.
    public func giveConnectionBack() { unsafe word(24).pointee.subtract(1, ordering: .relaxed) }

    /// A request starts. The count of starts wraps after 2^40 without touching the active ones.
    @inlinable
    @inline(__always)
    public func start() {
        let before = unsafe word(0).pointee.add(1 << 40 | 1, ordering: .relaxed).oldValue
        // The carry out of a full start counter would add one active request: take it back.
        if before & 0xff_ffff_ffff == 0xff_ffff_ffff {
            unsafe word(0).pointee.subtract(1 << 40, ordering: .relaxed)
        }
    }

    /// A request ends.
    @inlinable
    @inline(__always)
    public func finish(failed: Bool) {
        unsafe word(0).pointee.subtract(1 << 40, ordering: .relaxed)
        if failed { unsafe word(8).pointee.add(1, ordering: .relaxed) }
    }

    /// A detached attempt begins to hold the slot.
    @inlinable
    public func hold() { unsafe word(16).pointee.add(1, ordering: .relaxed) }

    /// A detached attempt lets go; partner of the acquiring load in `holders`, which frees the slot.
    @inlinable
    public func release() { unsafe word(16).pointee.subtract(1, ordering: .releasing) }

    /// Whether both are the same slot.
    @inlinable
    public static func == (left: EndpointSlot, right: EndpointSlot) -> Bool { unsafe left.base == right.base }
}

// SAFETY: the counters are atomic; the rest is written once, before anyone sees the slot.
extension EndpointSlot: @unchecked Sendable {}

/// The slots of one host list, by index in that list: what a picker may ask about the load of a host.
@safe
@frozen
public struct HostLoads: BitwiseCopyable {
    @usableFromInline let slots: UnsafePointer<EndpointSlot>?
    @usableFromInline let ordinals: UnsafePointer<UInt32>?
    @usableFromInline let first: Int
    /// How many hosts the list has.
    public let count: Int

    /// The hosts whose ordinals stand at `ordinals`, or the `count` ones from `first` on when that is nil.
    @inlinable
    @inline(__always)
    public init(slots: UnsafePointer<EndpointSlot>?, ordinals: UnsafePointer<UInt32>?, first: Int, count: Int) {
        unsafe self.slots = slots
        unsafe self.ordinals = ordinals
        self.first = first
        self.count = count
    }

    /// The ordinal, in the cluster, of the host at `index`.
    @inlinable
    @inline(__always)
    public func ordinal(_ index: Int) -> Int {
        precondition(index >= 0 && index < count)
        guard let ordinals = unsafe ordinals else { return first &+ index }
        return Int(unsafe ordinals[index])
    }

    /// Requests open on the host at `index` now, over all workers.
    @inlinable
    @inline(__always)
    public func activeRequests(_ index: Int) -> Int {
        guard let slots = unsafe slots else { return 0 }
        return unsafe slots[ordinal(index)].activeRequests
    }
}
