// Fairlead: what happens next to a request that is forwarded
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// What happens next to a request that is forwarded: attempts, retries, timeouts. A pure machine: events go in, each
/// answers with one action, and whoever runs it does the input and output.
///
/// It stands between a client's connection and those to endpoints; `RequestRelay` runs it. The engine's verdict comes in
/// as an event like all others.
struct ExchangeStateMachine {
    /// The limits of time of the route, in nanoseconds; 0 for none.
    struct Limits: Equatable {
        /// From the end of the request to the end of the response.
        var route: UInt64 = 0
        /// For one attempt, from the end of the request or the connection to the response's head.
        var attempt: UInt64 = 0
        /// For one attempt, without any byte of a response.
        var attemptIdle: UInt64 = 0
        /// Without any byte moving.
        var idle: UInt64 = 0
        /// From the beginning of the exchange to its end.
        var stream: UInt64 = 0
    }

    /// What is to be done.
    enum Action: Equatable {
        /// Nothing.
        case none
        /// Pick an endpoint and get a connection to it.
        case pick
        /// Send the request's head and what is there of its body.
        case send
        /// Tell the engine what became of the attempt, and come back with its verdict.
        case report(Outcome, mayRetry: Bool)
        /// Let go of the attempt's connection, and wait until the deadline.
        case backOff
        /// Pass on the response's head.
        case passHead
        /// Answer in the endpoint's place; the exchange is over.
        case reply(Ending)
        /// The response is passed on; the exchange is over. The outcome is still to be reported, if there is one.
        case finish(Outcome?)
        /// The response broke off, or the client is gone; the exchange is over. The outcome is still to be reported, if
        /// there is one.
        case abort(Outcome?)
    }

    /// Why a request is answered in the endpoint's place.
    enum Ending: Equatable {
        /// No endpoint could be picked.
        case unpicked(PickRefusal)
        /// A circuit breaker refused.
        case overflow
        /// There was no response.
        case failure(UpstreamFailure)
        /// The route's time, or that of the last attempt, ran out.
        case timeout
        /// No byte moved for too long.
        case idle(requestComplete: Bool)
        /// The whole took too long.
        case stream(requestComplete: Bool)
    }

    /// Why no endpoint could be picked.
    enum PickRefusal: Equatable {
        /// The cluster does not exist.
        case clusterNotFound
        /// None is there, or none may be used.
        case noEndpoint
        /// The request was dropped to relieve the endpoints.
        case dropped
        /// The cluster has as many requests under way as it may have.
        case overflow
    }

    private enum Phase: Equatable {
        case picking
        case connecting
        case sending
        /// A report is out, and what follows if it is not tried again.
        case judging(Pending)
        case backingOff
        case responding(Outcome?)
        case over
    }

    private enum Pending: Equatable {
        case reply(Ending)
        case passHead
    }

    private let limits: Limits
    private var phase = Phase.picking
    private var requestIsComplete = false
    private var bodyIsAtHand = true
    private var routeDeadline = Instant.never
    private var attemptDeadline = Instant.never
    private var attemptIdleDeadline = Instant.never
    private var idleDeadline = Instant.never
    private var streamDeadline = Instant.never
    private var retryAt = Instant.never

    /// A machine for an exchange that begins at `now`.
    init(_ limits: Limits, now: Instant) {
        self.limits = limits
        if limits.stream != 0 { streamDeadline = now.advanced(byNanoseconds: limits.stream) }
        noteActivity(now)
    }

    /// When `timePassed` has to be called at the latest.
    var deadline: Instant {
        min(
            min(min(routeDeadline, attemptDeadline), min(idleDeadline, retryAt)),
            min(streamDeadline, attemptIdleDeadline))
    }

    /// Whether the exchange is over.
    var isOver: Bool { phase == .over }

    /// Whether a response's head was passed on.
    var isResponding: Bool { if case .responding = phase { true } else { false } }

    /// Whether an attempt is waiting for a connection or a response.
    var isAttempting: Bool { phase == .connecting || phase == .sending }

    private var mayRetry: Bool { requestIsComplete && bodyIsAtHand }

    // MARK: From the client

    /// Some byte moved.
    mutating func noteActivity(_ now: Instant) {
        if limits.idle != 0 { idleDeadline = now.advanced(byNanoseconds: limits.idle) }
    }

    /// A part of the response came.
    mutating func noteResponse(_ now: Instant) {
        noteActivity(now)
        if attemptIdleDeadline != .never { attemptIdleDeadline = now.advanced(byNanoseconds: limits.attemptIdle) }
    }

    /// The whole request has arrived.
    mutating func requestEnded(_ now: Instant) {
        requestIsComplete = true
        if limits.route != 0 { routeDeadline = now.advanced(byNanoseconds: limits.route) }
        if phase == .sending { startAttemptTimer(now) }
    }

    /// The request's body has outgrown what is kept for another attempt.
    mutating func bodyIsGone() { bodyIsAtHand = false }

    /// The client went away.
    mutating func clientLost() -> Action {
        switch phase {
        case .connecting, .sending:
            over()
            return .abort(Outcome(.cancelled))
        case .responding(let outcome):
            over()
            return .abort(outcome == nil ? nil : Outcome(.cancelled))
        case .picking, .judging, .backingOff, .over:
            over()
            return .abort(nil)
        }
    }

    // MARK: Towards the endpoint

    /// An endpoint was picked, a connection to it is on its way.
    mutating func picked() { phase = .connecting }

    /// No endpoint was picked.
    mutating func unpicked(_ refusal: PickRefusal) -> Action {
        over()
        return .reply(.unpicked(refusal))
    }

    /// A connection is there.
    mutating func connected(_ now: Instant) -> Action {
        guard phase == .connecting else { return .none }
        phase = .sending
        if requestIsComplete { startAttemptTimer(now) }
        return .send
    }

    /// A circuit breaker refused the connection or the request.
    mutating func overflowed() -> Action { judge(Outcome(.overflow, requestWasSent: false), .overflow, retries: false) }

    /// No connection could be made, or the one that was there broke off.
    mutating func lost(_ failure: UpstreamFailure) -> Action {
        switch phase {
        case .connecting:
            return judge(Outcome(.connectFailure, requestWasSent: false), .failure(failure), retries: true)
        case .sending:
            return judge(Outcome(.reset), .failure(failure), retries: true)
        case .responding(let outcome):
            over()
            return .abort(outcome == nil ? nil : Outcome(.reset))
        case .picking, .judging, .backingOff, .over:
            return .none
        }
    }

    // MARK: From the endpoint

    /// The head of a response came. `isRetriable` says whether the engine would try again after this status.
    mutating func headReceived(status: UInt16, isRetriable: Bool, _ now: Instant) -> Action {
        guard phase == .sending else { return .none }
        noteResponse(now)
        attemptDeadline = .never
        if isRetriable, mayRetry {
            attemptIdleDeadline = .never
            phase = .judging(.passHead)
            return .report(.response(status), mayRetry: true)
        }
        phase = .responding(.response(status))
        return .passHead
    }

    /// The response is complete.
    mutating func responseEnded() -> Action {
        guard case .responding(let outcome) = phase else { return .none }
        over()
        return .finish(outcome)
    }

    /// The engine's verdict on what was reported.
    mutating func judged(retries: Bool, delayMilliseconds: UInt64, _ now: Instant) -> Action {
        guard case .judging(let pending) = phase else { return .none }
        if retries {
            phase = .backingOff
            retryAt = now.advanced(byNanoseconds: delayMilliseconds &* 1_000_000)
            return .backOff
        }
        switch pending {
        case .reply(let ending):
            over()
            return .reply(ending)
        case .passHead:
            // It has been reported: the engine was asked for a retry and refused.
            phase = .responding(nil)
            return .passHead
        }
    }

    // MARK: Time

    /// Time passed; answers what is due.
    mutating func timePassed(_ now: Instant) -> Action {
        if now >= routeDeadline { return expire(Outcome(.timeout), .timeout) }
        if now >= streamDeadline { return expire(Outcome(.timeout), .stream(requestComplete: requestIsComplete)) }
        if now >= idleDeadline { return expire(Outcome(.cancelled), .idle(requestComplete: requestIsComplete)) }
        if now >= min(attemptDeadline, attemptIdleDeadline), phase == .sending {
            return judge(Outcome(.perTryTimeout), .timeout, retries: true)
        }
        if now >= attemptIdleDeadline, case .responding(let unreported) = phase {
            over()
            return .abort(unreported == nil ? nil : Outcome(.perTryTimeout))
        }
        if now >= retryAt, phase == .backingOff {
            retryAt = .never
            phase = .picking
            return .pick
        }
        return .none
    }

    private mutating func expire(_ outcome: Outcome, _ ending: Ending) -> Action {
        routeDeadline = .never
        idleDeadline = .never
        streamDeadline = .never
        switch phase {
        case .connecting, .sending: return judge(outcome, ending, retries: false)
        case .responding(let unreported):
            over()
            return .abort(unreported == nil ? nil : outcome)
        case .picking, .judging, .backingOff:
            over()
            return .reply(ending)
        case .over: return .none
        }
    }

    private mutating func judge(_ outcome: Outcome, _ ending: Ending, retries: Bool) -> Action {
        attemptDeadline = .never
        attemptIdleDeadline = .never
        phase = .judging(.reply(ending))
        return .report(outcome, mayRetry: retries && mayRetry)
    }

    private mutating func startAttemptTimer(_ now: Instant) {
        if limits.attempt != 0 { attemptDeadline = now.advanced(byNanoseconds: limits.attempt) }
        if limits.attemptIdle != 0 { attemptIdleDeadline = now.advanced(byNanoseconds: limits.attemptIdle) }
    }

    private mutating func over() {
        phase = .over
        routeDeadline = .never
        attemptDeadline = .never
        attemptIdleDeadline = .never
        idleDeadline = .never
        streamDeadline = .never
        retryAt = .never
    }
}
