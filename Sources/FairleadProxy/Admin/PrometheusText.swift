// Fairlead: statistics for Prometheus
// SPDX-License-Identifier: Apache-2.0

/// Statistics in Prometheus's text format 0.0.4, with Envoy's names and its label for clusters.
enum PrometheusText {
    /// One family for each name, in the order of their first members.
    static func text(_ statistics: [Statistic]) -> String {
        var order: [String] = []
        var families: [String: (kind: Statistic.Kind, lines: [String])] = [:]
        for statistic in statistics {
            let name = family(of: statistic)
            if families[name] == nil { order.append(name) }
            let label = statistic.cluster.map { "{envoy_cluster_name=\"\(escaped($0))\"}" } ?? ""
            families[name, default: (statistic.kind, [])].lines.append("\(name)\(label) \(statistic.value)\n")
        }
        var output = ""
        for name in order {
            guard let family = families[name] else { continue }
            output += "# TYPE \(name) \(family.kind == .counter ? "counter" : "gauge")\n" + family.lines.joined()
        }
        return output
    }

    /// `fairlead_http_downstream_rq_total`, `fairlead_cluster_upstream_rq_total`.
    private static func family(of statistic: Statistic) -> String {
        let scope = statistic.cluster == nil ? "fairlead_" : "fairlead_cluster_"
        return scope + statistic.name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? String($0) : "_" }.joined()
    }

    private static func escaped(_ text: String) -> String {
        var output = ""
        for character in text {
            switch character {
            case "\\", "\"": output += "\\" + String(character)
            case "\n": output += "\\n"
            default: output.append(character)
            }
        }
        return output
    }
}
