// Fairlead: tests of endpoint slots
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@Suite struct EndpointSlotTests {
    /// Lends a fresh slot in memory of its own.
    static func withSlot(_ body: (EndpointSlot, UnsafeMutableRawPointer) -> Void) {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0xff, count: 64)
        defer { memory.deallocate() }
        let slot = EndpointSlot(base: memory)
        slot.initialize(index: 3, incarnation: 9)
        body(slot, memory)
    }

    @Test func aFreshSlotHasCountedNothing() {
        Self.withSlot { slot, _ in
            #expect(slot.activeRequests == 0)
            #expect(slot.startedRequests == 0)
            #expect(slot.failedRequests == 0)
            #expect(slot.holders == 0)
            #expect(slot.index == 3)
            #expect(slot.incarnation == 9)
        }
    }

    @Test func requestsAreActiveFromStartToFinish() {
        Self.withSlot { slot, _ in
            for _ in 0..<3 { slot.start() }
            #expect(slot.activeRequests == 3)
            slot.finish(failed: true)
            slot.finish(failed: false)
            #expect(slot.activeRequests == 1)
            #expect(slot.startedRequests == 3)
            #expect(slot.failedRequests == 1)
        }
    }

    @Test func theCountOfStartsWrapsWithoutTouchingTheActiveOnes() {
        Self.withSlot { slot, memory in
            // Two active requests, and one start before the count of starts is full.
            memory.storeBytes(of: 2 << 40 | 0xff_ffff_fffe, as: UInt64.self)
            slot.start()
            #expect(slot.startedRequests == 0xff_ffff_ffff)
            #expect(slot.activeRequests == 3)
            slot.start()
            #expect(slot.startedRequests == 0)
            #expect(slot.activeRequests == 4)
            slot.start()
            #expect(slot.startedRequests == 1)
            for _ in 0..<5 { slot.finish(failed: false) }
            #expect(slot.activeRequests == 0)
        }
    }

    @Test func holdersAreCounted() {
        Self.withSlot { slot, _ in
            slot.hold()
            slot.hold()
            slot.release()
            #expect(slot.holders == 1)
            #expect(slot.activeRequests == 0)
        }
    }

    @Test func aSlotIsTheMemoryThatItLiesIn() {
        Self.withSlot { first, memory in
            Self.withSlot { second, _ in
                #expect(first != second)
                #expect(first.identity != second.identity)
            }
            #expect(first == EndpointSlot(base: memory))
            #expect(first.identity == UInt(bitPattern: memory))
        }
        #expect(EndpointSlot.stride == 64)
    }

    @Test func hostLoadsReadTheSlotsOfAListInItsOrder() {
        Self.withSlot { idle, _ in
            Self.withSlot { busy, _ in
                busy.start()
                let slots = [idle, busy]
                slots.withUnsafeBufferPointer { slots in
                    let run = HostLoads(slots: slots.baseAddress, ordinals: nil, first: 0, count: 2)
                    #expect((0..<2).map { run.activeRequests($0) } == [0, 1])
                    let tail = HostLoads(slots: slots.baseAddress, ordinals: nil, first: 1, count: 1)
                    #expect(tail.ordinal(0) == 1)
                    #expect(tail.activeRequests(0) == 1)
                    [UInt32(1), 0].withUnsafeBufferPointer { ordinals in
                        let turned = HostLoads(
                            slots: slots.baseAddress, ordinals: ordinals.baseAddress, first: 0, count: 2)
                        #expect((0..<2).map { turned.ordinal($0) } == [1, 0])
                        #expect((0..<2).map { turned.activeRequests($0) } == [1, 0])
                    }
                }
            }
        }
    }

    @Test func hostsWithoutSlotsAreIdle() {
        let loads = HostLoads(slots: nil, ordinals: nil, first: 5, count: 3)
        #expect(loads.ordinal(2) == 7)
        #expect(loads.activeRequests(2) == 0)
    }
}
