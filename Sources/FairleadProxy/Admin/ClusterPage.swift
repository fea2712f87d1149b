// Fairlead: clusters and endpoints, for people and programs
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// Clusters and their endpoints: Envoy's `/clusters`, in its text and its JSON form.
struct ClusterPage {
    private let clusters: [ClusterStatistics]
    private let caps: [String: CircuitBreakers]

    init(_ proxy: Proxy) {
        clusters = proxy.engine.clusterStatistics
        let configured = proxy.engine.configuration.clusters
        caps = Dictionary(configured.map { ($0.name, $0.circuitBreakers) }) { first, _ in first }
    }

    /// One fact a line: `cluster::what::value` and `cluster::endpoint::what::value`.
    var text: String {
        var output = ""
        for cluster in clusters {
            let name = cluster.name
            func line(_ fact: String) { output += "\(name)::\(fact)\n" }
            line("observability_name::\(name)")
            line("lb_policy::\(cluster.policy)")
            if let breakers = caps[name] {
                for (priority, cap) in [("default", breakers.normal), ("high", breakers.high)] {
                    line("\(priority)_priority::max_connections::\(cap.connections)")
                    line("\(priority)_priority::max_pending_requests::\(cap.pendingRequests)")
                    line("\(priority)_priority::max_requests::\(cap.requests)")
                    line("\(priority)_priority::max_retries::\(cap.retries)")
                }
            }
            for endpoint in cluster.endpoints {
                for (what, value) in facts(endpoint) { line("\(endpoint.address.text)::\(what)::\(value)") }
            }
        }
        return output
    }

    private func facts(_ endpoint: EndpointStatistics) -> [(String, String)] {
        [
            ("rq_active", String(endpoint.activeRequests)), ("rq_error", String(endpoint.failedRequests)),
            ("rq_total", String(endpoint.startedRequests)), ("hostname", endpoint.hostname),
            ("health_flags", endpoint.health.condition == .healthy ? "healthy" : "/\(word(endpoint.health))"),
            ("weight", String(endpoint.weight)), ("region", endpoint.locality.region),
            ("zone", endpoint.locality.zone), ("sub_zone", endpoint.locality.subZone),
            ("priority", String(endpoint.priority)),
        ]
    }

    private func word(_ health: HealthStatus) -> String {
        switch health {
        case .unknown: "unknown"
        case .healthy: "healthy"
        case .unhealthy: "failed_eds_health"
        case .draining: "eds_status_draining"
        case .timeout: "active_hc_timeout"
        case .degraded: "degraded_eds_health"
        }
    }

    /// The same, in the shape of Envoy's `envoy.admin.v3.Clusters`.
    var json: JSONText {
        .object([
            (
                "cluster_statuses",
                .array(
                    clusters.map { cluster in
                        .object([
                            ("name", .string(cluster.name)), ("observability_name", .string(cluster.name)),
                            ("host_statuses", .array(cluster.endpoints.map(host))),
                        ])
                    })
            )
        ])
    }

    private func host(_ endpoint: EndpointStatistics) -> JSONText {
        let address: JSONText =
            switch endpoint.address {
            case .socket(let host, let port):
                .object([
                    ("socket_address", .object([("address", .string(host)), ("port_value", .number(Int64(port)))]))
                ])
            case .pipe(let path): .object([("pipe", .object([("path", .string(path))]))])
            }
        func stat(_ name: String, _ value: UInt64, _ type: String) -> JSONText {
            .object([("name", .string(name)), ("value", .string(String(value))), ("type", .string(type))])
        }
        return .object([
            ("address", address), ("hostname", .string(endpoint.hostname)),
            (
                "stats",
                .array([
                    stat("rq_total", endpoint.startedRequests, "COUNTER"),
                    stat("rq_error", endpoint.failedRequests, "COUNTER"),
                    stat("rq_active", UInt64(max(endpoint.activeRequests, 0)), "GAUGE"),
                ])
            ),
            ("health_status", .object([("eds_health_status", .string(status(endpoint.health)))])),
            ("weight", .number(Int64(endpoint.weight))), ("priority", .number(Int64(endpoint.priority))),
            (
                "locality",
                .object([
                    ("region", .string(endpoint.locality.region)), ("zone", .string(endpoint.locality.zone)),
                    ("sub_zone", .string(endpoint.locality.subZone)),
                ])
            ),
        ])
    }

    private func status(_ health: HealthStatus) -> String {
        switch health {
        case .unknown: "UNKNOWN"
        case .healthy: "HEALTHY"
        case .unhealthy: "UNHEALTHY"
        case .draining: "DRAINING"
        case .timeout: "TIMEOUT"
        case .degraded: "DEGRADED"
        }
    }
}
