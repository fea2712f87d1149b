// Fairlead: finding candidates in a long list
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

/// Finds among many routes that share a path those that a request could be for: by the values that they ask for, and by
/// asking many patterns at once. What it finds is judged like any other candidate.
struct CandidateSearch: ~Escapable {
    private let block: BlockView
    private let request: RequestView
    private let parts: TargetParts
    private let path: Bytes
    private let random: UInt64
    private let routes: BlockArray<RouteEntry>

    /// A search for `request` in the virtual host `block`.
    @_lifetime(copy request)
    init(
        _ block: BlockView, _ request: borrowing RequestView, _ parts: TargetParts, path: Bytes, random: UInt64,
        routes: BlockArray<RouteEntry>
    ) {
        self.block = block
        self.request = copy request
        self.parts = parts
        self.path = path
        self.random = random
        self.routes = routes
    }

    /// Lowers `best` to the smallest ordinal in `list` that matches, if that is smaller.
    func search(_ list: CandidateList, _ best: inout UInt32) {
        judge(list.routes, &best)
        var index = 0
        while index < Int(list.selectors.count) {
            let selector = block[list.selectors, index]
            if selector.minimum >= best { break }
            select(selector, &best)
            index &+= 1
        }
        index = 0
        while index < Int(list.patternSets.count) {
            let record = block[list.patternSets, index]
            if record.minimum >= best { break }
            ask(record, &best)
            index &+= 1
        }
    }

    private func judge(_ ordinals: BlockArray<UInt32>, _ best: inout UInt32) {
        var index = 0
        while index < Int(ordinals.count) {
            let ordinal = block[ordinals, index]
            if ordinal >= best { return }
            let route = block[routes, Int(ordinal)]
            if RouteLookup.matches(route, in: block, request, parts, path: path, random: random) {
                best = ordinal
                return
            }
            index &+= 1
        }
    }

    private func select(_ selector: Selector, _ best: inout UInt32) {
        switch selector.kind {
        case .headerNames:
            var line = 0
            while line < request.headers.count {
                let name = request.headers[line].name
                follow(selector.texts.exact(name, .folded, in: block), selector, &best)
                line &+= 1
            }
        case .pathSuffix: look(up: path, selector, &best)
        case .exact, .prefix, .suffix:
            guard selector.subject == .header else {
                return look(up: value(selector), selector, &best)
            }
            let name = block.bytes(selector.name)
            var found = request.headers.firstIndex(of: name)
            while let line = found {
                look(up: request.headers[line].value, selector, &best)
                found = request.headers.firstIndex(of: name, from: line &+ 1)
            }
        }
    }

    /// The value of a subject that has one at most.
    private func value(_ selector: Selector) -> Bytes {
        switch selector.subject {
        case .method: request.method
        case .path: request.path
        case .scheme: request.scheme
        case .authority: request.authority
        case .queryParameter: parts.parameter(block.bytes(selector.name))
        default: .missing
        }
    }

    private func look(up value: Bytes, _ selector: Selector, _ best: inout UInt32) {
        guard !value.isMissing else { return }
        let reading: TextReading = selector.ignoresCase == 1 ? .folded : []
        switch selector.kind {
        case .exact, .headerNames: follow(selector.texts.exact(value, reading, in: block), selector, &best)
        case .prefix:
            follow(selector.texts.longest(value, limit: value.count, reading, in: block), selector, &best)
        case .suffix, .pathSuffix:
            follow(
                selector.texts.longest(value, limit: value.count, reading.union(.fromBack), in: block), selector, &best)
        }
    }

    /// Searches the list number `found` (from 1) of the selector and those of its ancestors.
    private func follow(_ found: UInt32, _ selector: Selector, _ best: inout UInt32) {
        var number = found
        while number != 0 {
            let list = block[selector.lists, Int(number) &- 1]
            if list.minimum >= best { return }
            search(list.candidates, &best)
            number = list.parent
        }
    }

    /// Asks all patterns of a set at once, and one by one if the set gives no answer.
    private func ask(_ record: PatternSetRecord, _ best: inout UInt32) {
        guard !path.isMissing else { return }
        let answer = block.matches(patternSet: record.set, path)
        var index = 0
        while index < Int(record.routes.count) {
            let entry = block[record.routes, index]
            index &+= 1
            if entry.ordinal >= best { return }
            if answer.isKnown, !answer[Int(entry.pattern)] { continue }
            let route = block[routes, Int(entry.ordinal)]
            let isMatching =
                answer.isKnown
                ? RouteLookup.conditionsHold(route.conditions, in: block, request, parts, random)
                : RouteLookup.matches(route, in: block, request, parts, path: path, random: random)
            if isMatching {
                best = entry.ordinal
                return
            }
        }
    }
}
