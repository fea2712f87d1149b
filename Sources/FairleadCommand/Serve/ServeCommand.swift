// Fairlead: the command that serves
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Fairlead
import FairleadEnvoy
import FairleadProxy
import Glibc

/// `fairlead serve`: the reference proxy, with a configuration file or as a demonstration.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve a configuration: an HTTP/1.1 proxy.",
        discussion: """
            SIGHUP reads the configuration again, SIGTERM and SIGINT end the process once the requests under way are \
            answered. A configuration that is refused changes nothing.
            """)

    @Option(help: "The configuration: YAML, JSON or protobuf.") var config: String?
    @Option(help: "How many event loops, each with a thread of its own; the number of processors if not said.")
    var concurrency: Int?
    @Option(help: "Where the administration interface listens; as the configuration says if not said.")
    var admin: AddressArgument?
    @Flag(inversion: .prefixedNo, help: "Reload when the file changes.") var watch = true
    @Flag(help: "Serve a demonstration with endpoints inside of this process.") var demo = false
    @Option(name: .customLong("for"), help: "End after this time; the demonstration then sends requests of its own.")
    var length: DurationArgument?
    @Option(help: "What all chance grows from.") var seed: UInt64?
    @Option(help: "How long requests under way may take to end.") var drainTime = DurationArgument(.seconds(10))

    func validate() throws {
        if demo == (config != nil) { throw ValidationError("give either --config or --demo") }
        if let concurrency, !(1...256).contains(concurrency) { throw ValidationError("--concurrency is 1 … 256") }
    }

    func run() async throws {
        let loops = concurrency ?? max(1, min(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 256))
        // Without a seed every process decides differently, as processes that share endpoints should.
        let seed = seed ?? UInt64.random(in: .min ... .max)
        // As in Envoy, where the process stands is settled when it starts.
        var options =
            config.flatMap { ConfigurationFile.read($0) }.map { ConfigurationFile.options(for: $0) }
            ?? ConfigurationFile.options()
        options.seed = seed
        options.maximumWorkers = loops
        var proxyOptions = ProxyOptions()
        proxyOptions.concurrency = loops
        proxyOptions.seed = seed
        proxyOptions.drainTime = drainTime.duration
        proxyOptions.log = { Console.complain($0) }
        let proxy = try await Proxy(engine: Engine(options: options), options: proxyOptions)
        do {
            if demo {
                try await DemoRun(proxy, admin: admin?.address, length: length?.duration).run()
            } else if let config {
                try await serve(config, proxy)
            }
        } catch {
            await proxy.shutDown()
            throw error
        }
        await proxy.shutDown()
    }

    private func serve(_ file: String, _ proxy: Proxy) async throws {
        let source = ConfigurationSource(
            load: { () throws(ProblemList) in try ConfigurationFile.checked(file).configuration },
            stamp: { FileStamp(file) })
        let serving = ProxyServing(proxy, source, watches: watch) { Console.complain($0) }
        do throws(ProblemList) {
            try await serving.begin()
        } catch {
            for problem in error.problems { Console.complain(problem.description) }
            throw ExitCode.failure
        }
        for listener in proxy.engine.configuration.listeners {
            let address = await proxy.address(ofListener: listener.name) ?? listener.address.text
            Console.complain("listening: \(listener.name) at \(address)")
        }
        let interface = try await startAdmin(file, proxy)
        let signals = Signals()
        let input = signals.input
        let end = length.map { length in
            Task {
                try await Task.sleep(for: length.duration)
                input.yield(.stop)
            }
        }
        await serving.run(signals.events)
        end?.cancel()
        signals.stop()
        await interface?.stop()
    }

    private func startAdmin(_ file: String, _ proxy: Proxy) async throws -> AdminServer? {
        guard let address = admin?.address ?? ConfigurationFile.read(file)?.administration else { return nil }
        do {
            let interface = try await AdminServer.start(proxy, at: address) { EnvoyWriter.configDump($0) }
            Console.complain("administration at \(interface.address)")
            return interface
        } catch {
            Console.complain("cannot listen at \(address.text) for the administration: \(error)")
            throw ExitCode.failure
        }
    }
}
