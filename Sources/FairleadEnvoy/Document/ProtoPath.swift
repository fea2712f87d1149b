// Fairlead: the way from a document's root to one of its values
// SPDX-License-Identifier: Apache-2.0

/// A way through a message, such as `clusters[3].load_assignment.endpoints[0]` or
/// `virtual_hosts[0].typed_per_filter_config["envoy.filters.http.cors"]`.
///
/// Fields go by their names in the .proto files, lists by index from 0, maps and `google.protobuf.Struct` by key in
/// double quotes (`"` and `\` escaped by `\`). What lies inside an `Any` follows the field of the `Any` directly.
struct ProtoPath: Equatable, Sendable, CustomStringConvertible {
    /// One step down.
    enum Step: Equatable, Sendable {
        case field(String)
        case index(Int)
        case key(String)
    }

    var steps: [Step]

    /// A path of `steps`; none of them is the root.
    init(_ steps: [Step] = []) { self.steps = steps }

    /// The path that `text` spells, or nil when it spells none.
    init?(parsing text: String) {
        steps = []
        var rest = text.utf8[...]
        while let first = rest.first {
            if first != UInt8(ascii: "[") {
                if !steps.isEmpty {
                    guard first == UInt8(ascii: ".") else { return nil }
                    rest = rest.dropFirst()
                }
                let name = rest.prefix(while: { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "[") })
                guard !name.isEmpty else { return nil }
                steps.append(.field(String(decoding: name, as: UTF8.self)))
                rest = rest[name.endIndex...]
            } else if rest.dropFirst().first == UInt8(ascii: "\"") {
                guard let key = ProtoPath.key(&rest) else { return nil }
                steps.append(.key(key))
            } else {
                let digits = rest.dropFirst().prefix(while: { $0 != UInt8(ascii: "]") })
                guard let index = Int(String(decoding: digits, as: UTF8.self)), index >= 0,
                    digits.endIndex < rest.endIndex
                else { return nil }
                steps.append(.index(index))
                rest = rest[digits.endIndex...].dropFirst()
            }
        }
    }

    /// Takes `["…"]` off the front of `rest`.
    private static func key(_ rest: inout Substring.UTF8View) -> String? {
        var key: [UInt8] = []
        var isEscaped = false
        var index = rest.index(rest.startIndex, offsetBy: 2)
        while index < rest.endIndex {
            let byte = rest[index]
            index = rest.index(after: index)
            if !isEscaped, byte == UInt8(ascii: "\"") {
                guard index < rest.endIndex, rest[index] == UInt8(ascii: "]") else { return nil }
                rest = rest[rest.index(after: index)...]
                return String(decoding: key, as: UTF8.self)
            }
            isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
            if !isEscaped { key.append(byte) }
        }
        return nil
    }

    var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .field(let name): text += (text.isEmpty ? "" : ".") + name
            case .index(let index): text += "[\(index)]"
            case .key(let key):
                text += "[\""
                for character in key.unicodeScalars {
                    if character == "\"" || character == "\\" { text += "\\" }
                    text.unicodeScalars.append(character)
                }
                text += "\"]"
            }
        }
        return text
    }
}
