// Fairlead: law 3: a decision makes no noise
// SPDX-License-Identifier: Apache-2.0

import CNoise
import Fairlead
import FairleadRE2

/// Silence: begin, pick, report and end allocate nothing, lock nothing and count no reference; and, in a child process
/// that the kernel would kill at the first system call, make none.
struct SilenceLaw: Law {
    static let name = "silence"

    static func check(seed: UInt64, scale: Int) throws -> LawReport {
        var report = LawReport()
        for policy in [
            LoadBalancing.roundRobin, LoadBalancing.leastRequest, LoadBalancing.ringHash, LoadBalancing.maglev,
            LoadBalancing.random,
        ] {
            let bench = try Bench(policy)
            let kind = String(policy.split(separator: ".").last ?? "")
            for (number, request) in bench.requests.enumerated() {
                // The first rounds warm up what is made once a process.
                for _ in 0..<50 { Bench.round(bench.worker, request, bench.response) }
                fl_noise_listen()
                for _ in 0..<(100 * scale) { Bench.round(bench.worker, request, bench.response) }
                let heard = fl_noise_heard()
                report.cases += 100 * scale
                let made = [
                    ("allocations", heard.allocations), ("frees", heard.frees), ("locks", heard.locks),
                    ("retains", heard.retains), ("releases", heard.releases),
                ]
                for (noise, count) in made where count != 0 {
                    report.fail("\(kind), request \(number): \(count) \(noise) in \(100 * scale) rounds")
                }
            }
            let status = fl_noise_run_without_system_calls(
                { context in
                    guard let context else { return }
                    let bench = Unmanaged<Bench>.fromOpaque(context).takeUnretainedValue()
                    for request in bench.requests { Bench.round(bench.worker, request, bench.response) }
                }, Unmanaged.passUnretained(bench).toOpaque())
            report.check(status == 0, "\(kind): a decision made a system call (status \(status))")
        }
        // The counters themselves must be able to count.
        fl_noise_listen()
        let witnesses = Bench.makeNoise()
        let heard = fl_noise_heard()
        report.check(heard.allocations > 0, "allocations are not counted")
        report.check(heard.retains > 0, "retains are not counted")
        report.check(fl_noise_killed_by_system_call() == 1, "system calls are not noticed")
        withExtendedLifetime(witnesses) {}
        return report
    }

    /// An engine, a worker and requests that take every road through a decision.
    final class Bench {
        final class Witness {}

        /// Allocates and counts references, to see whether that is heard.
        @inline(never)
        static func makeNoise() -> [Witness] {
            let witness = Witness()
            return [witness, witness]
        }

        let worker: Worker
        let engine: Engine
        let requests: [Request]
        /// What the first attempt of each exchange gets.
        let response = Request(
            authority: nil, path: nil, headers: [("grpc-status", "14"), ("x-ratelimit-reset", "5")])

        init(_ policy: String) throws {
            var forward = ForwardAction(to: .cluster("c"))
            forward.hashPolicies = [
                HashPolicy(.header("x-key", substitution: nil)),
                HashPolicy(.cookie(HashPolicy.Cookie(name: "id", timeToLive: .seconds(10)))),
            ]
            var retry = RetryPolicy(on: [.grpcUnavailable, .retriableHeaders, .retriableStatusCodes, .serverError])
            retry.retriableHeaders = [HeaderMatcher("again", .text(StringMatcher(.exact("yes"))))]
            retry.retriableRequestHeaders = [HeaderMatcher(":path", .present(true))]
            retry.retriableStatusCodes = [425]
            retry.resetHeaders = [.init("retry-after"), .init("x-ratelimit-reset", .unixTimestamp)]
            retry.avoidsPreviousHosts = true
            forward.retryPolicy = retry
            var conditional = RouteMatch(.separatedPrefix("/api"))
            conditional.headers = [HeaderMatcher("x-key", .text(StringMatcher(.prefix("k"), ignoresCase: true)))]
            conditional.queryParameters = [QueryParameterMatcher("q", .present(true))]
            let weighted = WeightedClusters([.init("c", weight: 1), .init("d", weight: 3)])
            let routes = [
                Route(match: conditional, action: .forward(forward)),
                Route(match: RouteMatch(.exact("/exact")), action: .forward(ForwardAction(to: .weighted(weighted)))),
                Route(match: RouteMatch(.exact("/named")), action: .forward(ForwardAction(to: .header("x-cluster")))),
                Route(match: RouteMatch(.exact("/subset")), action: .forward(Self.asking(["a": "1", "b": "9"]))),
                Route(match: RouteMatch(.exact("/zone")), action: .forward(ForwardAction(to: .cluster("z")))),
                Route(match: RouteMatch(.prefix("/go")), action: .redirect(RedirectAction())),
                Route(match: RouteMatch(.prefix("/")), action: .forward(forward)),
            ]
            var options = EngineOptions.law()
            options.maximumWorkers = 2
            engine = Engine(options: options)
            var cluster = Cluster(
                name: "c",
                endpoints: [
                    LocalityEndpoints(
                        locality: Locality(zone: "a"), weight: 1,
                        endpoints: (1...5).map { Endpoint(.socket(host: "10.0.0.1", port: $0), weight: UInt32($0)) }),
                    LocalityEndpoints(
                        locality: Locality(zone: "b"), weight: 2,
                        endpoints: (6...9).map { Endpoint(.socket(host: "10.0.0.1", port: $0)) }),
                ])
            cluster.loadBalancing = LoadBalancing(policy: policy)
            cluster.loadBalancing.weighsLocalities = true
            var plain = cluster
            plain.name = "d"
            plain.loadBalancing.weighsLocalities = false
            var zoned = Cluster(name: "z", endpoints: [Self.zone("z1", 1...2), Self.zone("z2", 3...9)])
            zoned.loadBalancing = LoadBalancing(policy: policy)
            var split = Cluster(name: "s", endpoints: [Self.zone("z1", 1...9)])
            split.loadBalancing = LoadBalancing(policy: policy)
            split.loadBalancing.subsets = SubsetBalancing([
                .init(["a"]), .init(["a", "b"], fallback: .fewerKeys(["a"])),
            ])
            // The local cluster of the laws' engines.
            split.loadBalancing.overrideSources = [.header("x-target")]
            let local = Cluster(name: "c0", endpoints: [Self.zone("z1", 1...1), Self.zone("z2", 2...2)])
            try engine.apply(
                ConfigurationUpdate([
                    .setCluster(cluster), .setCluster(plain), .setCluster(zoned), .setCluster(split),
                    .setCluster(local),
                    .setRouteConfiguration(
                        RouteConfiguration(
                            name: "t",
                            virtualHosts: [VirtualHost(name: "h", domains: ["*.example", "one.test"], routes: routes)])),
                ]))
            worker = try engine.makeWorker()
            requests = [
                ("/api/x?q=1", [("x-key", "Key")]), ("/exact", []), ("/named", [("x-cluster", "d")]), ("/go", []),
                ("/rest", []), ("/subset", []), ("/zone", []),
                ("/subset", [("x-target", "10.0.0.9:1, 10.0.0.1:7")]),
                ("/rest", [("x-key", "b"), ("x-key", "a"), ("cookie", "a=b; id=\"7\"")]),
                (
                    "/wishes",
                    [("x-envoy-retry-on", "5xx, retriable-headers"), ("x-envoy-retriable-header-names", "x, again")]
                ),
            ].map { Request(authority: "a.Example", path: $0.0, headers: $0.1, source: "10.0.0.7:1234") }
            requests[requests.count - 1].connection.insert(.isInternal)
        }

        /// An action that asks the cluster `s` for endpoints with the given values.
        static func asking(_ values: [String: String]) -> ForwardAction {
            var action = ForwardAction(to: .cluster("s"))
            action.metadataMatch = metadata(values)
            return action
        }

        static func metadata(_ values: [String: String]) -> Metadata {
            let fields = values.sorted { $0.key < $1.key }.map { MetadataValue.Field($0.key, .text($0.value)) }
            return Metadata([.init("envoy.lb", .structure(fields))])
        }

        static func zone(_ name: String, _ ports: ClosedRange<UInt16>) -> LocalityEndpoints {
            LocalityEndpoints(
                locality: Locality(region: "r", zone: name),
                endpoints: ports.map {
                    Endpoint(.socket(host: "10.0.0.1", port: $0), metadata: metadata(["a": "1", "b": "\($0 % 3)"]))
                })
        }

        /// One exchange, with a failure and a retry on the way.
        @inline(never)
        static func round(_ worker: Worker, _ request: Request, _ response: Request) {
            worker.refresh()
            var exchange = worker.begin(request.view)
            var attempt = Attempt()
            if worker.pick(&exchange, &attempt) == .endpoint {
                let (response, own) = (response.view.headers, request.view.headers)
                let facts = RetryFacts(response: response, request: own, unixSeconds: 3)
                let verdict = worker.report(&attempt, .response(503), &exchange, facts)
                if verdict.retries, worker.pick(&exchange, &attempt) == .endpoint {
                    worker.detach(&attempt)
                    worker.report(&attempt, .response(200), &exchange)
                }
            }
            worker.end(&exchange)
        }
    }
}
