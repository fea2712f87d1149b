// Fairlead: retry policies, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// When and how often attempts are repeated.
    mutating func retryPolicy(_ proto: RetryPolicyProto) -> RetryPolicy {
        account(for: proto, .retryPolicy)
        var policy = RetryPolicy(on: conditions(proto.retryOn))
        if proto.hasNumRetries { policy.retries = proto.numRetries.value }
        if proto.hasPerTryTimeout { policy.perTryTimeout = duration(proto.perTryTimeout, at: "per_try_timeout") }
        if proto.hasPerTryIdleTimeout {
            policy.perTryIdleTimeout = duration(proto.perTryIdleTimeout, at: "per_try_idle_timeout")
        }
        policy.retriableHeaders = each("retriable_headers", proto.retriableHeaders) { $0.header($1) }
        policy.retriableRequestHeaders = each("retriable_request_headers", proto.retriableRequestHeaders) {
            $0.header($1)
        }
        if proto.hasRateLimitedRetryBackOff {
            within("rate_limited_retry_back_off") { $0.backOff(proto.rateLimitedRetryBackOff, &policy) }
        }
        policy.retriableStatusCodes = statusCodes(proto.retriableStatusCodes)
        if proto.hasRetryBackOff {
            within("retry_back_off") { lowering in
                let backOff = proto.retryBackOff
                if backOff.hasBaseInterval {
                    policy.backOffBase = lowering.duration(backOff.baseInterval, at: "base_interval")
                } else {
                    lowering.trail.error(.missingField, at: "base_interval", "is missing")
                }
                if backOff.hasMaxInterval {
                    policy.backOffMaximum = lowering.duration(backOff.maxInterval, at: "max_interval")
                }
            }
        }
        policy.avoidsPreviousHosts = each("retry_host_predicate", proto.retryHostPredicate) { $0.isPreviousHosts($1) }
            .contains(true)
        if proto.hostSelectionRetryMaxAttempts != 0 {
            if let attempts = UInt32(exactly: proto.hostSelectionRetryMaxAttempts) {
                policy.hostSelectionAttempts = attempts
            } else {
                trail.error(
                    .invalidValue, at: "host_selection_retry_max_attempts", "is not within 0 and \(UInt32.max)")
            }
        }
        return policy
    }

    private mutating func backOff(
        _ proto: RetryPolicyProto.RateLimitedRetryBackOff, _ policy: inout RetryPolicy
    ) {
        if proto.resetHeaders.isEmpty { trail.error(.missingField, at: "reset_headers", "must name at least one") }
        policy.resetHeaders = each("reset_headers", proto.resetHeaders) { lowering, header in
            let format = RetryPolicy.ResetHeader.Format(rawValue: UInt32(clamping: header.format.rawValue))
            if format == nil {
                lowering.trail.error(.invalidValue, at: "format", "there is no format \(header.format.rawValue)")
            }
            return RetryPolicy.ResetHeader(header.name, format ?? .seconds)
        }
        if proto.hasMaxInterval { policy.resetMaximum = duration(proto.maxInterval, at: "max_interval") }
    }

    /// The conditions of a comma list. Envoy passes over tokens that it does not know; so do we, but say it.
    private mutating func conditions(_ list: String) -> RetryPolicy.Conditions {
        var conditions: RetryPolicy.Conditions = []
        for part in list.split(separator: ",") {
            let token = String(
                part.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
            if let condition = RetryPolicy.Conditions(token: token) {
                conditions.formUnion(condition)
                if condition == .http3PostConnectFailure {
                    trail.warning(.unsupported, at: "retry_on", "'\(token)' has no effect without HTTP/3")
                }
            } else if !token.isEmpty {
                trail.warning(.idleRetryPolicy, at: "retry_on", "there is no condition '\(token)'")
            }
        }
        return conditions
    }

    private mutating func statusCodes(_ codes: [UInt32]) -> [UInt16] {
        var result: [UInt16] = []
        for (index, code) in codes.enumerated() {
            if let code = UInt16(exactly: code) {
                result.append(code)
            } else {
                trail.warning(
                    .invalidValue, at: "retriable_status_codes", index: index, "no response has the status \(code)")
            }
        }
        return result
    }

    private mutating func isPreviousHosts(_ proto: RetryPolicyProto.RetryHostPredicate) -> Bool {
        trail.enter("typed_config")
        defer { trail.leave() }
        let type = proto.typedConfig.typeName
        switch type {
        case Envoy_Extensions_Retry_Host_PreviousHosts_V3_PreviousHostsPredicate.protoMessageName: return true
        case Envoy_Extensions_Retry_Host_OmitCanaryHosts_V3_OmitCanaryHostsPredicate.protoMessageName,
            Envoy_Extensions_Retry_Host_OmitHostMetadata_V3_OmitHostMetadataConfig.protoMessageName:
            refuse("", type)
        case "": trail.error(.missingField, "is missing")
        default: trail.error(.unknownExtension, "there is no retry host predicate of type \(type)")
        }
        return false
    }
}

extension FieldUse {
    static let retryPolicy = FieldUse(
        RetryPolicyProto.self,
        read: """
            retry_on num_retries per_try_timeout retry_host_predicate host_selection_retry_max_attempts \
            retriable_status_codes retry_back_off per_try_idle_timeout retriable_headers retriable_request_headers \
            rate_limited_retry_back_off
            """,
        refused: "retry_priority retry_options_predicates")
}
