// Fairlead: the command that judges configuration files
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Fairlead
import FairleadEnvoy

/// `fairlead check`: prints every problem of the files; exit 1 if one is an error.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say everything that is wrong with configuration files.")

    @Argument(help: "The files: YAML, JSON or protobuf.") var files: [String]
    @Flag(help: "Take unknown fields and types for errors.") var strict = false

    func run() throws {
        var errors = 0
        var warnings = 0
        for file in files {
            for problem in problems(of: file) {
                print(problem.description)
                if problem.severity == .error { errors += 1 } else { warnings += 1 }
            }
        }
        print("\(files.count) file\(files.count == 1 ? "" : "s"), \(errors) errors, \(warnings) warnings")
        if errors > 0 { throw ExitCode.failure }
    }

    private func problems(of file: String) -> [Problem] {
        guard let loaded = ConfigurationFile.read(file, isStrict: strict) else {
            return [Problem(.error, .unreadableFile, "the file cannot be read", file: file)]
        }
        return ConfigurationFile.problems(of: loaded)
    }
}
