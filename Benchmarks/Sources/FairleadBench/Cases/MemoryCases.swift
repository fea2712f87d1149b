// Fairlead: bytes
// SPDX-License-Identifier: Apache-2.0

import CProbe
import Fairlead

/// Bytes for each endpoint, route and so on: what the engine's statistics tell of blocks, slots and tables beside them,
/// and what the heap has in use altogether, the desired state and the control side's own tables included.
func memoryCases(_ bench: Bench) {
    let count = 10_240
    func endpointBytes(_ policy: PolicyKind) -> Double {
        difference(per: count) { Fixture([], clusters: $0 ? [policy.cluster(count)] : []) }
    }
    bench.figure("an endpoint, round robin: block, slot, pointer", .bytes, .atMost(96), peers: "Envoy 1,640 B") {
        endpointBytes(.roundRobin)
    }
    bench.figure("an endpoint, least request by weight: block, slot, pointer", .bytes, .atMost(96)) {
        endpointBytes(PolicyKind.all[3])
    }
    bench.figure("an endpoint, more for each worker", .bytes, .atMost(8)) {
        workerBytes(endpoints: count) / Double(count)
    }
    bench.figure("an endpoint, all of the heap", .bytes, peers: "Envoy 1,640 B") {
        heap(per: 100_000) { Fixture([], clusters: [Bulk.cluster("c", 100_000)]) }
    }
    let paths = Bulk.paths(10_000)
    func routes() -> [Route] { Bulk.routes(paths.map { RouteMatch(.prefix($0)) }) }
    bench.figure("a prefix route of 10,000: block", .bytes, .atMost(200), peers: "Envoy 2,460 B") {
        difference(per: 10_000) { Fixture($0 ? routes() : Array(routes().prefix(1))) }
    }
    bench.figure("a prefix route of 10,000, all of the heap", .bytes, peers: "Envoy 2,460 B") {
        heap(per: 10_000) { Fixture(routes()) }
    }
    bench.figure("a virtual host with one route: blocks", .bytes, peers: "Envoy 4,100 B") {
        difference(per: 1000) { Fixture(hosts($0 ? 1001 : 1)) }
    }
    bench.figure("a cluster of 10 endpoints: blocks, slots, pointers", .bytes, peers: "Envoy 62,000 B") {
        difference(per: 1024) { Fixture([], clusters: (0..<($0 ? 1025 : 1)).map { Bulk.cluster("c\($0)", 10) }) }
    }
    bench.figure("a ring entry of 65,536: block", .bytes, .atMost(12), peers: "Envoy 24 B") {
        difference(per: 65_536) {
            let size: UInt64 = $0 ? 65_536 : 1
            let parameters: [(String, PolicyParameters.Value)] = [
                ("minimum_ring_size", .unsigned(size)), ("maximum_ring_size", .unsigned(size)),
            ]
            return Fixture([], clusters: [Bulk.cluster("c", 1, policy: LoadBalancing.ringHash, parameters)])
        }
    }
}

private func hosts(_ count: Int) -> [VirtualHost] {
    (0..<count).map {
        VirtualHost(
            name: "h\($0)", domains: ["tenant-\($0).shop.example"], routes: Bulk.routes([RouteMatch(.prefix("/"))]))
    }
}

/// By how much an engine with many (`true`) exceeds one with few, for each.
private func difference(per count: Int, _ make: (Bool) -> Fixture) -> Double {
    func total(_ fixture: Fixture) -> Int {
        let statistics = fixture.engine.statistics
        return statistics.blockBytes + statistics.rootBytes + statistics.slotBytes
    }
    return Double(total(make(true)) - total(make(false))) / Double(count)
}

private func heap(per count: Int, _ make: () -> Fixture) -> Double {
    let before = heapBytes()
    let fixture = make()
    let grown = heapBytes() - before
    return withExtendedLifetime(fixture) { Double(grown) / Double(count) }
}

/// What a further worker takes.
private func workerBytes(endpoints: Int) -> Double {
    let fixture = Fixture([], clusters: [PolicyKind.leastRequest.cluster(endpoints)], workers: 8)
    let before = heapBytes()
    let worker = Fixture.makeWorker(fixture.engine)
    let grown = heapBytes() - before
    return withExtendedLifetime(worker) { Double(grown) }
}

private func heapBytes() -> Int { Int(fl_probe_heap_bytes()) }
