// Fairlead: rules for retries, hash policies and header mutations
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension ProblemTrail {
    /// The most additions in one list of header mutations.
    private static let maximumAdditions = 1000

    /// A retry policy.
    mutating func check(_ policy: RetryPolicy) {
        checkNotNegative(policy.perTryTimeout, at: "per_try_timeout")
        checkNotNegative(policy.perTryIdleTimeout, at: "per_try_idle_timeout")
        each("retriable_headers", policy.retriableHeaders) { $0.check($1) }
        each("retriable_request_headers", policy.retriableRequestHeaders) { $0.check($1) }
        within("rate_limited_retry_back_off") { walk in
            walk.each("reset_headers", policy.resetHeaders) { $0.checkHeaderName($1.name, at: "name") }
            walk.checkPositive(policy.resetMaximum, at: "max_interval")
        }
        within("retry_back_off") { walk in
            walk.checkPositive(policy.backOffBase, at: "base_interval")
            walk.checkPositive(policy.backOffMaximum, at: "max_interval")
            if let maximum = policy.backOffMaximum, maximum < policy.backOffBase {
                walk.error(
                    .invalidValue, at: "max_interval",
                    "retry_policy.max_interval must greater than or equal to the base_interval")
            }
        }
    }

    /// One part of a request's hash.
    mutating func check(_ policy: HashPolicy) {
        switch policy.source {
        case .header(let name, let substitution):
            enter("header")
            checkHeaderName(name, at: "header_name")
            if let substitution { check(substitution, at: "regex_rewrite") }
            leave()
        case .cookie(let cookie): within("cookie") { $0.check(cookie) }
        case .sourceIP: break
        case .queryParameter(let name): within("query_parameter") { $0.requireText(name, at: "name") }
        case .filterState(let key): within("filter_state") { $0.requireText(key, at: "key") }
        }
    }

    private mutating func check(_ cookie: HashPolicy.Cookie) {
        requireText(cookie.name, at: "name")
        checkNotNegative(cookie.timeToLive, at: "ttl")
        each("attributes", cookie.attributes) { walk, attribute in
            walk.checkHeaderName(attribute.name, at: "name")
            walk.checkHeaderValue(attribute.value, at: "value")
        }
    }

    /// Header mutations of any level.
    mutating func check(_ mutations: HeaderMutations) {
        guard !mutations.isEmpty else { return }
        check(additions: mutations.requestAdditions, at: "request_headers_to_add")
        check(removals: mutations.requestRemovals, at: "request_headers_to_remove")
        check(additions: mutations.responseAdditions, at: "response_headers_to_add")
        check(removals: mutations.responseRemovals, at: "response_headers_to_remove")
    }

    private mutating func check(additions: [HeaderMutations.Addition], at field: String) {
        if additions.count > ProblemTrail.maximumAdditions {
            error(
                .limitExceeded, at: field,
                "\(additions.count) headers; at most \(ProblemTrail.maximumAdditions) are allowed")
        }
        each(field, additions) { $0.check($1) }
    }

    /// One added header.
    mutating func check(_ addition: HeaderMutations.Addition) {
        enter("header")
        checkHeaderName(addition.name, at: "key")
        checkSubstitution(addition.value, at: "value")
        if ProblemTrail.isProtected(addition.name) {
            error(.invalidValue, at: "key", ":-prefixed or host headers may not be modified")
        }
        leave()
    }

    private mutating func check(removals: [String], at field: String) {
        for (index, name) in removals.enumerated() { check(removal: name, at: field, index: index) }
    }

    /// The name of a removed header.
    mutating func check(removal name: String, at field: String, index: Int = -1) {
        checkHeaderName(name, at: field, index: index)
        if ProblemTrail.isProtected(name) {
            error(.invalidValue, at: field, index: index, ":-prefixed or host headers may not be removed")
        }
    }

    /// Whether a header belongs to the request itself and has rewrites of its own.
    static func isProtected(_ name: String) -> Bool {
        name.utf8.first == UInt8(ascii: ":") || ASCII.lowercased(name) == "host"
    }
}
