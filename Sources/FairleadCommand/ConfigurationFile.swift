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
    static func read(_ name: String, isStrict: Bool = false) -> LoadedConfiguration? {
        guard let bytes = bytes(name) else { return nil }
        var loader = EnvoyLoader()
        loader.isStrict = isStrict
        loader.readFile = { ConfigurationFile.bytes($0) }
        loader.environmentVariable = { getenv($0).map { String(cString: $0) } }
        return loader.load(bytes, file: name)
    }

    /// The configuration in the file called `name`; prints every problem, and ends the command if one is an error.
    static func load(_ name: String) throws -> Configuration {
        guard let loaded = read(name) else { throw FileFault(name: name) }
        var problems = loaded.problems
        if loaded.isValid { problems += loaded.locate(Engine.problems(in: loaded.configuration, options: options())) }
        for problem in problems { Console.complain(problem.description) }
        guard problems.allSatisfy({ $0.severity == .warning }) else { throw ExitCode.failure }
        return loaded.configuration
    }

    /// Options with the pattern engine that the schema prescribes.
    static func options() -> EngineOptions {
        var options = EngineOptions()
        options.plugins.patternEngine = RE2PatternEngine()
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

/// A file that cannot be read.
struct FileFault: Error, CustomStringConvertible {
    var name: String
    var description: String { "\(name) cannot be read" }
}

/// Where messages for people go.
enum Console {
    /// Writes a line to standard error.
    static func complain(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}
