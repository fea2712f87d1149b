// Fairlead: what consistent-hashing policies have in common
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

/// The parameters that ring hash and Maglev share, read and sound. Those of the nested message stand under its name and
/// win over the older ones on top.
struct ConsistentHashingConfiguration {
    /// Whether a host's name is hashed instead of its address: `use_hostname_for_hashing`.
    var prefersHostnames: Bool
    /// The limit to a host's load in percent of its share, 100 or more, or 0 for none: `hash_balance_factor`.
    var balanceFactor: UInt64

    /// The parameters of other parts of the engine that may stand among a policy's own.
    static let others = ["consistent_hashing_lb_config.hash_policy", "locality_weighted_lb_config"]

    private static let nested = "consistent_hashing_lb_config."

    init(_ reader: inout ParameterReader, hasOlderFields: Bool) {
        var prefersHostnames = false
        var balanceFactor: UInt64 = 0
        if hasOlderFields {
            prefersHostnames = reader.bool("use_hostname_for_hashing", default: false)
            balanceFactor = Self.balanceFactor(&reader, "hash_balance_factor", default: 0)
        }
        self.prefersHostnames = reader.bool(Self.nested + "use_hostname_for_hashing", default: prefersHostnames)
        self.balanceFactor = Self.balanceFactor(&reader, Self.nested + "hash_balance_factor", default: balanceFactor)
    }

    private static func balanceFactor(
        _ reader: inout ParameterReader, _ name: String, default fallback: UInt64
    ) -> UInt64 {
        let factor = reader.unsigned(name, default: fallback, in: 0...UInt64(UInt32.max))
        guard factor > 0, factor < 100 else { return factor }
        reader.report(at: name, "is \(factor), has to be at least 100, or 0 for no limit")
        return fallback
    }

    /// What both policies need of the engine: one table a priority, texts to hash, nothing for each worker.
    var traits: PolicyTraits {
        PolicyTraits(scope: .priority, needsHashKeys: true, prefersHostnames: prefersHostnames)
    }
}
