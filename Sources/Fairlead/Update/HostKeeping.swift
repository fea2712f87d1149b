// Fairlead: which virtual hosts of a table stay as they are
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration

/// Finds the virtual hosts of a table that are there just so: mostly each is still in its place.
struct HostKeeping {
    private let present: [VirtualHostState]
    /// The virtual hosts by name and domains (names may repeat, domains do not); made when one is not in its place.
    private var places: [[String]: Int]?

    /// Looks among the virtual hosts of `present`.
    init(_ present: RouteTableState?) { self.present = present?.hosts ?? [] }

    /// The virtual host that equals `wanted`, which stands at `place` of its table; `nil` when there is none.
    mutating func host(equalTo wanted: VirtualHost, at place: Int) -> VirtualHostState? {
        if place < present.count, present[place].host.name == wanted.name,
            present[place].host.domains == wanted.domains
        {
            return present[place].host == wanted ? present[place] : nil
        }
        if places == nil {
            places = [:]
            for (place, state) in present.enumerated() { places?[[state.host.name] + state.host.domains] = place }
        }
        guard let same = places?[[wanted.name] + wanted.domains], present[same].host == wanted else { return nil }
        return present[same]
    }
}
