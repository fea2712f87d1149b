// Fairlead: from match tree to route
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Follows the match tree of a virtual host to a list of routes, and finds the first of these that matches.
///
/// The tree does not judge the routes: when none of the list matches there is no route. A subtree that leads nowhere,
/// though, is gone on with behind it, as in Envoy 1.40.
enum TreeLookup {
    /// What following a tree needs; with `scans` every list is looked through in turn, without any index.
    struct Search {
        let block: BlockView
        let headers: HeaderList
        let method: Bytes
        let path: Bytes
        let scheme: Bytes
        let authority: Bytes
        let scans: Bool
    }

    /// The ordinal of the route; `nil` for none.
    @inline(never)
    static func first(
        in block: BlockView, _ request: borrowing RequestView, _ parts: TargetParts, path: Bytes, random: UInt64,
        scans: Bool
    ) -> Int? {
        let outcome = outcome(in: block, request, scans: scans)
        if !scans, outcome.index.exists {
            let place = Int(outcome.index.offset)
            return RouteLookup.first(in: block, request, parts, path: path, random: random, index: place)
        }
        let header: VirtualHostHeader = block.load(0)
        for ordinal in outcome.ordinals {
            let route = block[header.routes, ordinal]
            if RouteLookup.matches(route, in: block, request, parts, path: path, random: random) { return ordinal }
        }
        return nil
    }

    /// The ordinals of the routes that the tree leads to.
    static func candidates(
        in block: BlockView, _ request: borrowing RequestView, scans: Bool
    ) -> Range<Int> {
        outcome(in: block, request, scans: scans).ordinals
    }

    private static func outcome(
        in block: BlockView, _ request: borrowing RequestView, scans: Bool
    ) -> TreeOutcome {
        follow(Int(block.load(0, as: VirtualHostHeader.self).tree.offset), in: block, request, scans: scans)
    }

    /// The index of the cluster, among the block's, that the tree at `place` leads to; `nil` for none.
    @inline(never)
    static func cluster(at place: UInt32, in block: BlockView, _ request: borrowing RequestView) -> UInt32? {
        let outcome = follow(Int(place), in: block, request, scans: false)
        return outcome.kind == .cluster ? outcome.first : nil
    }

    private static func follow(
        _ place: Int, in block: BlockView, _ request: borrowing RequestView, scans: Bool
    ) -> TreeOutcome {
        let search = Search(
            block: block, headers: request.headers, method: request.method, path: request.path,
            scheme: request.scheme, authority: request.authority, scans: scans)
        return search.follow(place)
    }
}

extension TreeOutcome {
    /// The ordinals of the routes; of any other place none.
    fileprivate var ordinals: Range<Int> { kind == .routes ? Int(first)..<(Int(first) + Int(count)) : 0..<0 }
}

extension TreeLookup.Search {
    /// Where the tree at `place` leads. Its depth is capped by the rules.
    fileprivate func follow(_ place: Int) -> TreeOutcome {
        let kind: TreeNode.Kind = block.load(place, as: TreeNode.self).kind
        var found = TreeOutcome.none
        switch kind {
        case .none: break
        case .list: found = followList(place)
        case .exact, .prefix, .addresses, .domains:
            found = withValue(block.load(place, as: TreeNode.self).input) { followMap(place, $0) }
        }
        return found.kind == .none ? resolve(block.load(place, as: TreeNode.self).otherwise) : found
    }

    private func resolve(_ outcome: TreeOutcome) -> TreeOutcome {
        outcome.kind == .tree ? follow(Int(outcome.first)) : outcome
    }

    private func followList(_ place: Int) -> TreeOutcome {
        let rules = block.load(place, as: TreeNode.self).rules
        for index in 0..<Int(rules.count) {
            let rule = block[rules, index]
            guard holds(block[rule.predicate]) else { continue }
            let found = resolve(rule.outcome)
            if found.kind != .none { return found }
        }
        return .none
    }

    private func holds(_ predicate: TreePredicate) -> Bool {
        switch predicate.kind {
        case .value:
            return withValue(predicate.input) {
                !$0.isMissing && ConditionMatcher.test(predicate.condition, in: block, $0)
            }
        case .any:
            for index in 0..<Int(predicate.inner.count) where holds(block[predicate.inner, index]) { return true }
            return false
        case .all:
            for index in 0..<Int(predicate.inner.count) where !holds(block[predicate.inner, index]) { return false }
            return true
        case .not: return !holds(block[predicate.inner, 0])
        }
    }

    private func followMap(_ place: Int, _ value: Bytes) -> TreeOutcome {
        if value.isMissing { return .none }
        let node: TreeNode = block.load(place)
        switch node.kind {
        case .exact:
            let entry = scans ? scanned(node, value) : node.exact.exact(value, [], in: block)
            return entry == 0 ? .none : resolve(block[node.entries, Int(entry) - 1].outcome)
        case .prefix:
            if scans { return followPrefixesByScan(node, value) }
            return followParents(node, from: node.partial.longest(value, limit: value.count, [], in: block))
        case .addresses: return followRanges(node, value)
        case .domains: return followDomains(node, value)
        case .none, .list: return .none
        }
    }

    /// The entry and then those with ever shorter texts, until one leads somewhere.
    private func followParents(_ node: TreeNode, from first: UInt32) -> TreeOutcome {
        var number = first
        while number != 0 {
            let entry = block[node.entries, Int(number) - 1]
            let found = resolve(entry.outcome)
            if found.kind != .none { return found }
            number = entry.parent
        }
        return .none
    }

    private func followRanges(_ node: TreeNode, _ value: Bytes) -> TreeOutcome {
        guard let address = IPAddress(value) else { return .none }
        var isFirst = true
        for index in 0..<Int(node.ranges.count) {
            let range = block[node.ranges, index]
            guard range.range.contains(address), isFirst || range.isExclusive == 0 else { continue }
            let found = resolve(range.outcome)
            if found.kind != .none { return found }
            isFirst = false
        }
        return .none
    }

    private func followDomains(_ node: TreeNode, _ value: Bytes) -> TreeOutcome {
        let whole = scans ? scannedDomain(node, value, isEnd: false) : node.exact.exact(value, [], in: block)
        if whole != 0 {
            let found = resolve(block[node.entries, Int(whole) - 1].outcome)
            if found.kind != .none { return found }
        }
        let found =
            scans
            ? followEndsByScan(node, value)
            : followParents(node, from: node.partial.longest(value, limit: value.count, .fromBack, in: block))
        if found.kind != .none { return found }
        // Nothing is no domain.
        guard node.star != 0, !value.isEmpty else { return .none }
        return resolve(block[node.entries, Int(node.star) - 1].outcome)
    }

    // MARK: Without an index

    /// The entry whose text is `text`, plus one; 0 for none.
    private func scanned(_ node: TreeNode, _ text: Bytes) -> UInt32 {
        for index in 0..<Int(node.entries.count) where block.bytes(block[node.entries, index].text).elementsEqual(text)
        {
            return UInt32(index) + 1
        }
        return 0
    }

    /// The same among domains: those that are `text`, or those that have a star before it.
    private func scannedDomain(_ node: TreeNode, _ text: Bytes, isEnd: Bool) -> UInt32 {
        for index in 0..<Int(node.entries.count) {
            let domain = block.bytes(block[node.entries, index].text)
            let hasStar = domain[0] == UInt8(ascii: "*")
            if hasStar == isEnd, domain.dropFirst(isEnd ? 1 : 0).elementsEqual(text) { return UInt32(index) + 1 }
        }
        return 0
    }

    private func followPrefixesByScan(_ node: TreeNode, _ value: Bytes) -> TreeOutcome {
        for length in (0...value.count).reversed() {
            let number = scanned(node, value.prefix(length))
            guard number != 0 else { continue }
            let found = resolve(block[node.entries, Int(number) - 1].outcome)
            if found.kind != .none { return found }
        }
        return .none
    }

    private func followEndsByScan(_ node: TreeNode, _ value: Bytes) -> TreeOutcome {
        for start in 0..<value.count where value[start] == UInt8(ascii: ".") {
            let number = scannedDomain(node, value.dropFirst(start), isEnd: true)
            guard number != 0 else { continue }
            let found = resolve(block[node.entries, Int(number) - 1].outcome)
            if found.kind != .none { return found }
        }
        return .none
    }

    // MARK: Inputs

    /// Lends what `input` stands for; missing when it is not there.
    private func withValue<Result>(_ input: TreeInput, _ body: (Bytes) -> Result) -> Result {
        switch input.kind {
        case .method: return body(method)
        case .path: return body(path)
        case .scheme: return body(scheme)
        case .authority: return body(authority)
        case .header:
            let name = block.bytes(input.name)
            guard let first = headers.firstIndex(of: name) else { return body(.missing) }
            guard headers.firstIndex(of: name, from: first + 1) != nil else { return body(headers[first].value) }
            return ScratchBuffer.with({ join(name, into: &$0) }, use: body)
        }
    }

    /// Joins the lines of a header that has several.
    private func join(_ name: Bytes, into output: inout OutputBuffer) {
        var line = headers.firstIndex(of: name)
        var isFirst = true
        while let index = line {
            if !isFirst { output.append(",") }
            output.append(headers[index].value)
            isFirst = false
            line = headers.firstIndex(of: name, from: index + 1)
        }
    }
}
