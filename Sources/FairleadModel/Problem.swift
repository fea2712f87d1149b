// Fairlead: what is wrong, and where
// SPDX-License-Identifier: Apache-2.0

/// One thing that is wrong with a configuration: what, where, how bad.
///
/// A load or an update answers with all of its problems at once, never with the first alone (the Untouched law).
public struct Problem: Error, Hashable, Sendable {
    /// How bad it is.
    public enum Severity: UInt8, Sendable {
        /// Worth knowing; the configuration is taken.
        case warning
        /// The configuration is refused.
        case error
    }

    /// What kind of thing is wrong: an open set, spelled in kebab case, stable across releases.
    public struct Code: Hashable, Sendable {
        /// The spelling, for example `unknown-field`.
        public let name: String

        /// A code of any name; plugins may bring their own.
        public init(_ name: String) { self.name = name }
    }

    /// A place in a file, both counted from 1.
    public struct Place: Hashable, Sendable {
        /// The line.
        public var line: Int
        /// The column, in characters.
        public var column: Int

        /// The place at `line` and `column`, both from 1.
        public init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }
    }

    /// How bad it is.
    public var severity: Severity
    /// What kind of thing it is.
    public var code: Code
    /// Where it is in the schema, for example `clusters[3].load_assignment.endpoints[0]`; empty for the whole.
    public var path: String
    /// A sentence for people.
    public var message: String
    /// Where it was read, if it came from a text.
    public var place: Place?
    /// The file's name, if there was one.
    public var file: String?

    /// A problem at `path`; see the properties for what each part means.
    public init(
        _ severity: Severity, _ code: Code, at path: String = "", _ message: String, place: Place? = nil,
        file: String? = nil
    ) {
        self.severity = severity
        self.code = code
        self.path = path
        self.message = message
        self.place = place
        self.file = file
    }

    /// An error at `path`.
    public init(_ code: Code, at path: String = "", _ message: String) {
        self.init(.error, code, at: path, message)
    }

    /// One line: `file:line:column: error: path: message [code]`, parts that are not known left out.
    public var description: String {
        var text = ""
        if let file { text += file + ":" }
        if let place { text += "\(place.line):\(place.column):" }
        if !text.isEmpty { text += " " }
        text += severity == .error ? "error: " : "warning: "
        if !path.isEmpty { text += path + ": " }
        return text + message + " [" + code.name + "]"
    }
}

extension Problem.Code {
    /// A value that the rules of its field do not allow.
    public static let invalidValue = Problem.Code("invalid-value")
    /// A field that has to be there and is not.
    public static let missingField = Problem.Code("missing-field")
    /// Two things share what must be unique.
    public static let duplicate = Problem.Code("duplicate")
    /// A name that nothing answers to.
    public static let unknownReference = Problem.Code("unknown-reference")
    /// A field that the schema does not know.
    public static let unknownField = Problem.Code("unknown-field")
    /// A field or value that is known but not acted on.
    public static let unsupported = Problem.Code("unsupported")
    /// An extension type that nobody registered.
    public static let unknownExtension = Problem.Code("unknown-extension")
    /// A pattern that the pattern engine refuses.
    public static let invalidPattern = Problem.Code("invalid-pattern")
    /// A shared object that is no plugin, or none that can be used.
    public static let invalidPlugin = Problem.Code("invalid-plugin")
    /// More than an option of the engine allows.
    public static let limitExceeded = Problem.Code("limit-exceeded")
}

/// All problems of one load or update, thrown together.
public struct ProblemList: Error, Sendable {
    /// Every problem, in the order in which it was found.
    public var problems: [Problem]

    /// A list of `problems`.
    public init(_ problems: [Problem]) { self.problems = problems }

    /// One line a problem.
    public var description: String {
        var text = ""
        for problem in problems { text += (text.isEmpty ? "" : "\n") + problem.description }
        return text
    }
}
