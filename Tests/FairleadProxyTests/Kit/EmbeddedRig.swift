// Fairlead: one client's connection without a network
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOCore
import NIOEmbedded
import NIOHTTP1

@testable import FairleadProxy

/// One client's connection without a network, on an event loop whose time stands still until it is moved.
final class EmbeddedRig {
    let channel: EmbeddedChannel
    let loop: ProxyLoop
    let connection: DownstreamConnection

    /// A connection to a listener with `routes` for every host.
    init(_ routes: [Route], manager change: (inout ConnectionManager) -> Void = { _ in }) throws {
        let configuration = ProxyRig.configuration(routes, clusters: [Cluster("nobody")], manager: change)
        let engine = try Engine(configuration)
        let eventLoop = EmbeddedEventLoop()
        loop = ProxyLoop(
            eventLoop: eventLoop, worker: try engine.makeWorker(), clusters: UpstreamClusters(),
            counters: LoopCounters(), number: 0, options: ProxyOptions())
        loop.configure([
            ListenerSettings(
                name: "main", manager: configuration.listeners[0].connectionManager,
                routeTable: engine.routeTableID("table") ?? -1)
        ])
        connection = DownstreamConnection(listener: 0, loop: loop)
        channel = EmbeddedChannel(
            handlers: ListenerSocket.handlers(connection, ProxyOptions().decoderLimits), loop: eventLoop)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    /// What the client sends.
    func send(_ text: String) throws {
        try channel.writeInbound(ByteBuffer(string: text))
        channel.embeddedEventLoop.run()
    }

    /// What the client got since it was asked last.
    func received() throws -> String {
        var text = ""
        while case .byteBuffer(let buffer)? = try channel.readOutbound(as: IOData.self) {
            text += String(buffer: buffer)
        }
        return text
    }

    /// The statuses of the responses that the client got since it was asked last.
    func statuses() throws -> [Int] {
        // A body may stand right before the next head.
        try received().split(separator: "HTTP/1.1 ").compactMap { Int($0.prefix(3)) }
    }

    /// Whether the connection is still open.
    var isOpen: Bool { channel.isActive }

    /// Moves time.
    func advance(_ time: TimeAmount) { channel.embeddedEventLoop.advanceTime(by: time) }
}

extension Route {
    /// A route that answers `path` by itself.
    static func direct(_ path: String, _ status: UInt16 = 200, _ body: String = "ok") -> Route {
        Route(
            name: path, match: RouteMatch(.exact(path)),
            action: .directResponse(DirectResponse(status: status, body: Array(body.utf8))))
    }
}
