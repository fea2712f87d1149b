// Fairlead: tests of the permits of requests
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Foundation
import Testing

@testable import FairleadDataPlane

@Suite struct RequestPermitsTests {
    /// A slot with permits for workers `0 ..< workers`; the owner keeps it.
    static func owner(limit: UInt64, workers: Int = 3) -> ClusterSlotOwner {
        let pages = WorkerPages.ofCluster(capacity: workers)
        for worker in 0..<workers { pages.prepare(worker: worker) }
        let owner = ClusterSlotOwner(incarnation: 1, pages: pages)
        owner.slot.requestPermits(0).changeLimit(from: 0, to: limit)
        return owner
    }

    static func taken(_ owner: ClusterSlotOwner, worker: Int, _ tries: Int) -> Int {
        (0..<tries).count { _ in owner.slot.requestPermits(0).take(worker: worker) }
    }

    @Test(arguments: [UInt64(0), 1, 2, 7, 1024])
    func exactlyTheLimitIsTakenWhoeverTakes(limit: UInt64) {
        let owner = Self.owner(limit: limit)
        let permits = owner.slot.requestPermits(0)
        var count = 0
        for round in 0..<(Int(limit) + 5) where permits.take(worker: round % 3) { count += 1 }
        #expect(count == Int(limit))
        #expect(permits.active == limit)
    }

    @Test func permitsThatLieWithOneWorkerAreThereForTheOthers() {
        let owner = Self.owner(limit: 5)
        let permits = owner.slot.requestPermits(0)
        #expect(Self.taken(owner, worker: 0, 5) == 5)
        for _ in 0..<5 { permits.giveBack(worker: 0) }
        #expect(permits.active == 0)
        #expect(Self.taken(owner, worker: 1, 3) == 3)
        #expect(Self.taken(owner, worker: 2, 9) == 2)
        #expect(Self.taken(owner, worker: 0, 1) == 0)
        permits.giveBack(worker: 2)
        #expect(Self.taken(owner, worker: 1, 2) == 1)
    }

    @Test func prioritiesDoNotShare() {
        let owner = Self.owner(limit: 1)
        owner.slot.requestPermits(1).changeLimit(from: 0, to: 2)
        #expect(owner.slot.requestPermits(0).take(worker: 0))
        #expect(!owner.slot.requestPermits(0).take(worker: 0))
        #expect((0..<3).count { _ in owner.slot.requestPermits(1).take(worker: 1) } == 2)
        #expect(owner.slot.requestPermits(0).active == 1 && owner.slot.requestPermits(1).active == 2)
    }

    @Test func aHigherLimitIsThereAtOnce() {
        let owner = Self.owner(limit: 1)
        #expect(Self.taken(owner, worker: 0, 2) == 1)
        owner.slot.requestPermits(0).changeLimit(from: 1, to: 3)
        #expect(Self.taken(owner, worker: 1, 9) == 2)
    }

    @Test func aLowerLimitHoldsAsSoonAsItIsSet() {
        let owner = Self.owner(limit: 6)
        let permits = owner.slot.requestPermits(0)
        #expect(Self.taken(owner, worker: 0, 5) == 5)
        permits.changeLimit(from: 6, to: 2)
        #expect(Self.taken(owner, worker: 1, 1) == 0)
        for active in [4, 3, 2] {
            permits.giveBack(worker: 0)
            #expect(permits.active == UInt64(active))
            #expect(Self.taken(owner, worker: 1, 1) == 0)
        }
        permits.giveBack(worker: 0)
        #expect(Self.taken(owner, worker: 1, 5) == 1)
        #expect(permits.active == 2)
    }

    @Test func permitsThatAreFreeInLeasesAreBurntToo() {
        let owner = Self.owner(limit: 6)
        let permits = owner.slot.requestPermits(0)
        #expect(Self.taken(owner, worker: 0, 6) == 6)
        for _ in 0..<6 { permits.giveBack(worker: 0) }
        permits.changeLimit(from: 6, to: 2)
        #expect(Self.taken(owner, worker: 0, 9) == 2)
        permits.changeLimit(from: 2, to: 4)
        #expect(Self.taken(owner, worker: 1, 9) == 2)
    }

    @Test func aHugeLimitFallsWithoutEffort() {
        let owner = Self.owner(limit: UInt64(UInt32.max))
        let permits = owner.slot.requestPermits(0)
        permits.changeLimit(from: UInt64(UInt32.max), to: 0)
        #expect(Self.taken(owner, worker: 0, 3) == 0)
        permits.changeLimit(from: 0, to: UInt64(UInt32.max))
        #expect(Self.taken(owner, worker: 0, 3) == 3)
    }

    @Test func aDebtIsPaidBeforeTheLimitRises() {
        let owner = Self.owner(limit: 4)
        let permits = owner.slot.requestPermits(0)
        #expect(Self.taken(owner, worker: 0, 4) == 4)
        permits.changeLimit(from: 4, to: 1)
        permits.changeLimit(from: 1, to: 3)
        #expect(Self.taken(owner, worker: 1, 1) == 0)
        permits.giveBack(worker: 0)
        #expect(Self.taken(owner, worker: 1, 1) == 0)
        permits.giveBack(worker: 0)
        #expect(Self.taken(owner, worker: 1, 2) == 1)
    }

    @Test func whatWorkersOfTheParentHadIsFreeInAChild() {
        let owner = Self.owner(limit: 4)
        #expect(Self.taken(owner, worker: 0, 1) == 1)
        #expect(Self.taken(owner, worker: 1, 3) == 3)
        owner.slot.requestPermits(0).giveBackAll(except: 0)
        #expect(owner.slot.requestPermits(0).active == 1)
        #expect(Self.taken(owner, worker: 0, 9) == 3)
    }

    @Test func aWorkerWithoutAPageGetsNothing() {
        let pages = WorkerPages.ofCluster(capacity: 2)
        pages.prepare(worker: 0)
        let owner = ClusterSlotOwner(incarnation: 1, pages: pages)
        owner.slot.requestPermits(0).changeLimit(from: 0, to: 1)
        #expect(Self.taken(owner, worker: 1, 1) == 0)
        #expect(Self.taken(owner, worker: 0, 2) == 1)
    }

    @Test func theLeaseOfAWorkerThatIsGoneIsNotLost() {
        let pages = WorkerPages.ofCluster(capacity: 2)
        for worker in 0..<2 { pages.prepare(worker: worker) }
        let owner = ClusterSlotOwner(incarnation: 1, pages: pages)
        let permits = owner.slot.requestPermits(0)
        permits.changeLimit(from: 0, to: 3)
        #expect(Self.taken(owner, worker: 0, 3) == 3)
        for _ in 0..<3 { permits.giveBack(worker: 0) }
        pages.retire(worker: 0)
        #expect(Self.taken(owner, worker: 1, 9) == 3)
    }

    /// Threads that each hold at most as many as there are for all: nobody may ever be refused, and when they hold one
    /// more between them, somebody must be.
    @Test(arguments: [1, 2, 5])
    func threadsNeverHoldMoreThanTheLimit(limit: Int) async {
        let threads = 3
        let owner = Self.owner(limit: UInt64(limit), workers: threads)
        let slot = Shared(owner.slot)
        let peak = await withTaskGroup(of: Int.self) { group in
            for worker in 0..<threads {
                group.addTask {
                    let permits = slot.value.requestPermits(0)
                    var random = RandomSource(seed: UInt64(worker))
                    var held = 0
                    var worst = 0
                    for _ in 0..<20_000 {
                        if held > 0, random.next(below: 2) == 0 {
                            permits.giveBack(worker: worker)
                            held -= 1
                        } else if permits.take(worker: worker) {
                            held += 1
                            worst = max(worst, Int(permits.active))
                        }
                    }
                    for _ in 0..<held { permits.giveBack(worker: worker) }
                    return worst
                }
            }
            return await group.reduce(0) { max($0, $1) }
        }
        #expect(peak <= limit + threads, "the gauge may be a moment behind")
        #expect(owner.slot.requestPermits(0).active == 0)
        #expect(Self.taken(owner, worker: 0, limit + 9) == limit)
    }
}

/// A slot that several tasks use.
private struct Shared: @unchecked Sendable {
    let value: ClusterSlot

    init(_ value: ClusterSlot) { self.value = value }
}
