// Fairlead: tests of clusters, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf
import Testing

@testable import FairleadEnvoy

@Suite struct ClusterLoweringTests {
    private func load(_ text: String) -> LoadedConfiguration {
        FairleadEnvoyTests.load("name: c\n" + text, as: .cluster)
    }

    @Test func aNameIsEnough() {
        let loaded = load("")
        #expect(loaded.faults.isEmpty)
        #expect(loaded.configuration == Configuration(clusters: [Cluster(name: "c")]))
    }

    @Test func everyFieldIsRead() {
        let loaded = load(
            """
            connect_timeout: 0.3s
            metadata: { filter_metadata: { f: { k: v } } }
            common_lb_config: { healthy_panic_threshold: { value: 12.5 }, locality_weighted_lb_config: {} }
            circuit_breakers:
              thresholds:
              - { max_connections: 1, max_pending_requests: 2, max_requests: 3, max_retries: 4 }
              - { priority: HIGH, max_requests: 5 }
            """)
        var cluster = Cluster(name: "c")
        cluster.connectTimeout = .milliseconds(300)
        cluster.metadata = Metadata([.init("f", .structure([.init("k", .text("v"))]))])
        cluster.loadBalancing.panicThreshold = 12.5
        cluster.loadBalancing.weighsLocalities = true
        cluster.circuitBreakers.normal.connections = 1
        cluster.circuitBreakers.normal.pendingRequests = 2
        cluster.circuitBreakers.normal.requests = 3
        cluster.circuitBreakers.normal.retries = 4
        cluster.circuitBreakers.high.requests = 5
        #expect(loaded.faults.isEmpty)
        #expect(loaded.cluster == cluster)
    }

    @Test(arguments: [
        ("type: STATIC", Cluster.Discovery.fixed), ("type: STRICT_DNS", .hostNames),
        ("{ type: EDS, eds_cluster_config: { eds_config: {} } }", .endpointDiscovery(serviceName: "c")),
        (
            "{ type: EDS, eds_cluster_config: { eds_config: {}, service_name: s } }",
            .endpointDiscovery(serviceName: "s")
        ),
    ])
    func everyKindOfDiscoveryIsRead(_ text: String, _ discovery: Cluster.Discovery) {
        let isBraced = text.hasPrefix("{")
        let loaded = FairleadEnvoyTests.load(
            isBraced ? "{ name: c, " + text.dropFirst() : "name: c\n" + text, as: .cluster)
        #expect(loaded.isValid)
        #expect(loaded.cluster?.discovery == discovery)
    }

    @Test func logicalNamesHaveOneEndpoint() {
        let endpoint = "{ endpoint: { address: { socket_address: { address: a.example, port_value: 1 } } } }"
        let one = load(
            "type: LOGICAL_DNS\nload_assignment: { cluster_name: c, endpoints: [{ lb_endpoints: [\(endpoint)] }] }")
        #expect(one.faults.isEmpty)
        #expect(one.cluster?.discovery == .hostNames)
        let two = load(
            "type: LOGICAL_DNS\nload_assignment: { cluster_name: c, endpoints: [{ lb_endpoints: [\(endpoint), \(endpoint)] }] }"
        )
        #expect(two.faults == ["load_assignment [invalid-value]"])
        #expect(load("type: LOGICAL_DNS").faults == ["load_assignment [invalid-value]"])
    }

    @Test func endpointDiscoveryNeedsASource() {
        #expect(load("type: EDS").findings == ["1:1 eds_cluster_config.eds_config [missing-field]"])
        #expect(
            load("type: EDS\neds_cluster_config: { eds_config: { ads: {} } }").faults
                == ["? eds_cluster_config.eds_config [unsupported]"])
    }

    @Test func otherKindsOfClustersAreRefused() {
        #expect(load("type: ORIGINAL_DST").faults == ["type [unsupported]"])
        #expect(load("type: 9").faults == ["type [unknown-enum-value]"])
        let aggregate = "type.googleapis.com/envoy.extensions.clusters.aggregate.v3.ClusterConfig"
        #expect(
            load("cluster_type: { name: a, typed_config: { \"@type\": \(aggregate), clusters: [x] } }").faults
                == ["cluster_type.typed_config [unsupported]"])
        let loaded = load("cluster_type: { name: a, typed_config: { \"@type\": type.googleapis.com/x.Redis, a: 1 } }")
        #expect(loaded.faults == ["cluster_type.typed_config [unknown-extension]"])
        #expect(loaded.problems.first?.message.contains("x.Redis") == true)
    }

    @Test func protocolOptionsAreRead() {
        let options = """
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                common_http_protocol_options: { idle_timeout: 0s, max_requests_per_connection: 7 }
                explicit_http_config: { http_protocol_options: {} }
            """
        let loaded = load(options)
        #expect(loaded.faults.isEmpty)
        #expect(loaded.cluster?.idleTimeout == .some(nil))
        #expect(loaded.cluster?.maximumRequestsPerConnection == 7)
        let older = load("max_requests_per_connection: 3\ncommon_http_protocol_options: { idle_timeout: 5s }")
        #expect(older.cluster?.idleTimeout == .seconds(5))
        #expect(older.cluster?.maximumRequestsPerConnection == 3)
    }

    @Test func faultsOfProtocolOptionsAreShownWhereTheyStand() {
        let key = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
        let loaded = load(
            """
            typed_extension_protocol_options:
              \(key):
                "@type": type.googleapis.com/\(key)
                common_http_protocol_options:
                  idle_timeout: -1s
                  max_headers_count: 5
                explicit_http_config: { http2_protocol_options: {} }
                hash_policy: [{}]
            """)
        let place = "typed_extension_protocol_options[\"\(key)\"]"
        #expect(
            loaded.findings == [
                "6:21 \(place).common_http_protocol_options.idle_timeout [invalid-value]",
                "? 7:26 \(place).common_http_protocol_options.max_headers_count [unsupported]",
                "? 8:53 \(place).explicit_http_config.http2_protocol_options [unsupported]",
                "9:18 \(place).hash_policy [unsupported]",
            ])
        let empty = load(
            """
            typed_extension_protocol_options:
              \(key): { "@type": type.googleapis.com/\(key) }
              other: { "@type": type.googleapis.com/google.protobuf.Empty }
            """)
        #expect(
            empty.faults == [
                place + " [missing-field]",
                "? typed_extension_protocol_options[\"other\"] [unsupported]",
            ])
        #expect(
            load(
                "typed_extension_protocol_options: { \(key): { \"@type\": type.googleapis.com/google.protobuf.Empty } }"
            )
            .faults == [place + " [unknown-extension]"])
    }

    @Test func circuitBreakersOfEachPriorityCountOnce() {
        let loaded = load(
            """
            circuit_breakers:
              thresholds:
              - { max_requests: 1, track_remaining: true, retry_budget: { budget_interval: 1s } }
              - { max_requests: 2 }
              - { priority: 8 }
              per_host_thresholds: [{ max_connections: 1 }, { max_connections: 2 }, { priority: HIGH }]
            """)
        #expect(
            loaded.faults == [
                "? circuit_breakers.thresholds[0].retry_budget.budget_interval [unsupported]",
                "? circuit_breakers.thresholds[1].priority [duplicate]",
                "circuit_breakers.thresholds[2].priority [unknown-enum-value]",
                "? circuit_breakers.per_host_thresholds[1].priority [duplicate]",
            ])
        var normal = CircuitBreakers.Thresholds()
        normal.requests = 1
        normal.tracksRemaining = true
        normal.retryBudget = .init(percent: 20, minimumConcurrency: 3)
        normal.connectionsPerEndpoint = 1
        #expect(loaded.cluster?.circuitBreakers.normal == normal)
        #expect(loaded.cluster?.circuitBreakers.high == CircuitBreakers.Thresholds())
    }

    @Test func budgetsAndPoolsAreCaps() {
        let loaded = load(
            """
            circuit_breakers:
              thresholds:
              - { priority: HIGH, max_connection_pools: 4,
                  retry_budget: { budget_percent: { value: 12.5 }, min_retry_concurrency: 0 } }
              - { max_connection_pools: 4294967295 }
            """)
        #expect(loaded.faults == [])
        #expect(loaded.cluster?.circuitBreakers.normal == CircuitBreakers.Thresholds())
        #expect(loaded.cluster?.circuitBreakers.high.connectionPools == 4)
        #expect(loaded.cluster?.circuitBreakers.high.retryBudget == .init(percent: 12.5, minimumConcurrency: 0))
    }

    @Test(arguments: [
        "max_requests: 1", "max_pending_requests: 1", "max_retries: 1", "max_connection_pools: 1", "retry_budget: {}",
    ])
    func endpointsCapConnectionsOnly(field: String) {
        #expect(
            load("circuit_breakers: { per_host_thresholds: [{ \(field) }] }").faults == [
                "circuit_breakers.per_host_thresholds[0] [invalid-value]"
            ])
    }

    @Test(arguments: [
        ("{ name: envoy.transport_sockets.raw_buffer }", [String]()),
        (
            "{ name: r, typed_config: { \"@type\": type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer } }",
            []
        ),
        (
            "{ name: t, typed_config: { \"@type\": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext, sni: x } }",
            ["transport_socket.typed_config [unsupported]"]
        ),
        (
            "{ name: t, typed_config: { \"@type\": type.googleapis.com/x.Quic } }",
            ["transport_socket.typed_config [unknown-extension]"]
        ), ("{ name: t }", ["transport_socket.typed_config [missing-field]"]),
    ])
    func onlyPlainConnectionsAreTaken(_ text: String, _ faults: [String]) {
        #expect(load("transport_socket: " + text).faults == faults)
    }

    @Test func whatChangesWhereRequestsGoIsRefusedAndTheRestIsCarried() {
        let loaded = load(
            """
            filters: [{ name: f }]
            transport_socket_matches: [{ name: m }]
            upstream_config: { name: u }
            health_checks: [{ timeout: 1s }]
            outlier_detection: {}
            dns_lookup_family: V4_ONLY
            http2_protocol_options: { max_concurrent_streams: 5 }
            per_connection_buffer_limit_bytes: 5
            alt_stat_name: x
            upstream_connection_options: {}
            common_lb_config: { zone_aware_lb_config: {}, update_merge_window: 1s }
            """)
        #expect(
            loaded.faults == [
                "filters [unsupported]", "transport_socket_matches [unsupported]",
                "upstream_config [unsupported]", "? health_checks [unsupported]", "? outlier_detection [unsupported]",
                "? dns_lookup_family [unsupported]", "? http2_protocol_options [unsupported]",
                "? per_connection_buffer_limit_bytes [unsupported]", "? alt_stat_name [unsupported]",
                "? upstream_connection_options [unsupported]", "? common_lb_config.update_merge_window [unsupported]",
            ])
    }

    @Test func durationsBeyondAllBoundsAreReported() {
        var proto = ClusterProto()
        proto.name = "c"
        proto.connectTimeout.seconds = 5
        proto.connectTimeout.nanos = -1
        let bytes: [UInt8] = (try? proto.serializedBytes()) ?? []
        let loaded = EnvoyLoader().load(bytes, as: .cluster, format: .protobuf)
        #expect(loaded.faults == ["connect_timeout [out-of-range]"])
    }
}
