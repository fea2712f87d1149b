// Fairlead: tests of which outcomes are retried
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct RetryRulesTests {
    /// One outcome, and the tokens of `retry_on` that retry it.
    static let table: [(Outcome, tokens: Set<String>)] = [
        (.response(100), []), (.response(200), []), (.response(404), []), (.response(408), []), (.response(499), []),
        (.response(409), ["retriable-4xx"]), (.response(500), ["5xx"]), (.response(501), ["5xx"]),
        (.response(502), ["5xx", "gateway-error"]), (.response(503), ["5xx", "gateway-error"]),
        (.response(504), ["5xx", "gateway-error"]), (.response(505), ["5xx"]), (.response(599), ["5xx"]),
        (.response(600), ["5xx"]), (.response(418), ["retriable-status-codes"]),
        (.response(507), ["5xx", "retriable-status-codes"]),
        (
            Outcome(.connectFailure, requestWasSent: false),
            ["5xx", "gateway-error", "connect-failure", "reset", "reset-before-request"]
        ),
        // A connection that fails has taken no request, whatever the host says.
        (
            Outcome(.connectFailure, requestWasSent: true),
            ["5xx", "gateway-error", "connect-failure", "reset", "reset-before-request"]
        ),
        (Outcome(.reset, requestWasSent: true), ["5xx", "gateway-error", "reset"]),
        (Outcome(.reset, requestWasSent: false), ["5xx", "gateway-error", "reset", "reset-before-request"]),
        (Outcome(.refusedStream, requestWasSent: true), ["5xx", "gateway-error", "reset", "refused-stream"]),
        (
            Outcome(.refusedStream, requestWasSent: false),
            ["5xx", "gateway-error", "reset", "refused-stream", "reset-before-request"]
        ),
        (Outcome(.perTryTimeout, requestWasSent: true), ["5xx", "gateway-error", "reset"]),
        (Outcome(.timeout), []), (Outcome(.timeout, requestWasSent: false), []), (Outcome(.cancelled), []),
        (Outcome(.overflow, requestWasSent: false), []),
    ]

    static let tokens = [
        "5xx", "gateway-error", "connect-failure", "reset", "reset-before-request", "refused-stream", "retriable-4xx",
        "retriable-status-codes",
    ]

    @Test(arguments: tokens)
    func eachTokenRetriesItsOutcomesAndNoOthers(token: String) throws {
        let conditions = try #require(RetryPolicy.Conditions(token: token))
        let scene = try Scene(routes: [
            .forward { action in
                var policy = RetryPolicy(on: conditions)
                policy.retriableStatusCodes = [507, 418]
                action.retryPolicy = policy
            }
        ])
        for (outcome, expected) in Self.table {
            let request = Request(authority: "a", path: "/")
            var exchange = scene.worker.begin(request.view)
            var attempt = Attempt()
            #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
            let isExpected = expected.contains(token)
            let asked = exchange.retries(after: outcome)
            #expect(asked == isExpected, "\(outcome)")
            #expect(scene.worker.report(&attempt, outcome, &exchange).retries == isExpected, "\(outcome)")
            scene.worker.end(&exchange)
        }
    }

    @Test func tokensThatAreNotKnownMeanNothing() {
        for token in ["bogus", "", "5XX", " 5xx", "5xx,reset", "grpc"] {
            #expect(RetryPolicy.Conditions(token: token) == nil)
        }
    }

    @Test func severalTokensAddUp() throws {
        let scene = try Scene(routes: [
            .forward { $0.retryPolicy = RetryPolicy(on: [.retriable4xx, .refusedStream]) }
        ])
        for (outcome, expected) in [
            (Outcome.response(409), true), (Outcome(.refusedStream), true), (.response(503), false),
            (Outcome(.reset), false),
        ] {
            let request = Request(authority: "a", path: "/")
            var exchange = scene.worker.begin(request.view)
            var attempt = Attempt()
            #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
            #expect(scene.worker.report(&attempt, outcome, &exchange).retries == expected)
            scene.worker.end(&exchange)
        }
    }

    @Test func withoutConditionsNothingIsRetried() throws {
        let scene = try Scene(routes: [.forward { $0.retryPolicy = RetryPolicy(on: []) }])
        for (outcome, _) in Self.table {
            let request = Request(authority: "a", path: "/")
            var exchange = scene.worker.begin(request.view)
            var attempt = Attempt()
            #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
            #expect(!scene.worker.report(&attempt, outcome, &exchange).retries)
            scene.worker.end(&exchange)
        }
    }
}
