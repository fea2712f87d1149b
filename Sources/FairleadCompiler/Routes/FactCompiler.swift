// Fairlead: compiling conditions on cookies and on what filters know
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadDataPlane
import FairleadModel

extension CookieMatcher {
    /// The compiled condition.
    func condition(_ writer: inout BlockWriter, _ patterns: inout PatternTable) -> Condition {
        var condition = Condition(.cookie, .present, isInverted ? .inverted : [])
        condition.name = writer.text(name)
        value.fill(&condition, &writer, &patterns)
        return condition
    }
}

extension MetadataMatcher {
    /// The compiled condition.
    func condition(_ writer: inout BlockWriter, _ patterns: inout PatternTable) -> Condition {
        var condition = Condition(.metadata, .present, isInverted ? .inverted : [])
        condition.name = writer.text(filter)
        condition.path = writer.append(path.map { writer.text($0) })
        condition.valueTest = writer.append(shared: value.test(&writer, &patterns))
        return condition
    }
}

extension ValueMatcher {
    /// The compiled condition on a value, those inside of it stored.
    fileprivate func test(_ writer: inout BlockWriter, _ patterns: inout PatternTable) -> ValueTest {
        switch self {
        case .null: return ValueTest(.null)
        case .bool(let value):
            var test = ValueTest(.bool)
            test.first = value ? 1 : 0
            return test
        case .number(let number):
            var test = ValueTest(.number)
            test.first = number.bitPattern
            return test
        case .range(let start, let end):
            var test = ValueTest(.range)
            test.first = start.bitPattern
            test.second = end.bitPattern
            return test
        case .text(let matcher):
            var condition = Condition(.header, .present)
            matcher.fill(&condition, &writer, &patterns)
            var test = ValueTest(.text)
            test.rule = condition.rule
            test.flags = condition.flags
            test.pattern = condition.pattern
            test.first = condition.first
            return test
        case .present(let isWanted): return ValueTest(isWanted ? .present : .never)
        case .oneOf(let inner):
            var test = ValueTest(.oneOf)
            test.tests = writer.append([inner.test(&writer, &patterns)])
            return test
        case .any(let matchers):
            var test = ValueTest(.any)
            test.tests = writer.append(matchers.map { $0.test(&writer, &patterns) })
            return test
        }
    }
}

extension FilterStateMatcher {
    /// The compiled condition.
    func condition(_ writer: inout BlockWriter, _ patterns: inout PatternTable) -> Condition {
        var condition = Condition(.filterState, .present)
        condition.name = writer.text(key)
        switch rule {
        case .text(let matcher): matcher.fill(&condition, &writer, &patterns)
        case .address(let ranges, let isInverted):
            condition.rule = .addresses
            if isInverted { condition.flags.insert(.inverted) }
            condition.ranges = writer.append(ranges.map { $0.record })
        }
        return condition
    }
}

extension AddressRange {
    /// The compiled range. One whose address cannot be read holds nothing; rules refuse such.
    var record: AddressRangeRecord {
        guard let parsed = Bytes.withBytes(of: address, { IPAddress($0) }) else {
            return AddressRangeRecord(high: 0, low: 0, length: 0, version: 0)
        }
        return AddressRangeRecord(
            high: parsed.high, low: parsed.low, length: min(length, parsed.isVersion6 ? 128 : 32),
            version: parsed.isVersion6 ? 6 : 4)
    }
}
