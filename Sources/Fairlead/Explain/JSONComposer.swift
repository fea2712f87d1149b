// Fairlead: composing JSON
// SPDX-License-Identifier: Apache-2.0

/// Composes one JSON text, member by member and in the order of the calls.
struct JSONComposer {
    private(set) var text = ""
    private var needsComma = false

    /// Opens an object or an array, as a member when it has a name.
    mutating func open(_ bracket: String, _ name: String? = nil) {
        begin(name)
        text += bracket
        needsComma = false
    }

    /// Closes what was opened last.
    mutating func close(_ bracket: String) {
        text += bracket
        needsComma = true
    }

    /// A member that is a text, `null` for none.
    mutating func add(_ name: String, _ value: String?) {
        begin(name)
        if let value { quote(value) } else { text += "null" }
    }

    /// An element that is a text.
    mutating func add(element value: String) {
        begin(nil)
        quote(value)
    }

    /// A member that is a number, `null` for none.
    mutating func add(_ name: String, _ number: (some BinaryInteger)?) {
        begin(name)
        if let number { text += String(number) } else { text += "null" }
    }

    /// A member that is true or false.
    mutating func add(_ name: String, _ truth: Bool) {
        begin(name)
        text += truth ? "true" : "false"
    }

    private mutating func begin(_ name: String?) {
        if needsComma { text += "," }
        needsComma = true
        guard let name else { return }
        quote(name)
        text += ":"
    }

    private mutating func quote(_ value: String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar.value {
            case 0x22: text += "\\\""
            case 0x5c: text += "\\\\"
            case 0..<0x20:
                let digits = "0123456789abcdef".utf8.map { Character(Unicode.Scalar($0)) }
                text += "\\u00"
                text.append(digits[Int(scalar.value >> 4)])
                text.append(digits[Int(scalar.value & 15)])
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
