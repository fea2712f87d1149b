// Fairlead: what a plain YAML scalar means
// SPDX-License-Identifier: Apache-2.0

/// Decides whether an unquoted YAML scalar is null, a truth value, a number or text, by Envoy's rules, which are
/// those of yaml-cpp and not those of YAML 1.2.
///
/// `y`, `yes`, `on` and their opposites are truth values; integers may be hexadecimal (`0x1F`) or octal (`017`); only
/// an integer that fits 32 bits is a number, larger ones and all fractions are text, to be read by the type of the
/// field that they meet. In a `google.protobuf.Value` they therefore become strings. Source: Envoy's
/// `source/common/protobuf/yaml_utility.cc`, and the answers of Envoy 1.40 in `Tests/Vectors/envoy`.
enum PlainScalar {
    /// What a scalar is, and its text where that differs from what was written.
    struct Meaning: Equatable {
        var kind: TextNode.Kind
        var text: String?

        init(_ kind: TextNode.Kind, _ text: String? = nil) {
            self.kind = kind
            self.text = text
        }
    }

    /// The meaning of `scalar`. A tag of any kind keeps a scalar from being null.
    static func meaning(of scalar: some RandomAccessCollection<UInt8>, isTagged: Bool) -> Meaning {
        guard let first = scalar.first else { return Meaning(isTagged ? .text : .null) }
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"):
            return integer(scalar)
        case UInt8(ascii: "~"):
            return Meaning(scalar.count == 1 && !isTagged ? .null : .text)
        default:
            return scalar.count <= 5 ? word(scalar, isTagged: isTagged) : Meaning(.text)
        }
    }

    private static func word(_ scalar: some RandomAccessCollection<UInt8>, isTagged: Bool) -> Meaning {
        let word = String(decoding: scalar, as: UTF8.self)
        switch word {
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y": return Meaning(.yes)
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N": return Meaning(.no)
        case "null", "Null", "NULL": return Meaning(isTagged ? .text : .null)
        default: return Meaning(.text)
        }
    }

    private static func integer(_ scalar: some RandomAccessCollection<UInt8>) -> Meaning {
        guard let value = NumberText.integer(inCNotation: scalar) else { return Meaning(.text) }
        let isSmall = Int64(Int32.min)...Int64(Int32.max) ~= value
        return Meaning(isSmall ? .number : .text, isCanonical(scalar) ? nil : String(value))
    }

    /// Whether an integer is written as it would be printed: no plus sign, no prefix, no leading zero.
    private static func isCanonical(_ integer: some RandomAccessCollection<UInt8>) -> Bool {
        guard let first = integer.first else { return false }
        return (first >= UInt8(ascii: "1") && first <= UInt8(ascii: "9"))
            || (first == UInt8(ascii: "0") && integer.count == 1)
    }
}
