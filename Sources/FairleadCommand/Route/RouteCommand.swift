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
            """)

    @Option(help: "The configuration: YAML, JSON or protobuf.") var config: String
    @Option(help: "The route table to look in; the only one, or the first listener's, if not said.") var routeConfig: String?
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
        guard let table = routeConfig ?? configuration.listeners.first?.connectionManager.routeConfiguration
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
        var pending: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 18)
        var skipsLine = false
        while true {
            let count = read(STDIN_FILENO, &block, block.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            pending += block[0..<count]
            let used = answer(&answerer, pending, &skipsLine)
            pending.removeFirst(used)
            if pending.count > Self.maximumLine {
                pending.removeAll()
                if !skipsLine { answerer.refuse("a line is longer than \(Self.maximumLine) bytes") }
                skipsLine = true
            }
            try flush(&answerer)
        }
        if !pending.isEmpty, !skipsLine { Bytes.withBytes(of: pending) { answerer.answer($0) } }
        try flush(&answerer)
    }

    /// Answers the whole lines of `bytes`; answers how many bytes they took.
    private func answer(_ answerer: inout RouteAnswerer, _ bytes: [UInt8], _ skipsLine: inout Bool) -> Int {
        Bytes.withBytes(of: bytes) { all in
            var start = 0
            while let end = all.firstIndex(of: UInt8(ascii: "\n"), from: start) {
                let line = all[start..<end]
                if skipsLine {
                    skipsLine = false
                } else if (0..<line.count).contains(where: { line[$0] > 0x20 }) {
                    answerer.answer(line)
                }
                start = end + 1
            }
            return start
        }
    }

    private func flush(_ answerer: inout RouteAnswerer) throws {
        var rest = answerer.output.bytes
        while !rest.isEmpty {
            let count = write(STDOUT_FILENO, rest, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw ExitCode.failure }
            rest.removeFirst(count)
        }
        answerer.output.removeAll()
    }
}
