// Fairlead: law 1: the index answers as a linear scan does
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadRE2

/// First match: for random tables and requests, the engine's answer is the one that the specification, read rule by
/// rule, gives.
struct FirstMatchLaw: Law {
    static let name = "first-match"

    static func check(seed: UInt64, scale: Int) throws -> LawReport {
        var report = LawReport()
        for table in 0..<(50 * scale) {
            var chance = Chance(seed: seed &+ UInt64(table))
            let clusters = ["c0", "c1", "c2"]
            let wanted = chance.routeTable("main", clusters: clusters)
            let engine = Engine(options: .law())
            try engine.apply(
                ConfigurationUpdate(
                    clusters.map { .setCluster(Cluster(name: $0)) } + [.setRouteConfiguration(wanted)]))
            let worker = try engine.makeWorker()
            var reference = ReferenceMatcher(wanted)
            for _ in 0..<200 {
                let random = chance.source.next()
                let request = chance.request(for: wanted)
                let expected = request.authority == nil ? nil : reference.match(request, random: random)
                var exchange = worker.begin(request.made(random: random).view)
                let route = expected?.route.map { wanted.virtualHosts[expected?.host ?? 0].allRoutes[$0].name }
                let host = expected.map { wanted.virtualHosts[$0.host].name }
                let found = exchange.route.name
                if (found.isMissing ? nil : found.string) != route
                    || (exchange.route.virtualHostName.isMissing ? nil : exchange.route.virtualHostName.string) != host
                {
                    report.fail(
                        "table seed \(seed &+ UInt64(table)): \(request.description): expected \(host ?? "-")/\(route ?? "-"), "
                            + "got \(exchange.route.virtualHostName.string)/\(found.string)")
                }
                if let host = expected?.host, wanted.virtualHosts[host].matcher != nil { report.note("by tree") }
                worker.end(&exchange)
                report.cases += 1
                if route != nil { report.note("matched") } else { report.note(host == nil ? "no host" : "no route") }
            }
        }
        return report
    }
}
