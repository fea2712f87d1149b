// Fairlead: one timer for many deadlines
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOCore

/// One timer for the deadlines of one connection, of which only the earliest matters.
///
/// A deadline that moves back, as one does with every byte and every request, costs nothing: the timer fires early, finds
/// nothing due, and is set again. So a connection has one scheduled task for many requests.
final class DeadlineTimer {
    private let eventLoop: any EventLoop
    private var scheduled: Scheduled<Void>?
    private var firesAt = Instant.never

    /// Called when a deadline may have passed.
    var onDue: (() -> Void)?

    init(eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    /// Sees to it that `onDue` is called at `deadline` or before.
    func arm(_ deadline: Instant) {
        guard deadline < firesAt else { return }
        scheduled?.cancel()
        firesAt = deadline
        let this = NIOLoopBound(self, eventLoop: eventLoop)
        scheduled = eventLoop.scheduleTask(deadline: .uptimeNanoseconds(deadline.nanoseconds)) { this.value.fire() }
    }

    /// Calls nothing any more.
    func cancel() {
        scheduled?.cancel()
        scheduled = nil
        firesAt = .never
        onDue = nil
    }

    private func fire() {
        scheduled = nil
        firesAt = .never
        onDue?()
    }
}

extension EventLoop {
    /// The event loop's time, as Fairlead counts it.
    var instant: Instant { Instant(nanoseconds: now.uptimeNanoseconds) }
}
