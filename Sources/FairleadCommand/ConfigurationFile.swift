// Fairlead: reading a configuration from a file
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Fairlead
import FairleadEnvoy
import FairleadRE2
import Glibc

/// A configuration file, as the subcommands read it.
enum ConfigurationFile {
    /// The document in the file called `name`, with every problem that it has.
    static func read(
        _ name: String, isStrict: Bool = false, format: EnvoyLoader.Format? = nil
    ) -> LoadedConfiguration? {
        guard let bytes = bytes(name) else { return nil }
        var loader = EnvoyLoader()
        loader.isStrict = isStrict
        loader.readFile = { ConfigurationFile.bytes($0) }
        loader.environmentVariable = { getenv($0).map { String(cString: $0) } }
        return loader.load(bytes, format: format, file: name)
    }

    /// The document in the file called `name`, if an engine would take it; prints its warnings.
    ///
    /// - Throws: every problem, located, if one is an error.
    static func checked(_ name: String) throws(ProblemList) -> LoadedConfiguration {
        guard let loaded = read(name) else {
            throw ProblemList([Problem(.error, .unreadableFile, "the file cannot be read", file: name)])
        }
        let problems = problems(of: loaded)
        guard problems.allSatisfy({ $0.severity == .warning }) else { throw ProblemList(problems) }
        for problem in problems { Console.complain(problem.description) }
        return loaded
    }

    /// What the loader says, and, where that is no error, what an engine would say: patterns and policies.
    static func problems(of loaded: LoadedConfiguration) -> [Problem] {
        guard loaded.isValid else { return loaded.problems }
        return loaded.problems + loaded.locate(Engine.problems(in: loaded.configuration, options: options()))
    }

    /// What is legal but hardly meant in a document without errors, in its order.
    static func lint(_ loaded: LoadedConfiguration) -> [Problem] {
        // A single resource does not know what its neighbours use.
        let isComplete = loaded.kind == .bootstrap || loaded.kind == .resources
        let found = loaded.locate(Engine.lint(loaded.configuration, options: options(), isComplete: isComplete))
        return found.enumerated().sorted { left, right in
            let first = left.element.place.map { ($0.line, $0.column) } ?? (.max, .max)
            let second = right.element.place.map { ($0.line, $0.column) } ?? (.max, .max)
            return (first.0, first.1, left.offset) < (second.0, second.1, right.offset)
        }.map { $0.element }
    }

    /// The configuration in the file called `name`; prints every problem, and ends the command if one is an error.
    static func load(_ name: String) throws -> Configuration { try document(name).configuration }

    /// What came of the file called `name`; prints every problem, and ends the command if one is an error.
    static func document(_ name: String) throws -> LoadedConfiguration {
        try telling { () throws(ProblemList) in try checked(name) }
    }

    /// What `body` answers; prints the problems that it throws, and ends the command.
    static func telling<Answer>(_ body: () throws(ProblemList) -> Answer) throws -> Answer {
        do throws(ProblemList) {
            return try body()
        } catch {
            for problem in error.problems { Console.complain(problem.description) }
            throw ExitCode.failure
        }
    }

    /// Options with the pattern engine that the schema prescribes.
    static func options() -> EngineOptions {
        var options = EngineOptions()
        options.plugins.patternEngine = RE2PatternEngine()
        return options
    }

    /// The same for an engine that stands where `document` says.
    static func options(for document: LoadedConfiguration) -> EngineOptions {
        var options = options()
        options.locality = document.locality
        options.localCluster = document.localCluster
        return options
    }

    /// The bytes of a file, `nil` when it cannot be read.
    static func bytes(_ name: String) -> [UInt8]? {
        guard let stream = fopen(name, "r") else { return nil }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&block, 1, block.count, stream), count > 0 { bytes += block[0..<count] }
        return ferror(stream) == 0 ? bytes : nil
    }
}

extension Problem.Code {
    /// A file that is not there, or not for us.
    static let unreadableFile = Problem.Code("unreadable-file")
}

/// Where messages for people go.
enum Console {
    /// Writes a line to standard error.
    static func complain(_ line: String) { put(line + "\n", STDERR_FILENO) }

    /// Writes lines to standard output.
    static func say(_ lines: [String]) { put(lines.map { $0 + "\n" }.joined(), STDOUT_FILENO) }

    private static func put(_ text: String, _ descriptor: Int32) {
        let bytes = Array(text.utf8)
        _ = write(descriptor, bytes, bytes.count)
    }
}
