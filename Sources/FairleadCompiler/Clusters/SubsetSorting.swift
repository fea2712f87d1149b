// Fairlead: sorting a cluster's endpoints into subsets
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel

/// The subsets of a cluster: for each selector one for each combination of values that endpoints have for its keys, in the
/// order in which they are first met (Envoy's `subset_lb.cc`).
struct SubsetSorting {
    /// One subset.
    struct Subset {
        /// The values that all of its endpoints have, sorted by name.
        var criteria: [MetadataValue.Field]
        /// The ordinals of its endpoints, ascending.
        var ordinals: [Int]
        /// Whether only the first endpoint counts.
        var isSingle: Bool
    }

    private(set) var subsets: [Subset] = []
    private var numbers: [[UInt8]: Int] = [:]
    private let listsMeanAnyValue: Bool

    /// Sorts `hosts` by the selectors, whose keys are sorted and distinct.
    init(_ hosts: HostSet, _ selectors: [SubsetBalancing.Selector], listsMeanAnyValue: Bool) {
        self.listsMeanAnyValue = listsMeanAnyValue
        for ordinal in hosts.entries.indices {
            let fields = hosts.endpoint(ordinal).metadata.balancingFields
            guard !fields.isEmpty else { continue }
            for selector in selectors {
                for criteria in combinations(of: fields, selector.keys) { add(ordinal, criteria, selector) }
            }
        }
    }

    private mutating func add(_ ordinal: Int, _ criteria: [MetadataValue.Field], _ selector: SubsetBalancing.Selector) {
        let identity = SubsetSorting.identity(of: criteria)
        guard let number = numbers[identity] else {
            numbers[identity] = subsets.count
            subsets.append(
                Subset(criteria: criteria, ordinals: [ordinal], isSingle: selector.choosesSingleEndpoint))
            return
        }
        // Endpoints come in ascending order, and two selectors or two equal values may name one twice.
        if subsets[number].ordinals.last != ordinal { subsets[number].ordinals.append(ordinal) }
    }

    /// The combinations of values that an endpoint has for `keys`; none when it lacks a key.
    private func combinations(of fields: [MetadataValue.Field], _ keys: [String]) -> [[MetadataValue.Field]] {
        var found: [[MetadataValue.Field]] = []
        for key in keys {
            guard let value = fields.first(where: { ExactText($0.name) == ExactText(key) })?.value else { return [] }
            var values = [value]
            if listsMeanAnyValue, case .list(let listed) = value { values = listed }
            // As in Envoy, a list without values is as if the search began with the key behind it.
            if found.isEmpty {
                found = values.map { [MetadataValue.Field(key, $0)] }
            } else {
                found = found.flatMap { before in values.map { before + [MetadataValue.Field(key, $0)] } }
            }
        }
        return found
    }

    /// The bytes of names and values, each with its length before it.
    private static func identity(of criteria: [MetadataValue.Field]) -> [UInt8] {
        var bytes: [UInt8] = []
        for field in criteria {
            for text in [field.name, field.value.jsonText] {
                append(lengthOf: text, to: &bytes)
                bytes.append(contentsOf: text.utf8)
            }
        }
        return bytes
    }

    private static func append(lengthOf text: String, to bytes: inout [UInt8]) {
        var length = UInt64(text.utf8.count)
        for _ in 0..<8 {
            bytes.append(UInt8(truncatingIfNeeded: length))
            length >>= 8
        }
    }
}

extension SubsetBalancing {
    /// The selectors in the order in which they are looked at, their keys sorted by bytes and each once. Of those that a
    /// longer one before them begins with, the own fallback does not count, as in Envoy.
    var settledSelectors: [Selector] {
        var settled = selectors.map { selector in
            var selector = selector
            selector.keys = selector.keys.sortedByBytes
            if case .fewerKeys(let keys) = selector.fallback { selector.fallback = .fewerKeys(keys.sortedByBytes) }
            return selector
        }
        if allowsRedundantKeys {
            settled = settled.enumerated().sorted {
                ($1.element.keys.count, $0.offset) < ($0.element.keys.count, $1.offset)
            }.map { $0.element }
        }
        var known: Set<[ExactText]> = []
        for index in settled.indices {
            let keys = settled[index].keys.map { ExactText($0) }
            if known.contains(keys) { settled[index].fallback = .inherited }
            for count in 0...keys.count { known.insert(Array(keys.prefix(count))) }
        }
        return settled
    }

    /// Whether an endpoint with these values belongs to the default subset.
    func defaultSubsetHolds(_ fields: [MetadataValue.Field]) -> Bool {
        defaultSubset.allSatisfy { wanted in
            guard let value = fields.first(where: { ExactText($0.name) == ExactText(wanted.name) })?.value else {
                return false
            }
            let text = wanted.value.jsonText
            if listsMeanAnyValue, case .list(let values) = value { return values.contains { $0.jsonText == text } }
            return value.jsonText == text
        }
    }
}

extension [String] {
    fileprivate var sortedByBytes: [String] {
        Set(map { ExactText($0) }).map { $0.text }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
