// Fairlead: a query whose percent escapes are read
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// The parameters of a request's query, names and values decoded: routes are matched by what was sent, but rate limits
/// and substitution commands look at what is meant.
struct DecodedQuery {
    private let query: Bytes

    /// The query of `target`, a path with an optional query.
    init(_ target: Bytes) { query = TargetParts(target).query }

    /// The value of the first parameter whose decoded name is `name`, not decoded; missing when there is none. O(query).
    func encodedValue(of name: Bytes) -> Bytes {
        var pairs = QueryPairs(query)
        while let pair = pairs.next() {
            if EscapedText(pair.name).stands(for: name) { return pair.value }
        }
        return .missing
    }

    /// Whether all `conditions`, which are on query parameters, hold.
    func holds(_ conditions: BlockArray<Condition>, in block: BlockView) -> Bool {
        for index in 0..<Int(conditions.count) where !holds(block[conditions, index], in: block) { return false }
        return true
    }

    private func holds(_ condition: Condition, in block: BlockView) -> Bool {
        let value = encodedValue(of: block.bytes(condition.name))
        if condition.rule == .present { return value.isMissing == condition.flags.contains(.inverted) }
        if value.isMissing { return false }
        guard DecodedQuery.isEncoded(value) else { return ConditionMatcher.test(condition, in: block, value) }
        return ScratchBuffer.with({ EscapedText(value).write(to: &$0) }) {
            ConditionMatcher.test(condition, in: block, $0)
        }
    }

    /// Whether `text` may have escapes.
    static func isEncoded(_ text: Bytes) -> Bool { text.firstIndex(of: UInt8(ascii: "%")) != nil }
}
