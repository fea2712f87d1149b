// Fairlead: a step between two configurations
// SPDX-License-Identifier: Apache-2.0

import Fairlead

extension Configuration {
    /// This configuration and all of `old` that it does not have: what is served while event loops go over from one to
    /// the other, so that none of them looks for something that is gone.
    func keepingWhatGoes(from old: Configuration) -> Configuration {
        var union = self
        union.routeConfigurations += Configuration.missing(old.routeConfigurations, in: routeConfigurations, \.name)
            .map { table in
                var kept = table
                // It may refer to what the new configuration refuses; it did so before.
                kept.validatesClusters = false
                return kept
            }
        union.clusters += Configuration.missing(old.clusters, in: clusters, \.name)
        union.assignments += Configuration.missing(old.assignments, in: assignments, \.name)
        return union
    }

    private static func missing<Item>(_ old: [Item], in new: [Item], _ name: (Item) -> String) -> [Item] {
        let names = Set(new.map(name))
        return old.filter { !names.contains(name($0)) }
    }
}
