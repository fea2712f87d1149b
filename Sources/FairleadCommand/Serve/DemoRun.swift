// Fairlead: the demonstration on a terminal
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Fairlead
import FairleadEnvoy
import FairleadProxy
import Glibc

/// The demonstration on a terminal: says what to try, and shows each second who got how many requests.
struct DemoRun {
    private let proxy: Proxy
    private let admin: Address
    private let length: Duration?
    private let isTerminal = isatty(STDOUT_FILENO) == 1

    /// A run with `proxy`, for `length` with requests of its own, or until it is told to stop.
    init(_ proxy: Proxy, admin: Address?, length: Duration?) {
        self.proxy = proxy
        self.admin = admin ?? .socket(host: "127.0.0.1", port: 9901)
        self.length = length
    }

    /// The port that is asked for first; another one when somebody has it.
    private static let port: UInt16 = 10000

    func run() async throws {
        let demo = try await Demo()
        let port = try await listen(demo)
        let interface = try await startAdmin()
        Console.say(Demo.invitation(port: port, admin: interface.address) + [""])
        let signals = Signals()
        if let length {
            let input = signals.input
            Task {
                await demo.sendTraffic(port: port, for: length)
                input.yield(.stop)
            }
        }
        await show(demo, signals.events)
        signals.stop()
        let cut = await proxy.drain()
        if length != nil {
            if !isTerminal { Console.say(await demo.tableLines(proxy.engine.clusterStatistics) + [""]) }
            Console.say(await demo.summary)
        }
        let isAsExpected = await demo.isAsExpected
        await interface.stop()
        await demo.stop()
        guard length == nil || isAsExpected && cut == 0 else { throw ExitCode.failure }
    }

    private func listen(_ demo: Demo) async throws -> Int {
        do throws(ProblemList) {
            try await proxy.apply(await demo.configuration(port: Self.port))
        } catch {
            guard error.problems.allSatisfy({ $0.code == .cannotListen }) else { throw error }
            try await proxy.apply(await demo.configuration(port: 0))
        }
        return await proxy.port(ofListener: Demo.listener) ?? 0
    }

    private func startAdmin() async throws -> AdminServer {
        do {
            return try await AdminServer.start(proxy, at: admin) { EnvoyWriter.configDump($0) }
        } catch {
            return try await AdminServer.start(proxy, at: .socket(host: "127.0.0.1", port: 0)) {
                EnvoyWriter.configDump($0)
            }
        }
    }

    /// Shows with every tick what happened, until the end: the table in place on a terminal, elsewhere a line when there
    /// is something to say.
    private func show(_ demo: Demo, _ events: AsyncStream<ProxyServing.Event>) async {
        var drawn = 0
        events: for await event in events {
            if case .stop = event { break events }
            await proxy.tick()
            let clusters = proxy.engine.clusterStatistics
            if isTerminal {
                let lines = await demo.tableLines(clusters)
                // Up to the first line of the last table, and each line cleared to its end.
                let up = drawn > 0 ? "\u{1b}[\(drawn)A" : ""
                Console.say(lines.enumerated().map { ($0 == 0 ? up : "") + $1 + "\u{1b}[K" })
                drawn = lines.count
            } else {
                let news = await demo.newsLine(clusters)
                if !news.isEmpty { Console.say([news]) }
            }
        }
        Console.say([""])
    }
}
