// Fairlead: which outcomes are retried
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// What a retry may depend on besides an outcome's kind and status.
public struct RetryFacts: BitwiseCopyable {
    /// The header lines of the response.
    public var response = HeaderList.none
    /// The header lines of the request, as `begin` saw them: an internal one may name statuses and headers of its own.
    public var request = HeaderList.none
    /// The time in seconds since 1970, for responses that name the time to come again; 0 when it is not known.
    public var unixSeconds: UInt64 = 0

    /// Nothing is known.
    public init() {}

    /// What a host knows of a response; see the properties.
    public init(response: HeaderList, request: HeaderList = .none, unixSeconds: UInt64 = 0) {
        self.response = response
        self.request = request
        self.unixSeconds = unixSeconds
    }
}

/// Decides whether a retry policy covers an outcome (Envoy's `retry_state_impl.cc`).
struct RetryRules {
    /// What is retried: what the policy and the request say together.
    let wanted: RetryConditions
    let policy: RetryRecord
    /// Whether the request may name statuses and headers.
    let hearsRequest: Bool
    let host: BlockView

    /// Whether the outcome is a response that only the conditions of `lookAtGood` could retry.
    @inline(__always)
    static func isGood(_ outcome: Outcome) -> Bool { outcome.kind == .response && outcome.status < 400 }

    /// The conditions that look at responses of any status.
    @inline(__always)
    static var lookAtGood: RetryConditions {
        RetryConditions.grpc.union([.retriableStatusCodes, .retriableHeaders, .rateLimited])
    }

    /// Whether the outcome is retried.
    func apply(to outcome: Outcome, _ facts: RetryFacts) -> Bool {
        switch outcome.kind {
        case .response: return apply(toStatus: outcome.status, facts)
        case .connectFailure:
            return wants([.serverError, .gatewayError, .reset, .connectFailure, .resetBeforeRequest])
        case .reset, .refusedStream, .perTryTimeout:
            if wants([.serverError, .gatewayError, .reset]) { return true }
            if outcome.kind == .refusedStream, wants(.refusedStream) { return true }
            return wants(.resetBeforeRequest) && !outcome.requestWasSent
        case .timeout, .cancelled, .overflow: return false
        }
    }

    private func wants(_ any: RetryConditions) -> Bool { !wanted.isDisjoint(with: any) }

    private func apply(toStatus status: UInt16, _ facts: RetryFacts) -> Bool {
        // Whoever is told to slow down must not be asked again, unless the policy says so.
        if facts.response.firstIndex(of: Constants.rateLimited) != nil { return wants(.rateLimited) }
        if wants(.serverError), status >= 500 { return true }
        if wants(.gatewayError), (502...504).contains(status) { return true }
        if wants(.retriable4xx), status == 409 { return true }
        if wants(.retriableStatusCodes), names(status, facts) { return true }
        if wants(.retriableHeaders), namesHeader(of: facts, status) { return true }
        return wants(.grpc) && wants(RetryRules.grpc(facts.response.first(Constants.grpcStatus)))
    }

    private func names(_ status: UInt16, _ facts: RetryFacts) -> Bool {
        for index in 0..<Int(policy.statusCodes.count) where host[policy.statusCodes, index] == status { return true }
        guard hearsRequest else { return false }
        var tokens = ListedTokens(facts.request.first(Constants.retriableStatuses))
        while let token = tokens.next() {
            if ConditionMatcher.integer(token) == Int64(status) { return true }
        }
        return false
    }

    private func namesHeader(of facts: RetryFacts, _ status: UInt16) -> Bool {
        for index in 0..<Int(policy.headers.count) {
            let condition = host[policy.headers, index]
            if ConditionMatcher.holds(condition, in: host, responseHeaders: facts.response, status: status) {
                return true
            }
        }
        guard hearsRequest else { return false }
        var tokens = ListedTokens(facts.request.first(Constants.retriableHeaderNames))
        while let token = tokens.next() {
            for line in 0..<facts.response.count where isSame(facts.response[line].name, token) { return true }
        }
        return false
    }

    /// Whether both are the same but for the case of their letters.
    private func isSame(_ name: Bytes, _ other: Bytes) -> Bool {
        guard name.count == other.count else { return false }
        for index in 0..<name.count where ASCII.lowercased(name[index]) != ASCII.lowercased(other[index]) {
            return false
        }
        return true
    }

    /// The condition that a response's `grpc-status` is.
    private static func grpc(_ status: Bytes) -> RetryConditions {
        switch ConditionMatcher.integer(status) {
        case 1: .grpcCancelled
        case 4: .grpcDeadlineExceeded
        case 8: .grpcResourceExhausted
        case 13: .grpcInternal
        case 14: .grpcUnavailable
        default: []
        }
    }

    /// How long the response asks to wait, in milliseconds; `nil` when it does not, or asks for too long.
    func resetInterval(_ facts: RetryFacts) -> UInt64? {
        for index in 0..<Int(policy.resetHeaders.count) {
            let header = host[policy.resetHeaders, index]
            let value = ConditionMatcher.integer(facts.response.first(host.bytes(header.name)))
            guard var seconds = value.flatMap({ UInt64(exactly: $0) }) else { continue }
            if header.isTimestamp == 1 {
                guard facts.unixSeconds != 0, seconds >= facts.unixSeconds else { continue }
                seconds -= facts.unixSeconds
            }
            let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
            guard !overflow, milliseconds <= policy.resetMaximum else { continue }
            // Nothing to wait for is no reason to wait: the usual back-off says how long.
            return milliseconds > 1 ? milliseconds : nil
        }
        return nil
    }
}
