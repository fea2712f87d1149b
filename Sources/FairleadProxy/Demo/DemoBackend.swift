// Fairlead: an endpoint of the demonstration
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOCore
import NIOHTTP1
import NIOPosix

/// An endpoint of the demonstration: a tiny HTTP server on a free port of this machine, which takes its time to say who
/// it is.
struct DemoBackend: Sendable {
    let name: String
    let zone: String
    /// How long it takes to answer.
    let latency: Duration
    /// Whether it answers everything with 503.
    let fails: Bool
    let port: UInt16

    /// Starts the endpoint.
    static func start(
        _ name: String, zone: String, latency: Duration, fails: Bool = false, on group: any EventLoopGroup
    ) async throws -> DemoBackend {
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(
                        DemoResponder(name: name, zone: zone, latency: latency, fails: fails))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = UInt16(clamping: channel.localAddress?.port ?? 0)
        return DemoBackend(name: name, zone: zone, latency: latency, fails: fails, port: port)
    }

    /// The endpoint, as the configuration has it.
    var endpoint: Endpoint { Endpoint(.socket(host: "127.0.0.1", port: port), hostname: name) }
}

/// Answers the requests of one connection.
private final class DemoResponder: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let name: String
    private let zone: String
    private let latency: TimeAmount
    private let fails: Bool
    private var head: HTTPRequestHead?

    init(name: String, zone: String, latency: Duration, fails: Bool) {
        self.name = name
        self.zone = zone
        self.latency = TimeAmount.nanoseconds(Int64(clamping: latency.wholeNanoseconds))
        self.fails = fails
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            let this = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            context.eventLoop.scheduleTask(in: latency) {
                let (responder, context) = this.value
                responder.answer(head, context)
            }
        }
    }

    private func answer(_ request: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        let attempt = request.headers.first(name: "x-envoy-attempt-count").map { ", attempt \($0)" } ?? ""
        let text = fails ? "\(name) is out of order\n" : "\(name) in \(zone) took \(request.uri)\(attempt)\n"
        let body = ByteBuffer(string: text)
        let headers = HTTPHeaders([("content-length", String(body.readableBytes)), ("x-backend", name)])
        let head = HTTPResponseHead(
            version: .http1_1, status: fails ? .serviceUnavailable : .ok, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
