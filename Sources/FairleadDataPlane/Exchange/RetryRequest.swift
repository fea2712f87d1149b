// Fairlead: what a request says about its retries
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension ExchangeState {
    /// Takes the retry policy `retry`, if it exists, and what an internal request wishes: `x-envoy-retry-on`,
    /// `x-envoy-retry-grpc-on` and `x-envoy-max-retries` (Envoy's `retry_state_impl.cc`).
    mutating func takeRetries(
        _ retry: BlockReference<RetryRecord>, in host: BlockView, _ request: borrowing RequestView,
        _ parts: TargetParts
    ) {
        var policy = RetryRecord(conditions: [])
        if retry.exists { policy = host[retry] }
        retryConditions = policy.conditions
        var wished = Bytes.missing
        if request.connection.contains(.isInternal) {
            hearsRequest = 1
            wished = readWishes(request.headers)
        }
        if policy.requestHeaders.count != 0, !allows(policy, in: host, request, parts) { retryConditions = [] }
        guard !retryConditions.isEmpty else { return }
        retriesLeft = policy.retries
        if let number = ConditionMatcher.integer(wished), number >= 0 { retriesLeft = UInt32(clamping: number) }
        backOff = policy.backOffBase
    }

    /// Adds the conditions that the request names; answers how many retries it wants, missing when it does not say.
    private mutating func readWishes(_ headers: HeaderList) -> Bytes {
        var wished = Bytes.missing
        for index in 0..<headers.count {
            let line = headers[index]
            if line.name.foldedEquals(Constants.retryOn) {
                retryConditions.formUnion(RetryConditions(list: line.value).subtracting(.grpc))
            } else if line.name.foldedEquals(Constants.retryGRPCOn) {
                retryConditions.formUnion(RetryConditions(list: line.value).intersection(.grpc))
            } else if line.name.foldedEquals(Constants.maximumRetries) {
                wished = line.value
            }
        }
        return wished
    }

    /// Whether one of the policy's conditions on requests holds.
    private func allows(
        _ policy: RetryRecord, in host: BlockView, _ request: borrowing RequestView, _ parts: TargetParts
    ) -> Bool {
        for index in 0..<Int(policy.requestHeaders.count)
        where ConditionMatcher.holds(host[policy.requestHeaders, index], in: host, request, parts, random: random) {
            return true
        }
        return false
    }

    /// The policy in force: the route's, or its virtual host's, or what Envoy takes where only the request asks; `nil`
    /// when nothing is retried.
    var retryRules: RetryRules? {
        guard !retryConditions.isEmpty, let host = virtualHost else { return nil }
        return RetryRules(
            wanted: retryConditions, policy: retryPolicy ?? RetryRecord(conditions: []),
            hearsRequest: hearsRequest == 1, host: host)
    }
}
