// Fairlead: one URI template against one path
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// What the variables of a URI template have matched: places in the path.
struct TemplateCaptures {
    private var starts: InlineArray<5, Int> = InlineArray(repeating: 0)
    private var ends: InlineArray<5, Int> = InlineArray(repeating: 0)

    mutating func open(_ number: UInt8, at position: Int) { if number < 5 { starts[Int(number)] = position } }
    mutating func close(_ number: UInt8, at position: Int) { if number < 5 { ends[Int(number)] = position } }

    /// The bytes of `path` that the variable has matched.
    func value(_ number: UInt8, of path: Bytes) -> Bytes {
        number < 5 && ends[Int(number)] >= starts[Int(number)]
            ? path[starts[Int(number)]..<ends[Int(number)]] : .missing
    }
}

/// Matches paths with URI templates, in one pass: behind a `**` only literal texts may follow, and a `*` ends with its
/// segment, so that there is nothing to try twice.
enum TemplateMatcher {
    /// Whether the whole of `path` matches the parts.
    static func matches(_ parts: BlockArray<TemplatePart>, in block: BlockView, _ path: Bytes) -> Bool {
        var captures = TemplateCaptures()
        return matches(parts, in: block, path, &captures)
    }

    /// The same; notes what the variables have matched. O(path + parts).
    static func matches(
        _ parts: BlockArray<TemplatePart>, in block: BlockView, _ path: Bytes, _ captures: inout TemplateCaptures
    ) -> Bool {
        var position = 0
        for index in 0..<Int(parts.count) {
            let part = block[parts, index]
            switch part.kind {
            case .open: captures.open(part.number, at: position)
            case .close: captures.close(part.number, at: position)
            case .literal:
                let text = block.bytes(part.text)
                guard path.dropFirst(position).starts(with: text) else { return false }
                position += text.count
            case .segment:
                // A text in the same segment belongs to its end.
                let following = literal(after: index, parts, in: block)
                let suffix = following.firstIndex(of: UInt8(ascii: "/")) ?? following.count
                let end = (path.firstIndex(of: UInt8(ascii: "/"), from: position) ?? path.count) - suffix
                guard end > position, isPlain(path, position..<end, allowsSlash: false) else { return false }
                position = end
            case .rest:
                let end = path.count - literalLength(after: index, parts, in: block)
                guard end >= position, isPlain(path, position..<end, allowsSlash: true) else { return false }
                position = end
            }
        }
        return position == path.count
    }

    /// The literal text that comes next, variables' ends and beginnings passed over; empty when a wildcard does.
    private static func literal(after index: Int, _ parts: BlockArray<TemplatePart>, in block: BlockView) -> Bytes {
        for next in (index + 1)..<max(Int(parts.count), index + 1) {
            let part = block[parts, next]
            switch part.kind {
            case .open, .close: continue
            case .literal: return block.bytes(part.text)
            case .segment, .rest: return .missing
            }
        }
        return .missing
    }

    private static func literalLength(after index: Int, _ parts: BlockArray<TemplatePart>, in block: BlockView) -> Int {
        var length = 0
        for next in (index + 1)..<max(Int(parts.count), index + 1) { length += Int(block[parts, next].text.count) }
        return length
    }

    /// Whether a wildcard takes all of these bytes: those that RFC 3986 allows in a path as they are.
    private static func isPlain(_ path: Bytes, _ range: Range<Int>, allowsSlash: Bool) -> Bool {
        for index in range {
            switch path[index] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "&")...UInt8(ascii: "."), UInt8(ascii: "0")...UInt8(ascii: ";"), UInt8(ascii: "!"),
                UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "="), UInt8(ascii: "@"), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                continue
            case UInt8(ascii: "/") where allowsSlash: continue
            default: return false
            }
        }
        return true
    }

    /// Writes the path that `rewrite` puts together from what `template` matches in `path`; answers whether it matches.
    static func write(
        _ rewrite: BlockArray<TemplatePart>, from template: BlockArray<TemplatePart>, in block: BlockView,
        _ path: Bytes,
        into output: inout OutputBuffer
    ) -> Bool {
        var captures = TemplateCaptures()
        guard matches(template, in: block, path, &captures) else { return false }
        for index in 0..<Int(rewrite.count) {
            let part = block[rewrite, index]
            output.append(part.kind == .literal ? block.bytes(part.text) : captures.value(part.number, of: path))
        }
        return true
    }
}
