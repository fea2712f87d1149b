// Fairlead: what the cases are measured on
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadRE2

/// An engine with one worker and one route table, `t`.
final class Fixture {
    let engine: Engine
    let worker: Worker

    init(_ hosts: [VirtualHost] = [], clusters: [Cluster] = [], workers: Int = 4) {
        var options = EngineOptions()
        options.plugins.patternEngine = RE2PatternEngine()
        options.maximumWorkers = workers
        engine = Engine(options: options)
        var changes = clusters.map { ConfigurationUpdate.Change.setCluster($0) }
        if !hosts.isEmpty { changes.append(.setRouteConfiguration(RouteConfiguration(name: "t", virtualHosts: hosts))) }
        do { try engine.apply(ConfigurationUpdate(changes)) } catch { fatalError(error.description) }
        worker = Fixture.makeWorker(engine)
    }

    /// A further worker, or the first one.
    static func makeWorker(_ engine: Engine) -> Worker {
        do { return try engine.makeWorker() } catch { fatalError("more than \(error.maximum) workers") }
    }

    /// Applies `update`, which has to be faultless, and lets the worker adopt it.
    func publish(_ update: ConfigurationUpdate) {
        do {
            let generation = try engine.apply(update)
            worker.refresh()
            precondition(worker.generation == generation)
        } catch {
            fatalError(error.description)
        }
    }

    /// One virtual host for everything, with `routes`.
    convenience init(_ routes: [Route], clusters: [Cluster] = []) {
        self.init([VirtualHost(name: "h", domains: ["*"], routes: routes)], clusters: clusters)
    }

    /// Begins and ends exchanges for one request; the request must lead to a route exactly if `matches` says so.
    func routing(_ request: Request, matches: Bool = true) -> Loop {
        check(request, matches)
        let worker = worker
        return Loop { rounds in
            let view = request.view
            for _ in 0..<rounds {
                var exchange = worker.begin(view)
                swallow(exchange)
                worker.end(&exchange)
            }
        }
    }

    /// The same for many requests in turn; their number is a power of two.
    func routing(_ requests: [Request], matches: Bool = true) -> Loop {
        for request in requests { check(request, matches) }
        let worker = worker
        let mask = requests.count - 1
        return Loop(
            baseline: { rounds in
                for round in 0..<rounds {
                    let request = requests[round & mask]
                    let view = request.view
                    // The host has just read the request: its bytes are at hand.
                    swallow(view.path[0] &+ view.authority[0])
                }
            },
            body: { rounds in
                for round in 0..<rounds {
                    let request = requests[round & mask]
                    let view = request.view
                    swallow(view.path[0] &+ view.authority[0])
                    var exchange = worker.begin(view)
                    swallow(exchange)
                    worker.end(&exchange)
                }
            })
    }

    private func check(_ request: Request, _ matches: Bool) {
        let view = request.view
        var exchange = worker.begin(view)
        precondition((exchange.disposition != .noRoute) == matches, "the case does not measure what it says")
        worker.end(&exchange)
    }
}

/// Configurations in bulk.
enum Bulk {
    /// `count` routes whose paths look like those of an API and have many lengths; each answers directly.
    static func paths(_ count: Int) -> [String] {
        (0..<count).map { number in
            switch number % 4 {
            case 0: "/api/v1/service-\(number)/"
            case 1: "/api/v1/team-\(number % 97)/items/\(number)/"
            case 2: "/static/\(number)/"
            default: "/shop/\(number % 31)/catalogue/pages/\(number)/"
            }
        }
    }

    static func routes(_ matches: [RouteMatch]) -> [Route] {
        matches.map { Route(match: $0, action: .forward(ForwardAction(to: .cluster("c")))) }
    }

    /// `count` endpoints with addresses of their own.
    static func endpoints(_ count: Int, weight: (Int) -> UInt32 = { _ in 1 }) -> [Endpoint] {
        (0..<count).map { Endpoint(address($0), weight: weight($0)) }
    }

    static func address(_ number: Int) -> Address {
        .socket(host: "10.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)", port: 8080)
    }

    static func cluster(
        _ name: String, _ count: Int, policy: String = LoadBalancing.roundRobin,
        _ parameters: [(String, PolicyParameters.Value)] = [], weight: (Int) -> UInt32 = { _ in 1 }
    ) -> Cluster {
        var cluster = Cluster(name: name, endpoints: [LocalityEndpoints(endpoints: endpoints(count, weight: weight))])
        cluster.loadBalancing = LoadBalancing(policy: policy, parameters: PolicyParameters(parameters))
        return cluster
    }

    static func request(_ path: String, authority: String = "shop.example", _ headers: [(String, String)] = [])
        -> Request
    {
        let request = Request(capacity: 128)
        request.set(method: "GET")
        request.set(scheme: "http")
        request.set(authority: authority)
        request.set(path: path)
        for (name, value) in headers { request.addHeader(name, value) }
        return request
    }

    /// Some of `items` in an order without a pattern: a power of two of them, some perhaps more than once.
    static func shuffled<Item>(_ items: [Item], _ count: Int) -> [Item] {
        var random = RandomSource(seed: 7)
        return (0..<count).map { _ in items[Int(random.next(below: UInt64(items.count)))] }
    }

    /// 1,000 as `1,000`.
    static func text(_ number: Int) -> String { Row.digits(Double(number)) }

    /// What a browser or a service mesh sends along.
    static let headers = [
        ("user-agent", "curl/8.5.0"), ("accept", "*/*"), ("accept-encoding", "gzip, deflate"),
        ("x-request-id", "8d0b2f4e"),
        ("x-forwarded-for", "10.1.2.3"), ("x-user", "4711"), ("content-type", "application/json"),
        ("cookie", "a=b; c=d"),
    ]
}
