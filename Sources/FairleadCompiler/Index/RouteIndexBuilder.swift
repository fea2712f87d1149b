// Fairlead: the index over a list of routes
// SPDX-License-Identifier: Apache-2.0

import FairleadDataPlane

/// Files the routes of one list: by their paths, with case and without, and those for CONNECT by themselves.
struct RouteIndexBuilder {
    private var sensitive = PathIndexBuilder()
    private var insensitive = PathIndexBuilder()
    private var connects: [UInt32] = []

    /// Files a route under its path; routes come in their order.
    mutating func add(_ filing: PathIndexBuilder.Filing, folds: Bool) {
        if folds { insensitive.add(filing) } else { sensitive.add(filing) }
    }

    /// Notes a route for CONNECT.
    mutating func addConnect(_ ordinal: UInt32) { connects.append(ordinal) }

    /// Writes the index; `candidates` knows all routes that were added.
    func build(
        into writer: inout BlockWriter, _ candidates: CandidateListBuilder, _ patterns: inout PatternTable
    ) -> RouteIndex {
        var index = RouteIndex()
        index.sensitive = sensitive.build(into: &writer, [], candidates, &patterns)
        index.insensitive = insensitive.build(into: &writer, .folded, candidates, &patterns)
        index.connects = writer.append(connects)
        return index
    }
}
