// Fairlead: the normal form of paths
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Brings the path of a request target into a normal form, in the steps that Envoy takes. Queries are left alone.
///
/// The results are the argument itself where nothing changes; otherwise they lie in the buffer, which then has to have
/// room for three times the path: without it the buffer is told so, and the result means nothing.
enum PathNormalForm {
    private static let slash = UInt8(ascii: "/")
    private static let backslash = UInt8(ascii: "\\")
    private static let dot = UInt8(ascii: ".")
    private static let percent = UInt8(ascii: "%")

    /// Where the query begins, its question mark included.
    private static func end(_ target: Bytes) -> Int { target.firstIndex(of: UInt8(ascii: "?")) ?? target.count }

    /// The target with escaped slashes and backslashes of its path unescaped; `nil` when there are none.
    static func unescapingSlashes(_ target: Bytes, _ output: inout OutputBuffer) -> Bytes? {
        let end = end(target)
        guard var next = escapedSlash(target, from: 0, end) else { return nil }
        let start = output.needed
        var taken = 0
        while true {
            output.append(target[taken..<next])
            output.append(target[next + 1] == UInt8(ascii: "2") ? slash : backslash)
            taken = next + 3
            guard let more = escapedSlash(target, from: taken, end) else { break }
            next = more
        }
        output.append(target.dropFirst(taken))
        return output.written(from: start)
    }

    /// Where the next `%2F` or `%5C` before `end` stands, in either case.
    private static func escapedSlash(_ target: Bytes, from: Int, _ end: Int) -> Int? {
        var index = from
        while let place = target.firstIndex(of: percent, from: index), place + 2 < end {
            let last = target[place + 2] | 0x20
            if target[place + 1] == UInt8(ascii: "2"), last == UInt8(ascii: "f") { return place }
            if target[place + 1] == UInt8(ascii: "5"), last == UInt8(ascii: "c") { return place }
            index = place + 1
        }
        return nil
    }

    /// The target with runs of slashes in its path merged into one. A path of nothing but slashes keeps two: Envoy puts
    /// back the first and the last slash, which there are not the same one.
    static func mergingSlashes(_ target: Bytes, _ output: inout OutputBuffer) -> Bytes {
        let end = end(target)
        var index = 1
        while index < end, target[index] != slash || target[index - 1] != slash { index += 1 }
        guard index < end else { return target }
        let start = output.needed
        var isAfterSlash = false
        var sawSegment = false
        for place in 0..<end {
            let byte = target[place]
            if byte == slash, isAfterSlash { continue }
            isAfterSlash = byte == slash
            sawSegment = sawSegment || !isAfterSlash
            output.append(byte)
        }
        if !sawSegment { output.append(slash) }
        output.append(target.dropFirst(end))
        return output.written(from: start)
    }

    /// The target with its path in the normal form of RFC 3986 as browsers make it: dot segments resolved (escaped ones
    /// too), backslashes turned to slashes, letters, digits and `-._~` unescaped, and what may not stand in a path
    /// escaped. `nil` when the path holds an escaped NUL, which nothing may.
    static func normalized(_ target: Bytes, _ output: inout OutputBuffer) -> Bytes? {
        let end = end(target)
        guard needsNormalizing(target, end) else { return target }
        let start = output.needed
        guard output.room >= end * 3 + target.count - end else {
            output.require(end * 3 + target.count)
            return target
        }
        output.append(slash)
        var index = 1
        // Where in the output the last percent sign stands that begins no escape.
        var lonePercent = -3
        while index < end {
            let byte = target[index]
            let dots = output.written[output.needed - 1] == slash ? DotSegment(target, index, end) : nil
            if let dots {
                if dots.isParent { truncateToParent(&output, start) }
                index = dots.next
            } else if byte == slash || byte == backslash {
                output.append(slash)
                index += 1
            } else if let value = target.escapedByte(at: index, before: end) {
                if value == 0 { return nil }
                index += 3
                if isUnreserved(value) {
                    output.append(value)
                    let next = index < end ? target[index] : 0
                    keepFromJoining(&output, lonePercent, value, next)
                } else {
                    output.append(target[index - 3..<index])
                }
            } else {
                if byte == percent { lonePercent = output.needed }
                if byte != percent, mustBeEscaped(byte) { output.append(escaped: byte) } else { output.append(byte) }
                index += 1
            }
        }
        output.append(target.dropFirst(end))
        return output.written(from: start)
    }

    /// Whether there is anything in the path that normalizing could change.
    private static func needsNormalizing(_ target: Bytes, _ end: Int) -> Bool {
        var former = slash
        for index in 0..<end {
            let byte = target[index]
            if byte == dot, former == slash { return true }
            if byte == percent || byte == backslash || mustBeEscaped(byte) { return true }
            former = byte
        }
        return false
    }

    /// Escapes a percent sign that began no escape before `value` was unescaped behind it, and does now: `next` is what
    /// follows.
    private static func keepFromJoining(
        _ output: inout OutputBuffer, _ lonePercent: Int, _ value: UInt8, _ next: UInt8
    ) {
        let length = output.needed
        if lonePercent == length - 2, value.hexadecimalValue != nil, next.hexadecimalValue != nil {
            output.truncate(to: lonePercent + 1)
            output.append("25")
        } else if lonePercent == length - 3, value.hexadecimalValue != nil {
            let first = output.written[lonePercent + 1]
            guard first.hexadecimalValue != nil else { return }
            output.truncate(to: lonePercent + 1)
            output.append("25")
            output.append(first)
        } else {
            return
        }
        output.append(value)
    }

    /// Takes the last segment off a path that ends with a slash; the root has none.
    private static func truncateToParent(_ output: inout OutputBuffer, _ start: Int) {
        let path = output.written
        var index = output.needed - 1
        guard index > start else { return }
        repeat { index -= 1 } while index > start && path[index] != slash
        output.truncate(to: index + 1)
    }

    /// Letters, digits and `-._~`: what is the same escaped and unescaped (RFC 3986, 2.3).
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        if (byte | 0x20) &- 97 < 26 || byte &- 48 < 10 { return true }
        return byte == UInt8(ascii: "-") || byte == dot || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "~")
    }

    private static func mustBeEscaped(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, 0x7f...0xff, UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "^"),
            UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
            true
        default: false
        }
    }

    /// A segment of one or two dots, escaped or not, and perhaps with parameters.
    private struct DotSegment {
        /// Whether it is two dots.
        var isParent: Bool
        /// Where the next segment begins.
        var next: Int

        init?(_ path: Bytes, _ index: Int, _ end: Int) {
            guard let one = DotSegment.afterDot(path, index, end) else { return nil }
            // Envoy drops the parameters of dot segments that are written out, before anything is unescaped.
            var isPlain = path[index] == dot && path[index - 1] == slash
            if let next = DotSegment.afterSlash(path, one, end, dropsParameters: isPlain) {
                isParent = false
                self.next = next
            } else {
                guard let two = DotSegment.afterDot(path, one, end) else { return nil }
                isPlain = isPlain && path[one] == dot
                guard let next = DotSegment.afterSlash(path, two, end, dropsParameters: isPlain) else { return nil }
                isParent = true
                self.next = next
            }
        }

        private static func afterDot(_ path: Bytes, _ index: Int, _ end: Int) -> Int? {
            guard index < end else { return nil }
            if path[index] == dot { return index + 1 }
            return path.escapedByte(at: index, before: end) == dot ? index + 3 : nil
        }

        /// What follows the end of a segment; `nil` when it goes on.
        private static func afterSlash(_ path: Bytes, _ index: Int, _ end: Int, dropsParameters: Bool) -> Int? {
            if index == end { return end }
            if dropsParameters, path[index] == UInt8(ascii: ";") {
                return path.prefix(end).firstIndex(of: slash, from: index).map { $0 + 1 } ?? end
            }
            return path[index] == slash || path[index] == backslash ? index + 1 : nil
        }
    }
}
