// Fairlead: takes one request to an endpoint, and the response back
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOCore
import NIOHTTP1

/// Takes one request to an endpoint, and the response back: runs an `ExchangeStateMachine` between the client's
/// connection, the engine's worker and the pools of connections.
///
/// It lives from the request's head to the end of its answer. Bodies stream in both directions: while one side does not
/// take more, the other is not read.
final class RequestRelay {
    private let loop: ProxyLoop
    private let settings: ListenerSettings
    /// `nil` once the exchange is over.
    private var downstream: DownstreamConnection?
    private var exchange: Exchange
    private var attempt = Attempt()
    private let route: RouteView
    private var machine: ExchangeStateMachine
    private let head: ForwardedHead
    private var body: RequestBody
    private var connection: UpstreamConnection?
    private var pool: UpstreamPool?
    private var isSending = false
    /// A response's head that waits for the engine's verdict.
    private var heldHead: HTTPResponseHead?
    private var attempts = 0
    private var requestEndedAt: Instant?
    private let limits: ExchangeStateMachine.Limits

    /// A relay for `arrived`, which the loop's request holds, on the route of `exchange`.
    init(
        _ exchange: consuming Exchange, _ arrived: ArrivedRequest, _ settings: ListenerSettings,
        _ downstream: DownstreamConnection
    ) {
        let loop = downstream.loop
        let route = exchange.route
        self.loop = loop
        self.settings = settings
        self.downstream = downstream
        self.route = route
        let idle = route.idleTimeout
        limits = ExchangeStateMachine.Limits(
            route: route.timeout, attempt: route.perTryTimeout, idle: idle == .max ? settings.streamIdleTimeout : idle)
        machine = ExchangeStateMachine(limits, now: loop.eventLoop.instant)
        head = ForwardedHead(
            arrived, route, settings, destination: downstream.local,
            expectedMilliseconds: Self.expected(limits, spent: 0) ?? 0, loop)
        body = RequestBody(keeps: route.hasRetryPolicy, limit: loop.options.maximumRetainedBody)
        self.exchange = exchange
    }

    /// Begins with the first attempt.
    func start() {
        perform(.pick)
        if downstream != nil { downstream?.tellToGoOn() }
    }

    /// When `timePassed` has to be called at the latest.
    var deadline: Instant { machine.deadline }

    func timePassed(_ now: Instant) { perform(machine.timePassed(now)) }

    // MARK: The request

    /// Whether more of the request should be read.
    var acceptsRequest: Bool {
        guard isSending, let connection else { return !body.isFull }
        return connection.isWritable
    }

    func requestBody(_ part: ByteBuffer) {
        machine.noteActivity(loop.eventLoop.instant)
        body.append(part)
        if !body.isAtHand { machine.bodyIsGone() }
        sendBody()
    }

    func requestEnded(_ trailers: HTTPHeaders?) {
        let now = loop.eventLoop.instant
        requestEndedAt = now
        body.end(trailers)
        machine.requestEnded(now)
        sendBody()
        downstream?.rearm()
    }

    func flushRequest() { if isSending { connection?.flush() } }

    /// The endpoint takes more of the request.
    func requestMayGoOn() { downstream?.requestMayGoOn() }

    /// The client went away.
    func clientLost() {
        downstream = nil
        perform(machine.clientLost())
    }

    private func sendBody() {
        guard isSending, let connection else { return }
        while let part = body.next() { connection.send(part) }
        guard body.isComplete else { return }
        isSending = false
        connection.sendEnd(body.trailers)
    }

    // MARK: Connections

    func connectionReady(_ connection: UpstreamConnection) {
        pool = nil
        self.connection = connection
        connection.serve(self)
        perform(machine.connected(loop.eventLoop.instant))
    }

    func connectionFailed(_ failure: UpstreamFailure) {
        pool = nil
        perform(machine.lost(failure))
    }

    func connectionRefused() {
        pool = nil
        perform(machine.overflowed())
    }

    func connectionLost(_ failure: UpstreamFailure) {
        connection = nil
        perform(machine.lost(failure))
    }

    // MARK: The response

    /// Whether more of the response should be read.
    var acceptsResponse: Bool { downstream?.isWritable ?? true }

    func responseHead(_ head: HTTPResponseHead) {
        heldHead = head
        let status = UInt16(clamping: head.status.code)
        perform(
            machine.headReceived(
                status: status, isRetriable: exchange.retries(after: .response(status)), loop.eventLoop.instant))
    }

    func responseBody(_ part: ByteBuffer) {
        machine.noteActivity(loop.eventLoop.instant)
        downstream?.write(.body(.byteBuffer(part)))
    }

    func responseEnded(_ trailers: HTTPHeaders?) {
        connection = nil
        let action = machine.responseEnded()
        guard case .finish(let outcome) = action else { return perform(action) }
        close(outcome)
        let downstream = downstream
        self.downstream = nil
        downstream?.end(trailers)
    }

    func flushResponse() { downstream?.flush() }

    /// The client takes more of the response.
    func responseMayGoOn() { connection?.resume() }

    // MARK: What the machine says

    private func perform(_ first: ExchangeStateMachine.Action) {
        var action = first
        // Each turn either waits for an event or answers with the next action.
        while true {
            switch action {
            case .none: break
            case .pick:
                guard let next = pick() else { break }
                action = next
                continue
            case .send: send()
            case .report(let outcome, let mayRetry):
                let verdict = loop.worker.report(&attempt, outcome, &exchange, mayRetry: mayRetry)
                action = machine.judged(
                    retries: verdict.retries, delayMilliseconds: verdict.delayMilliseconds, loop.eventLoop.instant)
                continue
            case .backOff:
                letGo(keepsConnection: heldHead != nil)
                heldHead = nil
                body.rewind()
            case .passHead: passHead()
            case .reply(let ending): return reply(ending)
            case .finish(let outcome), .abort(let outcome):
                letGo(keepsConnection: false)
                close(outcome)
                let downstream = downstream
                self.downstream = nil
                downstream?.abort()
                return
            }
            break
        }
        downstream?.rearm()
    }

    /// Picks an endpoint and gets a connection to it; answers what follows at once, if anything does.
    private func pick() -> ExchangeStateMachine.Action? {
        loop.worker.refresh()
        let result = loop.worker.pick(&exchange, &attempt)
        attempts = max(attempts + (result == .clusterNotFound ? 0 : 1), attempt.number)
        switch result {
        case .endpoint: break
        case .clusterNotFound, .notForwarding: return machine.unpicked(.clusterNotFound)
        case .noEndpoint: return machine.unpicked(.noEndpoint)
        case .dropped: return machine.unpicked(.dropped)
        }
        machine.picked()
        guard let pool = loop.pool(for: attempt, priority: route.priority), let endpoint = attempt.endpoint else {
            return machine.overflowed()
        }
        switch pool.lend(to: self, connectTimeout: endpoint.connectTimeout) {
        case .connection(let connection):
            self.connection = connection
            connection.serve(self)
            return machine.connected(loop.eventLoop.instant)
        case .waiting:
            self.pool = pool
            return nil
        case .overflow: return machine.overflowed()
        }
    }

    private func send() {
        guard let connection else { return }
        let spent = requestEndedAt.map { loop.eventLoop.instant.nanoseconds - $0.nanoseconds } ?? 0
        let hostname = route.takesHostFromEndpoint ? attempt.endpoint?.hostname.string ?? "" : ""
        connection.send(
            head.head(
                attempt: attempts, hostname: hostname,
                expectedMilliseconds: Self.expected(limits, spent: spent)))
        isSending = true
        sendBody()
        // A client that was too fast for the buffer may go on.
        if isSending {
            connection.flush()
            downstream?.requestMayGoOn()
        }
    }

    private func passHead() {
        guard let downstream, let head = heldHead else { return }
        heldHead = nil
        body.forgetSent()
        var headers = HeaderLines(response: head.headers)
        if !settings.manager.suppressesEnvoyHeaders, let requestEndedAt {
            let spent = loop.eventLoop.instant.nanoseconds - requestEndedAt.nanoseconds
            headers.set("x-envoy-upstream-service-time", String(spent / 1_000_000))
        }
        var hasCookie = false
        let cookie = loop.text { hasCookie = route.writeGeneratedCookie(into: &$0) }
        if hasCookie { headers.append("set-cookie", cookie) }
        let status = UInt16(clamping: head.status.code)
        var isFilled = false
        headers.apply(route, toResponse: true) { addition, lines in
            if !isFilled { self.head.refill(loop) }
            isFilled = true
            return loop.value(
                of: addition, route, responseLines: lines, status: status, details: "via_upstream",
                endpoint: attempt.endpoint)
        }
        if route.includesResponseAttemptCount { headers.set("x-envoy-attempt-count", String(attempts)) }
        downstream.start(status, headers)
    }

    private func reply(_ ending: ExchangeStateMachine.Ending) {
        letGo(keepsConnection: false)
        let cluster = exchange.clusterName(loop.worker)
        let reply = LocalReply(
            ending, isRetry: attempts > 1, notFoundStatus: route.clusterNotFoundStatus,
            dropsEverything: !cluster.isMissing && loop.dropsEverything(cluster: cluster.string))
        if reply.status == 504 || reply.status == 408 { loop.counters.add(.timeouts) }
        var told: Int? = route.includesResponseAttemptCount && attempts > 0 ? attempts : nil
        if case .idle = ending { told = nil }
        let downstream = downstream
        self.downstream = nil
        head.refill(loop)
        // The route's texts are borrowed until the exchange ends.
        downstream?.answer(reply, route: route, attempts: told)
        close(nil)
    }

    /// Gives up the connection, or the wait for one.
    private func letGo(keepsConnection: Bool) {
        pool?.forget(self)
        pool = nil
        isSending = false
        let connection = connection
        self.connection = nil
        if keepsConnection { connection?.abandon() } else { connection?.close() }
    }

    /// Reports what is left to report, and ends the exchange.
    private func close(_ outcome: Outcome?) {
        if let outcome, attempt.isOpen {
            loop.worker.report(&attempt, outcome, &exchange, mayRetry: false)
        }
        loop.worker.end(&exchange)
    }

    /// What an endpoint is told of the time that it has: that of one attempt, or what is left of the route's.
    private static func expected(_ limits: ExchangeStateMachine.Limits, spent: UInt64) -> UInt64? {
        let left = limits.route == 0 ? nil : limits.route - min(spent, limits.route)
        let wanted = limits.attempt != 0 ? limits.attempt : left
        guard let wanted else { return nil }
        return max(min(wanted, left ?? wanted) / 1_000_000, 1)
    }
}
