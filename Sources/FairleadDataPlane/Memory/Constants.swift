// Fairlead: constant texts
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Constant texts as borrowed bytes: they live as long as the program.
@safe
enum Constants {
    static var contentType: Bytes { bytes("content-type") }
    static var cookie: Bytes { bytes("cookie") }
    static var grpc: Bytes { bytes("application/grpc") }
    static var http: Bytes { bytes("http") }
    static var https: Bytes { bytes("https") }
    static var connect: Bytes { bytes("CONNECT") }
    static var port80: Bytes { bytes(":80") }
    static var port443: Bytes { bytes(":443") }
    static var forwardedProto: Bytes { bytes("x-forwarded-proto") }
    static var host: Bytes { bytes("host") }
    static var get: Bytes { bytes("GET") }
    static var head: Bytes { bytes("HEAD") }
    static var slash: Bytes { bytes("/") }
    static var httpStart: Bytes { bytes("http://") }
    static var httpsStart: Bytes { bytes("https://") }
    static var grpcTimeout: Bytes { bytes("grpc-timeout") }
    static var requestTimeout: Bytes { bytes("x-envoy-upstream-rq-timeout-ms") }
    static var perTryTimeout: Bytes { bytes("x-envoy-upstream-rq-per-try-timeout-ms") }
    static var retryOn: Bytes { bytes("x-envoy-retry-on") }
    static var retryGRPCOn: Bytes { bytes("x-envoy-retry-grpc-on") }
    static var maximumRetries: Bytes { bytes("x-envoy-max-retries") }
    static var retriableStatuses: Bytes { bytes("x-envoy-retriable-status-codes") }
    static var retriableHeaderNames: Bytes { bytes("x-envoy-retriable-header-names") }
    static var rateLimited: Bytes { bytes("x-envoy-ratelimited") }
    static var grpcStatus: Bytes { bytes("grpc-status") }
    static var statusName: Bytes { bytes(":status") }
    static var originalPath: Bytes { bytes("x-envoy-original-path") }
    static var authorityName: Bytes { bytes(":authority") }
    static var methodName: Bytes { bytes(":method") }
    static var pathName: Bytes { bytes(":path") }
    static var schemeName: Bytes { bytes(":scheme") }
    static var weekdays: Bytes { bytes("SundayMondayTuesdayWednesdayThursdayFridaySaturday") }
    static var months: Bytes {
        bytes("JanuaryFebruaryMarchAprilMayJuneJulyAugustSeptemberOctoberNovemberDecember")
    }

    @inline(__always)
    private static func bytes(_ text: StaticString) -> Bytes {
        unsafe Bytes(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }
}
