// Fairlead: tests of how long requests may take
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct RequestTimeoutsTests {
    static let forever: Int64 = -1

    /// The timeouts of a request in milliseconds, -1 for as long as the listener says.
    static func timeouts(
        _ headers: [(String, String)] = [], isInternal: Bool = false, _ change: (inout ForwardAction) -> Void = { _ in }
    ) throws -> (route: Int64, attempt: Int64, stream: Int64, isOver: Bool, rewrites: Bool) {
        let scene = try Scene(routes: [.forward { change(&$0) }])
        let request = Request(authority: "a", path: "/", headers: headers)
        if isInternal { request.connection.insert(.isInternal) }
        var exchange = scene.worker.begin(request.view)
        let timeouts = exchange.route.timeouts(request.view)
        #expect(timeouts.idle == .max)
        scene.worker.end(&exchange)
        func milliseconds(_ value: UInt64) -> Int64 { value == .max ? -1 : Int64(value / 1_000_000) }
        return (
            milliseconds(timeouts.route), milliseconds(timeouts.attempt), milliseconds(timeouts.stream),
            timeouts.streamIsOver, timeouts.rewritesGRPCTimeout
        )
    }

    @Test func withoutAnythingTheRouteSaysAll() throws {
        #expect(try Self.timeouts() == (15_000, 0, -1, false, false))
        let limited = try Self.timeouts {
            $0.timeout = .seconds(2)
            $0.retryPolicy = RetryPolicy(on: .reset)
            $0.retryPolicy?.perTryTimeout = .seconds(1)
        }
        #expect(limited == (2000, 1000, -1, false, false))
    }

    @Test func onlyInternalRequestsSetTimeoutsOfTheirOwn() throws {
        let headers = [("x-envoy-upstream-rq-timeout-ms", "500"), ("X-Envoy-Upstream-Rq-Per-Try-Timeout-Ms", "100")]
        #expect(try Self.timeouts(headers) == (15_000, 0, -1, false, false))
        #expect(try Self.timeouts(headers, isInternal: true) == (500, 100, -1, false, false))
        let name = "x-envoy-upstream-rq-timeout-ms"
        for (value, expected) in [
            ("0", 0), ("5s", 15_000), ("", 15_000), ("-1", 15_000), ("18446744073709551616", 15_000),
        ] {
            #expect(try Self.timeouts([(name, value)], isInternal: true).route == Int64(expected), "\(value)")
        }
    }

    @Test func aTimeoutOfOneAttemptHasToBeShorterThanTheWhole() throws {
        let perTry = "x-envoy-upstream-rq-per-try-timeout-ms"
        #expect(try Self.timeouts([(perTry, "15000")], isInternal: true).attempt == 0)
        #expect(try Self.timeouts([(perTry, "14999")], isInternal: true).attempt == 14_999)
        #expect(try Self.timeouts([(perTry, "20000")], isInternal: true) { $0.timeout = .zero }.attempt == 20_000)
    }

    @Test func theLimitOfTheStreamMayComeFromTheRequest() throws {
        func stream(_ header: String?, _ change: (inout StreamLimit) -> Void) throws -> (Int64, Bool) {
            let told = try Self.timeouts(header.map { [("grpc-timeout", $0)] } ?? []) {
                var limit = StreamLimit()
                limit.maximum = .seconds(9)
                change(&limit)
                $0.streamLimit = limit
            }
            return (told.stream, told.isOver)
        }
        #expect(try stream("2S") { _ in } == (9000, false))
        #expect(try stream("2S") { $0.maximum = nil } == (-1, false))
        #expect(try stream("2S") { $0.grpcHeaderMaximum = .zero } == (2000, false))
        #expect(try stream("2S") { $0.grpcHeaderMaximum = .seconds(1) } == (1000, false))
        #expect(try stream(nil) { $0.grpcHeaderMaximum = .seconds(1) } == (9000, false))
        #expect(try stream("x") { $0.grpcHeaderMaximum = .seconds(1) } == (9000, false))
        for (offset, expected) in [(30, (70, false)), (100, (0, true)), (200, (0, true))] as [(Int, (Int64, Bool))] {
            let told = try stream("100m") {
                $0.grpcHeaderMaximum = .zero
                $0.grpcHeaderOffset = .milliseconds(offset)
            }
            #expect(told == expected)
        }
    }

    @Test func theTimeoutOfAGRPCRequestMayComeFromTheRequest() throws {
        func route(_ header: String?, type: String = "application/grpc", maximum: Duration, offset: Duration? = nil)
            throws
            -> (Int64, Bool)
        {
            var headers = [("content-type", type)]
            if let header { headers.append(("grpc-timeout", header)) }
            let told = try Self.timeouts(headers) {
                $0.grpcTimeout = GRPCTimeout(maximum: maximum)
                $0.grpcTimeout?.offset = offset
            }
            return (told.route, told.rewrites)
        }
        #expect(try route("2S", maximum: .zero) == (2000, true))
        #expect(try route("2S", type: "text/plain", maximum: .zero) == (15_000, false))
        #expect(try route("2S", maximum: .seconds(1)) == (1000, true))
        #expect(try route(nil, maximum: .seconds(1)) == (1000, true))
        #expect(try route(nil, maximum: .zero) == (0, true))
        #expect(try route("2S", maximum: .zero, offset: .milliseconds(500)) == (1500, true))
        #expect(try route("2S", maximum: .zero, offset: .seconds(2)) == (2000, true))
    }

    @Test func unitsOfTheHeaderAreThoseOfGRPC() throws {
        for (text, expected) in [
            ("1H", 3_600_000), ("2M", 120_000), ("3S", 3000), ("4m", 4), ("1u", 1), ("1001u", 2), ("1n", 1),
            ("99999999m", 99_999_999), ("100000000m", 9000), ("m", 9000), ("1", 9000), ("1s", 9000), ("", 9000),
        ] {
            let told = try Self.timeouts([("grpc-timeout", text)]) {
                var limit = StreamLimit()
                limit.maximum = .seconds(9)
                limit.grpcHeaderMaximum = .zero
                $0.streamLimit = limit
            }
            #expect(told.stream == Int64(expected), "\(text)")
        }
    }
}
