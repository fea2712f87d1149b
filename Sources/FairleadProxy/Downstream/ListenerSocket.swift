// Fairlead: a listener's socket
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOCore
import NIOHTTP1
import NIOPosix

/// A listener's socket: accepts connections and puts a codec and a `DownstreamConnection` on each, on the event loop
/// that its turn has come to.
struct ListenerSocket: Sendable {
    private let channel: any Channel

    /// Binds the socket of the listener with the given number; nothing is accepted before `accept`.
    static func bind(
        _ address: Address, listener: Int, _ loops: LoopTable, on group: MultiThreadedEventLoopGroup,
        _ options: ProxyOptions
    ) async throws -> ListenerSocket {
        let limits = options.decoderLimits
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.autoRead, value: false)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let loop = loops.loop(of: channel.eventLoop) else { throw ChannelError.ioOnClosedChannel }
                    let handlers = handlers(DownstreamConnection(listener: listener, loop: loop), limits)
                    try channel.pipeline.syncOperations.addHandlers(handlers)
                }
            }
        switch address {
        case .socket(let host, let port):
            return ListenerSocket(channel: try await bootstrap.bind(host: host, port: Int(port)).get())
        case .pipe(let path):
            let future = bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true)
            return ListenerSocket(channel: try await future.get())
        }
    }

    /// The handlers of a client's channel.
    static func handlers(
        _ connection: DownstreamConnection, _ limits: NIOHTTPDecoderLimitConfiguration
    ) -> [any ChannelHandler] {
        // Framing is decided where both ends of an exchange are known, not by the codec.
        var framing = HTTPResponseEncoder.Configuration()
        framing.automaticallySetFramingHeaders = false
        let decoder = HTTPRequestDecoder(
            leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .drop, limitConfiguration: limits)
        return [HTTPResponseEncoder(configuration: framing), ByteToMessageHandler(decoder), connection]
    }

    /// Where it listens.
    var address: String { channel.localAddress?.fairleadText ?? "" }

    /// The port, 0 for a Unix socket.
    var port: Int { channel.localAddress?.port ?? 0 }

    /// Begins to accept connections.
    func accept() async throws { try await channel.setOption(.autoRead, value: true).get() }

    /// Stops accepting; connections that are there stay.
    func close() async { try? await channel.close().get() }
}
