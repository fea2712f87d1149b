// Fairlead: the demonstration's table of endpoints
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// The demonstration's table of endpoints: who got how many requests, and how many in the last second.
struct DemoTable {
    private var before: [String: UInt64] = [:]
    private let names: [String: DemoBackend]

    init(_ backends: [DemoBackend]) {
        names = Dictionary(backends.map { ("127.0.0.1:\($0.port)", $0) }) { first, _ in first }
    }

    private static let width = 24

    /// The table as it stands, one line an endpoint.
    mutating func lines(_ clusters: [ClusterStatistics]) -> [String] {
        let most = max(clusters.flatMap(\.endpoints).map(\.startedRequests).max() ?? 0, 1)
        var lines = [row("cluster", "endpoint", "zone", "takes", "requests", "+", "errors", "")]
        for cluster in clusters {
            for endpoint in cluster.endpoints {
                let since = takeNews(cluster.name, endpoint)
                let bar = String(repeating: "#", count: Int(endpoint.startedRequests * UInt64(Self.width) / most))
                let backend = names[endpoint.address.text]
                lines.append(
                    row(
                        cluster.name, endpoint.hostname, backend?.zone ?? "",
                        backend.map { "\($0.latency.wholeMilliseconds) ms" } ?? "", String(endpoint.startedRequests),
                        String(since), String(endpoint.failedRequests), bar))
            }
        }
        return lines
    }

    /// What each endpoint got since the last call, in one line; empty when there was nothing.
    mutating func news(_ clusters: [ClusterStatistics]) -> String {
        var parts: [String] = []
        for cluster in clusters {
            for endpoint in cluster.endpoints {
                let since = takeNews(cluster.name, endpoint)
                if since > 0 { parts.append("\(cluster.name)/\(endpoint.hostname) +\(since)") }
            }
        }
        return parts.joined(separator: "  ")
    }

    /// What an endpoint got since this was asked last.
    private mutating func takeNews(_ cluster: String, _ endpoint: EndpointStatistics) -> UInt64 {
        let key = cluster + " " + endpoint.address.text
        let former = min(before[key] ?? 0, endpoint.startedRequests)
        before[key] = endpoint.startedRequests
        return endpoint.startedRequests - former
    }

    private func row(
        _ cluster: String, _ endpoint: String, _ zone: String, _ takes: String, _ requests: String, _ since: String,
        _ errors: String, _ bar: String
    ) -> String {
        let left = padded(cluster, 8) + padded(endpoint, 10) + padded(zone, 8)
        let right = padded(takes, 7, right: true) + padded(requests, 10, right: true)
        return left + right + padded(since, 7, right: true) + padded(errors, 8, right: true) + "  " + bar
    }

    private func padded(_ text: String, _ width: Int, right: Bool = false) -> String {
        let blanks = String(repeating: " ", count: max(width - text.count, 0))
        return right ? blanks + text : text + blanks
    }
}
