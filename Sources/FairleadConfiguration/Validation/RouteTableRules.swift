// Fairlead: rules for route tables, virtual hosts and routes
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension ProblemTrail {
    /// A whole route table.
    mutating func check(_ table: RouteConfiguration) {
        check(table.headerMutations)
        each("request_mirror_policies", table.mirrors) { $0.check($1) }
        check(table.filterConfigs)
        if let header = table.virtualHostHeader { checkFoldedHeaderName(header, at: "vhost_header") }
        each("internal_only_headers", table.internalOnlyHeaders) { $0.checkFoldedHeaderName($1, at: "") }
        checkDomains(of: table)
        each("virtual_hosts", table.virtualHosts) { walk, virtualHost in
            walk.check(virtualHost, maximumBody: table.maximumDirectResponseBody)
        }
    }

    /// The domains of a table: each may stand in it once only, `*` included, whatever its case.
    private mutating func checkDomains(of table: RouteConfiguration) {
        // Bytes and not texts: two domains that only look alike are different ones.
        var seen: Set<[UInt8]> = []
        each("virtual_hosts", table.virtualHosts) { walk, virtualHost in
            for (index, domain) in virtualHost.domains.enumerated() {
                let folded = domain.utf8.map(ASCII.lowercased)
                guard !seen.insert(folded).inserted else { continue }
                walk.error(
                    .duplicate, at: "domains", index: index,
                    domain == "*"
                        ? "Only a single wildcard domain is permitted in route \(table.name)"
                        : "Only unique values for domains are permitted. Duplicate entry of domain "
                            + "\(String(decoding: folded, as: UTF8.self)) in route \(table.name)")
            }
        }
    }

    /// One virtual host, without what concerns its neighbours.
    mutating func check(_ virtualHost: VirtualHost, maximumBody: UInt32) {
        requireText(virtualHost.name, at: "name")
        if virtualHost.domains.isEmpty { error(.invalidValue, at: "domains", "must name at least one domain") }
        for (index, domain) in virtualHost.domains.enumerated() {
            checkHeaderValue(domain, at: "domains", index: index)
        }
        check(virtualHost.headerMutations)
        check(virtualHost.metadata, at: "metadata")
        each("request_mirror_policies", virtualHost.mirrors) { $0.check($1) }
        each("rate_limits", virtualHost.rateLimits) { $0.check($1) }
        check(virtualHost.filterConfigs)
        if let retryPolicy = virtualHost.retryPolicy { within("retry_policy") { $0.check(retryPolicy) } }
        each("routes", virtualHost.routes) { $0.check($1, maximumBody: maximumBody) }
        guard let matcher = virtualHost.matcher else { return }
        if !virtualHost.routes.isEmpty {
            error(.invalidValue, at: "matcher", "cannot set both matcher and routes on virtual host")
        }
        within("matcher") { walk in walk.check(matcher) { $0.check($1, maximumBody: maximumBody) } }
    }

    private mutating func check(_ route: Route, maximumBody: UInt32) {
        within("match") { $0.check(route.match) }
        checkTemplates(of: route)
        switch route.action {
        case .forward(let action): within("route") { $0.check(action, routeName: route.name) }
        case .redirect(let action): within("redirect") { $0.check(action) }
        case .directResponse(let response):
            within("direct_response") { $0.check(response, maximumBody: maximumBody) }
        case .nonForwarding: break
        }
        check(route.headerMutations)
        check(route.metadata, at: "metadata")
        check(route.filterConfigs)
        if let decorator = route.decorator {
            within("decorator") { $0.requireText(decorator.operation, at: "operation") }
        }
    }

    /// What is said to filters: in the order of their names, and to each once.
    mutating func check(_ configs: [FilterConfig]) {
        for (index, config) in configs.enumerated() {
            let field = "typed_per_filter_config[\"\(config.name)\"]"
            if config.name.isEmpty { error(.invalidValue, at: field, "a filter's name must not be empty") }
            if index > 0, !configs[index - 1].name.utf8.lexicographicallyPrecedes(config.name.utf8) {
                error(.duplicate, at: field, "filters must be sorted by their names, each named once")
            }
        }
    }

    /// A header's name that is kept in lower case, because it is compared byte by byte.
    mutating func checkFoldedHeaderName(_ name: String, at field: String) {
        checkHeaderName(name, at: field)
        if name.utf8.contains(where: { $0 != ASCII.lowercased($0) }) {
            error(.invalidValue, at: field, "must be in lower case")
        }
    }
}
