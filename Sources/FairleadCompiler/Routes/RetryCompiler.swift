// Fairlead: compiling retry policies
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadDataPlane
import FairleadModel

extension VirtualHostCompiler {
    /// A retry policy; none when there is none.
    mutating func retry(_ policy: RetryPolicy?) -> BlockReference<RetryRecord> {
        guard let policy else { return .none }
        var record = RetryRecord(conditions: policy.conditions)
        record.retries = policy.retries
        record.perTryTimeout = policy.perTryTimeout?.wholeNanoseconds ?? 0
        record.perTryIdleTimeout = policy.perTryIdleTimeout?.wholeNanoseconds ?? 0
        record.backOffBase = max(policy.backOffBase.wholeMilliseconds, 1)
        record.backOffMaximum = max(
            policy.backOffMaximum?.wholeMilliseconds ?? record.backOffBase.multipliedClamped(by: 10), 1)
        if let maximum = policy.resetMaximum { record.resetMaximum = maximum.wholeMilliseconds }
        record.statusCodes = writer.append(policy.retriableStatusCodes.sorted())
        record.headers = append(headers: policy.retriableHeaders)
        record.requestHeaders = append(headers: policy.retriableRequestHeaders)
        record.resetHeaders = writer.append(
            policy.resetHeaders.map {
                ResetHeaderRecord(
                    name: writer.text(ASCII.lowercased($0.name)), isTimestamp: $0.format == .unixTimestamp)
            })
        record.hostSelectionAttempts = policy.hostSelectionAttempts
        record.avoidsPreviousHosts = policy.avoidsPreviousHosts ? 1 : 0
        return writer.append(shared: record)
    }

    private mutating func append(headers: [HeaderMatcher]) -> BlockArray<Condition> {
        writer.append(headers.map { $0.condition(&writer, &patterns) })
    }
}

extension UInt64 {
    /// The product, or the largest number when it does not fit.
    func multipliedClamped(by factor: UInt64) -> UInt64 {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? .max : product
    }
}
