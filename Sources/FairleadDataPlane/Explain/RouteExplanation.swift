// Fairlead: why a route is taken, and why none before it
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension Explanation.RouteChoice {
    /// Looks at each route in turn, with the matcher that the index uses, up to the first one that matches. O(routes).
    ///
    /// - Parameter limit: how many earlier routes are listed at most; all are counted.
    init(
        in block: BlockView, _ request: borrowing RequestView, _ parts: TargetParts, path: Bytes, random: UInt64,
        limit: Int
    ) {
        self.init()
        self.path = path.isMissing ? nil : path.string
        let header: VirtualHostHeader = block.load(0)
        let found = RouteLookup.firstByScan(in: block, request, parts, path: path, random: random)
        if let found { taken = Explanation.RouteSummary(block[header.routes, found], found, in: block) }
        // A match tree leads to some of the routes, which are looked at in their order.
        let candidates =
            header.tree.exists
            ? TreeLookup.candidates(in: block, request, scans: true) : 0..<Int(header.routes.count)
        let earlierRoutes = candidates.lowerBound..<(found ?? candidates.upperBound)
        earlierCount = earlierRoutes.count
        var near: [Explanation.RejectedRoute] = []
        var far: [Explanation.RejectedRoute] = []
        for ordinal in earlierRoutes {
            let route = block[header.routes, ordinal]
            let fits = RouteLookup.pathMatches(route, in: block, request, path, parts)
            guard (fits ? near.count : near.count + far.count) < limit else { continue }
            let reason =
                fits
                ? Explanation.UnmetCondition(firstOf: route, in: block, request, parts, random)
                : Explanation.UnmetCondition(pathOf: route, in: block, request, path)
            let rejected = Explanation.RejectedRoute(
                route: Explanation.RouteSummary(route, ordinal, in: block), reason: reason)
            if fits { near.append(rejected) } else { far.append(rejected) }
        }
        earlier = Self.merged(near, Array(far.prefix(max(limit - near.count, 0))))
    }

    /// Both lists as one, by ordinal.
    private static func merged(
        _ left: [Explanation.RejectedRoute], _ right: [Explanation.RejectedRoute]
    ) -> [Explanation.RejectedRoute] {
        var all = left + right
        all.sort { $0.route.ordinal < $1.route.ordinal }
        return all
    }
}

extension Explanation.RouteSummary {
    init(_ route: RouteEntry, _ ordinal: Int, in block: BlockView) {
        self.ordinal = ordinal
        name = block.bytes(route.name).string
        path = Explanation.rule(of: route, in: block)
    }
}

extension Explanation {
    /// What a route asks of the path, for example `prefix "/cart"`.
    static func rule(of route: RouteEntry, in block: BlockView) -> String {
        let text = "\"" + block.bytes(route.path).string + "\"" + (route.ignoresCase == 1 ? " in any case" : "")
        switch route.pathKind {
        case .prefix: return "prefix " + text
        case .exact: return "path " + text
        case .separatedPrefix: return "path_separated_prefix " + text
        case .pattern: return "safe_regex " + text
        case .connect: return "connect"
        case .template: return "path_template " + text
        }
    }
}

extension Explanation.UnmetCondition {
    /// The path that `route` asks for and the request does not have.
    init(pathOf route: RouteEntry, in block: BlockView, _ request: borrowing RequestView, _ path: Bytes) {
        wanted = Explanation.rule(of: route, in: block)
        name = ""
        if route.pathKind == .connect {
            subject = "method"
            found = request.method.isMissing ? [] : [request.method.string]
        } else {
            subject = "path"
            found = path.isMissing ? [] : [path.string]
        }
    }

    /// The first further condition of `route` that does not hold.
    init(
        firstOf route: RouteEntry, in block: BlockView, _ request: borrowing RequestView, _ parts: TargetParts,
        _ random: UInt64
    ) {
        for index in 0..<Int(route.conditions.count) {
            let condition = block[route.conditions, index]
            if !ConditionMatcher.holds(condition, in: block, request, parts, random: random) {
                self.init(condition, in: block, request, parts, random)
                return
            }
        }
        // All of them hold: then it was not this route's turn.
        self.init(subject: "way", name: "", wanted: "one that leads to this route", found: [])
    }
}
