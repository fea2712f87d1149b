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
        case .cookie:
            subject = "cookie"
            found = Self.value(Cookies.first(block.bytes(condition.name), in: request.headers))
        case .certificatePresented:
            subject = "client's certificate"
            wanted = condition.flags.contains(.inverted) ? "was not presented" : "was presented"
            found = [request.connection.contains(.certificatePresented) ? "was presented" : "was not presented"]
        case .certificateValidated:
            subject = "client's certificate"
            wanted = condition.flags.contains(.inverted) ? "was not validated" : "was validated"
            found = [request.connection.contains(.certificateValidated) ? "was validated" : "was not validated"]
        case .metadata:
            subject = "dynamic metadata"
            let path = (0..<Int(condition.path.count)).map { block.bytes(block[condition.path, $0]).string }
            name += "." + path.joined(separator: ".")
            wanted = condition.flags.contains(.inverted) ? "does not satisfy its condition" : "satisfies its condition"
            found = Self.words(
                FactMatcher.metadata(block.bytes(condition.name), condition.path, in: block, request.facts))
        case .filterState:
            subject = "filter state"
            found = Self.words(request.facts.filterState(block.bytes(condition.name)))
        }
    }

    /// A value in a few words; nothing for none.
    private static func words(_ value: FactValueView?) -> [String] {
        guard let value else { return [] }
        switch value.kind {
        case .null?: return ["null"]
        case .bool?: return [value.flag ? "true" : "false"]
        case .number?: return ["\(value.number)"]
        case .text?, .address?: return [value.text.string]
        case .list?: return ["a list of \(value.count)"]
        case .structure?: return ["a structure"]
        case nil: return []
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
        let quoted =
            rule == .range || rule == .present || rule == .addresses ? "" : "\"" + block.bytes(text).string + "\""
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
            case .addresses: "is an address in one of \(ranges.count) ranges"
            }
        var words = flags.contains(.inverted) ? "not: " + asked : asked
        if flags.contains(.ignoresCase) { words += " in any case" }
        if flags.contains(.missingIsEmpty) { words += ", missing counting as empty" }
        return words
    }
}
