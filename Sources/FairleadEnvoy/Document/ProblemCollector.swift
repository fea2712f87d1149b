// Fairlead: gathers the problems of one document
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Gathers problems in the order in which they are found, up to a limit; beyond it they are only counted, so that a
/// hostile input cannot make a list longer than itself.
struct ProblemCollector {
    private var problems: [Problem] = []
    private var unlistedWarnings = 0
    private var unlistedErrors = 0
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    mutating func add(_ problem: Problem) {
        if problems.count < limit {
            problems.append(problem)
        } else if problem.severity == .error {
            unlistedErrors += 1
        } else {
            unlistedWarnings += 1
        }
    }

    /// The problems, and one more that tells how many are missing, an error if any of those is one.
    var list: [Problem] {
        guard unlistedErrors + unlistedWarnings > 0 else { return problems }
        let message = "\(unlistedErrors) more errors and \(unlistedWarnings) more warnings are not listed"
        return problems + [Problem(unlistedErrors > 0 ? .error : .warning, .limitExceeded, message)]
    }
}
