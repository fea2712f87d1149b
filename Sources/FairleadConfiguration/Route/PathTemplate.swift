// Fairlead: URI templates
// SPDX-License-Identifier: Apache-2.0

/// A URI template, taken apart: `/videos/*/{name}.{…}` as literal texts, wildcards and variables.
///
/// The grammar is what Envoy 1.40 was seen to take (`uri_template_lib`): `*` is one segment that is not empty, `**` any
/// number of them, `{name}` and `{name=pattern}` keep what they match. A segment may have a text before and behind its
/// variable. Behind `**` there is no further wildcard, so that each path is matched in at most one way.
public struct PathTemplate: Hashable, Sendable {
    /// One part of a template.
    public enum Part: Hashable, Sendable {
        /// Exactly this text.
        case literal(String)
        /// One byte or more, none of them a `/`.
        case segment
        /// Any number of bytes.
        case rest
        /// The variable of that number begins.
        case open(Int)
        /// The variable of that number ends.
        case close(Int)
    }

    /// Why a text is no template.
    public struct Fault: Error, Hashable, Sendable {
        /// What is wrong, in Envoy's words.
        public var message: String
        /// Whether Envoy takes it all the same, in a way that is not followed.
        public var isDeparture = false
    }

    /// The longest template, in bytes.
    public static let maximumLength = 256
    /// The most variables that a template may have.
    public static let maximumVariables = 5
    private static let maximumNameLength = 16

    /// The parts in order; no literal text follows another.
    public private(set) var parts: [Part] = []
    /// The names of the variables by their numbers.
    public private(set) var variables: [String] = []
    private var globs: [Glob] = []

    private enum Glob { case segment, rest, implicit }

    /// Takes `text` apart. O(length).
    public init(_ text: String) throws(Fault) {
        let bytes = Array(text.utf8)
        guard bytes.first == UInt8(ascii: "/"), bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw Fault(message: "Invalid pattern: \"\(text)\"")
        }
        var rest = bytes[1...]
        add(literal: "/")
        while !rest.isEmpty {
            try readSegment(&rest)
            guard rest.first == UInt8(ascii: "/") else { continue }
            rest = rest.dropFirst()
            add(literal: "/")
        }
        try checkNames()
        try checkGlobs()
    }

    // MARK: Segments

    private mutating func readSegment(_ rest: inout ArraySlice<UInt8>) throws(Fault) {
        if rest.first == UInt8(ascii: "*") {
            readOperator(&rest)
            let suffix = PathTemplate.takeSegment(&rest)
            if !suffix.isEmpty {
                try add(checked: suffix, "Invalid literal")
                if !rest.isEmpty { throw Fault(message: "Prefix match not supported.") }
            }
            return
        }
        if rest.first == UInt8(ascii: "{") {
            guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else {
                throw Fault(message: "Unmatched variable bracket in mixed pattern: \"\(PathTemplate.text(rest))\"")
            }
            try readVariable(rest[rest.index(after: rest.startIndex)..<end])
            rest = rest[(end + 1)...]
            let suffix = PathTemplate.takeSegment(&rest)
            if !suffix.isEmpty { try add(checked: suffix, "Invalid suffix literal") }
            return
        }
        let segment = PathTemplate.takeSegment(&rest)
        guard let start = segment.firstIndex(of: UInt8(ascii: "{")),
            let end = segment[start...].firstIndex(of: UInt8(ascii: "}"))
        else { return try add(checked: segment, "Invalid literal") }
        try add(checked: segment[..<start], "Invalid literal")
        try readVariable(segment[(start + 1)..<end])
        let suffix = segment[(end + 1)...]
        if !suffix.isEmpty { try add(checked: suffix, "Invalid suffix literal") }
    }

    private mutating func readOperator(_ rest: inout ArraySlice<UInt8>) {
        rest = rest.dropFirst()
        if rest.first == UInt8(ascii: "*") {
            rest = rest.dropFirst()
            parts.append(.rest)
            globs.append(.rest)
        } else {
            parts.append(.segment)
            globs.append(.segment)
        }
    }

    /// Reads what stands between the brackets of a variable.
    private mutating func readVariable(_ text: ArraySlice<UInt8>) throws(Fault) {
        let equals = text.firstIndex(of: UInt8(ascii: "=")) ?? text.endIndex
        let name = text[..<equals]
        guard PathTemplate.isName(name) else {
            throw Fault(message: "Invalid variable name: \"\(PathTemplate.text(name))\"")
        }
        let number = variables.count
        variables.append(PathTemplate.text(name))
        parts.append(.open(number))
        if equals == text.endIndex {
            parts.append(.segment)
            globs.append(.implicit)
        } else {
            var pattern = text[(equals + 1)...]
            if pattern.isEmpty { throw Fault(message: "Empty variable match") }
            while !pattern.isEmpty {
                if pattern.first == UInt8(ascii: "*") {
                    readOperator(&pattern)
                } else {
                    try add(checked: PathTemplate.takeSegment(&pattern), "Invalid literal")
                }
                guard !pattern.isEmpty else { break }
                guard pattern.first == UInt8(ascii: "/"), pattern.count > 1 else {
                    throw Fault(message: "Invalid variable match: \"\(PathTemplate.text(pattern))\"")
                }
                pattern = pattern.dropFirst()
                add(literal: "/")
            }
        }
        parts.append(.close(number))
    }

    private static func takeSegment(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        let segment = rest[..<end]
        rest = rest[end...]
        return segment
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    // MARK: Literals and names

    private mutating func add(checked text: ArraySlice<UInt8>, _ fault: String) throws(Fault) {
        guard !text.isEmpty, text.allSatisfy(PathTemplate.isLiteral) else {
            throw Fault(message: "\(fault): \"\(PathTemplate.text(text))\"")
        }
        if text.contains(UInt8(ascii: "*")) {
            throw Fault(
                message:
                    "the '*' inside of \"\(PathTemplate.text(text))\" is neither a wildcard nor a plain character: Envoy "
                    + "repeats what stands before it", isDeparture: true)
        }
        add(literal: PathTemplate.text(text))
    }

    private mutating func add(literal text: String) {
        if case .literal(let former)? = parts.last {
            parts[parts.count - 1] = .literal(former + text)
        } else {
            parts.append(.literal(text))
        }
    }

    /// Whether a byte may stand in a segment, of a template or of a path that it matches.
    public static func isLiteral(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "&")...UInt8(ascii: "."), UInt8(ascii: "0")...UInt8(ascii: ";"), UInt8(ascii: "!"),
            UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "="), UInt8(ascii: "@"), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    static func isName(_ name: ArraySlice<UInt8>) -> Bool {
        guard let first = name.first, isLetter(first) else { return false }
        return name.allSatisfy { isLetter($0) || ($0 >= 0x30 && $0 <= 0x39) || $0 == UInt8(ascii: "_") }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a }

    private func checkNames() throws(Fault) {
        var seen: Set<String> = []
        for name in variables {
            if seen.count >= PathTemplate.maximumVariables {
                throw Fault(message: "Exceeded variable count limit (\(PathTemplate.maximumVariables))")
            }
            if name.utf8.count > PathTemplate.maximumNameLength {
                throw Fault(
                    message:
                        "Invalid variable name length (length of \"\(name)\" should be at least 1 and no more than "
                        + "\(PathTemplate.maximumNameLength))")
            }
            if !seen.insert(name).inserted { throw Fault(message: "Repeated variable name: \"\(name)\"") }
        }
    }

    private func checkGlobs() throws(Fault) {
        var isBehindRest = false
        for glob in globs {
            if isBehindRest {
                throw Fault(
                    message: glob == .implicit
                        ? "Implicit variable path glob after text glob." : "Glob after text glob.")
            }
            isBehindRest = glob == .rest
        }
    }
}
