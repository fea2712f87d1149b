// Fairlead: the kinds of problems that reading a document can find
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension Problem.Code {
    /// The text is not YAML, or not JSON.
    static let syntax = Problem.Code("syntax")
    /// The bytes are not a protobuf message.
    static let malformed = Problem.Code("malformed")
    /// A value of one kind where the schema wants another.
    static let wrongType = Problem.Code("wrong-type")
    /// A number, duration or time beyond what its type holds.
    static let outOfRange = Problem.Code("out-of-range")
    /// A name that an enum does not have.
    static let unknownEnumValue = Problem.Code("unknown-enum-value")
    /// Two members of one oneof.
    static let oneofConflict = Problem.Code("oneof-conflict")
    /// A null in a list or a map, where it stands for a value.
    static let nullElement = Problem.Code("null-element")
}

extension Problem {
    /// A text that is not in its notation.
    init(syntax message: String, at place: Place) {
        self.init(.error, .syntax, message, place: place)
    }
}
