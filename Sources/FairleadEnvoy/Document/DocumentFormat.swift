// Fairlead: which notation a document is in
// SPDX-License-Identifier: Apache-2.0

/// The notations in which a configuration may come.
enum DocumentFormat: Equatable, Sendable {
    case yaml
    case json
    case binary

    /// The format of a file: by the end of its name if that says something, as Envoy tells them apart, otherwise by its
    /// first bytes.
    static func detect(file: String?, bytes: [UInt8]) -> DocumentFormat {
        if let file, let dot = file.lastIndex(of: ".") {
            switch file[dot...].lowercased() {
            case ".yaml", ".yml": return .yaml
            case ".json": return .json
            case ".pb", ".binpb", ".bin": return .binary
            default: break
            }
        }
        return detect(bytes)
    }

    /// A brace first is JSON, and a byte that no text holds is protobuf: the tag of a first field is one more often
    /// than not. All else is YAML.
    private static func detect(_ bytes: [UInt8]) -> DocumentFormat {
        // A mark of UTF-16, which libyaml reads.
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return .yaml }
        let head = bytes.prefix(4096)
        if head.contains(where: { $0 < 0x20 && !(0x09...0x0D ~= $0) || $0 == 0x7F }) { return .binary }
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? head.dropFirst(3) : head
        return text.trimmingSpaces().first == UInt8(ascii: "{") ? .json : .yaml
    }
}
