// Fairlead: random retry policies
// SPDX-License-Identifier: Apache-2.0

import Fairlead

extension Chance {
    mutating func retryPolicy() -> RetryPolicy {
        var policy = RetryPolicy(on: RetryConditions(rawValue: UInt32(below(1 << RetryConditions.count))))
        policy.retries = UInt32(below(4))
        if happens(30) { policy.retriableStatusCodes = [UInt16(400 + below(200)), 409] }
        if happens(30) { policy.retriableHeaders = [HeaderMatcher(any(Chance.names), .present(happens(50)))] }
        if happens(20) { policy.retriableRequestHeaders = [HeaderMatcher(any(Chance.names), .present(happens(50)))] }
        if happens(20) { policy.resetHeaders = [.init("retry-after"), .init("reset", .unixTimestamp)] }
        if happens(20) { policy.perTryIdleTimeout = .milliseconds(1 + below(1000)) }
        policy.avoidsPreviousHosts = happens(50)
        return policy
    }
}
