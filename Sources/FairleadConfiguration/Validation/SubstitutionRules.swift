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

    /// A value of a JSON body at the place where the walk is: its texts may hold substitution commands.
    mutating func check(json value: MetadataValue, depth: Int) {
        // The deepest that messages of Envoy's schema may be nested is far less than what the stack holds.
        guard depth < 100 else { return error(.limitExceeded, "nested deeper than 100") }
        switch value {
        case .null, .bool, .number: break
        case .text(let text): checkCommands(text, at: "")
        case .list(let values):
            for (index, value) in values.enumerated() {
                enter("", index: index)
                check(json: value, depth: depth + 1)
                leave()
            }
        case .structure(let fields):
            for field in fields { within(field.name) { $0.check(json: field.value, depth: depth + 1) } }
        }
    }
}
