// Fairlead: fuzzing what a request's bytes can do
// SPDX-License-Identifier: Apache-2.0

import CFuzzer
import Fairlead
import FairleadRE2

/// An engine whose route table has a rule of every kind.
private struct Bench {
    let engine: Engine
    let worker: Worker

    init() throws {
        var options = EngineOptions()
        options.maximumWorkers = 1
        options.plugins.patternEngine = RE2PatternEngine()
        engine = Engine(options: options)
        var routes: [Route] = []
        let paths: [RouteMatch.Path] = [
            .exact("/exact"), .prefix("/prefix/long"), .prefix("/prefix"), .separatedPrefix("/part/of"),
            .pattern("/users/[0-9]+(/.*)?"), .pattern("(?i)/x.*"), .connect, .prefix("/"),
        ]
        for (number, path) in paths.enumerated() {
            var match = RouteMatch(path)
            match.isCaseSensitive = number % 3 != 0
            if number % 2 == 0 {
                let holdsB = StringMatcher(.contains("b"), ignoresCase: true)
                match.headers = [HeaderMatcher("x-a", .text(holdsB), isInverted: true)]
                match.queryParameters = [QueryParameterMatcher("q", .present(number % 4 == 0))]
            }
            var forward = ForwardAction(to: number % 3 == 0 ? .header("x-cluster") : .cluster("c"))
            let letters = PatternSubstitution(pattern: "[a-f]+", substitution: "<\\0>")
            let slashes = PatternSubstitution(pattern: "/", substitution: ".")
            forward.pathRewrite = number % 2 == 0 ? .prefix("/new") : .pattern(letters)
            forward.hostRewrite = number % 2 == 0 ? .header("x-host") : .pathPattern(slashes)
            forward.hashPolicies = [
                HashPolicy(.header("x-a", substitution: nil)),
                HashPolicy(.cookie(.init(name: "c", timeToLive: .seconds(1)))),
                HashPolicy(.queryParameter("q")), HashPolicy(.sourceIP),
            ]
            routes.append(Route(match: match, action: .forward(forward)))
            var redirect = RedirectAction()
            redirect.port = UInt16(number)
            redirect.path = .prefix("/moved")
            match.headers = [HeaderMatcher("x-redirect", .present(true))]
            routes.append(Route(match: match, action: .redirect(redirect)))
        }
        let hosts = [
            VirtualHost(name: "exact", domains: ["a.example", "[::1]:80"], routes: routes),
            VirtualHost(name: "wild", domains: ["*.example", "shop.*"], routes: routes),
        ]
        var table = RouteConfiguration(name: "t", virtualHosts: hosts)
        table.ignoresPortInHostMatching = true
        let endpoint = Endpoint(.socket(host: "10.0.0.1", port: 1))
        var cluster = Cluster(name: "c", endpoints: [LocalityEndpoints(endpoints: [endpoint])])
        cluster.loadBalancing.policy = LoadBalancing.ringHash
        try engine.apply(ConfigurationUpdate([.setCluster(cluster), .setRouteConfiguration(table)]))
        worker = try engine.makeWorker()
    }
}

private let bench = try? Bench()

/// Lines: method, authority, path, source, then `name:value` headers; each may hold any byte but a line feed. Whatever
/// they hold, the index agrees with a scan, results fit where their needed length says, and nothing is left open.
func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    guard let bench, let data else { return 0 }
    let lines = UnsafeBufferPointer(start: data, count: size).split(
        separator: UInt8(ascii: "\n"), maxSplits: 40, omittingEmptySubsequences: false)
    let request = Request()
    if lines.count > 0, !lines[0].isEmpty { request.set(method: lines[0]) }
    if lines.count > 1 { request.set(authority: lines[1]) }
    if lines.count > 2 { request.set(path: lines[2]) }
    if lines.count > 3 { request.set(source: String(decoding: lines[3], as: UTF8.self)) }
    for line in lines.dropFirst(4) {
        let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        request.addHeader(parts[0], parts.count > 1 ? parts[1] : parts[0].prefix(0))
    }
    request.random = 7
    var exchange = bench.worker.begin(request.view)
    precondition(exchange.route.agreesWithScan(request.view), "index and scan disagree")
    compose(exchange, request)
    var attempt = Attempt()
    if bench.worker.pick(&exchange, &attempt) == .endpoint {
        bench.worker.report(&attempt, .response(200), &exchange)
    }
    bench.worker.end(&exchange)
    precondition(bench.worker.openExchanges == 0)
    return 0
}

/// Composes every text into a buffer that is too small, and then into one of the size that was asked for.
private func compose(_ exchange: borrowing Exchange, _ request: Request) {
    let route = exchange.route
    for part in 0..<4 {
        var needed = 3
        for _ in 0..<2 {
            let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: max(needed, 1))
            defer { memory.deallocate() }
            var output = OutputBuffer(start: memory, capacity: needed)
            switch part {
            case 0: route.writePath(request.view, into: &output)
            case 1: route.writeAuthority(request.view, endpointHostname: .missing, into: &output)
            case 2: route.writeLocation(request.view, into: &output)
            default: _ = route.writeGeneratedCookie(into: &output)
            }
            if needed != 3 { precondition(output.needed == needed, "the needed length changed") }
            if output.fits { break }
            needed = output.needed
        }
    }
}

/// Hands the command line and the test to libFuzzer.
@main
struct Fuzzer {
    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        _ = LLVMFuzzerRunDriver(&count, &arguments) { fuzz($0, $1) }
    }
}
