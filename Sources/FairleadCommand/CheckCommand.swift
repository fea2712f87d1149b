// Fairlead: the command that judges configuration files
// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import Fairlead
public import FairleadEnvoy

/// `fairlead check`: prints every problem of the files; exit 1 if one is an error.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say everything that is wrong with configuration files.")

    @Argument(help: "The files: YAML, JSON or protobuf.") var files: [String]
    @Flag(help: "Take unknown fields and types for errors.") var strict = false
    @Option(help: "The notation: yaml, json or protobuf; by the file's name or its first bytes if not said.")
    var format: EnvoyLoader.Format?

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
        return ConfigurationFile.problems(of: loaded)
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
