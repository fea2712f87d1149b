// Fairlead: texts with substitution commands
// SPDX-License-Identifier: Apache-2.0

/// A text with Envoy's substitution commands, taken apart: `/%REQ(x-tenant?:authority):8%/all` is a text, a command, and
/// a text. `%%` stands for one `%`.
public struct SubstitutionFormat: Hashable, Sendable {
    /// A piece of the text.
    public enum Part: Hashable, Sendable {
        /// These bytes.
        case literal([UInt8])
        /// What this stands for when the request is there.
        case command(SubstitutionCommand)
    }

    /// The pieces in order; no two texts stand side by side.
    public let parts: [Part]

    /// The text when there is no command in it; `nil` when there is.
    public var literal: [UInt8]? {
        switch parts.count {
        case 0: return []
        case 1: if case .literal(let bytes) = parts[0] { return bytes } else { return nil }
        default: return nil
        }
    }

    /// An empty text.
    public init() { parts = [] }

    /// Takes `text` apart. O(length²) at worst, for a text of parentheses that end no command.
    public init(parsing text: String) throws(SubstitutionFault) {
        let bytes = Array(text.utf8)
        var parts: [Part] = []
        var literal: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "%") else {
                literal.append(bytes[index])
                index += 1
                continue
            }
            if index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "%") {
                literal.append(bytes[index])
                index += 2
                continue
            }
            guard let call = SubstitutionCall(bytes, at: index) else {
                throw SubstitutionFault(
                    .malformed, "Incorrect configuration: \(text). Couldn't find valid command at position \(index)")
            }
            if !literal.isEmpty { parts.append(.literal(literal)) }
            literal = []
            parts.append(.command(try SubstitutionCommand(call)))
            index = call.end
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
        self.parts = parts
    }
}

/// What is wrong with a text that should hold substitution commands.
public struct SubstitutionFault: Error, Hashable, Sendable {
    /// What kind of fault it is.
    public enum Kind: Hashable, Sendable {
        /// Envoy refuses it too.
        case malformed
        /// Envoy knows the command, and the engine cannot know what it stands for.
        case unknowable
    }

    /// What kind of fault it is.
    public let kind: Kind
    /// A sentence for people; Envoy's own where Envoy refuses it.
    public let message: String

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}

/// One command as it is written: `%NAME(parameters):limit%`.
package struct SubstitutionCall {
    /// The name.
    package let name: String
    /// What stands in parentheses; `nil` when there are none.
    package let parameters: String?
    /// The most bytes; `nil` for all.
    package let limit: UInt32?
    /// Where the text goes on.
    package let end: Int

    /// The command that begins at `start`, where a `%` stands; `nil` when none does.
    ///
    /// The parameters end at the first `)` behind which the command can end, so that they may hold `)` and `%`.
    package init?(_ bytes: [UInt8], at start: Int) {
        var index = start + 1
        while index < bytes.count, SubstitutionCall.isNameByte(bytes[index]) { index += 1 }
        guard index > start + 1 else { return nil }
        name = String(decoding: bytes[(start + 1)..<index], as: UTF8.self)
        guard index < bytes.count, bytes[index] == UInt8(ascii: "(") else {
            guard let tail = SubstitutionCall.tail(bytes, at: index) else { return nil }
            (parameters, limit, end) = (nil, tail.limit, tail.end)
            return
        }
        let opened = index + 1
        index = opened
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") {
            if bytes[index] == UInt8(ascii: ")"), let tail = SubstitutionCall.tail(bytes, at: index + 1) {
                parameters = String(decoding: bytes[opened..<index], as: UTF8.self)
                (limit, end) = (tail.limit, tail.end)
                return
            }
            index += 1
        }
        return nil
    }

    /// The limit and the closing `%` at `start`, if they stand there.
    private static func tail(_ bytes: [UInt8], at start: Int) -> (limit: UInt32?, end: Int)? {
        var index = start
        var limit: UInt32?
        if index < bytes.count, bytes[index] == UInt8(ascii: ":") {
            var number: UInt64 = 0
            index += 1
            let first = index
            while index < bytes.count, bytes[index] &- 48 <= 9 {
                // Beyond what a text can be long, all limits are the same.
                number = min(number * 10 + UInt64(bytes[index] &- 48), UInt64(UInt32.max))
                index += 1
            }
            guard index > first else { return nil }
            limit = UInt32(number)
        }
        guard index < bytes.count, bytes[index] == UInt8(ascii: "%") else { return nil }
        return (limit, index + 1)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "A") < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "_")
    }
}
