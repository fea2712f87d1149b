// Fairlead: the command that judges configuration files
// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import Fairlead
public import FairleadEnvoy

/// `fairlead check`: prints every problem of the files, and what is legal but hardly meant; exit 1 if one is an error.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say everything that is wrong with configuration files.",
        discussion: """
            Each line ends with the code of what is wrong, in brackets. Errors keep a file from being served. Warnings \
            are fields that are not acted on, and what is legal but hardly meant: routes that can never match, clusters \
            that nothing uses, retries that cannot act.
            """)

    @Argument(help: "The files: YAML, JSON or protobuf.") var files: [String]
    @Flag(help: "Take unknown fields and types, and what is hardly meant, for errors.") var strict = false
    @Option(help: "The code of a warning that is not to be told; can be repeated.") var allow: [String] = []
    @Option(help: "The notation: yaml, json or protobuf; by the file's name or its first bytes if not said.")
    var format: EnvoyLoader.Format?

    func validate() throws {
        let known = Set((Problem.Code.lints + CheckCommand.remarks).map { $0.name })
        for code in allow where !known.contains(code) {
            throw ValidationError("--allow '\(code)': there are " + known.sorted().joined(separator: ", "))
        }
    }

    /// What the loader warns of.
    private static let remarks: [Problem.Code] = [.unsupported, .unknownField, .unknownExtension, .invalidValue]

    func run() throws {
        let problems = files.flatMap { self.problems(of: $0) }
        Console.say(problems.map(\.description) + [CheckCommand.summary(files: files.count, problems)])
        if problems.contains(where: { $0.severity == .error }) { throw ExitCode.failure }
    }

    /// The last line: how much of what there was.
    static func summary(files: Int, _ problems: [Problem]) -> String {
        let errors = problems.count { $0.severity == .error }
        func counted(_ count: Int, _ thing: String) -> String { "\(count) \(thing)\(count == 1 ? "" : "s")" }
        return [
            counted(files, "file"), counted(errors, "error"), counted(problems.count - errors, "warning"),
        ].joined(separator: ", ")
    }

    private func problems(of file: String) -> [Problem] {
        guard let loaded = ConfigurationFile.read(file, isStrict: strict, format: format) else {
            return [Problem(.error, .unreadableFile, "the file cannot be read", file: file)]
        }
        return CheckCommand.problems(of: loaded, isStrict: strict, allowed: Set(allow))
    }

    /// Everything that is said of a document, less what is allowed.
    static func problems(of loaded: LoadedConfiguration, isStrict: Bool, allowed: Set<String>) -> [Problem] {
        var problems = ConfigurationFile.problems(of: loaded)
        if problems.allSatisfy({ $0.severity == .warning }) {
            var found = ConfigurationFile.lint(loaded)
            found.removeAll { allowed.contains($0.code.name) }
            if isStrict { for index in found.indices { found[index].severity = .error } }
            problems += found
        }
        problems.removeAll { $0.severity == .warning && allowed.contains($0.code.name) }
        return problems
    }
}

extension EnvoyLoader.Format: ExpressibleByArgument {
    /// The notation called `argument` on the command line.
    public init?(argument: String) {
        switch argument {
        case "yaml": self = .yaml
        case "json": self = .json
        case "protobuf": self = .protobuf
        default: return nil
        }
    }

    /// The words for all notations.
    public static var allValueStrings: [String] { ["yaml", "json", "protobuf"] }
}
