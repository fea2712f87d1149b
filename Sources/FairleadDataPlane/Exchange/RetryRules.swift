// Fairlead: which outcomes are retried
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Decides whether a retry policy covers an outcome (Envoy's `retry_state_impl.cc`).
enum RetryRules {
    // The bits of RetryPolicy.Conditions, which the compiler writes into the record.
    static var serverError: UInt32 { 1 << 0 }
    static var gatewayError: UInt32 { 1 << 1 }
    static var connectFailure: UInt32 { 1 << 2 }
    static var reset: UInt32 { 1 << 3 }
    static var resetBeforeRequest: UInt32 { 1 << 4 }
    static var refusedStream: UInt32 { 1 << 5 }
    static var retriable4xx: UInt32 { 1 << 6 }
    static var retriableStatusCodes: UInt32 { 1 << 7 }

    /// Whether the policy covers the outcome.
    static func applies(_ policy: RetryRecord, _ outcome: Outcome, in host: BlockView) -> Bool {
        let wanted = policy.conditions
        switch outcome.kind {
        case .response: return appliesToStatus(wanted, policy, outcome.status, in: host)
        case .connectFailure:
            return wanted & (serverError | gatewayError | reset | connectFailure | resetBeforeRequest) != 0
        case .reset, .refusedStream, .perTryTimeout:
            if wanted & (serverError | gatewayError | reset) != 0 { return true }
            if outcome.kind == .refusedStream, wanted & refusedStream != 0 { return true }
            return wanted & resetBeforeRequest != 0 && !outcome.requestWasSent
        case .timeout, .cancelled, .overflow: return false
        }
    }

    private static func appliesToStatus(
        _ wanted: UInt32, _ policy: RetryRecord, _ status: UInt16, in host: BlockView
    ) -> Bool {
        if wanted & serverError != 0, status >= 500 { return true }
        if wanted & gatewayError != 0, (502...504).contains(status) { return true }
        if wanted & retriable4xx != 0, status == 409 { return true }
        guard wanted & retriableStatusCodes != 0 else { return false }
        for index in 0..<Int(policy.statusCodes.count) where host[policy.statusCodes, index] == status { return true }
        return false
    }
}
