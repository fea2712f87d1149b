// Fairlead: the permits of requests, leased to workers
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Synchronization

/// The permits of a cluster's requests at one priority: never more are in use than the limit says, and none is refused
/// while one is free. `Tests/PermitModel` checks both exhaustively.
///
/// A permit is in use, or free in one of several places: the shared *reserve*, or the *lease* of some worker. A worker
/// takes from its own lease, which no other cache holds, and gives back to it: so its lease grows to the most requests
/// that it ever had at once. Only when it is empty does the worker look elsewhere: into the reserve, then into the leases
/// of all others, from where it takes one permit, at once into use.
///
/// A lease is two words that only grow: `given`, which its worker alone writes, and `claimed`, to which anybody adds one
/// by compare-and-exchange. What is free in it is the difference. As `given` never falls, a claim that finds `claimed`
/// unchanged takes a permit that is there, whatever happened in between: so the limit holds.
///
/// A refusal needs an instant at which nothing was free. The refused worker sums up `given` over all leases, finds every
/// lease empty, then the reserve, and sums up `given` again: if the sums are equal nothing was given meanwhile, no lease
/// can have become other than empty, and the instant is the look into the reserve. Otherwise it begins anew. Before that
/// it raises the *pressure*: workers that see it give back to the reserve, so the sums soon stand still. Pressure ends
/// when much is free again. Permits only ever move from a free place into use, never from one free place to another,
/// where a search could miss them.
///
/// A limit that falls leaves a *debt*: as many permits are burnt as they come back, or before somebody takes one. A permit
/// that a worker has at hand to use or to burn is not free.
@safe
public struct RequestPermits: BitwiseCopyable {
    /// The words of a worker's page that belong to leases: `given` and `claimed` of each priority, then how many requests
    /// of each priority the worker has open, on a line that searches do not touch.
    static var pageWords: Int { 10 }
    private static var openWord: Int { 8 }
    private static var pressure: UInt64 { 1 }
    private static var oneOfDebt: UInt64 { 2 }

    let slot: ClusterSlot
    /// Bit 0: pressure; above it the debt.
    let state: UnsafeMutablePointer<Atomic<UInt64>>
    /// Free permits that no worker leases.
    let reserve: UnsafeMutablePointer<Atomic<UInt64>>
    /// How much in the reserve ends the pressure.
    let mark: UnsafeMutablePointer<Atomic<UInt64>>
    let priority: Int

    init(
        slot: ClusterSlot, state: UnsafeMutablePointer<Atomic<UInt64>>,
        reserve: UnsafeMutablePointer<Atomic<UInt64>>, mark: UnsafeMutablePointer<Atomic<UInt64>>, priority: Int
    ) {
        self.slot = slot
        unsafe self.state = state
        unsafe self.reserve = reserve
        unsafe self.mark = mark
        self.priority = priority
    }

    // MARK: For workers

    /// Takes a permit for the worker `index`, which has a page; answers whether there was one. O(1), unless nothing is
    /// free near at hand: then O(workers).
    @inline(__always)
    func take(worker index: Int) -> Bool {
        guard let lease = lease(index) else { return false }
        // Acquiring, and before the claim: what is in the own lease was free at this instant already, and debt that came
        // later was owed after this permit was taken.
        if unsafe state.pointee.load(ordering: .acquiring) == 0, lease.claim() {
            lease.open(1)
            return true
        }
        return search(lease)
    }

    /// Gives a permit back that the worker `index` took.
    @inline(__always)
    func giveBack(worker index: Int) {
        guard let lease = lease(index) else { return }
        lease.open(-1)
        if unsafe state.pointee.load(ordering: .relaxed) == 0 {
            lease.give()
        } else {
            giveUnderPressure()
        }
    }

    /// Whether a permit is free now that is not owed; takes none. Exact when nobody else is at work. O(workers).
    var isOneFree: Bool {
        var free = unsafe reserve.pointee.load(ordering: .relaxed)
        for index in 0..<slot.capacity { if let lease = lease(index) { free &+= lease.free } }
        let debt = unsafe state.pointee.load(ordering: .relaxed) / Self.oneOfDebt
        return free > debt
    }

    @inline(never)
    private func giveUnderPressure() {
        if payDebt() { return }
        let free = unsafe reserve.pointee.add(1, ordering: .releasing).newValue
        guard unsafe free >= mark.pointee.load(ordering: .relaxed) else { return }
        unsafe state.pointee.bitwiseAnd(~Self.pressure, ordering: .relaxed)
    }

    @inline(never)
    private func search(_ own: Lease) -> Bool {
        while own.claim() || claimFromReserve() || claimAnywhere() {
            // Asked after the claim: the permit may have become free after the limit fell, and is owed then.
            if payDebt() { continue }
            own.open(1)
            return true
        }
        return false
    }

    /// Claims a permit from wherever one is free; answers false only if there was an instant without any. Each
    /// repetition means that another worker got through.
    private func claimAnywhere() -> Bool {
        for index in 0..<slot.capacity { if let lease = lease(index), lease.claim() { return true } }
        unsafe state.pointee.bitwiseOr(Self.pressure, ordering: .relaxed)
        while true {
            let before = given
            for index in 0..<slot.capacity { if let lease = lease(index), lease.claim() { return true } }
            if claimFromReserve() { return true }
            if given == before { return false }
        }
    }

    private func claimFromReserve() -> Bool {
        // Acquiring: the second sum is not to be read before this.
        var free = unsafe reserve.pointee.load(ordering: .acquiring)
        while free > 0 {
            let (exchanged, original) = unsafe reserve.pointee.weakCompareExchange(
                expected: free, desired: free &- 1, ordering: .acquiring)
            if exchanged { return true }
            free = original
        }
        return false
    }

    /// Burns the permit at hand if there is debt; answers whether it did.
    private func payDebt() -> Bool {
        var before = unsafe state.pointee.load(ordering: .acquiring)
        while before >= Self.oneOfDebt {
            let (exchanged, original) = unsafe state.pointee.weakCompareExchange(
                expected: before, desired: before &- Self.oneOfDebt, ordering: .acquiring)
            if exchanged { return true }
            before = original
        }
        return false
    }

    /// How many permits were ever given back to leases: equal sums mean that every lease was given nothing, as each only
    /// grows.
    private var given: UInt64 {
        var sum: UInt64 = 0
        for index in 0..<slot.capacity { if let lease = lease(index) { sum &+= lease.given } }
        return sum
    }

    /// The lease of the worker `index`; `nil` as long as there is no page, which then has nothing in it.
    @inline(__always)
    private func lease(_ index: Int) -> Lease? {
        // Acquiring: partner of `WorkerPages.prepare`, for pages of other workers.
        let page = unsafe slot.pages[index].load(ordering: .acquiring)
        guard let page = unsafe UnsafeMutablePointer<Atomic<UInt64>>(bitPattern: page) else { return nil }
        return unsafe Lease(words: page + priority &* 2, openRequests: page + (Self.openWord &+ priority))
    }

    // MARK: For the control side

    /// Changes the limit from `former` to `limit`: more permits go to debts and then into the reserve, fewer are debt.
    public func changeLimit(from former: UInt64, to limit: UInt64) {
        unsafe mark.pointee.store(limit / 8 + 1, ordering: .relaxed)
        guard limit > former else { return lowerLimit(by: former - limit) }
        var more = limit - former
        while more > 0, payDebt() { more -= 1 }
        unsafe reserve.pointee.add(more, ordering: .releasing)
    }

    /// Burns what the reserve has, at once; the rest is debt, which is no more than was ever in use.
    private func lowerLimit(by difference: UInt64) {
        var left = difference
        var free = unsafe reserve.pointee.load(ordering: .relaxed)
        while free > 0, left > 0 {
            let burnt = min(free, left)
            let (exchanged, original) = unsafe reserve.pointee.weakCompareExchange(
                expected: free, desired: free - burnt, ordering: .acquiringAndReleasing)
            if exchanged { left -= burnt }
            free = exchanged ? free - burnt : original
        }
        unsafe state.pointee.add(left &* Self.oneOfDebt, ordering: .acquiringAndReleasing)
    }

    /// Requests that are open now, over all workers. Exact when nobody is at work.
    public var active: UInt64 {
        var sum: UInt64 = 0
        for index in 0..<slot.capacity { if let lease = lease(index) { sum &+= lease.openRequests } }
        return sum
    }

    /// In a child process: gives back what the workers but `survivor` had in use, whose threads do not exist there.
    public func giveBackAll(except survivor: Int?) {
        for index in 0..<slot.capacity where index != survivor {
            guard let lease = lease(index) else { continue }
            while lease.openRequests > 0 { giveBack(worker: index) }
        }
    }
}

/// One worker's free permits: the difference of two words that only grow.
@safe
private struct Lease {
    let words: UnsafeMutablePointer<Atomic<UInt64>>
    let openWord: UnsafeMutablePointer<Atomic<UInt64>>

    @inline(__always)
    init(words: UnsafeMutablePointer<Atomic<UInt64>>, openRequests: UnsafeMutablePointer<Atomic<UInt64>>) {
        unsafe self.words = words
        unsafe openWord = openRequests
    }

    /// What its worker ever gave back to it. Acquiring: looks that follow in a search stay behind it.
    @inline(__always)
    var given: UInt64 { unsafe words.pointee.load(ordering: .acquiring) }

    /// How many permits are in it.
    var free: UInt64 {
        let claimed = unsafe words[1].load(ordering: .acquiring)
        return given &- claimed
    }

    /// Puts a permit in; its worker only, so a load and a store are enough.
    @inline(__always)
    func give() {
        // Releasing: whoever claims this permit has it after the request that had it before.
        unsafe words.pointee.store(words.pointee.load(ordering: .relaxed) &+ 1, ordering: .releasing)
    }

    /// Takes a permit out, whoever asks; answers whether there was one.
    @inline(__always)
    func claim() -> Bool {
        var claimed = unsafe words[1].load(ordering: .acquiring)
        // `given` is read after `claimed`. If that is stale the exchange fails; if `given` is, there is more than it says.
        while given > claimed {
            let (exchanged, original) = unsafe words[1].weakCompareExchange(
                expected: claimed, desired: claimed &+ 1, ordering: .acquiring)
            if exchanged { return true }
            claimed = original
        }
        return false
    }

    /// Requests that its worker has open.
    var openRequests: UInt64 { unsafe openWord.pointee.load(ordering: .relaxed) }

    /// Notes that its worker has `change` requests more; its worker only.
    @inline(__always)
    func open(_ change: Int64) {
        let before = unsafe openWord.pointee.load(ordering: .relaxed)
        unsafe openWord.pointee.store(before &+ UInt64(bitPattern: change), ordering: .relaxed)
    }
}
