// Fairlead: law 5: an explanation tells what the engine does
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// Explain: what is told of a request, found by looking at each domain and route in turn, is what the index answers and
/// what the pick gives; asking changes nothing: an engine that is never asked decides the same; and no route is taken that
/// lint calls shadowed, or that stands where lint says no request comes to.
struct ExplainLaw: Law {
    static let name = "explain"

    static func check(seed: UInt64, scale: Int) throws -> LawReport {
        var report = LawReport()
        for table in 0..<(10 * scale) {
            var chance = Chance(seed: seed &+ UInt64(table))
            let clusters = ["c0", "c1", "c2"]
            let wanted = chance.routeTable("main", clusters: clusters + ["nobody"])
            // One cluster in four is missing, so that routes lead nowhere, too.
            let present = clusters.filter { _ in chance.happens(75) }.map { chance.cluster($0) }
            let update = ConfigurationUpdate(present.map { .setCluster($0) } + [.setRouteConfiguration(wanted)])
            let asked = Engine(options: .law())
            let silent = Engine(options: .law())
            try asked.apply(update)
            try silent.apply(update)
            let idle = idleRoutes(of: wanted)
            let worker = try asked.makeWorker()
            let twin = try silent.makeWorker()
            for _ in 0..<200 {
                let request = chance.request(for: wanted)
                let made = request.made(random: chance.source.next())
                // Half of the requests leave the random bits to the worker.
                if chance.happens(50) { made.random = nil }
                let told = worker.explain(made.view, maximumRoutes: chance.below(8))
                let decided = Decided(worker, made)
                report.cases += 1
                if let difference = decided.difference(from: told, wanted) {
                    report.fail("table seed \(seed &+ UInt64(table)): \(request.description): \(difference)")
                }
                if decided != Decided(twin, made) {
                    report.fail(
                        "table seed \(seed &+ UInt64(table)): \(request.description): asking changed the answer")
                }
                if let host = told.virtualHost?.domain?.virtualHost, let taken = told.route?.taken?.ordinal {
                    // Lint says of some routes that they can never match.
                    report.check(
                        !idle.contains("\(host) \(taken)"),
                        "table seed \(seed &+ UInt64(table)): \(request.description): took \(host) \(taken), called idle"
                    )
                }
                report.note("\(told.action.disposition)")
                if told.pick?.endpoint != nil { report.note("endpoint") }
                if (told.route?.earlierCount ?? 0) > 0 { report.note("earlier routes") }
                if told.virtualHost?.beaten.isEmpty == false { report.note("beaten domains") }
            }
        }
        return report
    }

    /// The routes that lint says no request gets to, by virtual host and place. Virtual hosts are called h and their
    /// number.
    private static func idleRoutes(of table: RouteConfiguration) -> Set<String> {
        let branches = Engine.lint(Configuration(routeConfigurations: [table]), options: .law()).compactMap { idle($0) }
        var routes: Set<String> = []
        for (number, host) in table.virtualHosts.enumerated() where !branches.isEmpty {
            let root = "route_configurations[0].virtual_hosts[\(number)]."
            let places =
                host.routes.indices.map { root + "routes[\($0)]" }
                + (host.matcher?.placedRoutes ?? []).map { root + "matcher." + $0.path }
            for (ordinal, place) in places.enumerated()
            where branches.contains(where: { place == $0 || place.hasPrefix($0 + ".") }) {
                routes.insert("\(host.name) \(ordinal)")
            }
        }
        return routes
    }

    /// The route or the part of a tree that `problem` says no request gets to.
    private static func idle(_ problem: Problem) -> String? {
        let last = problem.path.split(separator: ".").last ?? ""
        switch (problem.code, last) {
        case (.shadowedRoute, "match"), (.neverMatches, "predicate"):
            return String(problem.path.dropLast(last.utf8.count + 1))
        case (.unreachableBranch, _): return last.hasPrefix("ranges[") ? nil : problem.path
        default: return nil
        }
    }

    /// What begin and pick decide.
    private struct Decided: Equatable {
        var disposition: ExchangeState.Disposition
        var host: String?
        var route: String?
        var status: UInt16
        var cluster: String?
        var result: PickResult
        var endpoint: String?

        init(_ worker: Worker, _ request: Request) {
            var exchange = worker.begin(request.view)
            var attempt = Attempt()
            disposition = exchange.disposition
            host = exchange.route.virtualHostName.isMissing ? nil : exchange.route.virtualHostName.string
            route = exchange.route.name.isMissing ? nil : exchange.route.name.string
            status = exchange.route.status
            let name = exchange.clusterName(worker)
            cluster = name.isMissing ? nil : name.string
            result = worker.pick(&exchange, &attempt)
            endpoint = attempt.endpoint?.address.string
            if attempt.isOpen { worker.report(&attempt, .response(200), &exchange) }
            worker.end(&exchange)
        }

        func difference(from told: Explanation, _ table: RouteConfiguration) -> String? {
            if !told.agreesWithIndex { return "it does not agree with the index" }
            if told.action.disposition != disposition { return "told \(told.action.disposition), is \(disposition)" }
            if told.virtualHost?.domain?.virtualHost != host { return "told another virtual host than \(host ?? "-")" }
            if told.route?.taken?.name != route { return "told \(told.route?.taken?.name ?? "-"), is \(route ?? "-")" }
            if let ordinal = told.route?.taken?.ordinal, let count = told.route?.earlierCount {
                // A match tree leads past the routes that hang elsewhere in it.
                let hasTree = table.virtualHosts.contains { $0.name == host && $0.matcher != nil }
                if hasTree ? count > ordinal : count != ordinal { return "miscounted" }
            }
            let exists = told.cluster?.exists ?? false
            if (exists ? told.cluster?.name : nil) != cluster { return "told another cluster than \(cluster ?? "-")" }
            if let pick = told.pick, pick.result != result { return "told \(pick.result), is \(result)" }
            if told.pick?.endpoint?.address != endpoint { return "told another endpoint than \(endpoint ?? "-")" }
            if disposition != .forward, told.action.status != status { return "told another status than \(status)" }
            return nil
        }
    }
}
