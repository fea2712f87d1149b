// Fairlead: tests of outcomes
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@Suite struct OutcomeTests {
    @Test func aStatusFromFiveHundredOnIsAFailureOfTheEndpoint() {
        for status: UInt16 in [0, 100, 200, 301, 404, 409, 499] { #expect(!Outcome.response(status).isFailure) }
        for status: UInt16 in [500, 503, 599, 600, .max] { #expect(Outcome.response(status).isFailure) }
    }

    @Test func noResponseIsAFailureUnlessTheHostGaveUp() {
        for kind: Outcome.Kind in [.connectFailure, .reset, .refusedStream, .perTryTimeout, .timeout] {
            #expect(Outcome(kind).isFailure)
        }
        for kind: Outcome.Kind in [.cancelled, .overflow] { #expect(!Outcome(kind).isFailure) }
    }

    @Test func theNumbersOfTheKindsAreThoseOfC() {
        let kinds: [Outcome.Kind] = [
            .response, .connectFailure, .reset, .refusedStream, .perTryTimeout, .timeout, .cancelled, .overflow,
        ]
        #expect(kinds.map { $0.rawValue } == Array(0...7))
        #expect(Outcome.Kind(rawValue: 8) == nil)
    }

    @Test func aResponseCarriesItsStatus() {
        #expect(Outcome.response(201) == Outcome(.response, status: 201))
        #expect(Outcome(.reset).status == 0)
        #expect(Outcome(.reset).requestWasSent)
    }
}
