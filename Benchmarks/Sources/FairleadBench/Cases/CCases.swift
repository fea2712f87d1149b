// Fairlead: the same through C
// SPDX-License-Identifier: Apache-2.0

import CDecision
import Fairlead
import Glibc

/// Decisions and route lookups through the C interface, from a C program, after loading the configuration as JSON. The
/// lookup of a virtual host among ten, by an exact domain, is included.
func cCases(_ bench: Bench) {
    for (policy, name) in [("ROUND_ROBIN", "round robin"), ("LEAST_REQUEST", "least request")] {
        bench.loop("\(name), 10 routes, 10 endpoints") { CFixture(routes: 10, endpoints: 10, policy).deciding }
    }
    bench.loop("least request, 100,000 routes, 10,000 endpoints", .atMost(1000)) {
        CFixture(routes: 100_000, endpoints: 10_000, "LEAST_REQUEST").deciding
    }
    for count in [10, 1000, 100_000] {
        let intention: Intention? = count == 100_000 ? .atMost(80) : nil
        bench.loop("route alone, \(Bulk.text(count)) prefix routes, the last hits", intention) {
            CFixture(routes: count, endpoints: 1, "ROUND_ROBIN").routing
        }
    }
    bench.ratio(
        "route alone, 100,000 ÷ 10", of: "route alone, 100,000 prefix routes, the last hits",
        to: "route alone, 10 prefix routes, the last hits", .atMost(2.5))
}

/// An engine behind the C interface.
private final class CFixture {
    private let decision: OpaquePointer
    private let path: UnsafeMutablePointer<CChar>

    init(routes: Int, endpoints: Int, _ policy: String) {
        let paths = Bulk.paths(routes)
        let text = CFixture.configuration(paths, endpoints: endpoints, policy)
        guard let path = strdup(paths[routes - 1] + "42?from=cart"),
            let decision = text.withCString({ fl_bench_decision_create($0, text.utf8.count, path) })
        else { fatalError("the case cannot be measured") }
        self.path = path
        self.decision = decision
        precondition(fl_bench_decision_decide(decision, 1) == 1, "the case does not measure what it says")
    }

    deinit {
        fl_bench_decision_destroy(decision)
        free(path)
    }

    var deciding: Loop { Loop { swallow(fl_bench_decision_decide(self.decision, $0)) } }

    var routing: Loop { Loop { swallow(fl_bench_decision_route(self.decision, $0)) } }

    /// A bootstrap file as JSON: ten virtual hosts, the request's among them.
    private static func configuration(_ paths: [String], endpoints: Int, _ policy: String) -> String {
        func list(_ items: some Sequence<String>) -> String { "[" + items.joined(separator: ",") + "]" }
        let routes = list(paths.map { #"{"match":{"prefix":"\#($0)"},"route":{"cluster":"c"}}"# })
        let hosts = list(
            [#"{"name":"shop","domains":["shop.example"],"routes":\#(routes)}"#]
                + (1..<10).map { #"{"name":"h\#($0)","domains":["h\#($0).example"],"routes":[]}"# })
        let listener = #"""
            {"name":"l","address":{"socket_address":{"address":"127.0.0.1","port_value":1}},"filter_chains":[{"filters":[
            {"name":"m","typed_config":{"@type":"type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
            "stat_prefix":"m","route_config":{"name":"t","virtual_hosts":\#(hosts)},"http_filters":[{"name":"r","typed_config":
            {"@type":"type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}]}}]}]}
            """#
        let addresses = list(
            (0..<endpoints).map {
                let host = "10.\($0 >> 16 & 255).\($0 >> 8 & 255).\($0 & 255)"
                return #"{"endpoint":{"address":{"socket_address":{"address":"\#(host)","port_value":80}}}}"#
            })
        return #"""
            {"static_resources":{"listeners":[\#(listener)],"clusters":[{"name":"c","type":"STATIC","lb_policy":"\#(policy)",
            "load_assignment":{"cluster_name":"c","endpoints":[{"lb_endpoints":\#(addresses)}]}}]}}
            """#
    }
}
