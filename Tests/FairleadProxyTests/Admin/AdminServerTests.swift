// Fairlead: tests of the administration interface
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import Foundation
import Testing

@testable import FairleadProxy

@Suite struct AdminServerTests {
    /// Runs `body` with a proxy that has answered three requests, and the port of its administration interface.
    static func run(_ body: (ProxyRig, Int) async throws -> Void) async throws {
        let backend = try await TestBackend.start { _ in .response(200) }
        let routes = [Route.forward("/a", to: "shop.a"), .direct("/d", 404)]
        try await ProxyRig.run(routes, clusters: [Cluster("shop.a", ports: backend.port)]) { rig async throws in
            let admin = try await AdminServer.start(rig.proxy, at: .socket(host: "127.0.0.1", port: 0)) {
                configuration in
                "{\"listeners\": \(configuration.listeners.count)}"
            }
            do {
                for path in ["/a", "/a", "/d"] { _ = try await TestClient.get(rig.port, path) }
                try await body(rig, admin.port)
            } catch {
                await admin.stop()
                throw error
            }
            await admin.stop()
        }
        await backend.stop()
    }

    @Test func itSaysWhetherRequestsAreTaken() async throws {
        try await Self.run { rig, port in
            let ready = try await TestClient.get(port, "/ready")
            #expect(ready.status == 200)
            #expect(ready.text == "LIVE\n")
            _ = await rig.proxy.drain()
            let draining = try await TestClient.get(port, "/ready")
            #expect(draining.status == 503)
            #expect(draining.text == "DRAINING\n")
        }
    }

    @Test func statisticsAreANameAndAValueALine() async throws {
        try await Self.run { _, port in
            let text = try await TestClient.get(port, "/stats").text
            let lines = text.split(separator: "\n").map(String.init)
            #expect(lines == lines.sorted())
            #expect(lines.contains("cluster.shop.a.upstream_rq_total: 2"))
            #expect(lines.contains("cluster.shop.a.membership_healthy: 1"))
            #expect(lines.contains("http.downstream_rq_total: 3"))
            #expect(lines.contains("http.downstream_rq_2xx: 2"))
            #expect(lines.contains("http.downstream_rq_4xx: 1"))
            #expect(lines.contains("engine.exchanges: 3"))
            #expect(lines.contains("engine.live_snapshots: 1"))
            #expect(lines.allSatisfy { $0.split(separator: ": ").count == 2 })
        }
    }

    @Test(arguments: ["/stats?format=prometheus", "/stats/prometheus"])
    func statisticsForPrometheusHaveTypesAndLabels(path: String) async throws {
        try await Self.run { _, port in
            let response = try await TestClient.get(port, path)
            #expect(response.header("content-type")?.hasPrefix("text/plain; version=0.0.4") == true)
            let lines = response.text.split(separator: "\n").map(String.init)
            #expect(lines.contains("# TYPE fairlead_cluster_upstream_rq_total counter"))
            #expect(lines.contains("fairlead_cluster_upstream_rq_total{envoy_cluster_name=\"shop.a\"} 2"))
            #expect(lines.contains("# TYPE fairlead_http_downstream_cx_active gauge"))
            let types = lines.filter { $0.hasPrefix("# TYPE") }
            #expect(Set(types).count == types.count)
        }
    }

    @Test func clustersAreToldAsTextAndAsJSON() async throws {
        try await Self.run { rig, port in
            let endpoint = try #require(rig.engine.clusterStatistics.first?.endpoints.first?.address.text)
            let text = try await TestClient.get(port, "/clusters").text
            #expect(text.contains("shop.a::default_priority::max_retries::3\n"))
            #expect(text.contains("shop.a::\(endpoint)::rq_total::2\n"))
            #expect(text.contains("shop.a::\(endpoint)::health_flags::healthy\n"))
            let json = try await TestClient.get(port, "/clusters?format=json")
            #expect(json.header("content-type") == "application/json")
            let parsed = try JSONSerialization.jsonObject(with: Data(json.body)) as? [String: Any]
            let clusters = parsed?["cluster_statuses"] as? [[String: Any]]
            let hosts = clusters?.first?["host_statuses"] as? [[String: Any]]
            #expect(clusters?.first?["name"] as? String == "shop.a")
            #expect(hosts?.count == 1)
        }
    }

    @Test func otherPages() async throws {
        try await Self.run { _, port in
            #expect(try await TestClient.get(port, "/config_dump").text == "{\"listeners\": 1}\n")
            let info = try await TestClient.get(port, "/server_info")
            let parsed = try JSONSerialization.jsonObject(with: Data(info.body)) as? [String: Any]
            #expect(parsed?["state"] as? String == "LIVE")
            #expect(try await TestClient.get(port, "/").text.contains("/config_dump"))
            #expect(try await TestClient.get(port, "/nothing").status == 404)
            let post = try await TestClient.ask(port, "POST /stats HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
            #expect(post.status == 405)
            #expect(post.header("allow") == "GET")
        }
    }

    @Test func textInJSONIsEscaped() {
        let text = JSONText.object([("a\"b", .string("\\\n\u{1}é")), ("n", .array([.number(-1), .bool(true)]))]).text
        #expect(text == "{\n \"a\\\"b\": \"\\\\\\n\\u0001é\",\n \"n\": [\n  -1,\n  true\n ]\n}")
        #expect(JSONText.array([]).text == "[]")
    }
}
