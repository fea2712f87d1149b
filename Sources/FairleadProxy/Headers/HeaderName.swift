// Fairlead: names of headers that a proxy treats in a way of its own
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// Names of headers that a proxy treats in a way of its own; all arguments are in lower case.
public enum HeaderName {
    /// The name with its ASCII letters in lower case.
    static func lowercased(_ name: String) -> String { ASCII.lowercased(name) }

    /// Whether repeated lines of the header are joined with a comma on arrival: Envoy 1.40 keeps these in one place.
    static func isJoined(_ name: String) -> Bool {
        switch name.utf8.count {
        case 3: name == "via"
        case 6: name == "accept" || name == "expect" || name == "origin" || name == "pragma"
        case 7: name == "referer"
        case 8: name == "if-match" || name == "if-range"
        case 10: name == "user-agent"
        case 12: name == "content-type" || name == "grpc-timeout" || name == "x-request-id"
        case 13: name == "authorization" || name == "cache-control" || name == "if-none-match"
        case 15: name == "accept-encoding" || name == "x-forwarded-for"
        case 16: name == "content-encoding" || name == "x-forwarded-host" || name == "x-forwarded-port"
        case 17: name == "x-client-trace-id" || name == "if-modified-since"
        case 20: name == "grpc-accept-encoding"
        case 29: name == "access-control-request-method"
        case 30: name == "access-control-request-headers"
        case 38: name == "access-control-request-private-network"
        default: false
        }
    }

    /// Whether the header speaks of one connection only and is never passed on.
    public static func isHopByHop(_ name: String) -> Bool {
        switch name.utf8.count {
        case 2: name == "te"
        case 7: name == "upgrade"
        case 10: name == "connection" || name == "keep-alive"
        case 16: name == "proxy-connection"
        case 17: name == "transfer-encoding"
        default: false
        }
    }

    /// Whether only requests from inside may carry the header. Every request counts as one from outside.
    public static func isInternalOnly(_ name: String) -> Bool {
        guard name.utf8.count > 8, name.hasPrefix("x-envoy-") else { return false }
        return internalOnly.contains(name)
    }

    private static let internalOnly: Set<String> = [
        "x-envoy-expected-rq-timeout-ms", "x-envoy-force-trace", "x-envoy-hedge-on-per-try-timeout",
        "x-envoy-internal", "x-envoy-ip-tags", "x-envoy-max-retries", "x-envoy-original-url",
        "x-envoy-retriable-header-names",
        "x-envoy-retriable-status-codes", "x-envoy-retry-grpc-on", "x-envoy-retry-on",
        "x-envoy-upstream-alt-stat-name", "x-envoy-upstream-rq-per-try-timeout-ms",
        "x-envoy-upstream-rq-timeout-alt-response", "x-envoy-upstream-rq-timeout-ms",
        "x-envoy-upstream-stream-duration-ms",
    ]
}
