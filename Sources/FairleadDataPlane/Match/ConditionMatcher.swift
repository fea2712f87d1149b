// Fairlead: one condition against one request
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Judges single conditions: the same code for the index, the linear scan and explanations.
enum ConditionMatcher {
    /// Whether `condition` of `block` holds.
    static func holds(
        _ condition: Condition, in block: BlockView, _ request: borrowing RequestView, _ parts: TargetParts,
        random: UInt64
    ) -> Bool {
        switch condition.subject {
        case .header: return headerHolds(condition, in: block, request.headers)
        case .method: return valueHolds(condition, in: block, request.method)
        case .path: return valueHolds(condition, in: block, request.path)
        case .scheme: return valueHolds(condition, in: block, request.scheme)
        case .authority: return valueHolds(condition, in: block, request.authority)
        case .queryParameter:
            let value = parts.parameter(block.bytes(condition.name))
            if condition.rule == .present { return value.isMissing == condition.flags.contains(.inverted) }
            return !value.isMissing && test(condition, in: block, value)
        // One random number serves the whole exchange: two routes of 50 % each are nested, not independent.
        case .fraction: return condition.second != 0 && random % condition.second < condition.first
        case .grpc: return isGRPC(request.headers)
        case .cookie:
            let value = Cookies.first(block.bytes(condition.name), in: request.headers)
            let isHit = !value.isMissing && test(condition, in: block, value)
            return isHit != condition.flags.contains(.inverted)
        case .certificatePresented:
            return request.connection.contains(.certificatePresented) != condition.flags.contains(.inverted)
        case .certificateValidated:
            return request.connection.contains(.certificateValidated) != condition.flags.contains(.inverted)
        case .metadata: return FactMatcher.metadataHolds(condition, in: block, request.facts)
        case .filterState: return FactMatcher.filterStateHolds(condition, in: block, request.facts)
        }
    }

    /// Whether a condition on a header holds for a response.
    static func holds(
        _ condition: Condition, in block: BlockView, responseHeaders: HeaderList, status: UInt16
    ) -> Bool {
        guard condition.subject == .header else { return valueHolds(condition, in: block, .missing) }
        guard block.bytes(condition.name).elementsEqual(Constants.statusName) else {
            return headerHolds(condition, in: block, responseHeaders)
        }
        return Bytes.withDecimal(status) { valueHolds(condition, in: block, $0) }
    }

    /// Any of the lines may satisfy the condition; a missing header satisfies none but `present`, inverted or not.
    private static func headerHolds(_ condition: Condition, in block: BlockView, _ headers: HeaderList) -> Bool {
        let name = block.bytes(condition.name)
        var index = headers.firstIndex(of: name)
        if condition.rule == .present {
            let isThere = index != nil || condition.flags.contains(.missingIsEmpty)
            return isThere != condition.flags.contains(.inverted)
        }
        guard index != nil else { return valueHolds(condition, in: block, .missing) }
        var anyHolds = false
        while let line = index, !anyHolds {
            anyHolds = test(condition, in: block, headers[line].value)
            index = headers.firstIndex(of: name, from: line + 1)
        }
        return anyHolds != condition.flags.contains(.inverted)
    }

    private static func valueHolds(_ condition: Condition, in block: BlockView, _ value: Bytes) -> Bool {
        let isInverted = condition.flags.contains(.inverted)
        if value.isMissing {
            guard condition.flags.contains(.missingIsEmpty) else {
                return condition.rule == .present && isInverted
            }
            return Bytes.withEmpty { test(condition, in: block, $0) } != isInverted
        }
        return test(condition, in: block, value) != isInverted
    }

    /// Whether a value that is there satisfies the rule.
    static func test(_ condition: Condition, in block: BlockView, _ value: Bytes) -> Bool {
        let text = block.bytes(condition.text)
        let folds = condition.flags.contains(.ignoresCase)
        switch condition.rule {
        case .present: return true
        case .exact: return folds ? value.foldedEquals(text) : value.elementsEqual(text)
        case .prefix:
            return folds
                ? value.count >= text.count && value.prefix(text.count).foldedEquals(text) : value.starts(with: text)
        case .suffix:
            return folds
                ? value.count >= text.count && value.dropFirst(value.count - text.count).foldedEquals(text)
                : value.ends(with: text)
        case .contains: return contains(value, text, folds: folds)
        case .pattern: return block.matches(pattern: condition.pattern, value)
        case .range:
            guard let number = integer(value) else { return false }
            return number >= Int64(bitPattern: condition.first) && number < Int64(bitPattern: condition.second)
        case .addresses: return IPAddress(value).map { FactMatcher.contains(condition.ranges, $0, in: block) } ?? false
        }
    }

    private static func contains(_ value: Bytes, _ text: Bytes, folds: Bool) -> Bool {
        var start = 0
        while start + text.count <= value.count {
            let part = value[start..<(start + text.count)]
            if folds ? part.foldedEquals(text) : part.elementsEqual(text) { return true }
            start += 1
        }
        return false
    }

    /// A whole number in decimal with an optional sign and nothing else; `nil` for anything else or out of range.
    static func integer(_ value: Bytes) -> Int64? {
        guard !value.isEmpty else { return nil }
        let isNegative = value[0] == UInt8(ascii: "-")
        var index = isNegative || value[0] == UInt8(ascii: "+") ? 1 : 0
        guard index < value.count else { return nil }
        var number: Int64 = 0
        while index < value.count {
            let digit = Int64(value[index]) - 48
            guard digit >= 0, digit <= 9 else { return nil }
            let (scaled, tooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, overflow) =
                isNegative ? scaled.subtractingReportingOverflow(digit) : scaled.addingReportingOverflow(digit)
            guard !tooLarge, !overflow else { return nil }
            number = sum
            index += 1
        }
        return number
    }

    /// Whether the content type is `application/grpc` or begins with `application/grpc+`.
    static func isGRPC(_ headers: HeaderList) -> Bool {
        let type = headers.first(Constants.contentType)
        guard type.starts(with: Constants.grpc) else { return false }
        return type.count == Constants.grpc.count || type[Constants.grpc.count] == UInt8(ascii: "+")
    }
}
