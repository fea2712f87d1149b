// Fairlead: an endpoint that answers when it is told
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Holds answers back until it is opened.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [EventLoopPromise<Void>] = []
    }

    private let state = Mutex(State())

    /// Lets everything through from now on.
    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for promise in waiting { promise.succeed() }
    }

    fileprivate func pass(_ promise: EventLoopPromise<Void>) {
        let isOpen = state.withLock { state in
            if !state.isOpen { state.waiting.append(promise) }
            return state.isOpen
        }
        if isOpen { promise.succeed() }
    }
}

/// An endpoint that answers every request with 200 once its gate is open.
final class GatedBackend: Sendable {
    let port: Int
    private let channel: any Channel
    private let count: Counter

    private final class Counter: Sendable {
        let value = Mutex(0)
    }

    static func start(_ gate: Gate) async throws -> GatedBackend {
        let count = Counter()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(
                        GatedResponder(gate) { count.value.withLock { $0 += 1 } })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return GatedBackend(channel, count)
    }

    private init(_ channel: any Channel, _ count: Counter) {
        self.channel = channel
        self.count = count
        port = channel.localAddress?.port ?? 0
    }

    /// How many requests came to the gate so far.
    var waiting: Int { count.value.withLock { $0 } }

    func stop() async { try? await channel.close().get() }
}

/// Answers the requests of one connection.
private final class GatedResponder: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let gate: Gate
    private let arrived: @Sendable () -> Void

    init(_ gate: Gate, _ arrived: @escaping @Sendable () -> Void) {
        self.gate = gate
        self.arrived = arrived
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .end = unwrapInboundIn(data) else { return }
        let promise = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        promise.futureResult.whenSuccess {
            let context = bound.value
            let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["content-length": "4"])
            context.write(NIOAny(HTTPServerResponsePart.head(head)), promise: nil)
            context.write(NIOAny(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: "late")))), promise: nil)
            context.writeAndFlush(NIOAny(HTTPServerResponsePart.end(nil)), promise: nil)
        }
        arrived()
        gate.pass(promise)
    }
}
