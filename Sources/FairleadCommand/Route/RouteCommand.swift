// Fairlead: the command that answers requests on standard input
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Fairlead
import Glibc

/// `fairlead route`: reads requests as JSON lines on standard input and answers a JSON line each, in order.
struct RouteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "route",
        abstract: "Say where requests would go: JSON lines in, JSON lines out.",
        discussion: """
            In, all but path optional: {"method":"GET","scheme":"http","authority":"shop.example","path":"/a?b=c",\
            "headers":[["x-k","v"]],"source":"10.0.0.1:1234"}

            Out, null where it does not apply, endpoint only with --pick: {"virtual_host":"…","route":"…","action":\
            "forward|redirect|direct_response|none","status":301,"location":"…","body":"…","cluster":"…","path":"…",\
            "authority":"…","endpoint":"10.0.0.9:80"}

            Each line has its answer; one that is no request, or is longer than 16 MiB, has {"error":"…"}.
            """)

    @Option(help: "The configuration: YAML, JSON or protobuf.") var config: String
    @Option(help: "The route table to look in; the only one, or the first listener's, if not said.") var routeConfig:
        String?
    @Option(help: "What all chance grows from.") var seed: UInt64 = 0
    @Flag(help: "Pick an endpoint too.") var pick = false

    /// A line longer than this is refused, and skipped.
    private static let maximumLine = 16 << 20

    func run() throws {
        let configuration = try ConfigurationFile.load(config)
        var options = ConfigurationFile.options()
        options.seed = seed
        options.maximumWorkers = 1
        let engine = try Engine(configuration, options: options)
        guard
            let table = routeConfig ?? configuration.listeners.first?.connectionManager.routeConfiguration
                ?? configuration.routeConfigurations.first?.name, let id = engine.routeTableID(table)
        else {
            throw ValidationError(
                "no route table '\(routeConfig ?? "")' in \(config); there are: "
                    + configuration.routeConfigurations.map { $0.name }.joined(separator: ", "))
        }
        var answerer = RouteAnswerer(try engine.makeWorker(), routeTable: id, picks: pick)
        try answerAll(&answerer)
    }

    /// Reads large blocks and answers the whole lines of each before the next is read, so that whoever types sees the
    /// answer at once and whoever pipes pays few system calls.
    private func answerAll(_ answerer: inout RouteAnswerer) throws {
        var splitter = LineSplitter(maximum: Self.maximumLine)
        var block = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = read(STDIN_FILENO, &block, block.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            splitter.feed(block[0..<count]) { answerer.answer($0, maximum: Self.maximumLine) }
            try flush(&answerer)
        }
        splitter.finish { answerer.answer($0, maximum: Self.maximumLine) }
        try flush(&answerer)
    }

    private func flush(_ answerer: inout RouteAnswerer) throws {
        var rest = answerer.output.bytes[...]
        while !rest.isEmpty {
            let count = write(STDOUT_FILENO, Array(rest), rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw ExitCode.failure }
            rest = rest.dropFirst(count)
        }
        answerer.output.removeAll()
    }
}
