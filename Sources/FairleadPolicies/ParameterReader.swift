// Fairlead: reading a policy's parameters, and finding every fault in them
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

/// Reads a policy's parameters one by one and keeps a problem for each that is not what it should be.
///
/// A faulty value reads as its default, so that a configuration made of what was read is always a sound one.
struct ParameterReader {
    private let parameters: PolicyParameters
    private var names: [String] = []
    /// What is wrong with what was read so far.
    private(set) var problems: [Problem] = []

    init(_ parameters: PolicyParameters) { self.parameters = parameters }

    /// Adds a problem of the reader's user.
    mutating func report(_ severity: Problem.Severity = .error, at name: String, _ message: String) {
        problems.append(Problem(severity, .invalidValue, at: name, message))
    }

    /// The whole number called `name`, within `range`.
    mutating func unsigned(_ name: String, default fallback: UInt64, in range: ClosedRange<UInt64>) -> UInt64 {
        names.append(name)
        guard let value = parameters[name] else { return fallback }
        guard case .unsigned(let number) = value else {
            report(at: name, "has to be a whole number")
            return fallback
        }
        guard range.contains(number) else {
            report(at: name, "is \(number), has to be at least \(range.lowerBound) and at most \(range.upperBound)")
            return fallback
        }
        return number
    }

    /// The number called `name`, of any kind.
    mutating func number(_ name: String, default fallback: Double) -> Double {
        names.append(name)
        switch parameters[name] {
        case nil: return fallback
        case .double(let number)?: return number
        case .unsigned(let number)?: return Double(number)
        default:
            report(at: name, "has to be a number")
            return fallback
        }
    }

    /// The truth value called `name`.
    mutating func bool(_ name: String, default fallback: Bool) -> Bool {
        names.append(name)
        guard let value = parameters[name] else { return fallback }
        guard case .bool(let truth) = value else {
            report(at: name, "has to be true or false")
            return fallback
        }
        return truth
    }

    /// Which of `choices` the text called `name` is; the first when there is none.
    mutating func choice(_ name: String, of choices: [String]) -> Int {
        names.append(name)
        guard let value = parameters[name] else { return 0 }
        guard case .text(let text) = value, let choice = choices.firstIndex(of: text) else {
            var list = ""
            for choice in choices { list += (list.isEmpty ? "" : ", ") + choice }
            report(at: name, "has to be one of \(list)")
            return 0
        }
        return choice
    }

    /// Warns of every parameter that was not read, but for those that stand under `others` (a message that another
    /// part of the engine reads).
    mutating func finish(others: [String] = []) {
        for (name, _) in parameters.values where !names.contains(name) {
            let isOther = others.contains { other in
                name.utf8.starts(with: other.utf8)
                    && (name.utf8.count == other.utf8.count
                        || name.utf8.dropFirst(other.utf8.count).first == UInt8(ascii: "."))
            }
            guard !isOther else { continue }
            problems.append(Problem(.warning, .unknownField, at: name, "no parameter of this policy; it does nothing"))
        }
    }
}
