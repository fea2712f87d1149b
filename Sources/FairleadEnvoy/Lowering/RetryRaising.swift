// Fairlead: retry policies, raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension RetryPolicyProto {
    /// The message that lowers to `policy`.
    init(_ policy: RetryPolicy) {
        self.init()
        retryOn = policy.conditions.tokens.joined(separator: ",")
        numRetries = Google_Protobuf_UInt32Value(policy.retries)
        if let perTryTimeout = policy.perTryTimeout { self.perTryTimeout = Google_Protobuf_Duration(perTryTimeout) }
        if let timeout = policy.perTryIdleTimeout { perTryIdleTimeout = Google_Protobuf_Duration(timeout) }
        retriableHeaders = policy.retriableHeaders.map { HeaderMatcherProto($0) }
        retriableRequestHeaders = policy.retriableRequestHeaders.map { HeaderMatcherProto($0) }
        if !policy.resetHeaders.isEmpty {
            rateLimitedRetryBackOff.resetHeaders = policy.resetHeaders.map { header in
                var message = ResetHeader()
                message.name = header.name
                message.format = header.format == .unixTimestamp ? .unixTimestamp : .seconds
                return message
            }
            if let maximum = policy.resetMaximum {
                rateLimitedRetryBackOff.maxInterval = Google_Protobuf_Duration(maximum)
            }
        }
        retriableStatusCodes = policy.retriableStatusCodes.map { UInt32($0) }
        if policy.backOffBase != .milliseconds(25) || policy.backOffMaximum != nil {
            retryBackOff.baseInterval = Google_Protobuf_Duration(policy.backOffBase)
            if let maximum = policy.backOffMaximum { retryBackOff.maxInterval = Google_Protobuf_Duration(maximum) }
        }
        if policy.avoidsPreviousHosts {
            var predicate = RetryHostPredicate()
            predicate.name = "envoy.retry_host_predicates.previous_hosts"
            predicate.typedConfig = Google_Protobuf_Any(
                Envoy_Extensions_Retry_Host_PreviousHosts_V3_PreviousHostsPredicate())
            retryHostPredicate = [predicate]
        }
        if policy.hostSelectionAttempts != 1 { hostSelectionRetryMaxAttempts = Int64(policy.hostSelectionAttempts) }
    }
}
