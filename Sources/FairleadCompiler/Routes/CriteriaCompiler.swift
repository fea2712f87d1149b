// Fairlead: compiling what routes ask of endpoints
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadDataPlane
import FairleadModel

extension BlockWriter {
    /// The name of a criterion that may hold overrides of the others.
    private static let fallbackList = "fallback_list"

    /// What a route asks by the values of `envoy.lb`; none when it asks nothing.
    mutating func criteria(_ fields: [MetadataValue.Field]) -> BlockReference<CriteriaRecord> {
        guard !fields.isEmpty else { return .none }
        let all = append(criteria: fields)
        var alternatives: [CriteriaRecord] = []
        if let list = fields.first(where: { ExactText($0.name) == ExactText(BlockWriter.fallbackList) }) {
            let others = fields.filter { ExactText($0.name) != ExactText(BlockWriter.fallbackList) }
            var overrides: [MetadataValue] = []
            if case .list(let values) = list.value { overrides = values }
            // Without overrides the other criteria count as they are; so they do where an override is no structure.
            for override in overrides.isEmpty ? [.null] : overrides {
                var merged = others
                if case .structure(let changes) = override { merged = others.overridden(by: changes) }
                alternatives.append(CriteriaRecord(criteria: append(criteria: merged), alternatives: .empty))
            }
        }
        return append(shared: CriteriaRecord(criteria: all, alternatives: append(alternatives)))
    }

    /// Stores criteria, sorted by the bytes of their names.
    mutating func append(criteria fields: [MetadataValue.Field]) -> BlockArray<CriterionRecord> {
        append(
            fields.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }.map { field in
                let value = field.value.jsonText
                return CriterionRecord(
                    name: text(field.name), value: text(value),
                    hash: CriterionRecord.hash(name: field.name, value: value))
            })
    }
}

extension [MetadataValue.Field] {
    /// The values with those of `changes` in place of the ones of the same names.
    fileprivate func overridden(by changes: [MetadataValue.Field]) -> [MetadataValue.Field] {
        let names = Set(changes.map { ExactText($0.name) })
        return filter { !names.contains(ExactText($0.name)) } + changes
    }
}
