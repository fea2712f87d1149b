// Fairlead: asking why
// SPDX-License-Identifier: Apache-2.0

public import FairleadDataPlane
public import FairleadModel

extension Worker {
    /// Tells what `begin` and the first `pick` would decide for `request` now, and why: which domains the virtual host
    /// beat, why each earlier route was not taken, how cluster, priority, locality and endpoint are chosen.
    ///
    /// Nothing changes: no cursor moves, nothing is counted, and the next `begin` and `pick` decide just so. For people
    /// and tests, not for every request: it allocates, looks at each route in turn and may take the engine's lock.
    ///
    /// - Parameters:
    ///   - routeTable: from `Engine.routeTableID`; 0 is the first table that the engine ever had.
    ///   - maximumRoutes: how many earlier routes are listed at most; all are counted.
    /// - Complexity: O(routes up to the one that is taken).
    public func explain(
        _ request: borrowing RequestView, routeTable: Int = 0, maximumRoutes: Int = 100
    ) -> Explanation {
        cell.explain(request, routeTable: routeTable, maximumRoutes: maximumRoutes) { [engine] in
            engine.clusterName(id: $0)
        }
    }
}

extension Engine {
    /// The name that has this id, `nil` when none has any more.
    fileprivate func clusterName(id: UInt32) -> String? { state.withLock { $0.clusterIDs.name(of: id) } }
}
