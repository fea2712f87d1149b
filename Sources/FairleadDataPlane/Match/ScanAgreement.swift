// Fairlead: asking the scan what the index answered
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

extension RouteView {
    /// Whether looking at each route of the virtual host in turn finds the route that the index found, or none if it
    /// found none: what has to be true of every request (the First match law). O(routes); for tests and fuzzers.
    public func agreesWithScan(_ request: borrowing RequestView) -> Bool {
        guard let (block, ordinal, random) = scanned else { return true }
        let parts = TargetParts(request.path)
        guard tableFlags.contains(.ignoresPathParameters), parts.hasParameters else {
            return RouteLookup.firstByScan(in: block, request, parts, path: parts.path, random: random) == ordinal
        }
        return parts.withoutParameters {
            RouteLookup.firstByScan(in: block, request, parts, path: $0, random: random) == ordinal
        }
    }
}
