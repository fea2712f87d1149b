// Fairlead: makes connections to endpoints
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOCore
import NIOHTTP1
import NIOPosix

/// Makes connections to endpoints: TCP or a Unix socket, with an HTTP/1.1 codec on it.
struct UpstreamConnector: Sendable {
    /// The most that a response's head may hold: Envoy's limit for requests serves both ways.
    let limits: NIOHTTPDecoderLimitConfiguration

    /// Connects to `address`, which may be a name that the system resolves, with `connection` at the channel's end.
    func connect(
        to address: Address, timeoutNanoseconds: UInt64, _ connection: UpstreamConnection, on eventLoop: any EventLoop
    ) -> EventLoopFuture<NIOLoopBound<UpstreamConnection>> {
        let bound = NIOLoopBound(connection, eventLoop: eventLoop)
        let limits = limits
        // NIO counts in Int64.
        let timeout = TimeAmount.nanoseconds(Int64(clamping: timeoutNanoseconds))
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(timeout)
            .channelOption(.autoRead, value: false)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    // Framing is decided where both ends of an exchange are known, not by the codec.
                    var framing = HTTPRequestEncoder.Configuration()
                    framing.automaticallySetFramingHeaders = false
                    let decoder = HTTPResponseDecoder(
                        leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .drop,
                        limitConfiguration: limits)
                    try channel.pipeline.syncOperations.addHandlers([
                        HTTPRequestEncoder(configuration: framing), ByteToMessageHandler(decoder), bound.value,
                    ])
                }
            }
        let future =
            switch address {
            case .pipe(let path): bootstrap.connect(unixDomainSocketPath: path)
            case .socket(let host, let port): Self.connect(bootstrap, host, port)
            }
        return future.map { _ in bound }
    }

    private static func connect(
        _ bootstrap: ClientBootstrap, _ host: String, _ port: UInt16
    ) -> EventLoopFuture<any Channel> {
        if let literal = try? SocketAddress(ipAddress: host, port: Int(port)) { return bootstrap.connect(to: literal) }
        return bootstrap.connect(host: host, port: Int(port))
    }

    /// What a failure to connect is called.
    static func failure(_ error: any Error) -> UpstreamFailure {
        if case ChannelError.connectTimeout? = error as? ChannelError { return .connectTimeout }
        return .refused
    }
}
