// Fairlead: retry policies, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// What Envoy retries on and we do not yet.
    private static let idleConditions: Set<String> = [
        "envoy-ratelimited", "retriable-headers", "http3-post-connect-failure", "cancelled", "deadline-exceeded",
        "resource-exhausted", "unavailable", "internal",
    ]

    /// When and how often attempts are repeated.
    mutating func retryPolicy(_ proto: RetryPolicyProto) -> RetryPolicy {
        account(for: proto, .retryPolicy)
        var policy = RetryPolicy(on: conditions(proto.retryOn))
        if proto.hasNumRetries { policy.retries = proto.numRetries.value }
        if proto.hasPerTryTimeout { policy.perTryTimeout = duration(proto.perTryTimeout, at: "per_try_timeout") }
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

    /// The conditions of a comma list. Envoy passes over tokens that it does not know; so do we, but say it.
    private mutating func conditions(_ list: String) -> RetryPolicy.Conditions {
        var conditions: RetryPolicy.Conditions = []
        for part in list.split(separator: ",") {
            let token = String(
                part.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
            if let condition = RetryPolicy.Conditions(token: token) {
                conditions.formUnion(condition)
            } else if Lowering.idleConditions.contains(token) {
                trail.warning(.unsupported, at: "retry_on", "'\(token)' is not acted on yet")
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
            retriable_status_codes retry_back_off
            """,
        refused: "retry_priority retriable_headers retriable_request_headers retry_options_predicates")
}
