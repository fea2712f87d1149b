// Fairlead: what ring hash can be told
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

/// The parameters of `RingHashPolicy`, read and sound.
struct RingHashConfiguration {
    /// How the ring's entries are hashed.
    enum Function: Int {
        /// xxHash64, seed 0.
        case xxHash
        /// MurmurHash2, 64-bit variant A.
        case murmurHash2
    }

    /// The ring's least size, unless `maximum` is in the way: `minimum_ring_size`, at most 8,388,608.
    var minimum: UInt64
    /// The ring's largest size: `maximum_ring_size`, at most 8,388,608.
    var maximum: UInt64
    /// `hash_function`: `XX_HASH` (also called `DEFAULT_HASH`) or `MURMUR_HASH_2`.
    var function: Function
    /// What it shares with Maglev.
    var common: ConsistentHashingConfiguration

    /// The largest size that a ring can be asked to have.
    static let limit: UInt64 = 8_388_608

    /// The configuration that `parameters` ask for, and everything that is wrong with them.
    static func read(_ parameters: PolicyParameters) -> (configuration: RingHashConfiguration, problems: [Problem]) {
        var reader = ParameterReader(parameters)
        let minimum = reader.unsigned("minimum_ring_size", default: 1024, in: 0...limit)
        let maximum = reader.unsigned("maximum_ring_size", default: limit, in: 0...limit)
        if minimum > maximum {
            let text = "minimum_ring_size (\(minimum)) > maximum_ring_size (\(maximum))"
            reader.report(at: parameters["maximum_ring_size"] == nil ? "minimum_ring_size" : "maximum_ring_size", text)
        }
        let function = reader.choice("hash_function", of: ["XX_HASH", "DEFAULT_HASH", "MURMUR_HASH_2"])
        let common = ConsistentHashingConfiguration(&reader, hasOlderFields: true)
        reader.finish(others: ConsistentHashingConfiguration.others)
        let configuration = RingHashConfiguration(
            minimum: min(minimum, maximum), maximum: maximum, function: function == 2 ? .murmurHash2 : .xxHash,
            common: common)
        return (configuration, reader.problems)
    }
}
