// Fairlead: whole decisions
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// Whole decisions: refresh, begin, pick, report, end.
func decisionCases(_ bench: Bench) {
    for policy in PolicyKind.all where policy.isPlain {
        bench.loop("\(policy.name), 10 routes, 10 endpoints") {
            decision(routes: 10, policy.cluster(10), policy.hashes)
        }
    }
    bench.loop("round robin, 1,000 routes, 1,000 endpoints") {
        decision(routes: 1000, PolicyKind.roundRobin.cluster(1000))
    }
    bench.loop(
        "least request, 100,000 routes, 10,000 endpoints", .atMost(1000),
        peers: "Envoy and nginx: 34.6 and 11.7 µs for the whole request"
    ) {
        decision(routes: 100_000, PolicyKind.leastRequest.cluster(10_000))
    }
    bench.loop("least request, 10 routes, 10 endpoints, one retry") {
        decision(routes: 10, PolicyKind.leastRequest.cluster(10), fails: true)
    }
}

private func decision(routes count: Int, _ cluster: Cluster, _ hashes: Bool = false, fails: Bool = false) -> Loop {
    var forward = ForwardAction(to: .cluster("c"))
    if hashes { forward.hashPolicies = [HashPolicy(.header("x-user", substitution: nil))] }
    if fails {
        forward.retryPolicy = RetryPolicy(on: .serverError)
        forward.retryPolicy?.avoidsPreviousHosts = true
    }
    let paths = Bulk.paths(count)
    let fixture = Fixture(
        paths.map { Route(match: RouteMatch(.prefix($0)), action: .forward(forward)) }, clusters: [cluster])
    let request = Bulk.request(paths[count - 1] + "42?from=cart", Bulk.headers)
    let worker = fixture.worker
    return Loop { rounds in
        let view = request.view
        var attempt = Attempt()
        for _ in 0..<rounds {
            worker.refresh()
            var exchange = worker.begin(view)
            let result = worker.pick(&exchange, &attempt)
            precondition(result == .endpoint)
            if fails, worker.report(&attempt, .response(503), &exchange).retries {
                _ = worker.pick(&exchange, &attempt)
            }
            worker.report(&attempt, .response(200), &exchange)
            worker.end(&exchange)
        }
    }
}

/// Snapshot access: what it costs to look whether there is something new.
func snapshotCases(_ bench: Bench) {
    bench.loop(
        "refresh with nothing new", .atMost(2),
        peers: "epoch pin 7–8, shared count 79–103, mutex 132–184 ns with two threads"
    ) {
        let fixture = Fixture([], clusters: [Bulk.cluster("c", 10)])
        let worker = fixture.worker
        return Loop { rounds in
            for _ in 0..<rounds { swallow(worker.refresh()) }
        }
    }
}
