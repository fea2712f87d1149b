// Fairlead: one client's connection
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOCore
import NIOHTTP1

/// One client's connection: the last handler of its channel. Requests are served one after the other, in their order;
/// what a client sends ahead waits, and is not read on.
///
/// It begins exchanges with the engine, answers by itself what needs no endpoint, and leaves the rest to `RequestRelay`.
final class DownstreamConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// How much of a request that was answered early is read to keep the connection.
    private static let discardLimit = 65_536
    /// How long a client may take to send the rest of it, or to close after the last answer.
    private static let lingerNanoseconds: UInt64 = 1_000_000_000

    /// What came in: a part of a request, or the end of all understanding.
    private enum Inbound {
        case part(HTTPServerRequestPart)
        case fault(LocalReply)
    }

    /// The number of its listener.
    let listener: Int
    let loop: ProxyLoop
    private(set) var peer = ""
    private(set) var local = ""
    private(set) var context: ChannelHandlerContext?
    private var timer: DeadlineTimer?
    private var queue = CircularBuffer<Inbound>()
    private var isAdvancing = false
    private var isReading = false
    private var isDraining = false
    /// Whether only the end of the connection is waited for.
    private var isClosing = false
    private var lingerDeadline = Instant.never
    private var idleDeadline = Instant.never
    private var discarded = 0

    /// The request that is being served.
    var current: ClientRequest?
    /// Takes it to an endpoint, unless it is answered here.
    var relay: RequestRelay?

    init(listener: Int, loop: ProxyLoop) {
        self.listener = listener
        self.loop = loop
    }

    // MARK: From the channel

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        peer = context.remoteAddress?.fairleadText ?? ""
        local = context.localAddress?.fairleadText ?? ""
        let timer = DeadlineTimer(eventLoop: context.eventLoop)
        timer.onDue = { [unowned self] in timePassed() }
        self.timer = timer
        loop.opened(self)
        becomeIdle()
        context.fireChannelActive()
        readOn()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        isClosing = true
        queue.removeAll()
        timer?.cancel()
        timer = nil
        let relay = relay
        self.relay = nil
        if current != nil { requestIsOver(wasAborted: true) }
        relay?.clientLost()
        loop.closed(self)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        queue.append(.part(unwrapInboundIn(data)))
        advance()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        relay?.flushRequest()
        readOn()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { relay?.responseMayGoOn() }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let fault = error as? HTTPParserError else { return context.close(promise: nil) }
        // The end of the connection in the middle of a request is no fault that anybody could be told of.
        guard fault != .invalidEOFState, !isClosing else { return }
        loop.counters.add(.malformed)
        queue.append(.fault(fault == .headerOverflow ? .headTooLarge : .malformed))
        advance()
    }

    // MARK: What is next

    /// Takes what has come in, as far as the request that is being served allows.
    private func advance() {
        guard !isAdvancing else { return }
        isAdvancing = true
        defer { isAdvancing = false }
        while let next = queue.first, !isClosing {
            switch next {
            case .fault(let reply):
                // Answers to earlier requests come first; the rest of a request that broke off never comes.
                if let current, current.isComplete { return }
                queue.removeFirst()
                fail(reply)
            case .part(.head(let head)):
                guard current == nil else { return }
                queue.removeFirst()
                begin(head)
            case .part(.body(let part)):
                queue.removeFirst()
                take(part)
            case .part(.end(let trailers)):
                queue.removeFirst()
                current?.isComplete = true
                relay?.requestEnded(trailers)
                settle()
            }
        }
    }

    private func take(_ part: ByteBuffer) {
        if let relay { return relay.requestBody(part) }
        discarded += part.readableBytes
        if discarded > Self.discardLimit, current?.isAnswered == true { linger() }
    }

    private func fail(_ reply: LocalReply) {
        if let current {
            relay?.clientLost()
            relay = nil
            // Something of the answer is out already: nothing that follows could be told from it.
            if current.isResponding { return closeNow() }
        } else {
            current = ClientRequest()
            loop.counters.add(.requests)
            loop.counters.add(.activeRequests)
        }
        answer(reply, route: nil, attempts: nil)
    }

    private func begin(_ head: HTTPRequestHead) {
        guard let settings = loop.settings(of: self) else { return closeNow() }
        idleDeadline = .never
        discarded = 0
        let now = loop.eventLoop.instant
        loop.counters.add(.requests)
        loop.counters.add(.activeRequests)
        let arrived = ArrivedRequest(
            head, settings.manager, peer: peer, destination: local, loop.request, loop.preparer, random: &loop.random)
        current = ClientRequest(head, arrived, settings, now: now)
        relay = RequestRouting.route(arrived, settings, self)
        relay?.start()
        rearm()
    }

    /// Goes on to the next request when this one is answered and has arrived as a whole.
    private func settle() {
        guard let current, current.isAnswered else { return }
        guard current.isComplete else {
            // A client that sends the rest soon may keep the connection.
            if !current.keepsAlive || discarded > Self.discardLimit { return linger() }
            lingerDeadline = loop.eventLoop.instant.advanced(byNanoseconds: Self.lingerNanoseconds)
            return rearm()
        }
        requestIsOver(wasAborted: false)
        guard current.keepsAlive, !isDraining else { return finish() }
        becomeIdle()
        advance()
        readOn()
    }

    private func requestIsOver(wasAborted: Bool) {
        current = nil
        relay = nil
        loop.counters.add(.activeRequests, -1)
        if wasAborted { loop.counters.add(.aborted) }
    }

    private func becomeIdle() {
        lingerDeadline = .never
        if let limit = loop.settings(of: self)?.manager.idleTimeout {
            idleDeadline = loop.eventLoop.instant + limit
        }
        rearm()
    }

    // MARK: Reading

    private func readOn() {
        guard !isReading, let context, isClosing || (queue.isEmpty && (relay?.acceptsRequest ?? true)) else { return }
        isReading = true
        context.read()
    }

    /// The endpoint takes more of the request.
    func requestMayGoOn() { readOn() }

    // MARK: Time

    /// Sees to it that the earliest deadline is met.
    func rearm() {
        let requestDeadline = current.map { $0.isComplete ? Instant.never : $0.deadline } ?? .never
        let exchangeDeadline = relay?.deadline ?? .never
        timer?.arm(min(min(requestDeadline, exchangeDeadline), min(lingerDeadline, idleDeadline)))
    }

    private func timePassed() {
        let now = loop.eventLoop.instant
        if now >= lingerDeadline { return isClosing ? closeNow() : linger() }
        if now >= idleDeadline, current == nil { return closeNow() }
        if let current, !current.isComplete, now >= current.deadline, !current.isResponding {
            loop.counters.add(.timeouts)
            relay?.clientLost()
            relay = nil
            return answer(.requestTimeout, route: nil, attempts: nil)
        }
        relay?.timePassed(now)
        rearm()
    }

    // MARK: The end

    /// Closes when nothing is being served, and after the request that is.
    func beginDraining() {
        isDraining = true
        current?.keepsAlive = false
        if current == nil, queue.isEmpty { closeNow() }
    }

    func closeNow() {
        isClosing = true
        context?.close(promise: nil)
    }

    /// Closes once everything that was written is on its way.
    private func finish() {
        guard let context else { return }
        isClosing = true
        let this = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer())))).whenComplete { _ in
            this.value.closeNow()
        }
    }

    /// Closes in both directions one after the other: a connection that is closed while something unread has come in
    /// may take the answer with it.
    private func linger() {
        guard let context, !isClosing else { return }
        if current != nil { requestIsOver(wasAborted: false) }
        isClosing = true
        queue.removeAll()
        lingerDeadline = loop.eventLoop.instant.advanced(byNanoseconds: Self.lingerNanoseconds)
        let this = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer())))).whenComplete { _ in
            this.value.context?.close(mode: .output, promise: nil)
        }
        rearm()
        readOn()
    }

    // MARK: For answers

    /// The answer is complete.
    func answered() {
        relay = nil
        current?.isAnswered = true
        flush()
        settle()
    }

    /// The answer broke off: only the end of the connection tells the client.
    func abort() {
        relay = nil
        if current != nil { requestIsOver(wasAborted: true) }
        closeNow()
    }
}
