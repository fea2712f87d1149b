// Fairlead: which conditions ask for more than others
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel

/// The conditions of routes as sets, so that one can ask: does an earlier route ask for nothing that a later one does not
/// ask for, too?
struct ConditionSets {
    /// The set without conditions.
    static let none = 0

    private var conditions: [Condition: Int] = [:]
    private var numbers: [[Int]: Int] = [[]: ConditionSets.none]
    private var members: [[Int]] = [[]]

    /// The number of the set of all conditions of `match` besides the path; equal sets have the same number.
    mutating func insert(_ match: RouteMatch) -> Int {
        var set: Set<Int> = []
        func note(_ condition: Condition) {
            let number = conditions[condition] ?? conditions.count
            conditions[condition] = number
            set.insert(number)
        }
        for header in match.headers { note(.text(ExactText(header.lintText))) }
        for parameter in match.queryParameters { note(.text(ExactText(parameter.lintText))) }
        if match.matchesGRPCOnly { note(.text(ExactText("grpc"))) }
        if let fraction = match.fraction, !fraction.takesAll { note(.fraction(fraction)) }
        // Whatever else a match may ask counts as one condition, equal only to itself.
        var rest = match
        rest.path = .prefix("")
        rest.isCaseSensitive = true
        rest.headers = []
        rest.queryParameters = []
        rest.matchesGRPCOnly = false
        rest.fraction = nil
        if rest != RouteMatch(.prefix("")) { note(.rest(rest)) }
        let sorted = set.sorted()
        if let known = numbers[sorted] { return known }
        numbers[sorted] = members.count
        members.append(sorted)
        return members.count - 1
    }

    /// The numbers of all sets that were inserted and ask for nothing that the set `number` does not ask for. Of sets
    /// with more than six conditions only small parts are looked at.
    func parts(of number: Int) -> [Int] {
        let whole = members[number]
        var found = [ConditionSets.none]
        if whole.isEmpty { return found }
        if whole.count <= 6 {
            for bits in 1..<(1 << whole.count) {
                let part = whole.indices.filter { bits >> $0 & 1 == 1 }.map { whole[$0] }
                if let known = numbers[part] { found.append(known) }
            }
            return found
        }
        found.append(number)
        for (index, first) in whole.enumerated() {
            if let known = numbers[[first]] { found.append(known) }
            for second in whole[(index + 1)...] {
                if let known = numbers[[first, second]] { found.append(known) }
            }
        }
        return found
    }

    /// One condition, in a form in which the same ones are equal, byte by byte.
    private enum Condition: Hashable {
        case text(ExactText)
        case fraction(RuntimeFraction)
        case rest(RouteMatch)
    }
}

extension RuntimeFraction {
    /// Whether every request is within the share, whatever the host says.
    fileprivate var takesAll: Bool {
        runtimeKey.isEmpty && fallback.numerator >= fallback.denominator.rawValue
    }
}

extension HeaderMatcher {
    /// What it asks, in one spelling.
    fileprivate var lintText: String {
        let lowered = ASCII.lowercased(name)
        let place = lowered == "host" ? ":authority" : lowered
        var asked: String
        var isInverted = isInverted
        switch rule {
        case .present(let isThere):
            // "Absent" is the inverse of "present".
            if !isThere { isInverted.toggle() }
            asked = "present"
        case .text(let matcher): asked = matcher.lintText
        case .range(let start, let end): asked = "range \(start) \(end)"
        }
        if isInverted { asked = "not " + asked }
        if treatsMissingAsEmpty { asked = "empty " + asked }
        return "header " + place + "\0" + asked
    }
}

extension QueryParameterMatcher {
    fileprivate var lintText: String {
        switch rule {
        case .present(let isThere): "query " + name + (isThere ? "\0present" : "\0absent")
        case .text(let matcher): "query " + name + "\0" + matcher.lintText
        }
    }
}

extension StringMatcher {
    fileprivate var lintText: String {
        func folded(_ text: String) -> String { ignoresCase ? "folded\0" + ASCII.lowercased(text) : "\0" + text }
        return switch rule {
        case .exact(let text): "exact " + folded(text)
        case .prefix(let text): "prefix " + folded(text)
        case .suffix(let text): "suffix " + folded(text)
        case .contains(let text): "contains " + folded(text)
        case .pattern(let text): "pattern " + folded(text)
        }
    }
}
