// Fairlead: a Swift service that balances its requests, from a file or from plain values
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadEnvoy
import FairleadRE2
import Glibc

/// `balance envoy.yaml`: routes one request by the file and prints where its attempts go; without a file it balances over
/// endpoints that are given as plain values.
@main
struct Balance {
    static func main() throws {
        if let file = CommandLine.arguments.dropFirst().first { try route(file) } else { try balance() }
    }

    // tour: balance
    static func balance() throws {
        let endpoints = ["10.0.0.1", "10.0.0.2"].map { Endpoint(.socket(host: $0, port: 8080)) }
        let cluster = Cluster(name: "users", endpoints: [LocalityEndpoints(endpoints: endpoints)])
        let engine = try Engine(Configuration(clusters: [cluster]))
        let worker = try engine.makeWorker()  // one for each thread

        var exchange = worker.begin(cluster: "users")
        var attempt = Attempt()
        if worker.pick(&exchange, &attempt) == .endpoint, let endpoint = attempt.endpoint {
            print("send it to \(endpoint.address.string)")
            worker.report(&attempt, .response(200), &exchange)
        }
        worker.end(&exchange)
    }
    // tour end

    // tour: route
    static func route(_ file: String) throws {
        let loaded = EnvoyLoader().load(try bytes(of: file), file: file)
        var options = EngineOptions()
        options.plugins.patternEngine = RE2PatternEngine()
        let engine = try Engine(loaded.validated(), options: options)
        let worker = try engine.makeWorker()

        let request = Request(authority: "shop.example", path: "/cart?id=7", headers: [("x-user", "ada")])
        var exchange = worker.begin(request.view)
        var attempt = Attempt()
        while worker.pick(&exchange, &attempt) == .endpoint, let endpoint = attempt.endpoint {
            print("attempt \(attempt.number): \(endpoint.address.string), route \(exchange.route.name.string)")
            // The host sends the request, and says what became of it.
            let verdict = worker.report(&attempt, .response(503), &exchange)
            guard verdict.retries else { break }
            print("try again after \(verdict.delayMilliseconds) ms")
        }
        worker.end(&exchange)
    }
    // tour end

    /// The bytes of a file.
    static func bytes(of file: String) throws -> [UInt8] {
        guard let stream = fopen(file, "r") else {
            throw ProblemList([Problem(.missingField, at: file, "cannot be read")])
        }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, stream), count > 0 { bytes += buffer[0..<count] }
        return bytes
    }
}
