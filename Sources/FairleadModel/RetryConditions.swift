// Fairlead: what is tried again
// SPDX-License-Identifier: Apache-2.0

/// Which ways for an attempt to end are worth another one: what Envoy's `retry_on` lists.
public struct RetryConditions: OptionSet, Hashable, Sendable, BitwiseCopyable {
    /// The conditions as bits.
    public let rawValue: UInt32

    /// The conditions of `rawValue`.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// A status of 500 or more, or no response.
    public static var serverError: RetryConditions { RetryConditions(rawValue: 1 << 0) }
    /// A status of 502, 503 or 504, or no response.
    public static var gatewayError: RetryConditions { RetryConditions(rawValue: 1 << 1) }
    /// No connection.
    public static var connectFailure: RetryConditions { RetryConditions(rawValue: 1 << 2) }
    /// No response, for whatever reason.
    public static var reset: RetryConditions { RetryConditions(rawValue: 1 << 3) }
    /// A reset before any byte of the request was given to the endpoint.
    public static var resetBeforeRequest: RetryConditions { RetryConditions(rawValue: 1 << 4) }
    /// HTTP/2 REFUSED_STREAM.
    public static var refusedStream: RetryConditions { RetryConditions(rawValue: 1 << 5) }
    /// A status of 409.
    public static var retriable4xx: RetryConditions { RetryConditions(rawValue: 1 << 6) }
    /// A status that the policy, or the request, names.
    public static var retriableStatusCodes: RetryConditions { RetryConditions(rawValue: 1 << 7) }
    /// A header that the policy, or the request, names.
    public static var retriableHeaders: RetryConditions { RetryConditions(rawValue: 1 << 8) }
    /// A response with `x-envoy-ratelimited`, which forbids every other retry.
    public static var rateLimited: RetryConditions { RetryConditions(rawValue: 1 << 9) }
    /// An HTTP/3 stream that failed after its connection was there.
    public static var http3PostConnectFailure: RetryConditions { RetryConditions(rawValue: 1 << 10) }
    /// gRPC's CANCELLED in a response's headers.
    public static var grpcCancelled: RetryConditions { RetryConditions(rawValue: 1 << 11) }
    /// gRPC's DEADLINE_EXCEEDED in a response's headers.
    public static var grpcDeadlineExceeded: RetryConditions { RetryConditions(rawValue: 1 << 12) }
    /// gRPC's RESOURCE_EXHAUSTED in a response's headers.
    public static var grpcResourceExhausted: RetryConditions { RetryConditions(rawValue: 1 << 13) }
    /// gRPC's UNAVAILABLE in a response's headers.
    public static var grpcUnavailable: RetryConditions { RetryConditions(rawValue: 1 << 14) }
    /// gRPC's INTERNAL in a response's headers.
    public static var grpcInternal: RetryConditions { RetryConditions(rawValue: 1 << 15) }

    /// The conditions on gRPC's status, which `x-envoy-retry-grpc-on` may name; `x-envoy-retry-on` may name the others.
    public static var grpc: RetryConditions {
        [grpcCancelled, grpcDeadlineExceeded, grpcResourceExhausted, grpcUnavailable, grpcInternal]
    }

    /// How many conditions there are: those whose bits are below.
    public static var count: Int { 16 }

    /// The token of the condition with the bit `index`, 0 ..< count, in Envoy's words.
    public static func token(_ index: Int) -> StaticString {
        switch index {
        case 0: "5xx"
        case 1: "gateway-error"
        case 2: "connect-failure"
        case 3: "reset"
        case 4: "reset-before-request"
        case 5: "refused-stream"
        case 6: "retriable-4xx"
        case 7: "retriable-status-codes"
        case 8: "retriable-headers"
        case 9: "envoy-ratelimited"
        case 10: "http3-post-connect-failure"
        case 11: "cancelled"
        case 12: "deadline-exceeded"
        case 13: "resource-exhausted"
        case 14: "unavailable"
        default: "internal"
        }
    }

    /// The condition that Envoy calls `token`; none for tokens that there are not. O(conditions).
    public init(token: Bytes) {
        var found: UInt32 = 0
        for index in 0..<RetryConditions.count where token.elementsEqual(Bytes(RetryConditions.token(index))) {
            found = 1 << UInt32(index)
        }
        self.init(rawValue: found)
    }

    /// The conditions of a comma list, blanks around its tokens left out; what is none of them is passed over.
    public init(list: Bytes) {
        var found: UInt32 = 0
        var tokens = ListedTokens(list)
        while let token = tokens.next() { found |= RetryConditions(token: token).rawValue }
        self.init(rawValue: found)
    }
}
