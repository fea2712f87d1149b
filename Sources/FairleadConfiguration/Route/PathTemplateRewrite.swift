// Fairlead: paths made of a URI template's variables
// SPDX-License-Identifier: Apache-2.0

/// A path that is put together from texts and from what the variables of a URI template have matched.
public struct PathTemplateRewrite: Hashable, Sendable {
    /// One part of the path.
    public enum Part: Hashable, Sendable {
        /// This text.
        case literal(String)
        /// What the variable of that name has matched.
        case variable(String)
    }

    /// The parts in order.
    public private(set) var parts: [Part] = []

    /// Takes `text` apart; `nil` when it is none: it has to begin with a `/`, must not hold `//`, and its brackets
    /// have names in them. O(length).
    public init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        guard rest.first == UInt8(ascii: "/"),
            !zip(rest, rest.dropFirst()).contains(where: { $0 == UInt8(ascii: "/") && $1 == UInt8(ascii: "/") })
        else { return nil }
        while !rest.isEmpty {
            let start = rest.firstIndex(of: UInt8(ascii: "{")) ?? rest.endIndex
            let literal = rest[..<start]
            guard literal.allSatisfy({ PathTemplate.isLiteral($0) || $0 == UInt8(ascii: "/") }) else { return nil }
            if !literal.isEmpty { parts.append(.literal(String(decoding: literal, as: UTF8.self))) }
            rest = rest[start...]
            guard !rest.isEmpty else { break }
            guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else { return nil }
            let name = rest[(start + 1)..<end]
            guard PathTemplate.isName(name) else { return nil }
            parts.append(.variable(String(decoding: name, as: UTF8.self)))
            rest = rest[(end + 1)...]
        }
    }

    /// The names that are used.
    public var variables: [String] {
        parts.compactMap { if case .variable(let name) = $0 { name } else { nil } }
    }
}
