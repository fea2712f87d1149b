// Fairlead: what becomes of each field of a message
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

/// Says for each field of one message what lowering does with it: it is read, or refused, or only carried.
///
/// A field that is not named here is carried: it is known, nothing is done about it, and whoever sets it is told by a
/// warning. So a field that is new in the schema is never silently passed over. A refused field is one whose absence
/// would change where requests go or what is answered: whoever sets it gets an error.
struct FieldUse: Sendable {
    /// The message's full name.
    let message: String
    /// The names that the message does not have; a test holds that there are none.
    let unknownNames: [String]
    private let names: [Int: String]
    private let read: Set<Int>
    private let refused: Set<Int>
    /// The numbers below 64 of `read` as bits, which is nearly all of them.
    private let readBits: UInt64

    /// The use of the fields of `type`: `read` and `refused` are names of the .proto file with blanks between them.
    init<M: Message>(_ type: M.Type, read: String, refused: String = "") {
        message = type.protoMessageName
        let schema = Schema.envoy
        var numbers: [String: Int] = [:]
        if let index = schema.message(named: message) {
            for field in schema.messages[index].fields { numbers[field.name] = field.number }
        }
        let readNames = read.split(separator: " ").map(String.init)
        let refusedNames = refused.split(separator: " ").map(String.init)
        unknownNames = (readNames + refusedNames).filter { numbers[$0] == nil }
        names = Dictionary(numbers.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        self.read = Set(readNames.compactMap { numbers[$0] })
        self.refused = Set(refusedNames.compactMap { numbers[$0] })
        readBits = self.read.reduce(0) { $1 < 64 ? $0 | 1 << UInt64($1) : $0 }
    }

    /// Whether the field of that number is read.
    func reads(_ number: Int) -> Bool { number < 64 ? readBits >> UInt64(number) & 1 == 1 : read.contains(number) }

    /// Whether the field of that number is refused.
    func refuses(_ number: Int) -> Bool { refused.contains(number) }

    /// The name of the field of that number.
    func name(of number: Int) -> String { names[number] ?? "\(number)" }
}

extension Lowering {
    /// Reports every field that is set in `message` and is not read.
    mutating func account(for message: some Message, _ use: FieldUse) {
        let fields = SetFields(of: message, unreadBy: use)
        for number in fields.numbers {
            let name = use.name(of: number)
            if !use.refuses(number) {
                trail.warning(.unsupported, at: name, "\(name) is not acted on yet")
            } else if !fields.switchedOff.contains(number) {
                // A refused feature that is switched off is as good as absent.
                refuse(name)
            }
        }
    }

    /// Reports that `field` is not supported, and that going on without it would change what happens to requests.
    mutating func refuse(_ field: String, index: Int = -1, _ what: String? = nil) {
        trail.error(
            .unsupported, at: field, index: index,
            "\(what ?? field) is not supported yet, and without it requests would be treated differently")
    }
}
