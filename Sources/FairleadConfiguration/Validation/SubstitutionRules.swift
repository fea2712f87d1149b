// Fairlead: rules for texts with substitution commands
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension ProblemTrail {
    /// A text that may hold substitution commands and ends up in a header, a path or a host.
    mutating func checkSubstitution(_ text: String, at field: String) {
        checkHeaderValue(text, at: field)
        checkCommands(text, at: field)
    }

    /// The substitution commands of a text.
    mutating func checkCommands(_ text: String, at field: String) {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return }
        do {
            _ = try SubstitutionFormat(parsing: text)
        } catch {
            self.error(error.kind == .malformed ? .invalidValue : .unsupported, at: field, error.message)
        }
    }
}
