// Fairlead: all event loops of a proxy
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// All event loops of a proxy, each with what it has of its own. From elsewhere they can only be sent work.
struct LoopTable: Sendable {
    private let entries: [NIOLoopBound<ProxyLoop>]

    init(_ entries: [NIOLoopBound<ProxyLoop>]) { self.entries = entries }

    /// What `eventLoop` has of its own; only on that event loop. O(event loops), of which there are few.
    func loop(of eventLoop: any EventLoop) -> ProxyLoop? { entries.first { $0.eventLoop === eventLoop }?.value }

    /// Runs `body` on each event loop, one after the other, and answers what it answered.
    func onEach<Result: Sendable>(_ body: @escaping @Sendable (ProxyLoop) -> Result) async -> [Result] {
        var results: [Result] = []
        for entry in entries {
            // An event loop that is shut down has nothing to do any more.
            if let result = try? await entry.eventLoop.submit({ body(entry.value) }).get() { results.append(result) }
        }
        return results
    }
}
