// Fairlead: from path to route
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// Finds the first route of a virtual host that matches: after the virtual host, before the cluster.
///
/// The index names candidates: routes are filed under the literal text that their path begins with. The deepest text
/// that the path begins with leads to its ancestors through parent links; each list is walked in order only as far as
/// its ordinals stay below the best match so far. Every candidate is judged by `matches`, the same code that a linear
/// scan uses, so index and scan cannot disagree on what matching means (the First match law).
public enum RouteLookup {
    /// The ordinal of the first matching route; `nil` when none matches.
    ///
    /// - Parameter place: where the `RouteIndex` lies in the block; at its beginning unless said otherwise.
    @inline(__always)
    public static func first(
        in block: BlockView, _ request: borrowing RequestView, _ parts: TargetParts, path: Bytes, random: UInt64,
        index place: Int = 0
    ) -> Int? {
        var best = UInt32.max
        search(index(block, place).sensitive, [], &best, in: block, request, parts, path, random)
        if index(block, place).insensitive.keys.count != 0 {
            search(index(block, place).insensitive, .folded, &best, in: block, request, parts, path, random)
        }
        if index(block, place).connects.count != 0, request.method.elementsEqual(Constants.connect) {
            firstConnect(index(block, place).connects, &best, in: block, request, parts, path, random)
        }
        return best == .max ? nil : Int(best)
    }

    /// The header, of which only what is used is read: kept in a variable it would be copied to the stack.
    @inline(__always)
    private static func header(_ block: BlockView) -> VirtualHostHeader { block.load(0) }

    /// An index, of which the same holds.
    @inline(__always)
    private static func index(_ block: BlockView, _ place: Int) -> RouteIndex { block.load(place) }

    /// The same for a path whose parameters do not count, and for virtual hosts with a match tree. Apart, so that the
    /// usual way has neither closure nor tree.
    @inline(never)
    static func firstSpecially(
        in block: BlockView, _ request: borrowing RequestView, _ parts: TargetParts, cutsParameters: Bool,
        random: UInt64
    ) -> Int? {
        let hasTree = header(block).tree.exists
        guard cutsParameters, parts.hasParameters else {
            return hasTree
                ? TreeLookup.first(in: block, request, parts, path: parts.path, random: random, scans: false)
                : first(in: block, request, parts, path: parts.path, random: random)
        }
        return parts.withoutParameters {
            hasTree
                ? TreeLookup.first(in: block, request, parts, path: $0, random: random, scans: false)
                : first(in: block, request, parts, path: $0, random: random)
        }
    }

    /// Routes for CONNECT are filed nowhere: such a request may have no path at all.
    private static func firstConnect(
        _ connects: BlockArray<UInt32>, _ best: inout UInt32, in block: BlockView, _ request: borrowing RequestView,
        _ parts: TargetParts, _ path: Bytes, _ random: UInt64
    ) {
        for position in 0..<Int(connects.count) {
            let ordinal = block[connects, position]
            if ordinal >= best { return }
            let route = block[header(block).routes, Int(ordinal)]
            if matches(route, in: block, request, parts, path: path, random: random) {
                best = ordinal
                return
            }
        }
    }

    @inline(__always)
    private static func search(
        _ index: PathIndex, _ reading: TextReading, _ best: inout UInt32, in block: BlockView,
        _ request: borrowing RequestView, _ parts: TargetParts, _ path: Bytes, _ random: UInt64
    ) {
        // A path that is filed as a whole knows its longest prefix already.
        var value = index.exact.exact(path, reading, in: block)
        if value == 0 { value = index.prefixes.longest(path, limit: path.count, reading, in: block) }
        while value != 0 {
            let key = block[index.keys, Int(value) &- 1]
            if key.minimum >= best { return }
            var position = 0
            while position < Int(key.routes.count) {
                let ordinal = block[key.routes, position]
                if ordinal >= best { break }
                let route = block[header(block).routes, Int(ordinal)]
                if isCandidateMatching(route, in: block, request, parts, path, random) {
                    best = ordinal
                    break
                }
                position &+= 1
            }
            if key.candidates.exists {
                searchCandidates(key.candidates, &best, in: block, request, parts, path, random)
            }
            value = key.parent
        }
    }

    /// Apart, so that short lists do not pay for it.
    @inline(never)
    private static func searchCandidates(
        _ candidates: BlockReference<CandidateList>, _ best: inout UInt32, in block: BlockView,
        _ request: borrowing RequestView, _ parts: TargetParts, _ path: Bytes, _ random: UInt64
    ) {
        let search = CandidateSearch(block, request, parts, path: path, random: random, routes: header(block).routes)
        search.search(block[candidates], &best)
    }

    /// What is left to judge of a route whose filed text the path has: of plain prefixes and exact paths only further
    /// conditions.
    @inline(__always)
    private static func isCandidateMatching(
        _ route: RouteEntry, in block: BlockView, _ request: borrowing RequestView, _ parts: TargetParts,
        _ path: Bytes, _ random: UInt64
    ) -> Bool {
        guard route.pathKind == .prefix || route.pathKind == .exact else {
            return matches(route, in: block, request, parts, path: path, random: random)
        }
        if path.isMissing { return false }
        return route.conditions.count == 0 || conditionsHold(route.conditions, in: block, request, parts, random)
    }

    /// Whether `route` matches, judged on its own.
    public static func matches(
        _ route: RouteEntry, in block: BlockView, _ request: borrowing RequestView, _ parts: TargetParts, path: Bytes,
        random: UInt64
    ) -> Bool {
        pathMatches(route, in: block, request, path, parts)
            && conditionsHold(route.conditions, in: block, request, parts, random)
    }

    /// Whether all of a route's conditions besides its path hold.
    static func conditionsHold(
        _ conditions: BlockArray<Condition>, in block: BlockView, _ request: borrowing RequestView,
        _ parts: TargetParts, _ random: UInt64
    ) -> Bool {
        var index = 0
        while index < Int(conditions.count) {
            guard ConditionMatcher.holds(block[conditions, index], in: block, request, parts, random: random) else {
                return false
            }
            index &+= 1
        }
        return true
    }

    /// Whether the path of `request` is as `route` asks.
    static func pathMatches(
        _ route: RouteEntry, in block: BlockView, _ request: borrowing RequestView, _ path: Bytes,
        _ parts: TargetParts
    ) -> Bool {
        // A plain CONNECT has no path: only connect routes are for it.
        if route.pathKind == .connect { return request.method.elementsEqual(Constants.connect) }
        guard !path.isMissing else { return false }
        let text = block.bytes(route.path)
        switch route.pathKind {
        case .prefix: return beginsWith(path, text, route)
        case .exact: return path.count == text.count && beginsWith(path, text, route)
        case .separatedPrefix:
            return beginsWith(path, text, route)
                && (path.count == text.count || path[text.count] == UInt8(ascii: "/"))
        case .pattern: return block.matches(pattern: route.pattern, path)
        case .connect: return false
        // As in Envoy, path parameters count whatever the table says.
        case .template: return TemplateMatcher.matches(route.template(in: block), in: block, parts.path)
        }
    }

    private static func beginsWith(_ path: Bytes, _ text: Bytes, _ route: RouteEntry) -> Bool {
        guard path.count >= text.count else { return false }
        return route.ignoresCase == 1 ? path.prefix(text.count).foldedEquals(text) : path.starts(with: text)
    }

    /// The ordinal of the first matching route by looking at each in turn: what the index has to agree with. O(routes).
    public static func firstByScan(
        in block: BlockView, _ request: borrowing RequestView, _ parts: TargetParts, path: Bytes, random: UInt64
    ) -> Int? {
        let header: VirtualHostHeader = block.load(0)
        if header.tree.exists {
            return TreeLookup.first(in: block, request, parts, path: path, random: random, scans: true)
        }
        for ordinal in 0..<Int(header.routes.count) {
            let route = block[header.routes, ordinal]
            if matches(route, in: block, request, parts, path: path, random: random) { return ordinal }
        }
        return nil
    }
}
