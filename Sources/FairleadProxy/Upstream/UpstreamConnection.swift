// Fairlead: one connection to an endpoint
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOCore
import NIOHTTP1

/// One connection to an endpoint: the last handler of its channel. It serves one request at a time, for the relay that
/// it is lent to, and goes back to its pool afterwards.
///
/// While it is idle it reads on, so that a connection that the endpoint closed, or on which it speaks unasked, is never
/// lent.
final class UpstreamConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// How much of a response that nobody wants is read to keep the connection.
    private static let discardLimit = 65_536

    let pool: UpstreamPool
    let connectTimeout: UInt64
    /// Whether the pool counts it.
    var isPooled = false
    /// The cluster's leave to have it.
    var permit: Permit?
    /// When it became idle.
    private(set) var idleSince = Instant.never
    private var relay: RequestRelay?
    private var context: ChannelHandlerContext?
    private var served: UInt64 = 0
    private var isLent = false
    private var requestIsSent = false
    private var responseIsComplete = false
    private var keepsAlive = false
    private var discarded = 0
    private var isPaused = false

    init(pool: UpstreamPool, connectTimeout: UInt64) {
        self.pool = pool
        self.connectTimeout = connectTimeout
    }

    /// Whether it is open.
    var isUsable: Bool { context != nil }

    /// Whether more may be written without piling up.
    var isWritable: Bool { context?.channel.isWritable ?? false }

    // MARK: For the relay

    /// Begins to serve `relay`.
    func serve(_ relay: RequestRelay) {
        self.relay = relay
        isLent = true
        served += 1
        requestIsSent = false
        responseIsComplete = false
        keepsAlive = false
        discarded = 0
    }

    func send(_ head: HTTPRequestHead) { context?.write(wrapOutboundOut(.head(head)), promise: nil) }

    func send(_ body: ByteBuffer) { context?.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }

    func sendEnd(_ trailers: HTTPHeaders?) {
        requestIsSent = true
        context?.writeAndFlush(wrapOutboundOut(.end(trailers)), promise: nil)
    }

    func flush() { context?.flush() }

    /// Reads on after the client was too slow.
    func resume() {
        guard isPaused else { return }
        isPaused = false
        context?.read()
    }

    /// The relay wants nothing more of the response, whose head has come. The connection is kept if the rest is short
    /// and comes soon.
    func abandon() {
        relay = nil
        guard requestIsSent, keepsAlive, let context else { return close() }
        resume()
        let this = NIOLoopBound(self, eventLoop: context.eventLoop)
        let request = served
        context.eventLoop.scheduleTask(in: .seconds(1)) {
            if this.value.isLent, this.value.relay == nil, this.value.served == request { this.value.close() }
        }
    }

    func close() {
        relay = nil
        context?.close(promise: nil)
    }

    // MARK: For the pool

    func becomeIdle(at now: Instant) { idleSince = now }

    // MARK: From the channel

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard isLent, !responseIsComplete else { return close() }
        switch unwrapInboundIn(data) {
        case .head(let head):
            // A change of protocol that nobody asked for.
            guard head.status != .switchingProtocols else { return lose(.protocolError) }
            keepsAlive = head.isKeepAlive
            relay?.responseHead(head)
        case .body(let buffer):
            if let relay { return relay.responseBody(buffer) }
            discarded += buffer.readableBytes
            if discarded > Self.discardLimit { close() }
        case .end(let trailers):
            responseIsComplete = true
            let relay = relay
            self.relay = nil
            relay?.responseEnded(trailers)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if let relay {
            relay.flushResponse()
            guard relay.acceptsResponse else { return isPaused = true }
        } else if isLent, responseIsComplete {
            // Not before the read is complete: what follows the response in it belongs to no request.
            guard giveBack() else { return close() }
        }
        context.read()
    }

    /// Goes back to the pool; answers whether it can serve another request.
    private func giveBack() -> Bool {
        isLent = false
        let limit = pool.cluster.maximumRequestsPerConnection
        guard requestIsSent, keepsAlive, limit == 0 || served < limit else { return false }
        pool.takeBack(self)
        return true
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { relay?.requestMayGoOn() }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Input and output errors are a connection that broke; the rest is a response that cannot be read. Where the
        // connection ends in the middle of one, the parser speaks first.
        let isProtocol = error is HTTPParserError && (error as? HTTPParserError) != .invalidEOFState
        lose(isProtocol ? .protocolError : .closed)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        isLent = false
        let relay = relay
        self.relay = nil
        if isPooled { pool.connectionClosed(self) }
        relay?.connectionLost(.closed)
        context.fireChannelInactive()
    }

    private func lose(_ failure: UpstreamFailure) {
        let relay = relay
        close()
        relay?.connectionLost(failure)
    }
}
