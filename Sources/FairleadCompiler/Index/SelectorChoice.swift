// Fairlead: choosing what to sort candidates by
// SPDX-License-Identifier: Apache-2.0

import FairleadDataPlane
import FairleadModel

/// What all routes of a selector ask for: not the value itself, but whose value it is and how it is compared.
struct SelectorKey: Hashable {
    var kind: Selector.Kind
    var subject: Condition.Subject
    var ignoresCase: Bool
    /// The name's place in the block; equal texts have one place.
    var nameOffset: UInt32
    var nameCount: UInt32

    init(
        _ kind: Selector.Kind, _ subject: Condition.Subject = .header, ignoresCase: Bool = false,
        name: BlockText = .empty
    ) {
        self.kind = kind
        self.subject = subject
        self.ignoresCase = ignoresCase
        nameOffset = name.offset
        nameCount = name.count
    }

    var name: BlockText { BlockText(offset: nameOffset, count: nameCount) }

    /// Whether the whole value has to be there.
    var isWhole: Bool { kind == .exact || kind == .headerNames }

    /// How values are read for the index of texts.
    var reading: TextReading {
        switch kind {
        case .headerNames: .folded
        case .exact, .prefix: ignoresCase ? .folded : []
        case .suffix, .pathSuffix: ignoresCase ? [.folded, .fromBack] : .fromBack
        }
    }
}

/// A selector to be: the values that its routes ask for, and the routes that it leaves.
struct SelectorChoice {
    /// One value, and the routes that ask for it in their order.
    struct Value {
        var text: BlockText
        var ordinals: [UInt32]
    }

    let key: SelectorKey
    /// In the order of their first routes.
    private(set) var values: [Value] = []
    private(set) var rest: [UInt32] = []

    /// The selector that sorts `ordinals` best: it spares a request the most routes, even one that has the commonest
    /// value. `nil` when none spares `least`.
    static func best(
        for ordinals: [UInt32], of routes: [RouteEntry], least: Int, _ patterns: PatternTable,
        _ writer: inout BlockWriter
    ) -> SelectorChoice? {
        var tallies: [SelectorKey: Tally] = [:]
        var order: [SelectorKey] = []
        let wishes = ordinals.map { SelectorWishes(routes[Int($0)], patterns, &writer) }
        for (position, wish) in wishes.enumerated() {
            for (key, text) in wish.all {
                if tallies[key] == nil { order.append(key) }
                tallies[key, default: Tally()].add(text.offset, of: position)
            }
        }
        var best: (key: SelectorKey, gain: Int)?
        for key in order {
            let gain = tallies[key]?.gain ?? 0
            if gain < least { continue }
            guard let found = best else {
                best = (key, gain)
                continue
            }
            if gain > found.gain || (gain == found.gain && key.kind.rawValue < found.key.kind.rawValue) {
                best = (key, gain)
            }
        }
        guard let best else { return nil }
        var choice = SelectorChoice(key: best.key)
        var numbers: [UInt32: Int] = [:]
        for (position, ordinal) in ordinals.enumerated() {
            guard let text = wishes[position].text(for: best.key) else {
                choice.rest.append(ordinal)
                continue
            }
            if let number = numbers[text.offset] {
                choice.values[number].ordinals.append(ordinal)
            } else {
                numbers[text.offset] = choice.values.count
                choice.values.append(Value(text: text, ordinals: [ordinal]))
            }
        }
        return choice
    }

    private init(key: SelectorKey) { self.key = key }

    /// How many routes ask for each value of one key.
    private struct Tally {
        private var counts: [UInt32: Int] = [:]
        private var total = 0
        private var largest = 0
        private var last = -1

        /// How many routes even the commonest value spares.
        var gain: Int { total - largest }

        /// Counts a route, once even if it asks twice.
        mutating func add(_ text: UInt32, of position: Int) {
            guard position != last else { return }
            last = position
            total += 1
            let count = (counts[text] ?? 0) + 1
            counts[text] = count
            largest = max(largest, count)
        }
    }
}

/// What one route asks for that can be looked up.
struct SelectorWishes {
    private(set) var all: [(key: SelectorKey, text: BlockText)] = []

    init(_ route: RouteEntry, _ patterns: PatternTable, _ writer: inout BlockWriter) {
        for condition in writer.elements(of: route.conditions) where condition.flags.isDisjoint(with: .reversing) {
            add(condition, patterns, &writer)
        }
        if route.pathKind == .pattern {
            let suffix = patterns.requiredSuffix(route.pattern)
            if !suffix.isEmpty { all.append((SelectorKey(.pathSuffix), writer.text(suffix))) }
        }
    }

    /// The text that the route asks for, the first if there are several.
    func text(for key: SelectorKey) -> BlockText? { all.first { $0.key == key }?.text }

    private mutating func add(_ condition: Condition, _ patterns: PatternTable, _ writer: inout BlockWriter) {
        switch condition.subject {
        case .header: all.append((SelectorKey(.headerNames), condition.name))
        case .method, .path, .scheme, .authority, .queryParameter: break
        default: return
        }
        let folds = condition.flags.contains(.ignoresCase)
        func key(_ kind: Selector.Kind, ignoresCase: Bool) -> SelectorKey {
            SelectorKey(kind, condition.subject, ignoresCase: ignoresCase, name: condition.name)
        }
        switch condition.rule {
        case .exact: all.append((key(.exact, ignoresCase: folds), condition.text))
        case .prefix where condition.text.count > 0: all.append((key(.prefix, ignoresCase: folds), condition.text))
        case .suffix where condition.text.count > 0: all.append((key(.suffix, ignoresCase: folds), condition.text))
        case .pattern:
            let prefix = patterns.requiredPrefix(condition.pattern)
            if !prefix.isEmpty { all.append((key(.prefix, ignoresCase: false), writer.text(prefix))) }
        default: break
        }
    }
}

extension Condition.Flags {
    /// Flags under which a value that is not there, or another one, may satisfy the condition.
    fileprivate static var reversing: Condition.Flags { [.inverted, .missingIsEmpty] }
}
