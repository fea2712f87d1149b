// Fairlead: a condition in words
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension Explanation.UnmetCondition {
    /// `condition`, and what the request has to set against it.
    init(
        _ condition: Condition, in block: BlockView, _ request: borrowing RequestView, _ parts: TargetParts,
        _ random: UInt64
    ) {
        name = block.bytes(condition.name).string
        wanted = condition.words(in: block)
        switch condition.subject {
        case .header:
            subject = "header"
            found = Self.values(of: block.bytes(condition.name), in: request.headers)
        case .method:
            subject = "method"
            found = Self.value(request.method)
        case .path:
            subject = "path with query"
            found = Self.value(request.path)
        case .scheme:
            subject = "scheme"
            found = Self.value(request.scheme)
        case .authority:
            subject = "authority"
            found = Self.value(request.authority)
        case .queryParameter:
            subject = "query parameter"
            found = Self.value(parts.parameter(block.bytes(condition.name)))
        case .fraction:
            subject = "fraction"
            wanted = "below \(condition.first) of \(condition.second)"
            found = condition.second == 0 ? [] : ["\(random % condition.second)"]
        case .grpc:
            subject = "content type"
            wanted = "is that of gRPC"
            found = Self.value(request.headers.first(Constants.contentType))
        }
    }

    private static func value(_ value: Bytes) -> [String] { value.isMissing ? [] : [value.string] }

    private static func values(of name: Bytes, in headers: HeaderList) -> [String] {
        var values: [String] = []
        var line = headers.firstIndex(of: name)
        while let index = line {
            values.append(headers[index].value.string)
            line = headers.firstIndex(of: name, from: index + 1)
        }
        return values
    }
}

extension Condition {
    /// What is asked, for example `begins with "/cart"`.
    func words(in block: BlockView) -> String {
        let quoted = rule == .range || rule == .present ? "" : "\"" + block.bytes(text).string + "\""
        let asked: String =
            switch rule {
            case .present: "is there"
            case .exact: "equals " + quoted
            case .prefix: "begins with " + quoted
            case .suffix: "ends with " + quoted
            case .contains: "holds " + quoted
            case .pattern: "matches the pattern " + quoted
            case .range:
                "is a whole number from \(Int64(bitPattern: first)) up to, and without, \(Int64(bitPattern: second))"
            }
        var words = flags.contains(.inverted) ? "not: " + asked : asked
        if flags.contains(.ignoresCase) { words += " in any case" }
        if flags.contains(.missingIsEmpty) { words += ", missing counting as empty" }
        return words
    }
}
