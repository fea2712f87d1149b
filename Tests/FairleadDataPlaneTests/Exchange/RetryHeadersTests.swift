// Fairlead: tests of retries that depend on headers
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct RetryHeadersTests {
    /// What becomes of one attempt that ended in a response of `status` with `headers`.
    struct Asked {
        var status: UInt16 = 200
        var response: [(String, String)] = []
        var request: [(String, String)] = []
        var isInternal = true
        var unixSeconds: UInt64 = 0
    }

    /// The verdict on one attempt; the question before agrees with it.
    static func verdict(_ policy: RetryPolicy?, _ asked: Asked) throws -> Verdict {
        let scene = try Scene(routes: [.forward { $0.retryPolicy = policy }])
        let request = Request(authority: "a", path: "/", headers: asked.request)
        if asked.isInternal { request.connection.insert(.isInternal) }
        let response = Request(authority: nil, path: nil, headers: asked.response)
        var exchange = scene.worker.begin(request.view)
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        let (headers, own) = (response.view.headers, request.view.headers)
        let facts = RetryFacts(response: headers, request: own, unixSeconds: asked.unixSeconds)
        let isAsked = exchange.retries(after: .response(asked.status), facts)
        let verdict = scene.worker.report(&attempt, .response(asked.status), &exchange, facts)
        #expect(isAsked == verdict.retries)
        scene.worker.end(&exchange)
        return verdict
    }

    static func retries(_ policy: RetryPolicy?, _ asked: Asked) throws -> Bool { try verdict(policy, asked).retries }

    @Test(arguments: [
        (RetryConditions.grpcCancelled, "1"), (.grpcDeadlineExceeded, "4"), (.grpcResourceExhausted, "8"),
        (.grpcInternal, "13"), (.grpcUnavailable, "14"),
    ])
    func aStatusOfGRPCIsRetriedByItsOwnTokenAlone(condition: RetryConditions, status: String) throws {
        let asked = Asked(response: [("grpc-status", status)])
        #expect(try Self.retries(RetryPolicy(on: condition), asked))
        #expect(try !Self.retries(RetryPolicy(on: RetryConditions.grpc.subtracting(condition)), asked))
        #expect(try !Self.retries(RetryPolicy(on: [.serverError, .retriableHeaders]), asked))
        for odd in ["0", "", "x", "-14", "140"] {
            #expect(try !Self.retries(RetryPolicy(on: .grpc), Asked(response: [("grpc-status", odd)])))
        }
    }

    @Test func aResponseThatAsksToSlowDownIsRetriedOnlyIfThePolicySaysSo() throws {
        let limited = Asked(status: 503, response: [("X-Envoy-RateLimited", "true")])
        #expect(try !Self.retries(RetryPolicy(on: [.serverError, .gatewayError]), limited))
        #expect(try Self.retries(RetryPolicy(on: .rateLimited), limited))
        #expect(try !Self.retries(RetryPolicy(on: .rateLimited), Asked(status: 503)))
    }

    @Test func headersOfAResponseMakeItRetriable() throws {
        var policy = RetryPolicy(on: .retriableHeaders)
        policy.retriableHeaders = [
            HeaderMatcher("x-again", .text(StringMatcher(.exact("yes")))),
            HeaderMatcher(":status", .range(start: 420, end: 430)), HeaderMatcher(":path", .present(true)),
        ]
        #expect(try Self.retries(policy, Asked(response: [("X-Again", "yes")])))
        #expect(try !Self.retries(policy, Asked(response: [("x-again", "no")])))
        #expect(try Self.retries(policy, Asked(status: 429)))
        #expect(try !Self.retries(policy, Asked(status: 430)))
        policy.conditions = .reset
        #expect(try !Self.retries(policy, Asked(response: [("x-again", "yes")])))
    }

    @Test func onlyRequestsWithTheRightHeadersAreRetried() throws {
        var policy = RetryPolicy(on: .serverError)
        policy.retriableRequestHeaders = [
            HeaderMatcher(":method", .text(StringMatcher(.exact("PUT")))), HeaderMatcher("idempotent", .present(true)),
        ]
        #expect(try !Self.retries(policy, Asked(status: 500)))
        #expect(try Self.retries(policy, Asked(status: 500, request: [("idempotent", "1")])))
        // What a request wishes does not help it over the policy's bar.
        #expect(try !Self.retries(policy, Asked(status: 500, request: [("x-envoy-retry-on", "5xx")])))
    }

    @Test func anInternalRequestMayWishForRetries() throws {
        let wish = ("x-envoy-retry-on", "bogus, 5xx ,cancelled")
        #expect(try Self.retries(nil, Asked(status: 500, request: [wish])))
        #expect(try !Self.retries(nil, Asked(status: 500, request: [wish], isInternal: false)))
        #expect(try Self.retries(RetryPolicy(on: .reset), Asked(status: 500, request: [wish])))
        // Tokens of gRPC belong into a header of their own, and the others do not belong there.
        let cancelled = [("grpc-status", "1")]
        #expect(try !Self.retries(nil, Asked(response: cancelled, request: [wish])))
        let grpcWish = ("x-envoy-retry-grpc-on", "cancelled,5xx")
        #expect(try Self.retries(nil, Asked(response: cancelled, request: [grpcWish])))
        #expect(try !Self.retries(nil, Asked(status: 500, request: [grpcWish])))
    }

    @Test func aRequestMayNameStatusesAndHeaders() throws {
        let statuses = [
            ("x-envoy-retry-on", "retriable-status-codes"), ("x-envoy-retriable-status-codes", "404, x,418"),
        ]
        #expect(try Self.retries(nil, Asked(status: 418, request: statuses)))
        #expect(try !Self.retries(nil, Asked(status: 500, request: statuses)))
        #expect(try !Self.retries(nil, Asked(status: 418, request: [statuses[1]])))
        let names = [("x-envoy-retry-on", "retriable-headers"), ("x-envoy-retriable-header-names", "a, X-Again")]
        #expect(try Self.retries(nil, Asked(response: [("x-again", "")], request: names)))
        #expect(try !Self.retries(nil, Asked(response: [("again", "")], request: names)))
        var policy = RetryPolicy(on: [.retriableStatusCodes, .retriableHeaders])
        policy.retriableStatusCodes = [409]
        let stranger = Asked(
            status: 418, response: [("x-again", "")], request: [statuses[1], names[1]], isInternal: false)
        #expect(try !Self.retries(policy, stranger))
    }

    @Test(arguments: [("0", 0), ("3", 3), ("x", 1), ("", 1), ("-1", 1), ("99999999999", 4_294_967_295)])
    func aRequestMaySayHowOften(wish: String, expected: UInt32) throws {
        let scene = try Scene(routes: [.forward { $0.retryPolicy = RetryPolicy(on: .serverError) }])
        let request = Request(authority: "a", path: "/", headers: [("x-envoy-max-retries", wish)])
        request.connection.insert(.isInternal)
        var exchange = scene.worker.begin(request.view)
        var retries: UInt32 = 0
        while retries < 10 {
            var attempt = Attempt()
            #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
            guard scene.worker.report(&attempt, .response(500), &exchange).retries else { break }
            retries += 1
        }
        scene.worker.end(&exchange)
        #expect(retries == min(expected, 10))
    }

    @Test func aResponseSaysHowLongToWait() throws {
        var policy = RetryPolicy(on: .serverError)
        policy.resetHeaders = [.init("Retry-After"), .init("x-ratelimit-reset", .unixTimestamp)]
        func delay(_ headers: [(String, String)]) throws -> UInt64 {
            try Self.verdict(policy, Asked(status: 503, response: headers, unixSeconds: 1000)).delayMilliseconds
        }
        #expect(try (2000..<3000).contains(delay([("retry-after", "2")])))
        #expect(try (5000..<7500).contains(delay([("x-ratelimit-reset", "1005")])))
        // The first usable one counts.
        let both = [("x-ratelimit-reset", "1005"), ("retry-after", "2")]
        #expect(try (2000..<3000).contains(delay(both)))
        #expect(try (5000..<7500).contains(delay([both[0], ("retry-after", "301")])))
        // Nothing usable: the usual back-off.
        for odd in [
            ("retry-after", "301"), ("retry-after", "0"), ("retry-after", "soon"), ("x-ratelimit-reset", "999"),
        ] {
            #expect(try delay([odd]) < 25, "\(odd)")
        }
        policy.resetMaximum = .seconds(1)
        #expect(try delay([("retry-after", "2")]) < 25)
    }

    @Test func theUsualBackOffGoesOnWhereItStood() throws {
        var policy = RetryPolicy(on: .serverError)
        policy.retries = 2
        policy.backOffBase = .milliseconds(1)
        policy.backOffMaximum = .milliseconds(1)
        policy.resetHeaders = [.init("retry-after")]
        let scene = try Scene(routes: [.forward { $0.retryPolicy = policy }])
        let request = Request(authority: "a", path: "/")
        let response = Request(authority: nil, path: nil, headers: [("retry-after", "1")])
        var exchange = scene.worker.begin(request.view)
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        let facts = RetryFacts(response: response.view.headers)
        #expect(scene.worker.report(&attempt, .response(500), &exchange, facts).delayMilliseconds >= 1000)
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        #expect(scene.worker.report(&attempt, .response(500), &exchange).delayMilliseconds == 0)
        scene.worker.end(&exchange)
    }
}
