// Fairlead: the parts of a request that matching looks at
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// The parts of a request's target, cut once per exchange.
public struct TargetParts {
    /// The path without query and fragment; missing for a plain CONNECT.
    public let path: Bytes
    private let target: Bytes

    /// Cuts `target`, which is a path with an optional query.
    @inline(__always)
    public init(_ target: Bytes) {
        self.target = target
        path = target.prefix(TargetParts.pathEnd(target))
    }

    /// What stands between `?` and `#`; missing when there is no `?`. O(query): few routes ask for it.
    public var query: Bytes {
        guard path.count < target.count, target.byte(at: path.count) == UInt8(ascii: "?") else { return .missing }
        let fragment = target.firstIndex(of: UInt8(ascii: "#"), from: path.count) ?? target.count
        return target[(path.count + 1)..<fragment]
    }

    /// Where the path ends: at the first `?` or `#`, eight bytes at a time.
    @inline(__always)
    private static func pathEnd(_ target: Bytes) -> Int {
        var index = 0
        if target.count >= 8 {
            let last = target.count &- 8
            while true {
                // The last step overlaps the one before, which found nothing.
                let start = min(index, last)
                let word = target.word(at: start)
                let marks = zeroBytes(word ^ 0x3f3f_3f3f_3f3f_3f3f) | zeroBytes(word ^ 0x2323_2323_2323_2323)
                if marks != 0 { return start &+ (marks.trailingZeroBitCount &>> 3) }
                if index >= last { return target.count }
                index &+= 8
            }
        }
        while index < target.count {
            let byte = target.byte(at: index)
            if byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") { return index }
            index &+= 1
        }
        return index
    }

    /// Marks the zero bytes of a word in their top bits; marks above the lowest one may be wrong, which nobody reads.
    @inline(__always)
    private static func zeroBytes(_ word: UInt64) -> UInt64 {
        (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
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
        var pairs = QueryPairs(query)
        while let pair = pairs.next() {
            if pair.name.elementsEqual(name) { return pair.value }
        }
        return .missing
    }
}
