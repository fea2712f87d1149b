// Fairlead: JSON, written
// SPDX-License-Identifier: Apache-2.0

/// A JSON value that is only written: members stay in their order.
indirect enum JSONText {
    case string(String)
    case number(Int64)
    case bool(Bool)
    case array([JSONText])
    case object([(String, JSONText)])

    /// The value as text, indented by one blank a level.
    var text: String {
        var output = ""
        write(to: &output, indent: "")
        return output
    }

    private func write(to output: inout String, indent: String) {
        switch self {
        case .string(let text): JSONText.write(text, to: &output)
        case .number(let number): output += String(number)
        case .bool(let value): output += value ? "true" : "false"
        case .array(let items):
            JSONText.write(items, "[", "]", to: &output, indent) { item, output in
                item.write(to: &output, indent: indent + " ")
            }
        case .object(let members):
            JSONText.write(members, "{", "}", to: &output, indent) { member, output in
                JSONText.write(member.0, to: &output)
                output += ": "
                member.1.write(to: &output, indent: indent + " ")
            }
        }
    }

    private static func write<Item>(
        _ items: [Item], _ open: String, _ close: String, to output: inout String, _ indent: String,
        _ body: (Item, inout String) -> Void
    ) {
        guard !items.isEmpty else { return output += open + close }
        output += open
        for (index, item) in items.enumerated() {
            output += (index == 0 ? "\n" : ",\n") + indent + " "
            body(item, &output)
        }
        output += "\n" + indent + close
    }

    private static func write(_ text: String, to output: inout String) {
        output += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": output += "\\" + String(scalar)
            case "\n": output += "\\n"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
    }
}
