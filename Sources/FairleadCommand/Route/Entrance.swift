// Fairlead: what stands before a route table
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// How requests come to a route table.
struct Entrance {
    /// What is done to them before they are routed.
    let preparer: Preparer
    /// The address that they come in on, with its port; empty when it is not known.
    let address: String

    /// What the first listener does whose table it is; as if it said nothing when there is none.
    init(to table: String, of configuration: Configuration) {
        let listener = configuration.listeners.first { $0.connectionManager.routeConfiguration == table }
        let wanted = configuration.routeConfigurations.first { $0.name == table }
        preparer = Preparer(listener?.connectionManager.preparation(with: wanted) ?? PreparationRules())
        address = listener?.address.text ?? ""
    }

    /// The entrances of all route tables of `configuration`, by their names.
    static func all(of configuration: Configuration) -> [String: Entrance] {
        Dictionary(
            configuration.routeConfigurations.map { ($0.name, Entrance(to: $0.name, of: configuration)) },
            uniquingKeysWith: { first, _ in first })
    }
}
