// Fairlead: a client of the demonstration
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import NIOPosix

/// A client of the demonstration: one keep-alive connection, one request at a time.
struct DemoClient: Sendable {
    /// What matters of a response.
    struct Answer: Sendable {
        var status: Int
        /// The endpoint that answered, if one did.
        var backend: String?
    }

    private let channel: any Channel
    private let exchange: NIOLoopBound<DemoExchange>

    /// Connects to `port` of this machine.
    static func connect(port: Int) async throws -> DemoClient {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(DemoExchange())
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        let exchange = try await channel.eventLoop.submit {
            let handler = try channel.pipeline.syncOperations.handler(type: DemoExchange.self)
            return NIOLoopBound(handler, eventLoop: channel.eventLoop)
        }.get()
        return DemoClient(channel: channel, exchange: exchange)
    }

    /// Asks for `path`.
    func ask(_ path: String, _ headers: [(String, String)]) async throws -> Answer {
        let exchange = exchange
        return try await channel.eventLoop.flatSubmit { exchange.value.ask(path, headers) }.get()
    }

    /// Closes the connection.
    func close() async { try? await channel.close().get() }
}

/// Matches the responses of one connection with its requests.
private final class DemoExchange: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private struct NotConnected: Error {}

    private var context: ChannelHandlerContext?
    private var promise: EventLoopPromise<DemoClient.Answer>?
    private var answer: DemoClient.Answer?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func ask(_ path: String, _ headers: [(String, String)]) -> EventLoopFuture<DemoClient.Answer> {
        guard let context else { return MultiThreadedEventLoopGroup.singleton.next().makeFailedFuture(NotConnected()) }
        let promise = context.eventLoop.makePromise(of: DemoClient.Answer.self)
        self.promise = promise
        let head = HTTPRequestHead(
            version: .http1_1, method: .GET, uri: path, headers: HTTPHeaders([("host", "demo.example")] + headers))
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        return promise.futureResult
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            answer = DemoClient.Answer(
                status: Int(head.status.code), backend: head.headers.first(name: "x-backend"))
        case .body: break
        case .end:
            if let answer { promise?.succeed(answer) }
            promise = nil
            answer = nil
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        promise?.fail(NotConnected())
        promise = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
