// Fairlead: one condition against what the host knows
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Judges conditions on dynamic metadata and filter state, as Envoy's `matchers.cc` does.
enum FactMatcher {
    /// Whether the metadata satisfies `condition`; what is missing satisfies no test, and then counts as inverted.
    static func metadataHolds(_ condition: Condition, in block: BlockView, _ facts: FactList) -> Bool {
        let isInverted = condition.flags.contains(.inverted)
        guard let value = metadata(block.bytes(condition.name), condition.path, in: block, facts) else {
            return isInverted
        }
        return test(block[condition.valueTest], in: block, value) != isInverted
    }

    /// The value that `path` leads to below `filter`; a structure when only values further below are known. O(facts).
    static func metadata(
        _ filter: Bytes, _ path: BlockArray<BlockText>, in block: BlockView, _ facts: FactList
    ) -> FactValueView? {
        var value: FactValueView?
        for index in 0..<facts.count {
            let fact = facts[index]
            guard fact.source == .metadata, fact.depth >= Int(path.count), fact.name.elementsEqual(filter) else {
                continue
            }
            var step = 0
            while step < Int(path.count), fact.step(step).elementsEqual(block.bytes(block[path, step])) { step += 1 }
            guard step == Int(path.count) else { continue }
            if fact.depth == step { return fact.value }
            value = .structure
        }
        return value
    }

    private static func test(_ test: ValueTest, in block: BlockView, _ value: FactValueView) -> Bool {
        switch test.kind {
        case .null: return value.kind == .null
        case .bool: return value.kind == .bool && value.flag == (test.first == 1)
        case .number: return value.kind == .number && value.number == Double(bitPattern: test.first)
        case .range:
            return value.kind == .number && value.number >= Double(bitPattern: test.first)
                && value.number < Double(bitPattern: test.second)
        case .text:
            return value.kind == .text && !value.text.isMissing
                && ConditionMatcher.test(test.textCondition, in: block, value.text)
        case .present: return value.kind != nil
        case .never: return false
        case .oneOf:
            guard value.kind == .list, test.tests.count != 0 else { return false }
            let inner = block[test.tests, 0]
            for index in 0..<value.count where self.test(inner, in: block, value[index]) { return true }
            return false
        case .any:
            for index in 0..<Int(test.tests.count) where self.test(block[test.tests, index], in: block, value) {
                return true
            }
            return false
        }
    }

    /// Whether the filter state satisfies `condition`; a missing object satisfies none, inverted or not.
    static func filterStateHolds(_ condition: Condition, in block: BlockView, _ facts: FactList) -> Bool {
        guard let value = facts.filterState(block.bytes(condition.name)), !value.text.isMissing,
            value.kind == .text || value.kind == .address
        else { return false }
        guard condition.rule == .addresses else { return ConditionMatcher.test(condition, in: block, value.text) }
        guard value.kind == .address, let address = IPAddress(value.text) else { return false }
        return contains(condition.ranges, address, in: block) != condition.flags.contains(.inverted)
    }

    /// Whether one of `ranges` holds `address`. O(ranges).
    static func contains(
        _ ranges: BlockArray<AddressRangeRecord>, _ address: IPAddress, in block: BlockView
    ) -> Bool {
        for index in 0..<Int(ranges.count) where block[ranges, index].contains(address) { return true }
        return false
    }
}

extension AddressRangeRecord {
    /// Whether `address` lies in the range.
    func contains(_ address: IPAddress) -> Bool {
        guard version == (address.isVersion6 ? 6 : 4) else { return false }
        return IPAddress(high: high, low: low, isVersion6: version == 6).shares(Int(length), with: address)
    }
}
