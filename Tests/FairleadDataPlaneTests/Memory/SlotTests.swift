// Fairlead: tests of slots, pages and tried endpoints
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@testable import FairleadDataPlane

@Suite struct EndpointSlabTests {
    @Test func slotsAreCacheLinesOfTheirOwn() {
        let slab = EndpointSlab()
        let slots = (0..<3000).map { _ in slab.take() }
        #expect(Set(slots.map { $0.identity }).count == 3000)
        #expect(slots.allSatisfy { $0.identity % 64 == 0 })
        #expect(slots.map { $0.index } == Array(0..<3000))
        #expect(slots.allSatisfy { $0.incarnation == 1 })
        #expect(slab.inUse == 3000)
        #expect(slab.byteCount == 3072 * 64)
    }

    @Test func aPlaceThatIsUsedAgainHasANewIncarnationAndNoHistory() {
        let slab = EndpointSlab()
        let first = slab.take()
        first.start()
        first.finish(failed: true)
        let (index, incarnation) = (first.index, first.incarnation)
        slab.giveBack(first)
        #expect(slab.inUse == 0)
        let second = slab.take()
        #expect(second.index == index)
        #expect(second.incarnation == incarnation + 1)
        #expect(second.startedRequests == 0 && second.failedRequests == 0)
    }

    @Test func indexAndIncarnationNeverComeTogetherTwice() {
        let slab = EndpointSlab()
        var random = RandomSource(seed: 3)
        var held: [EndpointSlot] = []
        var seen: Set<UInt64> = []
        for _ in 0..<5000 {
            if !held.isEmpty, random.next(below: 2) == 0 {
                slab.giveBack(held.remove(at: Int(random.next(below: UInt64(held.count)))))
            } else {
                let slot = slab.take()
                #expect(seen.insert(UInt64(slot.index) << 32 | UInt64(slot.incarnation)).inserted)
                held.append(slot)
            }
        }
        #expect(slab.inUse == held.count)
    }
}

@Suite struct ClusterSlotTests {
    @Test func noMorePermitsAreOutThanThereAre() {
        let owner = ClusterSlotOwner(incarnation: 5, pages: .ofCluster(capacity: 1))
        let slot = owner.slot
        #expect(slot.incarnation == 5)
        #expect((0..<5).map { _ in slot.take(.retries, priority: 0, limit: 3) } == [true, true, true, false, false])
        #expect(slot.active(.retries, priority: 0) == 3)
        #expect(slot.active(.retries, priority: 1) == 0)
        #expect(slot.take(.retries, priority: 1, limit: 1))
        slot.giveBack(.retries, priority: 0)
        #expect(slot.take(.retries, priority: 0, limit: 3))
        #expect(!slot.take(.retries, priority: 0, limit: 0))
        #expect(slot.incarnation == 5)
    }

    @Test func everyKindOfWorkIsCountedByItself() {
        let owner = ClusterSlotOwner(incarnation: 1, pages: .ofCluster(capacity: 1))
        for priority in 0..<2 {
            for (number, work) in CountedWork.allCases.enumerated() {
                for _ in 0...number { #expect(owner.slot.take(work, priority: priority, limit: .max)) }
            }
        }
        for priority in 0..<2 {
            for (number, work) in CountedWork.allCases.enumerated() {
                #expect(owner.slot.active(work, priority: priority) == UInt64(number + 1))
            }
        }
        #expect(owner.slot.incarnation == 1)
        #expect(owner.slot.holders == 0 && owner.isUnused)
        owner.slot.hold()
        #expect(!owner.isUnused)
        owner.slot.release()
        #expect(owner.isUnused)
    }

    @Test func whatIsForcedIsTakenBeyondTheLimit() {
        let owner = ClusterSlotOwner(incarnation: 1, pages: .ofCluster(capacity: 1))
        #expect(owner.slot.take(.connections, priority: 0, limit: 0, isForced: true))
        #expect(!owner.slot.take(.connections, priority: 0, limit: 1))
        owner.slot.giveBack(.connections, priority: 0)
        #expect(owner.slot.take(.connections, priority: 0, limit: 1))
    }

    @Test func aSmallerLimitCountsThoseThatAreOut() {
        let owner = ClusterSlotOwner(incarnation: 1, pages: .ofCluster(capacity: 1))
        for _ in 0..<4 { #expect(owner.slot.take(.retries, priority: 0, limit: 9)) }
        #expect(!owner.slot.take(.retries, priority: 0, limit: 4))
        owner.slot.giveBack(.retries, priority: 0)
        #expect(owner.slot.take(.retries, priority: 0, limit: 4))
    }
}

@Suite struct WorkerPagesTests {
    /// The page of a worker.
    static func page(_ pages: WorkerPages, _ worker: Int) -> UnsafeMutablePointer<UInt64>? {
        pages.base.load(fromByteOffset: worker * 8, as: UnsafeMutablePointer<UInt64>?.self)
    }

    @Test func pagesAreMadeForThoseWhoAsk() throws {
        let pages = WorkerPages(capacity: 3, wordCount: 5)
        #expect((0..<3).allSatisfy { Self.page(pages, $0) == nil })
        pages.prepare(worker: 1)
        let page = try #require(Self.page(pages, 1))
        #expect((0..<5).allSatisfy { page[$0] == 0 })
        #expect(UInt(bitPattern: page) % 64 == 0)
        page[4] = 9
        // Asked again, it is the same page.
        pages.prepare(worker: 1)
        #expect(Self.page(pages, 1) == page && page[4] == 9)
        #expect(Self.page(pages, 0) == nil && Self.page(pages, 2) == nil)
    }

    @Test func countsOfWorkersThatAreGoneAreKept() throws {
        let pages = WorkerPages(capacity: 2, wordCount: ClusterCounter.allCases.count)
        #expect(WorkerPages.ofCluster(capacity: 2).wordCount > pages.wordCount)
        pages.prepare(worker: 0)
        pages.prepare(worker: 1)
        for _ in 0..<3 { PageWord(try #require(Self.page(pages, 0)) + ClusterCounter.failures.rawValue).add() }
        PageWord(try #require(Self.page(pages, 1)) + ClusterCounter.failures.rawValue).add()
        #expect(pages.total(.failures) == 4)
        pages.retire(worker: 0)
        #expect(pages.total(.failures) == 4)
        #expect(pages.total(.requests) == 0)
        // Its place is empty for the next one.
        let page = try #require(Self.page(pages, 0))
        #expect(page[ClusterCounter.failures.rawValue] == 0)
        pages.retire(worker: 0)
        #expect(pages.total(.failures) == 4)
    }

    @Test func pagesWithoutWordsAreHarmless() {
        let pages = WorkerPages(capacity: 1, wordCount: 0)
        pages.prepare(worker: 0)
        pages.retire(worker: 0)
        #expect(pages.wordCount == 0)
    }
}

@Suite struct TriedEndpointsTests {
    @Test func eightAreRememberedInlineAndTheRestIsNot() {
        let slab = EndpointSlab()
        let slots = (0..<10).map { _ in slab.take() }
        var tried = TriedEndpoints()
        for slot in slots {
            #expect(!tried.contains(slot))
            tried.insert(slot)
        }
        #expect(slots.map { tried.contains($0) } == [Bool](repeating: true, count: 8) + [false, false])
    }

    @Test func theSameOneCountsOnce() {
        let slab = EndpointSlab()
        let slots = (0..<9).map { _ in slab.take() }
        var tried = TriedEndpoints()
        for _ in 0..<20 { tried.insert(slots[0]) }
        for slot in slots { tried.insert(slot) }
        #expect(slots.prefix(8).allSatisfy { tried.contains($0) })
        #expect(!tried.contains(slots[8]))
    }

    @Test func aCallersArrayMakesRoomForMore() {
        let slab = EndpointSlab()
        let slots = (0..<13).map { _ in slab.take() }
        let array = UnsafeMutablePointer<UInt>.allocate(capacity: 5)
        array.initialize(repeating: .max, count: 5)
        defer { array.deallocate() }
        var tried = TriedEndpoints()
        tried.extend(array, capacity: 4)
        for slot in slots { tried.insert(slot) }
        #expect(slots.map { tried.contains($0) } == [Bool](repeating: true, count: 12) + [false])
        #expect((0..<4).map { array[$0] } == slots[8..<12].map { $0.identity })
        #expect(array[4] == .max)
    }

    @Test func aNegativeCapacityIsNone() {
        let slab = EndpointSlab()
        let array = UnsafeMutablePointer<UInt>.allocate(capacity: 1)
        array.initialize(to: 0)
        defer { array.deallocate() }
        var tried = TriedEndpoints()
        tried.extend(array, capacity: -4)
        for _ in 0..<12 { tried.insert(slab.take()) }
        #expect(array[0] == 0)
    }
}

@Suite struct ScratchBufferTests {
    @Test(arguments: [0, 1, 1023, 1024, 1025, 4096, 100_000])
    func textsOfAnyLengthAreLent(length: Int) {
        var rounds = 0
        let text = [UInt8](repeating: 0x61, count: length)
        let seen = Bytes.withBytes(of: text) { bytes in
            ScratchBuffer.with(
                {
                    rounds += 1
                    $0.append(bytes)
                }, use: { $0.array })
        }
        #expect(seen == text)
        #expect(rounds == (length <= 1024 ? 1 : 2))
    }
}
