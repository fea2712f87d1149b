// Fairlead: what Maglev can be told
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

/// The parameters of `MaglevPolicy`, read and sound.
struct MaglevConfiguration {
    /// The table's size: `table_size`, a prime of at most 5,000,011.
    var size: UInt64
    /// What it shares with ring hash.
    var common: ConsistentHashingConfiguration

    /// The size of a table when nothing else is said.
    static let defaultSize: UInt64 = 65_537
    /// The largest size that a table can be asked to have.
    static let limit: UInt64 = 5_000_011

    /// The configuration that `parameters` ask for, and everything that is wrong with them.
    static func read(_ parameters: PolicyParameters) -> (configuration: MaglevConfiguration, problems: [Problem]) {
        var reader = ParameterReader(parameters)
        var size = reader.unsigned("table_size", default: defaultSize, in: 0...limit)
        if !isPrime(size) {
            reader.report(at: "table_size", "is \(size); the table size of Maglev must be a prime number")
            size = defaultSize
        }
        let common = ConsistentHashingConfiguration(&reader, hasOlderFields: false)
        reader.finish(others: ConsistentHashingConfiguration.others)
        return (MaglevConfiguration(size: size, common: common), reader.problems)
    }

    /// Whether `number`, which is not large, has no divisor but itself. O(√number).
    private static func isPrime(_ number: UInt64) -> Bool {
        guard number >= 2 else { return false }
        var divisor: UInt64 = 2
        while divisor * divisor <= number {
            if number % divisor == 0 { return false }
            divisor += 1
        }
        return true
    }
}
