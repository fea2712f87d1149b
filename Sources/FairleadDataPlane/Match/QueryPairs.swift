// Fairlead: the parameters of a query
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// The parameters of a query in their order: names and values, not decoded.
struct QueryPairs {
    private let query: Bytes
    private var start = 0

    /// Cuts `query`, which may be missing.
    @inline(__always)
    init(_ query: Bytes) { self.query = query }

    /// The next parameter; one without `=` has an empty value.
    @inline(__always)
    mutating func next() -> (name: Bytes, value: Bytes)? {
        guard !query.isMissing, start <= query.count else { return nil }
        let end = query.firstIndex(of: UInt8(ascii: "&"), from: start) ?? query.count
        let pair = query[start..<end]
        start = end + 1
        let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.count
        return (pair.prefix(equals), pair.dropFirst(min(equals + 1, pair.count)))
    }
}
