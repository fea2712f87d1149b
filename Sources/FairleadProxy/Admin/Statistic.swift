// Fairlead: one number that a proxy tells of itself
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// One number that a proxy tells of itself, with Envoy's name where Envoy has one.
struct Statistic {
    /// Whether it only grows.
    enum Kind {
        case counter
        case gauge
    }

    /// The name, parts separated by dots; the cluster's name is not in it.
    var name: String
    var kind: Kind
    var value: Int64
    /// The cluster that it is about.
    var cluster: String?

    init(_ name: String, _ kind: Kind, _ value: Int64, cluster: String? = nil) {
        self.name = name
        self.kind = kind
        self.value = value
        self.cluster = cluster
    }

    /// The name in the plain list: `cluster.shop.upstream_rq_total`.
    var plainName: String { cluster.map { "cluster.\($0).\(name)" } ?? name }

    /// Everything that `proxy` and its engine count, in a fixed order.
    static func all(of proxy: Proxy) -> [Statistic] {
        var list = [
            Statistic("server.live", .gauge, proxy.state == .live ? 1 : 0),
            Statistic("server.concurrency", .gauge, Int64(proxy.counters.count)),
        ]
        for counter in LoopCounters.Counter.allCases {
            let sum = proxy.counters.reduce(0) { $0 + $1.value(counter) }
            list.append(Statistic(counter.name, counter.isGauge ? .gauge : .counter, Int64(sum)))
        }
        return list + engine(proxy.engine.statistics) + clusters(proxy)
    }

    private static func engine(_ engine: EngineStatistics) -> [Statistic] {
        let counts: [(String, WorkerCounters.Counter)] = [
            ("exchanges", .exchanges), ("no_route", .noRoute), ("picks", .picks), ("no_endpoint", .noEndpoint),
            ("retries", .retries), ("retry_overflow", .retryOverflow), ("adoptions", .adoptions),
            ("policy_faults", .policyFaults),
        ]
        return [
            Statistic("engine.generation", .gauge, Int64(clamping: engine.generation)),
            Statistic("engine.live_snapshots", .gauge, Int64(engine.liveSnapshots)),
            Statistic("engine.retired_parts", .gauge, Int64(engine.retiredParts)),
            Statistic("engine.blocks", .gauge, Int64(engine.blocks)),
            Statistic("engine.block_bytes", .gauge, Int64(engine.blockBytes)),
            Statistic("engine.root_bytes", .gauge, Int64(engine.rootBytes)),
            Statistic("engine.slot_bytes", .gauge, Int64(engine.slotBytes)),
            Statistic("engine.endpoint_slots", .gauge, Int64(engine.endpointSlots)),
            Statistic("engine.clusters", .gauge, Int64(engine.clusters)),
            Statistic("engine.route_tables", .gauge, Int64(engine.routeTables)),
            Statistic("engine.virtual_hosts", .gauge, Int64(engine.virtualHosts)),
            Statistic("engine.workers", .gauge, Int64(engine.workers)),
        ] + counts.map { Statistic("engine.\($0.0)", .counter, Int64(clamping: engine[$0.1])) }
    }

    /// What the circuit breakers tell.
    private static func breakers(_ cluster: ClusterStatistics) -> [Statistic] {
        zip(["default", "high"], cluster.breakers).flatMap { priority, breaker -> [Statistic] in
            let prefix = "circuit_breakers.\(priority)."
            var gauges: [(String, Int64)] = []
            for (open, remaining, gauge) in [
                ("cx_open", "remaining_cx", breaker.connections),
                ("rq_pending_open", "remaining_pending", breaker.pendingRequests),
                ("rq_open", "remaining_rq", breaker.requests), ("rq_retry_open", "remaining_retries", breaker.retries),
            ] {
                gauges.append((prefix + open, gauge.isOpen ? 1 : 0))
                if breaker.tracksRemaining { gauges.append((prefix + remaining, Int64(clamping: gauge.remaining))) }
            }
            return gauges.map { Statistic($0.0, .gauge, $0.1, cluster: cluster.name) }
        }
    }

    private static func clusters(_ proxy: Proxy) -> [Statistic] {
        proxy.engine.clusterStatistics.flatMap { cluster -> [Statistic] in
            let name = cluster.name
            let upstream = proxy.clusters.cluster(named: name)
            func count(_ counter: ClusterCounter) -> Int64 { Int64(clamping: cluster[counter]) }
            func own(_ count: UpstreamCluster.Count) -> Int64 { Int64(upstream.total(count)) }
            let counters: [(String, Int64)] = [
                ("upstream_rq_total", count(.requests)), ("upstream_rq_failed", count(.failures)),
                ("upstream_rq_retry", count(.retries)), ("upstream_rq_retry_overflow", count(.retryOverflow)),
                ("upstream_rq_drop_overload", count(.dropped)), ("upstream_rq_cancelled", count(.cancelled)),
                ("upstream_cx_none_healthy", count(.noEndpoint)), ("lb_healthy_panic", count(.panics)),
                ("upstream_cx_total", own(.connectionsOpened)), ("upstream_cx_connect_fail", own(.connectFailures)),
                ("upstream_rq_active_overflow", count(.requestOverflow)),
                ("upstream_cx_connect_timeout", own(.connectTimeouts)),
                ("upstream_cx_destroy", own(.connectionsClosed)),
                ("upstream_cx_overflow", count(.connectionOverflow)),
                ("upstream_rq_pending_overflow", count(.pendingOverflow)),
            ]
            let healthy = cluster.endpoints.count { $0.health.condition == .healthy }
            let gauges: [(String, Int64)] = [
                ("upstream_cx_active", Int64(upstream.openConnections)),
                ("upstream_rq_active", Int64(cluster.endpoints.reduce(0) { $0 + $1.activeRequests })),
                (
                    "upstream_rq_pending_active",
                    Int64(clamping: cluster.breakers.reduce(0) { $0 + $1.pendingRequests.active })
                ),
                ("upstream_rq_retry_active", Int64(clamping: cluster.activeRetries.reduce(0, +))),
                ("membership_total", Int64(cluster.endpoints.count)), ("membership_healthy", Int64(healthy)),
            ]
            return counters.map { Statistic($0.0, .counter, $0.1, cluster: name) }
                + gauges.map { Statistic($0.0, .gauge, $0.1, cluster: name) } + breakers(cluster)
        }
    }
}
