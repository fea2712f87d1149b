// Fairlead: tests of the timer of a connection
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOCore
import NIOEmbedded
import Testing

@testable import FairleadProxy

@Suite struct DeadlineTimerTests {
    @Test func theEarliestDeadlineCounts() throws {
        let loop = EmbeddedEventLoop()
        let timer = DeadlineTimer(eventLoop: loop)
        var fired: [UInt64] = []
        timer.onDue = { fired.append(loop.now.uptimeNanoseconds) }
        timer.arm(.init(nanoseconds: 100))
        timer.arm(.init(nanoseconds: 50))
        timer.arm(.init(nanoseconds: 200))
        loop.advanceTime(by: .nanoseconds(49))
        #expect(fired.isEmpty)
        loop.advanceTime(by: .nanoseconds(1))
        #expect(fired == [50])
        loop.advanceTime(by: .nanoseconds(1000))
        #expect(fired == [50])
        timer.arm(.init(nanoseconds: 2000))
        loop.advanceTime(by: .nanoseconds(1000))
        #expect(fired == [50, 2000])
    }

    @Test func aCancelledTimerIsStill() {
        let loop = EmbeddedEventLoop()
        let timer = DeadlineTimer(eventLoop: loop)
        var fired = 0
        timer.onDue = { fired += 1 }
        timer.arm(.init(nanoseconds: 100))
        timer.cancel()
        loop.advanceTime(by: .seconds(1))
        #expect(fired == 0)
    }
}
