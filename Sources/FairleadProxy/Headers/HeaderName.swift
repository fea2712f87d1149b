// Fairlead: names of headers that a proxy treats in a way of its own
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// Names of headers that a proxy treats in a way of its own; all arguments are in lower case.
public enum HeaderName {
    /// The name with its ASCII letters in lower case.
    static func lowercased(_ name: String) -> String { ASCII.lowercased(name) }

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

    /// Whether the header speaks to the router itself, which takes it off: only requests from inside still carry it.
    public static func isForRouter(_ name: String) -> Bool {
        guard name.utf8.count > 8, name.hasPrefix("x-envoy-") else { return false }
        return forRouter.contains(name)
    }

    private static let forRouter: Set<String> = [
        "x-envoy-hedge-on-per-try-timeout", "x-envoy-max-retries", "x-envoy-retriable-header-names",
        "x-envoy-retriable-status-codes", "x-envoy-retry-grpc-on", "x-envoy-retry-on",
        "x-envoy-upstream-alt-stat-name", "x-envoy-upstream-rq-per-try-timeout-ms",
        "x-envoy-upstream-rq-timeout-alt-response", "x-envoy-upstream-rq-timeout-ms",
        "x-envoy-upstream-stream-duration-ms",
    ]
}
