// Fairlead: an exchange's and an attempt's own memory
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// What an exchange remembers between its verbs: a fixed-size value that the caller keeps.
///
/// It pins the snapshot of its route from `begin` to `end`.
@safe
public struct ExchangeState: BitwiseCopyable {
    /// How the exchange goes on.
    public enum Disposition: UInt8, BitwiseCopyable, Sendable {
        /// Nothing matched: 404.
        case noRoute
        /// To a cluster: pick.
        case forward
        /// To another address.
        case redirect
        /// Answered by the route.
        case directResponse
        /// To https, because the virtual host demands TLS.
        case tlsRedirect
        /// The route only matches.
        case nonForwarding
        /// The request has no authority: 400, before routing.
        case badRequest
    }

    /// Marks an exchange whose route has no cluster to choose from.
    static var unroutable: UInt32 { .max }

    /// Nothing begun.
    public static var idle: ExchangeState { ExchangeState() }

    /// The snapshot of the route; `nil` before `begin` and after `end`.
    public internal(set) var snapshot: SnapshotView?
    /// The block of the route table.
    var table: BlockView?
    /// The block of the virtual host.
    var virtualHost: BlockView?
    /// The request's own random bits.
    var random: UInt64 = 0
    /// The request's hash; random bits when there is none.
    public internal(set) var hash: UInt64 = 0
    /// The current back-off window in milliseconds.
    var backOff: UInt64 = 0
    /// The value of a generated cookie.
    var cookieValue: UInt64 = 0
    /// Which use of a cluster slot the held retry permit came from.
    var retryIncarnation: UInt64 = 0
    /// The endpoints that the request names.
    var overrides = HostOverrides()
    /// The endpoints tried so far.
    var tried = TriedEndpoints()
    /// The cluster's id; `UInt32.max` when it is not known.
    public internal(set) var clusterID = UInt32.max
    /// The route's ordinal in its virtual host.
    var route: UInt32 = 0
    /// The chosen one of several weighted clusters, plus one; `unroutable` when a route was found and led nowhere.
    var weightedEntry: UInt32 = 0
    /// The hash policy that generated a cookie, plus one.
    var cookiePolicy: UInt32 = 0
    /// How many attempts were made.
    public internal(set) var attempts: UInt32 = 0
    /// How many retries are left.
    var retriesLeft: UInt32 = 0
    /// What is retried.
    var retryConditions: RetryConditions = []
    /// How many attempts are open.
    var openAttempts: UInt32 = 0
    /// How the exchange goes on.
    public internal(set) var disposition = Disposition.noRoute
    /// Whether the hash comes from the request (1) or from chance (0).
    var hasHash: UInt8 = 0
    /// Whether the next pick is a retry that holds a permit (1) or not (0).
    var holdsRetry: UInt8 = 0
    /// Which circuit breakers are used.
    var priority: UInt8 = 0
    /// Whether the request, an internal one, may say what is retried (1) or not (0).
    var hearsRequest: UInt8 = 0

    init() {}

    /// As if nothing had begun. Written in place, and without the room of the lists, of which only the counts matter:
    /// every request pays for this twice.
    @inline(__always)
    mutating func reset() {
        snapshot = nil
        table = nil
        virtualHost = nil
        random = 0
        hash = 0
        backOff = 0
        cookieValue = 0
        retryIncarnation = 0
        overrides.removeAll()
        tried.removeAll()
        clusterID = .max
        route = 0
        weightedEntry = 0
        cookiePolicy = 0
        attempts = 0
        retriesLeft = 0
        retryConditions = []
        openAttempts = 0
        disposition = .noRoute
        hasHash = 0
        holdsRetry = 0
        priority = 0
        hearsRequest = 0
    }

    /// Gives room to remember `capacity` further endpoints as tried at `array`, which the caller keeps until the exchange
    /// ends.
    public mutating func extendTried(_ array: UnsafeMutablePointer<UInt>, capacity: Int) {
        unsafe tried.extend(array, capacity: capacity)
    }
}

/// What an attempt remembers between `pick` and `report`: a fixed-size value that the caller keeps.
///
/// It pins the snapshot in which its endpoint was picked, unless it was detached.
@safe
public struct AttemptState: BitwiseCopyable {
    /// No attempt.
    public static var idle: AttemptState { AttemptState() }

    /// The snapshot in which the endpoint was picked; `nil` when detached or not open.
    var snapshot: SnapshotView?
    /// The cluster's block; only while the snapshot is pinned.
    var cluster: BlockView?
    /// The endpoint's slot; `nil` when not open.
    public internal(set) var slot: EndpointSlot?
    /// The cluster's slot, which the permits that are held came from; `nil` when not open.
    var clusterSlot: ClusterSlot?
    /// The endpoint's ordinal in the cluster's block.
    public internal(set) var ordinal: UInt32 = 0
    /// The number of the attempt in its exchange, from 1.
    public internal(set) var number: UInt32 = 0
    /// Whether it holds a retry permit (1) or not (0).
    var holdsRetry: UInt8 = 0
    /// Which circuit breakers it uses.
    var priority: UInt8 = 0
    /// Whether the endpoint was picked in panic (1) or not (0).
    public internal(set) var isPanic: UInt8 = 0
    /// Nothing yet.
    var reserved: UInt8 = 0
    /// Nothing yet.
    var padding: UInt32 = 0

    init() {}

    /// Whether the attempt is open: picked and not yet reported.
    public var isOpen: Bool { slot != nil }
}

/// The endpoints that an exchange has tried, by the identity of their slots: eight inline, more in the caller's array.
@safe
public struct TriedEndpoints: BitwiseCopyable {
    private static var inlineCapacity: Int { 8 }

    private var first: InlineArray<8, UInt> = InlineArray(repeating: 0)
    private var more: UnsafeMutablePointer<UInt>?
    private var moreCapacity = 0
    private var count = 0

    init() {}

    /// Forgets the endpoints, and the caller's array.
    @inline(__always)
    mutating func removeAll() {
        unsafe more = nil
        moreCapacity = 0
        count = 0
    }

    /// Gives room for `capacity` further endpoints at `array`, which the caller keeps until the exchange ends.
    public mutating func extend(_ array: UnsafeMutablePointer<UInt>, capacity: Int) {
        unsafe more = array
        moreCapacity = max(capacity, 0)
    }

    /// Notes `slot`; beyond the room that there is, the oldest ones stay and this one is not noted.
    mutating func insert(_ slot: EndpointSlot) {
        if contains(slot) { return }
        if count < Self.inlineCapacity {
            first[count] = slot.identity
        } else if count < Self.inlineCapacity + moreCapacity, let more = unsafe more {
            unsafe more[count - Self.inlineCapacity] = slot.identity
        } else {
            return
        }
        count += 1
    }

    /// Whether `slot` was tried. O(tried).
    func contains(_ slot: EndpointSlot) -> Bool {
        for index in 0..<count {
            if index < Self.inlineCapacity {
                if first[index] == slot.identity { return true }
            } else if let more = unsafe more, unsafe more[index - Self.inlineCapacity] == slot.identity {
                return true
            }
        }
        return false
    }
}
