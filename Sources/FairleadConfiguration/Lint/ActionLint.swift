// Fairlead: actions that cannot mean what they say
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension ProblemTrail {
    /// Forwarding.
    mutating func lint(_ action: ForwardAction) {
        if case .weighted(let weighted) = action.target {
            within("weighted_clusters") { walk in
                walk.each("clusters", weighted.entries) { walk, entry in
                    // A runtime value may give it another weight.
                    guard entry.weight == 0, weighted.runtimeKeyPrefix.isEmpty else { return }
                    walk.warning(.zeroWeight, at: "weight", "with weight 0 '\(entry.lintName)' is never chosen")
                }
            }
        }
        // It leads to clusters, and holds no routes.
        if case .matched(let tree) = action.target {
            within(ForwardAction.treePath) { $0.lint(tree) { _, _, _ in } }
        }
        if let policy = action.retryPolicy {
            within("retry_policy") { $0.lint(policy, timeout: action.timeout ?? .seconds(15)) }
        }
    }

    /// A retry policy; `timeout` is its route's, zero for none, `nil` when it is not known.
    mutating func lint(_ policy: RetryPolicy, timeout: Duration?) {
        if policy.conditions.isEmpty {
            warning(.idleRetryPolicy, at: "retry_on", "nothing is retried: no condition is named that is known")
        }
        if policy.retries == 0 { warning(.idleRetryPolicy, at: "num_retries", "0 retries are none") }
        let retriesStatuses = policy.conditions.contains(.retriableStatusCodes)
        let retriesHeaders = policy.conditions.contains(.retriableHeaders)
        if retriesHeaders, policy.retriableHeaders.isEmpty {
            warning(
                .idleRetryPolicy, at: "retry_on", "'retriable-headers' retries none: retriable_headers is empty")
        }
        if !retriesHeaders, !policy.retriableHeaders.isEmpty {
            warning(
                .idleRetryPolicy, at: "retriable_headers",
                "has no effect: retry_on does not name 'retriable-headers'")
        }
        if retriesStatuses, policy.retriableStatusCodes.isEmpty {
            warning(
                .idleRetryPolicy, at: "retry_on",
                "'retriable-status-codes' retries none: retriable_status_codes is empty")
        }
        if !retriesStatuses, !policy.retriableStatusCodes.isEmpty {
            warning(
                .idleRetryPolicy, at: "retriable_status_codes",
                "has no effect: retry_on does not name 'retriable-status-codes'")
        }
        if let limit = policy.perTryTimeout, let timeout, timeout > .zero, limit >= timeout {
            warning(.idleRetryPolicy, at: "per_try_timeout", "has no effect: the route's timeout is not longer")
        }
    }
}

extension WeightedClusters.Entry {
    fileprivate var lintName: String { header ?? cluster }
}

extension RedirectAction {
    /// Whether the Location is the address that the request came for.
    func leavesEverything(of match: RouteMatch) -> Bool {
        guard host?.isEmpty ?? true, port == 0, !stripsQuery else { return false }
        switch scheme {
        case nil, .scheme("")?: break
        case .https?, .scheme?: return false
        }
        switch (path, match.path) {
        case (nil, _), (.path("")?, _), (.prefix("")?, _): return true
        case (.path(let new)?, .exact(let old)): return new == old
        case (.prefix(let new)?, .exact(let old)), (.prefix(let new)?, .prefix(let old)),
            (.prefix(let new)?, .separatedPrefix(let old)):
            return new == old
        default: return false
        }
    }
}

/// Finds rewrites that double a slash, or lose one. It is shown the routes of one virtual host in their order.
struct RewriteLint {
    private var taken: Set<String> = []

    /// Looks at the next route, at which `walk` is.
    mutating func look(at route: Route, _ walk: inout ProblemTrail) {
        let field: String
        let new: String
        switch route.action {
        case .forward(let forward):
            guard case .prefix(let text)? = forward.pathRewrite else { return note(route.match) }
            field = "route"
            new = text
        case .redirect(let redirect):
            guard case .prefix(let text)? = redirect.path else { return note(route.match) }
            field = "redirect"
            new = text
        case .directResponse, .nonForwarding: return note(route.match)
        }
        defer { note(route.match) }
        let old: String
        switch route.match.path {
        case .prefix(let text), .separatedPrefix(let text): old = text
        case .exact, .pattern, .connect, .template: return
        }
        guard !new.isEmpty else { return }
        let slash = UInt8(ascii: "/")
        walk.within(field) { walk in
            if new.utf8.last == slash, old.utf8.last != slash, !taken.contains(old + "/") {
                walk.warning(
                    .rewriteSlash, at: "prefix_rewrite",
                    "'\(old)/x' becomes '\(new)/x', with two slashes; a route for '\(old)/' before this one mends it")
            } else if new.utf8.last != slash, old.utf8.last == slash {
                walk.warning(
                    .rewriteSlash, at: "prefix_rewrite", "'\(old)x' becomes '\(new)x', without a slash between")
            }
        }
    }

    /// What has a slash is often taken care of by an earlier route.
    private mutating func note(_ match: RouteMatch) {
        guard case .prefix(let text) = match.path else { return }
        var plain = match
        plain.path = .prefix("")
        plain.isCaseSensitive = true
        if plain == RouteMatch(.prefix("")) { taken.insert(text) }
    }
}
