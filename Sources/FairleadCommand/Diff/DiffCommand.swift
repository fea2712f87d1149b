// Fairlead: the command that tells what a new configuration would change
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Fairlead
import FairleadEnvoy

/// `fairlead diff`: tells which resources differ between two files, and which requests would go elsewhere.
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say what a new configuration would change, before it is served.",
        discussion: """
            It tells which resources are added, removed or changed, field by field, and tries requests on both: those of \
            --requests, JSON lines as for `fairlead route`, or else requests made up for the domains and routes of both \
            files. Each file prepares them as its connection manager says whose table it is. For each that would go \
            elsewhere it tells how.
            """)

    @Argument(help: "The configuration that is served: YAML, JSON or protobuf.") var old: String
    @Argument(help: "The one that is to be served.") var new: String
    @Option(help: "Requests to try: a file of JSON lines.") var requests: String?
    @Option(help: "The route table to try them on; all, or for --requests the first listener's, if not said.")
    var routeConfig: String?
    @Option(help: "How many requests are made up at most.") var count = 10_000
    @Option(help: "How many fields of a resource, and how many requests, are listed at most; all are counted.")
    var limit = 20
    @Option(help: "What all chance grows from.") var seed: UInt64 = 0
    @Flag(help: "Answer in one object of JSON.") var json = false
    @Flag(help: "Exit with 2 when a request would go elsewhere.") var exitCode = false

    func validate() throws {
        guard limit >= 0, count >= 0 else { throw ValidationError("--limit and --count must not be negative") }
    }

    func run() throws {
        let document = try ConfigurationFile.document(old)
        let before = document.configuration
        let after = try ConfigurationFile.load(new)
        var options = ConfigurationFile.options(for: document)
        options.seed = seed
        options.maximumWorkers = 1
        let engine = try ConfigurationFile.telling { [options] () throws(ProblemList) in
            try Engine(before, options: options)
        }
        let candidate = try ConfigurationFile.telling { () throws(ProblemList) in
            try engine.prepare(ConfigurationUpdate(replacingEverythingWith: after))
        }
        let differences = ResourceDifference.between(before, after)
        let comparison = try compare(candidate, before, after)
        let report = DiffReport(differences: differences, comparison: comparison, limit: limit)
        Console.say(json ? [report.json] : report.lines)
        if exitCode, comparison.movedCount > 0 { throw ExitCode(2) }
    }

    /// Tries the requests.
    func compare(
        _ candidate: UpdateCandidate, _ before: Configuration, _ after: Configuration
    ) throws -> Comparison {
        var comparison = Comparison(candidate, from: before, to: after, limit: limit)
        let known = Set((before.routeConfigurations + after.routeConfigurations).map { $0.name })
        if let routeConfig, !known.contains(routeConfig) {
            throw ValidationError(
                "no route table '\(routeConfig)' in either file; there are: " + known.sorted().joined(separator: ", "))
        }
        guard let requests else {
            for table in routeConfig.map({ [$0] }) ?? known.sorted() {
                let tables = [before, after].flatMap { $0.routeConfigurations.filter { $0.name == table } }
                for trial in NearMisses(DiffCommand.changedFirst(tables), maximum: count).requests {
                    _ = try Bytes.withBytes(of: trial.line) { line in Result { try comparison.attempt(line, [table]) } }
                        .get()
                }
            }
            return comparison
        }
        guard let bytes = ConfigurationFile.bytes(requests) else {
            throw ValidationError("the file \(requests) cannot be read")
        }
        let first =
            routeConfig ?? before.listeners.first?.connectionManager.routeConfiguration
            ?? before.routeConfigurations.first?.name
        let tables = first.map { [$0] } ?? known.sorted()
        try take(bytes, tables, &comparison)
        return comparison
    }

    private func take(_ bytes: [UInt8], _ tables: [String], _ comparison: inout Comparison) throws {
        let maximum = 16 << 20
        var splitter = LineSplitter(maximum: maximum)
        var fault: (any Error)?
        func take(_ line: LineSplitter.Line) {
            do {
                try comparison.take(line, maximum: maximum, tables: tables)
            } catch {
                fault = error
            }
        }
        splitter.feed(bytes[...], take)
        splitter.finish(take)
        if let fault { throw fault }
    }

    /// The tables with those virtual hosts first that are not the same in all of them.
    private static func changedFirst(_ tables: [RouteConfiguration]) -> [RouteConfiguration] {
        guard tables.count == 2 else { return tables }
        var rest = tables
        var changed = tables
        for index in 0...1 {
            let others = Set(tables[1 - index].virtualHosts)
            changed[index].virtualHosts.removeAll { others.contains($0) }
            rest[index].virtualHosts.removeAll { !others.contains($0) }
        }
        return changed + rest.prefix(1)
    }
}
