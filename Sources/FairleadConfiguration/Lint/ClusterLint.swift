// Fairlead: clusters and endpoints that cannot mean what they say
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension ProblemTrail {
    /// A cluster, with its endpoints unless they come from elsewhere.
    mutating func lint(_ cluster: Cluster) {
        if case .endpointDiscovery = cluster.discovery { return }
        within("load_assignment") { walk in
            if cluster.assignment.localities.allSatisfy({ $0.endpoints.isEmpty }) {
                walk.warning(.noEndpoints, at: "endpoints", "there is nothing to send a request to")
            }
            walk.lint(cluster.assignment)
            guard cluster.loadBalancing.weighsLocalities else { return }
            walk.each("endpoints", cluster.assignment.localities) { walk, locality in
                guard locality.weight == nil, !locality.endpoints.isEmpty else { return }
                walk.warning(
                    .unweightedLocality, at: "load_balancing_weight",
                    "localities are chosen by weight, and this one has none: it gets no requests")
            }
        }
    }

    /// An assignment of endpoints.
    mutating func lint(_ assignment: EndpointAssignment) {
        var seen: Set<Address> = []
        each("endpoints", assignment.localities) { walk, locality in
            walk.each("lb_endpoints", locality.endpoints) { walk, endpoint in
                guard !seen.insert(endpoint.address).inserted else { return }
                walk.warning(
                    .duplicateEndpoint, at: "endpoint",
                    "\(endpoint.address.text) stands in the assignment already; only the first one counts")
            }
        }
    }
}
