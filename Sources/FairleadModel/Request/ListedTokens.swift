// Fairlead: lists in header values
// SPDX-License-Identifier: Apache-2.0

/// The parts of a header value between commas, without blanks around them. Empty parts are left out.
package struct ListedTokens {
    private var rest: Bytes

    /// The parts of `value`.
    package init(_ value: Bytes) { rest = value }

    /// The next part; `nil` when there is none. Parts of blanks alone come out empty: Envoy counts them.
    package mutating func next() -> Bytes? {
        while !rest.isEmpty {
            let end = rest.firstIndex(of: UInt8(ascii: ",")) ?? rest.count
            let token = rest.prefix(end)
            rest = rest.dropFirst(end + 1)
            if !token.isEmpty { return token.trimmed }
        }
        return nil
    }
}

extension Bytes {
    /// These bytes without blanks and tabs around them.
    package var trimmed: Bytes {
        var start = 0
        var end = count
        while start < end, self[start] == 0x20 || self[start] == 0x09 { start += 1 }
        while end > start, self[end - 1] == 0x20 || self[end - 1] == 0x09 { end -= 1 }
        return self[start..<end]
    }
}
