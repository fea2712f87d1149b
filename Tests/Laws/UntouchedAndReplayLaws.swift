// Fairlead: laws 6 and 7: refused updates leave no trace, and decisions can be replayed
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadRE2

/// Untouched: an update with any fault changes nothing, and names every fault.
struct UntouchedLaw: Law {
    static let name = "untouched"

    static func check(seed: UInt64, scale: Int) throws -> LawReport {
        var report = LawReport()
        for run in 0..<(20 * scale) {
            var chance = Chance(seed: seed &+ UInt64(run))
            let engine = Engine(options: .law())
            _ = try? engine.apply(FreshLaw.update(&chance))
            let before = engine.blockImages
            let generation = engine.statistics.generation
            var update = FreshLaw.update(&chance)
            let faults = 1 + chance.below(3)
            for number in 0..<faults { update.changes.append(fault(number, &chance)) }
            report.cases += 1
            do {
                try engine.apply(update)
                report.fail("seed \(seed &+ UInt64(run)): a faulty update was taken")
            } catch {
                report.check(
                    error.problems.count >= faults, "seed \(run): \(error.problems.count) of \(faults) faults named")
                report.check(error.problems.allSatisfy { !$0.path.isEmpty }, "seed \(run): a fault without a place")
            }
            // A good one that is prepared and dropped leaves no trace either.
            if let dropped = try? engine.prepare(FreshLaw.update(&chance)) {
                report.note(dropped.changes.isEmpty ? "dropped, without effect" : "dropped")
                _ = try? dropped.compare(Request(authority: "a", path: "/").view, routeTable: "t0")
            }
            report.check(engine.blockImages == before, "seed \(run): blocks changed")
            report.check(engine.statistics.generation == generation, "seed \(run): something was published")
        }
        return report
    }

    /// One fault; each number has a kind and a place of its own.
    private static func fault(_ number: Int, _ chance: inout Chance) -> ConfigurationUpdate.Change {
        switch number {
        case 0:
            var cluster = Cluster(name: "faulty")
            cluster.loadBalancing.policy = "nobody.registered.this"
            return .setCluster(cluster)
        case 1:
            let match = RouteMatch(.pattern("(unclosed"))
            let route = Route(match: match, action: .directResponse(DirectResponse(status: 200)))
            return .setRouteConfiguration(
                RouteConfiguration(
                    name: "faulty", virtualHosts: [VirtualHost(name: "h", domains: ["*"], routes: [route])]))
        default:
            return .setAssignment(
                EndpointAssignment(
                    name: "faulty",
                    localities: [
                        LocalityEndpoints(endpoints: [Endpoint(.socket(host: "10.0.0.1", port: 1), weight: 0)])
                    ]))
        }
    }
}

/// Replay: the same seed and the same inputs give the same decisions.
struct ReplayLaw: Law {
    static let name = "replay"

    static func check(seed: UInt64, scale: Int) throws -> LawReport {
        var report = LawReport()
        for run in 0..<(5 * scale) {
            let first = try trace(seed &+ UInt64(run))
            let second = try trace(seed &+ UInt64(run))
            report.cases += first.count
            report.check(first == second, "seed \(seed &+ UInt64(run)): two runs differ")
            report.check(!first.isEmpty, "seed \(seed &+ UInt64(run)): nothing was decided")
        }
        return report
    }

    /// Updates and decisions of two workers in turn, as a list of what was decided.
    private static func trace(_ seed: UInt64) throws -> [String] {
        var chance = Chance(seed: seed)
        var options = EngineOptions.law()
        options.seed = seed
        let engine = Engine(options: options)
        let clusters = ["c0", "c1", "c2", "c3"]
        let table = chance.routeTable("t0", clusters: clusters)
        try engine.apply(
            ConfigurationUpdate(clusters.map { .setCluster(chance.cluster($0)) } + [.setRouteConfiguration(table)]))
        let workers = [try engine.makeWorker(), try engine.makeWorker()]
        var decisions: [String] = []
        for step in 0..<200 {
            if step % 20 == 19 { _ = try? engine.apply(FreshLaw.update(&chance)) }
            let worker = workers[step % 2]
            worker.refresh()
            let request = chance.request(for: table)
            var exchange = worker.begin(request.made(random: chance.source.next()).view)
            var attempt = Attempt()
            var tries = 0
            repeat {
                let result = worker.pick(&exchange, &attempt)
                decisions.append("\(exchange.route.name.string) \(result) \(attempt.endpoint?.address.string ?? "")")
                tries += 1
                let outcome: Outcome = chance.happens(50) ? .response(503) : .response(200)
                let verdict = worker.report(&attempt, outcome, &exchange)
                decisions.append("\(verdict.retries) \(verdict.delayMilliseconds)")
                guard verdict.retries else { break }
            } while tries < 4
            worker.end(&exchange)
        }
        return decisions
    }
}
