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
    let loop: ProxyLoop
    let settings: ListenerSettings
    /// `nil` once the exchange is over.
    var downstream: DownstreamConnection?
    var exchange: Exchange
    var attempt = Attempt()
    /// The cluster's leave to wait for a connection, as long as it does.
    private var waitingPermit: Permit?
    let route: RouteView
    var machine: ExchangeStateMachine
    let head: ForwardedHead
    var body: RequestBody
    var connection: UpstreamConnection?
    var pool: UpstreamPool?
    var isSending = false
    /// A response's head that waits for the engine's verdict.
    var heldHead: HTTPResponseHead?
    var attempts = 0
    var requestEndedAt: Instant?
    private let limits: ExchangeStateMachine.Limits
    /// Copies of the request on their way to other clusters.
    var mirrors: [RequestRelay] = []
    /// The redirects that led to this request.
    var redirects = RedirectChain()
    /// The timer of a copy, which has no client's connection to keep its time.
    let timer: DeadlineTimer?

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
        let request = loop.request
        let timeouts = route.timeouts(request.view)
        limits = ExchangeStateMachine.Limits(
            route: timeouts.route, attempt: timeouts.attempt,
            attemptIdle: timeouts.attemptIdle, idle: timeouts.idle == .max ? settings.streamIdleTimeout : timeouts.idle,
            // What is over before it began is over at once.
            stream: timeouts.streamIsOver ? 1 : timeouts.stream == .max ? 0 : timeouts.stream)
        machine = ExchangeStateMachine(limits, now: loop.eventLoop.instant)
        head = ForwardedHead(
            arrived, route, settings, destination: downstream.local,
            expectedMilliseconds: limits.expectedMilliseconds(spent: 0) ?? 0,
            rewritesGRPCTimeout: timeouts.rewritesGRPCTimeout, loop)
        body = RequestBody(
            keeps: route.hasRetryPolicy || route.followsRedirects,
            limit: Int(min(UInt64(loop.options.maximumRetainedBody), route.bodyLimit)))
        timer = nil
        self.exchange = exchange
    }

    /// A relay for a copy of the request of `original`, with the exchange that the mirror policy at `index` began.
    init(_ exchange: consuming Exchange, _ index: Int, of original: RequestRelay) {
        loop = original.loop
        settings = original.settings
        route = exchange.route
        limits = ExchangeStateMachine.Limits(route: original.limits.route, attempt: 0, idle: original.limits.idle)
        machine = ExchangeStateMachine(limits, now: loop.eventLoop.instant)
        head = original.head.mirrored(index, original.route, loop)
        body = RequestBody(keeps: false, limit: loop.options.maximumRetainedBody)
        timer = DeadlineTimer(eventLoop: loop.eventLoop)
        self.exchange = exchange
        timer?.onDue = { [weak self] in
            guard let self else { return }
            timePassed(loop.eventLoop.instant)
        }
    }

    /// Begins with the first attempt.
    func start() {
        if timer == nil, route.mirrorCount > 0 { startMirrors() }
        perform(.pick)
        if downstream != nil { downstream?.tellToGoOn() }
    }

    /// Sees to it that the deadline is met.
    private func rearm() {
        if let timer { timer.arm(machine.deadline) } else { downstream?.rearm() }
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
        if timer != nil, machine.isOver { return }
        for mirror in mirrors { mirror.requestBody(part) }
        machine.noteActivity(loop.eventLoop.instant)
        body.append(part)
        if !body.isAtHand { machine.bodyIsGone() }
        sendBody()
        // Nobody waits for a copy: one that cannot keep up is given up.
        if timer != nil, body.isFull { clientLost() }
    }

    func requestEnded(_ trailers: HTTPHeaders?) {
        for mirror in mirrors { mirror.requestEnded(trailers) }
        let now = loop.eventLoop.instant
        requestEndedAt = now
        body.end(trailers)
        machine.requestEnded(now)
        sendBody()
        rearm()
    }

    func flushRequest() {
        if isSending { connection?.flush() }
        for mirror in mirrors { mirror.flushRequest() }
    }

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

    /// Takes the cluster's leave to wait for a connection; answers whether there was one.
    func beginWaiting() -> Bool {
        let permit = loop.worker.takePermit(.pendingRequests, for: attempt)
        guard permit.isHeld else { return false }
        waitingPermit = consume permit
        return true
    }

    func endWaiting() { waitingPermit = nil }

    /// The cluster's leave to connect to the endpoint that was picked.
    func takeConnectionPermit(isForced: Bool) -> Permit {
        loop.worker.takePermit(.connections, for: attempt, isForced: isForced)
    }

    func connectionFailed(_ failure: UpstreamFailure) {
        pool = nil
        perform(machine.lost(failure))
    }

    func connectionLost(_ failure: UpstreamFailure) {
        connection = nil
        perform(machine.lost(failure))
    }

    // MARK: The response

    /// Whether more of the response should be read.
    var acceptsResponse: Bool { downstream?.isWritable ?? true }

    func responseHead(_ head: HTTPResponseHead) {
        if route.followsRedirects, follow(head) { return }
        heldHead = head
        let status = UInt16(clamping: head.status.code)
        let isRetriable = route.hasRetryPolicy && exchange.retries(after: .response(status), retryFacts())
        perform(machine.headReceived(status: status, isRetriable: isRetriable, loop.eventLoop.instant))
    }

    func responseBody(_ part: ByteBuffer) {
        machine.noteResponse(loop.eventLoop.instant)
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
                let facts = mayRetry ? retryFacts() : RetryFacts()
                let verdict = loop.worker.report(&attempt, outcome, &exchange, mayRetry: mayRetry, facts)
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
        rearm()
    }

    /// What a retry may depend on in the response that is held; borrowed until the loop's request or response are filled
    /// again.
    private func retryFacts() -> RetryFacts {
        guard route.hasRetryPolicy, let heldHead else { return RetryFacts() }
        loop.fill(head.arrived, destination: head.destination)
        return loop.retryFacts(heldHead.headers)
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
        case .overflow: return machine.unpicked(.overflow)
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
                expectedMilliseconds: limits.expectedMilliseconds(spent: spent)))
        isSending = true
        sendBody()
        // A client that was too fast for the buffer may go on.
        if isSending {
            connection.flush()
            downstream?.requestMayGoOn()
        }
    }
}
