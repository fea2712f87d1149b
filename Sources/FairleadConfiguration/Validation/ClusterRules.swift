// Fairlead: rules for clusters
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension ProblemTrail {
    /// The policies that make a table of shares of all weights.
    static let tablePolicies = [LoadBalancing.ringHash, LoadBalancing.maglev]

    /// A cluster, with its endpoints unless they come from elsewhere.
    mutating func check(_ cluster: Cluster) {
        requireText(cluster.name, at: "name")
        checkPositive(cluster.connectTimeout, at: "connect_timeout")
        within("common_lb_config") { walk in
            // A number that is none compares as false, and is reported.
            if !(cluster.loadBalancing.panicThreshold >= 0 && cluster.loadBalancing.panicThreshold <= 100) {
                walk.enter("healthy_panic_threshold")
                walk.error(.invalidValue, at: "value", "is not within 0 and 100")
                walk.leave()
            }
        }
        requireText(cluster.loadBalancing.policy, at: "load_balancing_policy")
        if cluster.loadBalancing.endpointLimit == 0 {
            error(.invalidValue, at: "subset_size", "must be greater than 0")
        }
        each("override_host_sources", cluster.loadBalancing.overrideSources) { walk, source in
            switch source {
            case .header(let name): walk.checkHeaderName(name, at: "header")
            case .metadata(let filter, let path):
                walk.within("metadata") { walk in
                    walk.requireText(filter, at: "key")
                    if path.isEmpty { walk.error(.missingField, at: "path", "must name at least one key") }
                    walk.each("path", path) { $0.requireText($1, at: "key") }
                }
            }
        }
        if let subsets = cluster.loadBalancing.subsets { within("lb_subset_config") { $0.check(subsets) } }
        within("circuit_breakers") { walk in
            walk.check(cluster.circuitBreakers.normal, index: 0)
            walk.check(cluster.circuitBreakers.high, index: 1)
        }
        within("common_http_protocol_options") { $0.checkNotNegative(cluster.idleTimeout, at: "idle_timeout") }
        check(cluster.metadata, at: "metadata")
        switch cluster.discovery {
        case .fixed: within("load_assignment") { $0.check(cluster.assignment, of: cluster, addresses: .literal) }
        case .hostNames: within("load_assignment") { $0.check(cluster.assignment, of: cluster, addresses: .hostName) }
        case .endpointDiscovery(let serviceName):
            within("eds_cluster_config") { $0.requireText(serviceName, at: "service_name") }
            if !cluster.assignment.localities.isEmpty {
                warning(
                    .unsupported, at: "load_assignment", "has no effect: the endpoints come from endpoint discovery")
            }
        }
    }

    /// The caps of the priority `index`.
    private mutating func check(_ caps: CircuitBreakers.Thresholds, index: Int) {
        guard let budget = caps.retryBudget else { return }
        enter("thresholds", index: index)
        enter("retry_budget")
        enter("budget_percent")
        // A number that is none compares as false, and is reported.
        if !(budget.percent >= 0 && budget.percent <= 100) {
            error(.invalidValue, at: "value", "is not within 0 and 100")
        }
        leave()
        leave()
        leave()
    }

    private mutating func check(_ assignment: EndpointAssignment, of cluster: Cluster, addresses: AddressKind) {
        check(assignment, addresses: addresses)
        checkWeightSums(of: assignment, in: cluster.loadBalancing)
    }

    /// The sums of weights of an assignment, if the cluster's policy makes a table of shares of them.
    mutating func checkWeightSums(of assignment: EndpointAssignment, in loadBalancing: LoadBalancing) {
        guard ProblemTrail.tablePolicies.contains(loadBalancing.policy) else { return }
        checkWeightSums(of: assignment, weighsLocalities: loadBalancing.weighsLocalities)
    }
}
