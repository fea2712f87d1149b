// Fairlead: law 2: updates lead where a fresh compile leads
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadRE2

/// Fresh: after any sequence of updates the blocks are, byte for byte, those of an engine that was given the resulting
/// configuration at once.
struct FreshLaw: Law {
    static let name = "fresh"

    static func check(seed: UInt64, scale: Int) throws -> LawReport {
        var report = LawReport()
        for run in 0..<(10 * scale) {
            var chance = Chance(seed: seed &+ UInt64(run))
            let engine = Engine(options: .law())
            let worker = try engine.makeWorker()
            for step in 0..<40 {
                let update = update(&chance)
                do {
                    try engine.apply(update)
                } catch {
                    report.note("rejected")
                }
                if chance.happens(60) { engine.observe(observations(engine, &chance)) }
                // Workers move on at their own pace, so that retired parts wait in between.
                if chance.happens(50) { worker.refresh() }
                guard step % 4 == 3 else { continue }
                let fresh = try Engine(engine.configuration, options: .law())
                fresh.observe(engine.observations)
                report.check(fresh.endpointStates == engine.endpointStates, "seed \(run): states differ")
                let incremental = engine.blockImages
                let compiled = fresh.blockImages
                report.cases += 1
                if incremental != compiled {
                    let names = zip(incremental, compiled).filter { $0 != $1 }.map { $0.0.name }
                    report.fail("seed \(seed &+ UInt64(run)) step \(step): blocks differ: \(names)")
                }
            }
            worker.refresh()
            engine.poll(now: Instant(nanoseconds: 0))
            let statistics = engine.statistics
            report.check(
                statistics.liveSnapshots == 1 && statistics.retiredParts == 0, "seed \(run): parts are left over")
        }
        return report
    }

    /// What somebody might observe: of endpoints that are there, and of some that are not.
    static func observations(_ engine: Engine, _ chance: inout Chance) -> [EndpointObservation] {
        engine.clusterStatistics.flatMap { cluster in
            cluster.endpoints.filter { _ in chance.happens(25) }.map { endpoint in
                let checked = HealthStatus(rawValue: UInt8(chance.happens(60) ? chance.below(6) : 0)) ?? .unknown
                return EndpointObservation(
                    cluster: chance.happens(95) ? cluster.name : "c1", address: endpoint.address,
                    state: EndpointState(checkedHealth: checked, isEjected: chance.happens(25)))
            }
        }
    }

    /// A few random changes, some of which may be refused.
    static func update(_ chance: inout Chance) -> ConfigurationUpdate {
        let clusters = ["c0", "c1", "c2", "c3"]
        var changes: [ConfigurationUpdate.Change] = []
        for _ in 0..<(1 + chance.below(4)) {
            let table = chance.any(["t0", "t1"])
            let cluster = chance.any(clusters)
            switch chance.below(13) {
            case 0...2: changes.append(.setCluster(chance.cluster(cluster)))
            case 3: changes.append(.removeCluster(cluster))
            case 4: changes.append(.setRouteConfiguration(chance.routeTable(table, clusters: clusters)))
            case 5: changes.append(.removeRouteConfiguration(table))
            case 6:
                let host = chance.virtualHost(
                    chance.any(["h0", "h1", "new"]), domains: [chance.domain()], clusters: clusters, routes: 5)
                changes.append(.setVirtualHost(host, routeConfiguration: table))
            case 7: changes.append(.removeVirtualHost(chance.any(["h0", "h1", "new"]), routeConfiguration: table))
            case 8:
                changes.append(
                    .setAssignment(EndpointAssignment(name: chance.any(["s1", "s2"]), localities: chance.endpoints())))
            case 9: changes.append(.removeAssignment(chance.any(["s1", "s2"])))
            case 10:
                let endpoint = Endpoint(
                    .socket(host: "10.0.0.\(chance.below(8))", port: 80), weight: UInt32(1 + chance.below(3)))
                changes.append(
                    .setEndpoint(
                        endpoint, locality: Locality(region: "r", zone: "z1"), priority: chance.below(2),
                        assignment: cluster))
            case 11:
                let values: [RuntimeValue] = [
                    .number(Double(chance.below(120))), .fraction(Fraction(UInt32(chance.below(10)), of: .tenThousand)),
                    .text("7"),
                ]
                let layer = RuntimeLayer(
                    chance.any(["l0", "l1"]),
                    [
                        "upstream.zone_routing.enabled", "upstream.zone_routing.min_cluster_size", "rt.a", "rt.b",
                        "rt.c0", "rt.c1", "ratelimit.a.http_filter_enabled",
                        "circuit_breakers.c0.default.max_requests", "circuit_breakers.c1.high.max_connections",
                    ].filter { _ in
                        chance.happens(50)
                    }.map {
                        .init($0, chance.any(values))
                    })
                changes.append(chance.happens(80) ? .setRuntimeLayer(layer) : .removeRuntimeLayer(layer.name))
            default:
                changes.append(
                    .removeEndpoint(.socket(host: "10.0.0.\(chance.below(8))", port: 80), assignment: cluster))
            }
        }
        return ConfigurationUpdate(changes)
    }
}

extension Engine {
    /// Its endpoints' states as observations.
    fileprivate var observations: [EndpointObservation] {
        endpointStates.flatMap { name, states in
            states.map { EndpointObservation(cluster: name, address: $0.key, state: $0.value) }
        }
    }
}
