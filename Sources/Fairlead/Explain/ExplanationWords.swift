// Fairlead: the words of explanations
// SPDX-License-Identifier: Apache-2.0

import FairleadDataPlane
import FairleadModel

extension Explanation.Domain.Kind {
    /// The kind in a word.
    var word: String {
        switch self {
        case .exact: "exact"
        case .suffix: "suffix"
        case .prefix: "prefix"
        case .any: "any"
        }
    }
}

extension Explanation.Domain {
    /// Why `winner` beats this one.
    func reasonBeaten(by winner: Explanation.Domain) -> String {
        if winner.kind == kind { return "a longer wildcard beats a shorter one" }
        return switch (winner.kind, kind) {
        case (_, .any): "everything beats \"*\""
        case (.exact, _): "an exact domain beats a wildcard"
        default: "a wildcard with the end of the host beats one with its beginning"
        }
    }
}

extension ExchangeState.Disposition {
    /// The disposition in a word.
    var word: String {
        switch self {
        case .noRoute: "no_route"
        case .forward: "forward"
        case .redirect: "redirect"
        case .directResponse: "direct_response"
        case .tlsRedirect: "tls_redirect"
        case .nonForwarding: "non_forwarding"
        case .badRequest: "bad_request"
        }
    }
}

extension Explanation.WeightedDraw.Source {
    /// The source in a word or two.
    var word: String {
        switch self {
        case .chance: "chance"
        case .hash: "hash"
        case .header(let name): "header " + name
        }
    }
}

extension PickResult {
    /// The result in a word.
    var word: String {
        switch self {
        case .endpoint: "endpoint"
        case .clusterNotFound: "cluster_not_found"
        case .noEndpoint: "no_endpoint"
        case .dropped: "dropped"
        case .notForwarding: "not_forwarding"
        case .overflow: "overflow"
        }
    }
}

extension Explanation.EndpointSelection.Target {
    /// Which hosts of the priority it is about.
    var hosts: String { isPanic ? "all" : isDegraded ? "degraded" : "healthy" }
}

extension HealthStatus {
    /// The health in a word.
    var word: String {
        switch self {
        case .unknown: "unknown"
        case .healthy: "healthy"
        case .unhealthy: "unhealthy"
        case .draining: "draining"
        case .timeout: "timeout"
        case .degraded: "degraded"
        }
    }
}
