// Fairlead: what the system and the clock tell a serving process
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import FairleadProxy
import Glibc

/// What the system and the clock tell a serving process, as events: SIGTERM and SIGINT stop it, SIGHUP reloads, and each
/// second is a tick.
final class Signals {
    /// The events, in their order.
    let events: AsyncStream<ProxyServing.Event>
    /// Where further events can be put in.
    let input: AsyncStream<ProxyServing.Event>.Continuation
    private let sources: [any DispatchSourceSignal]
    private let ticks: Task<Void, Never>

    /// Begins to listen to signals, which then have no other effect.
    init() {
        let (events, continuation) = AsyncStream.makeStream(of: ProxyServing.Event.self)
        self.events = events
        input = continuation
        let queue = DispatchQueue(label: "fairlead.signals")
        sources = [(SIGTERM, ProxyServing.Event.stop), (SIGINT, .stop), (SIGHUP, .reload)].map { number, event in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { continuation.yield(event) }
            source.resume()
            return source
        }
        ticks = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(1))
                continuation.yield(.tick)
            }
        }
    }

    /// Ends the events.
    func stop() {
        ticks.cancel()
        for source in sources { source.cancel() }
        input.finish()
    }
}
