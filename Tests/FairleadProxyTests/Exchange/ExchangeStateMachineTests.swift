// Fairlead: tests of the machine behind a forwarded request
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import Testing

@testable import FairleadProxy

@Suite struct ExchangeStateMachineTests {
    static func at(_ milliseconds: UInt64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

    static func limits(
        route: UInt64 = 0, attempt: UInt64 = 0, attemptIdle: UInt64 = 0, idle: UInt64 = 0
    ) -> ExchangeStateMachine.Limits {
        .init(
            route: route * 1_000_000, attempt: attempt * 1_000_000, attemptIdle: attemptIdle * 1_000_000,
            idle: idle * 1_000_000)
    }

    /// A machine whose request is complete and whose first attempt waits for a response.
    static func sending(_ limits: ExchangeStateMachine.Limits = limits()) -> ExchangeStateMachine {
        var machine = ExchangeStateMachine(limits, now: at(0))
        machine.picked()
        machine.requestEnded(at(0))
        _ = machine.connected(at(0))
        return machine
    }

    @Test func theWholeStreamHasALimit() {
        var limits = Self.limits()
        limits.stream = 5_000_000
        var early = ExchangeStateMachine(limits, now: Self.at(0))
        #expect(early.deadline == Self.at(5))
        early.picked()
        _ = early.connected(Self.at(1))
        #expect(early.timePassed(Self.at(4)) == .none)
        #expect(early.timePassed(Self.at(5)) == .report(Outcome(.timeout), mayRetry: false))
        #expect(
            early.judged(retries: false, delayMilliseconds: 0, Self.at(5)) == .reply(.stream(requestComplete: false)))
        var late = Self.sending(limits)
        #expect(late.headReceived(status: 200, isRetriable: false, Self.at(1)) == .passHead)
        #expect(late.timePassed(Self.at(5)) == .abort(Outcome(.timeout)))
        #expect(late.deadline == .never)
    }

    @Test func aResponseIsPassedOnAndReportedAtItsEnd() {
        var machine = ExchangeStateMachine(Self.limits(), now: Self.at(0))
        machine.picked()
        #expect(machine.connected(Self.at(1)) == .send)
        machine.requestEnded(Self.at(2))
        #expect(machine.headReceived(status: 200, isRetriable: false, Self.at(3)) == .passHead)
        #expect(machine.isResponding)
        #expect(machine.responseEnded() == .finish(.response(200)))
        #expect(machine.isOver)
    }

    @Test func aRetriableStatusIsHeldUntilTheVerdict() {
        var machine = Self.sending()
        #expect(
            machine.headReceived(status: 503, isRetriable: true, Self.at(1)) == .report(.response(503), mayRetry: true))
        #expect(machine.judged(retries: true, delayMilliseconds: 20, Self.at(1)) == .backOff)
        #expect(machine.deadline == Self.at(21))
        #expect(machine.timePassed(Self.at(20)) == .none)
        #expect(machine.timePassed(Self.at(21)) == .pick)
        machine.picked()
        #expect(machine.connected(Self.at(22)) == .send)
        #expect(machine.headReceived(status: 200, isRetriable: false, Self.at(23)) == .passHead)
        #expect(machine.responseEnded() == .finish(.response(200)))
    }

    @Test func aRefusedRetryPassesTheResponseOnWithoutASecondReport() {
        var machine = Self.sending()
        _ = machine.headReceived(status: 503, isRetriable: true, Self.at(1))
        #expect(machine.judged(retries: false, delayMilliseconds: 0, Self.at(1)) == .passHead)
        #expect(machine.responseEnded() == .finish(nil))
    }

    @Test func nothingIsRetriedBeforeTheRequestIsComplete() {
        var machine = ExchangeStateMachine(Self.limits(), now: Self.at(0))
        machine.picked()
        _ = machine.connected(Self.at(0))
        #expect(machine.headReceived(status: 503, isRetriable: true, Self.at(1)) == .passHead)
        var other = ExchangeStateMachine(Self.limits(), now: Self.at(0))
        other.picked()
        #expect(
            other.lost(.refused) == .report(Outcome(.connectFailure, requestWasSent: false), mayRetry: false))
    }

    @Test func nothingIsRetriedWithoutTheBody() {
        var machine = Self.sending()
        machine.bodyIsGone()
        #expect(machine.lost(.closed) == .report(Outcome(.reset), mayRetry: false))
        #expect(machine.judged(retries: false, delayMilliseconds: 0, Self.at(1)) == .reply(.failure(.closed)))
    }

    @Test func aFailureThatIsNotRetriedIsAnswered() {
        var machine = ExchangeStateMachine(Self.limits(), now: Self.at(0))
        machine.picked()
        machine.requestEnded(Self.at(0))
        #expect(
            machine.lost(.connectTimeout) == .report(Outcome(.connectFailure, requestWasSent: false), mayRetry: true))
        #expect(
            machine.judged(retries: false, delayMilliseconds: 0, Self.at(1)) == .reply(.failure(.connectTimeout)))
        #expect(machine.isOver)
    }

    @Test func aResponseThatBreaksOffEndsTheConnection() {
        var machine = Self.sending()
        _ = machine.headReceived(status: 200, isRetriable: false, Self.at(1))
        #expect(machine.lost(.closed) == .abort(Outcome(.reset)))
        #expect(machine.lost(.closed) == .none)
    }

    @Test func theRoutesTimeRunsFromTheEndOfTheRequest() {
        var machine = ExchangeStateMachine(Self.limits(route: 100), now: Self.at(0))
        machine.picked()
        _ = machine.connected(Self.at(0))
        #expect(machine.deadline == .never)
        machine.requestEnded(Self.at(50))
        #expect(machine.timePassed(Self.at(149)) == .none)
        #expect(machine.timePassed(Self.at(150)) == .report(Outcome(.timeout), mayRetry: false))
        #expect(machine.judged(retries: false, delayMilliseconds: 0, Self.at(150)) == .reply(.timeout))
    }

    @Test func theRoutesTimeEndsAResponseToo() {
        var machine = Self.sending(Self.limits(route: 100))
        _ = machine.headReceived(status: 200, isRetriable: false, Self.at(1))
        #expect(machine.timePassed(Self.at(100)) == .abort(Outcome(.timeout)))
    }

    @Test func theRoutesTimeEndsTheWaitForARetry() {
        var machine = Self.sending(Self.limits(route: 100))
        _ = machine.lost(.closed)
        _ = machine.judged(retries: true, delayMilliseconds: 500, Self.at(1))
        #expect(machine.deadline == Self.at(100))
        #expect(machine.timePassed(Self.at(100)) == .reply(.timeout))
    }

    @Test func oneAttemptsTimeIsRetriedAndDoesNotEndAResponse() {
        var machine = Self.sending(Self.limits(route: 1000, attempt: 10))
        #expect(machine.timePassed(Self.at(10)) == .report(Outcome(.perTryTimeout), mayRetry: true))
        _ = machine.judged(retries: true, delayMilliseconds: 0, Self.at(10))
        #expect(machine.timePassed(Self.at(10)) == .pick)
        machine.picked()
        _ = machine.connected(Self.at(11))
        #expect(machine.deadline == Self.at(21))
        _ = machine.headReceived(status: 200, isRetriable: false, Self.at(12))
        #expect(machine.timePassed(Self.at(500)) == .none)
    }

    @Test func oneAttemptsStillnessIsRetried() {
        var machine = Self.sending(Self.limits(attemptIdle: 10))
        #expect(machine.deadline == Self.at(10))
        #expect(machine.timePassed(Self.at(10)) == .report(Outcome(.perTryTimeout), mayRetry: true))
        _ = machine.judged(retries: true, delayMilliseconds: 5, Self.at(10))
        #expect(machine.deadline == Self.at(15))
    }

    @Test func aResponseThatFallsSilentIsBrokenOff() {
        var machine = Self.sending(Self.limits(attemptIdle: 10))
        #expect(machine.headReceived(status: 200, isRetriable: false, Self.at(8)) == .passHead)
        machine.noteResponse(Self.at(16))
        machine.noteActivity(Self.at(20))
        #expect(machine.timePassed(Self.at(25)) == .none)
        #expect(machine.timePassed(Self.at(26)) == .abort(Outcome(.perTryTimeout)))
        #expect(machine.isOver)
    }

    @Test func anAttemptWhoseRequestStillComesHasNoDeadlineYet() {
        var machine = ExchangeStateMachine(Self.limits(attempt: 10), now: Self.at(0))
        machine.picked()
        _ = machine.connected(Self.at(0))
        #expect(machine.deadline == .never)
        machine.requestEnded(Self.at(5))
        #expect(machine.deadline == Self.at(15))
    }

    @Test func stillnessEndsTheExchange() {
        var machine = Self.sending(Self.limits(idle: 100))
        machine.noteActivity(Self.at(60))
        #expect(machine.timePassed(Self.at(100)) == .none)
        #expect(machine.timePassed(Self.at(160)) == .report(Outcome(.cancelled), mayRetry: false))
        #expect(
            machine.judged(retries: false, delayMilliseconds: 0, Self.at(160))
                == .reply(.idle(requestComplete: true)))
    }

    @Test func aLostClientCancelsTheAttempt() {
        var machine = Self.sending()
        #expect(machine.clientLost() == .abort(Outcome(.cancelled)))
        var responding = Self.sending()
        _ = responding.headReceived(status: 200, isRetriable: false, Self.at(1))
        #expect(responding.clientLost() == .abort(Outcome(.cancelled)))
        var waiting = Self.sending()
        _ = waiting.lost(.closed)
        _ = waiting.judged(retries: true, delayMilliseconds: 5, Self.at(1))
        #expect(waiting.clientLost() == .abort(nil))
        #expect(waiting.timePassed(Self.at(100)) == .none)
    }

    @Test func whatCannotBePickedIsAnswered() {
        var machine = ExchangeStateMachine(Self.limits(), now: Self.at(0))
        #expect(machine.unpicked(.noEndpoint) == .reply(.unpicked(.noEndpoint)))
        var full = ExchangeStateMachine(Self.limits(), now: Self.at(0))
        full.picked()
        #expect(full.overflowed() == .report(Outcome(.overflow, requestWasSent: false), mayRetry: false))
        #expect(full.judged(retries: false, delayMilliseconds: 0, Self.at(0)) == .reply(.overflow))
    }
}
