// Fairlead: rules for what a route does
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension ProblemTrail {
    /// Forwarding.
    mutating func check(_ action: ForwardAction, routeName: String) {
        switch action.target {
        case .cluster(let name): requireText(name, at: "cluster")
        case .header(let name): checkHeaderName(name, at: "cluster_header")
        case .weighted(let clusters): within("weighted_clusters") { $0.check(clusters, routeName: routeName) }
        case .matched(let tree): within(ForwardAction.treePath) { $0.check(choosing: tree) }
        }
        switch action.pathRewrite {
        case nil: break
        case .prefix(let prefix): checkHeaderValue(prefix, at: "prefix_rewrite")
        case .pattern(let substitution): check(substitution, at: "regex_rewrite")
        case .format(let text): checkSubstitution(text, at: "path_rewrite")
        // Judged together with the route's match.
        case .template: break
        }
        switch action.hostRewrite {
        case nil, .endpointHostname: break
        case .literal(let host): checkHeaderValue(host, at: "host_rewrite_literal")
        case .header(let name): checkHeaderName(name, at: "host_rewrite_header", allowsEmpty: true)
        case .pathPattern(let substitution): check(substitution, at: "host_rewrite_path_regex")
        case .format(let text): checkSubstitution(text, at: "host_rewrite")
        }
        checkNotNegative(action.timeout, at: "timeout")
        checkNotNegative(action.idleTimeout, at: "idle_timeout")
        if let limit = action.streamLimit {
            enter("max_stream_duration")
            checkNotNegative(limit.maximum, at: "max_stream_duration")
            checkNotNegative(limit.grpcHeaderMaximum, at: "grpc_timeout_header_max")
            checkNotNegative(limit.grpcHeaderOffset, at: "grpc_timeout_header_offset")
            leave()
        }
        checkNotNegative(action.grpcTimeout?.maximum, at: "max_grpc_timeout")
        checkNotNegative(action.grpcTimeout?.offset, at: "grpc_timeout_offset")
        if let retryPolicy = action.retryPolicy { within("retry_policy") { $0.check(retryPolicy) } }
        each("hash_policy", action.hashPolicies) { $0.check($1) }
        check(action.metadataMatch, at: "metadata_match")
        each("request_mirror_policies", action.mirrors) { $0.check($1) }
        each("rate_limits", action.rateLimits) { $0.check($1) }
        if let redirects = action.internalRedirects {
            enter("internal_redirect_policy")
            for (index, name) in (redirects.allowedRoutes ?? []).enumerated() {
                requireText(name, at: "predicates.allowed_route_names", index: index)
            }
            for (index, name) in redirects.copiedHeaders.enumerated() {
                checkHeaderName(name, at: "response_headers_to_copy", index: index)
                if ProblemTrail.isProtected(name) {
                    error(
                        .invalidValue, at: "response_headers_to_copy", index: index,
                        "\(name) is a \":-prefixed\" header or host, which may not be copied")
                }
            }
            leave()
        }
        var types: Set<String> = []
        each("upgrade_configs", action.upgrades) { walk, upgrade in
            walk.checkHeaderValue(upgrade.type, at: "upgrade_type")
            if !types.insert(ASCII.lowercased(upgrade.type)).inserted {
                walk.error(.duplicate, at: "upgrade_type", "Duplicate upgrade \(upgrade.type)")
            }
        }
    }

    /// Copies of requests.
    mutating func check(_ mirror: MirrorPolicy) {
        switch mirror.target {
        case .cluster(let name): requireText(name, at: "cluster")
        case .header(let name): checkHeaderName(name, at: "cluster_header")
        }
        if let host = mirror.host { checkHeaderValue(host, at: "host_rewrite_literal") }
        each("request_headers_mutations", mirror.headerChanges) { walk, change in
            switch change {
            case .remove(let name): walk.check(removal: name, at: "remove")
            case .add(let addition): walk.within("append") { $0.check(addition) }
            }
        }
    }

    private mutating func check(_ clusters: WeightedClusters, routeName: String) {
        if clusters.entries.isEmpty { error(.invalidValue, at: "clusters", "must name at least one cluster") }
        var sum: UInt64 = 0
        for entry in clusters.entries { sum += UInt64(entry.weight) }
        if sum == 0, !clusters.entries.isEmpty {
            error(.invalidValue, at: "clusters", "Sum of weights in the weighted_cluster must be greater than 0.")
        } else if sum > UInt64(UInt32.max) {
            error(
                .invalidValue, at: "clusters",
                "The sum of weights of all weighted clusters of route \(routeName) exceeds \(UInt32.max)")
        }
        if let header = clusters.randomValueHeader {
            checkFoldedHeaderName(header, at: "header_name")
            if clusters.usesHashPolicy {
                error(.invalidValue, at: "use_hash_policy", "must not be combined with header_name")
            }
        }
        each("clusters", clusters.entries) { walk, entry in
            switch (entry.cluster.isEmpty, entry.header) {
            case (true, nil):
                walk.error(.missingField, at: "name", "At least one of name or cluster_header need to be specified")
            case (false, .some):
                walk.error(.invalidValue, at: "name", "Only one of name or cluster_header can be specified")
            case (true, let header?): walk.checkHeaderName(header, at: "cluster_header")
            case (false, nil): break
            }
            walk.check(entry.headerMutations)
            if let host = entry.hostRewrite { walk.checkHeaderValue(host, at: "host_rewrite_literal") }
            walk.check(entry.metadataMatch, at: "metadata_match")
            walk.check(entry.filterConfigs)
        }
    }

    /// A redirect.
    mutating func check(_ redirect: RedirectAction) {
        if let host = redirect.host { checkHeaderValue(host, at: "host_redirect") }
        if case .scheme(let scheme)? = redirect.scheme { checkHeaderValue(scheme, at: "scheme_redirect") }
        switch redirect.path {
        case nil: break
        case .path(let path): checkHeaderValue(path, at: "path_redirect")
        case .prefix(let prefix): checkHeaderValue(prefix, at: "prefix_rewrite")
        case .pattern(let substitution): check(substitution, at: "regex_rewrite")
        case .format(let text): checkSubstitution(text, at: "path_rewrite")
        }
    }

    /// An answer without an endpoint.
    mutating func check(_ response: DirectResponse, maximumBody: UInt32) {
        if !(200..<600).contains(response.status) {
            error(.invalidValue, at: "status", "\(response.status) is not within 200 and 599")
        }
        if response.body.count > Int(maximumBody) {
            error(
                .invalidValue, at: "body",
                "response body size is \(response.body.count) bytes; maximum is \(maximumBody)")
        }
        if let format = response.format {
            enter("body_format")
            checkCommands(format.text, at: "text_format_source")
            if let json = format.json { within("json_format") { $0.check(json: .structure(json), depth: 0) } }
            checkHeaderValue(format.contentType, at: "content_type")
            leave()
        }
    }
}
