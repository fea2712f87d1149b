// Fairlead: compiling conditions and patterns
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadDataPlane
import FairleadModel

extension RouteMatch {
    /// The conditions besides the path, cheap ones first: the order does not change the answer.
    func conditions(
        _ writer: inout BlockWriter, _ patterns: inout PatternTable, _ runtime: RuntimeValues
    ) -> [Condition] {
        var conditions: [Condition] = []
        if let fraction {
            var condition = Condition(.fraction, .present)
            (condition.first, condition.second) = runtime.share(fraction)
            conditions.append(condition)
        }
        if matchesGRPCOnly { conditions.append(Condition(.grpc, .present)) }
        if let isPresented = tlsContext.isPresented {
            conditions.append(Condition(.certificatePresented, .present, isPresented ? [] : .inverted))
        }
        if let isValidated = tlsContext.isValidated {
            conditions.append(Condition(.certificateValidated, .present, isValidated ? [] : .inverted))
        }
        conditions += headers.map { $0.condition(&writer, &patterns) }
        conditions += cookies.map { $0.condition(&writer, &patterns) }
        conditions += queryParameters.map { $0.condition(&writer, &patterns) }
        conditions += dynamicMetadata.map { $0.condition(&writer, &patterns) }
        conditions += filterState.map { $0.condition(&writer, &patterns) }
        return conditions
    }
}

extension HeaderMatcher {
    /// The compiled condition.
    func condition(_ writer: inout BlockWriter, _ patterns: inout PatternTable) -> Condition {
        let lowered = ASCII.lowercased(name)
        let subject: Condition.Subject =
            switch lowered {
            case ":method": .method
            case ":path": .path
            case ":scheme": .scheme
            case ":authority", "host": .authority
            default: .header
            }
        var condition = Condition(subject, .present)
        if subject == .header { condition.name = writer.text(lowered) }
        if isInverted { condition.flags.insert(.inverted) }
        if treatsMissingAsEmpty { condition.flags.insert(.missingIsEmpty) }
        switch rule {
        case .present(let isThere):
            // "Absent" is the inverse of "present", and an inverted "absent" is "present" again.
            if !isThere { condition.flags.formSymmetricDifference(.inverted) }
        case .text(let matcher): matcher.fill(&condition, &writer, &patterns)
        case .range(let start, let end):
            condition.rule = .range
            condition.first = UInt64(bitPattern: start)
            condition.second = UInt64(bitPattern: end)
        }
        return condition
    }
}

extension QueryParameterMatcher {
    /// The compiled condition.
    func condition(_ writer: inout BlockWriter, _ patterns: inout PatternTable) -> Condition {
        var condition = Condition(.queryParameter, .present)
        condition.name = writer.text(name)
        switch rule {
        case .present(let isThere): if !isThere { condition.flags.insert(.inverted) }
        case .text(let matcher): matcher.fill(&condition, &writer, &patterns)
        }
        return condition
    }
}

extension StringMatcher {
    /// Fills in the rule and the text or pattern of a condition.
    func fill(
        _ condition: inout Condition, _ writer: inout BlockWriter, _ patterns: inout PatternTable
    ) {
        if ignoresCase { condition.flags.insert(.ignoresCase) }
        func stored(_ text: String, _ writer: inout BlockWriter) -> BlockText {
            writer.text(ignoresCase ? ASCII.lowercased(text) : text)
        }
        switch rule {
        case .exact(let text):
            condition.rule = .exact
            condition.text = stored(text, &writer)
        case .prefix(let text):
            condition.rule = .prefix
            condition.text = stored(text, &writer)
        case .suffix(let text):
            condition.rule = .suffix
            condition.text = stored(text, &writer)
        case .contains(let text):
            condition.rule = .contains
            condition.text = stored(text, &writer)
        case .pattern(let pattern):
            condition.rule = .pattern
            condition.pattern = patterns.number(pattern)
            // The matcher does not need it; explanations show it.
            condition.text = writer.text(pattern)
        }
    }
}
