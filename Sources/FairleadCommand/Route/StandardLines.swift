// Fairlead: answering standard input line by line
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Fairlead
import FairleadEnvoy
import Glibc

/// Something that answers lines, each into an output that is flushed now and then.
protocol LineAnswerer {
    var output: AnswerLine { get set }

    /// Answers one line; `maximum` is how long one may be, in bytes.
    mutating func answer(_ line: LineSplitter.Line, maximum: Int)
}

/// Lines of standard input, answered on standard output.
enum StandardLines {
    /// A line longer than this is refused, and skipped.
    private static let maximumLine = 16 << 20

    /// Reads large blocks and answers the whole lines of each before the next is read, so that whoever types sees the
    /// answer at once and whoever pipes pays few system calls.
    static func answer(with answerer: inout some LineAnswerer) throws {
        var splitter = LineSplitter(maximum: maximumLine)
        var block = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = read(STDIN_FILENO, &block, block.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            splitter.feed(block[0..<count]) { answerer.answer($0, maximum: maximumLine) }
            try flush(&answerer)
        }
        splitter.finish { answerer.answer($0, maximum: maximumLine) }
        try flush(&answerer)
    }

    /// Writes out what was answered so far.
    static func flush(_ answerer: inout some LineAnswerer) throws {
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

/// An engine with one worker over a configuration file, for subcommands that answer requests.
struct RequestServer {
    let engine: Engine
    let worker: Worker
    /// The id of the route table that requests are looked up in.
    let routeTable: Int
    /// What is done to requests before they are routed: what the listener does whose table it is.
    let rules: PreparationRules
    /// The address of that listener, with its port; empty when there is none.
    let destination: String

    /// Serves the file called `file`; its only route table, or the first listener's, if `name` is `nil`.
    init(_ file: String, routeTable name: String?, seed: UInt64) throws {
        let document = try ConfigurationFile.document(file)
        let configuration = document.configuration
        var options = ConfigurationFile.options(for: document)
        options.seed = seed
        options.maximumWorkers = 1
        engine = try ConfigurationFile.telling { [options] () throws(ProblemList) in
            try Engine(configuration, options: options)
        }
        guard
            let table = name ?? configuration.listeners.first?.connectionManager.routeConfiguration
                ?? configuration.routeConfigurations.first?.name, let id = engine.routeTableID(table)
        else {
            throw ValidationError(
                "no route table '\(name ?? "")' in \(file); there are: "
                    + configuration.routeConfigurations.map { $0.name }.joined(separator: ", "))
        }
        routeTable = id
        let entrance = Entrance(to: table, of: configuration)
        rules = entrance.preparer.rules
        destination = entrance.address
        worker = try engine.makeWorker()
    }
}
