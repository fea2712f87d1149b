// Fairlead: the parts of a request that matching looks at
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// The parts of a request's target, cut once per exchange.
public struct TargetParts {
    /// The path without query and fragment; missing for a plain CONNECT.
    public let path: Bytes
    /// What stands between `?` and `#`; missing when there is no `?`.
    public let query: Bytes

    /// Cuts `target`, which is a path with an optional query.
    @inline(__always)
    public init(_ target: Bytes) {
        // One pass finds the end of the path: the first "?" or "#".
        var end = target.count
        var index = 0
        while index < end {
            let byte = target[index]
            if byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") {
                end = index
                break
            }
            index &+= 1
        }
        path = target.isMissing ? .missing : target.prefix(end)
        guard end < target.count, target[end] == UInt8(ascii: "?") else {
            query = .missing
            return
        }
        let fragment = target.firstIndex(of: UInt8(ascii: "#"), from: end) ?? target.count
        query = target[(end + 1)..<fragment]
    }

    /// Whether a segment of the path has parameters.
    var hasParameters: Bool { path.firstIndex(of: UInt8(ascii: ";")) != nil }

    /// Lends the path with what follows a `;` left out of each segment.
    func withoutParameters<Result>(_ body: (Bytes) -> Result) -> Result {
        ScratchBuffer.with({ writePathWithoutParameters(into: &$0) }, use: body)
    }

    private func writePathWithoutParameters(into output: inout OutputBuffer) {
        var isParameter = false
        for index in 0..<path.count {
            let byte = path[index]
            if byte == UInt8(ascii: ";") { isParameter = true }
            if byte == UInt8(ascii: "/") { isParameter = false }
            if !isParameter { output.append(byte) }
        }
    }

    /// The first value of the query parameter `name`, not decoded; missing when it is not there. O(query).
    func parameter(_ name: Bytes) -> Bytes {
        guard !query.isMissing else { return .missing }
        var start = 0
        while start <= query.count {
            let end = query.firstIndex(of: UInt8(ascii: "&"), from: start) ?? query.count
            let pair = query[start..<end]
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.count
            if pair.prefix(equals).elementsEqual(name) { return pair.dropFirst(min(equals + 1, pair.count)) }
            start = end + 1
        }
        return .missing
    }
}
