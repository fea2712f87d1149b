// Fairlead: picking endpoints
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// A policy as the cases use it.
struct PolicyKind {
    var name: String
    var policy: String
    var parameters: [(String, PolicyParameters.Value)] = []
    var isWeighted = false
    var hashes = false

    /// Whether it is a policy with nothing special about it.
    var isPlain: Bool { !isWeighted && parameters.isEmpty }

    func cluster(_ count: Int) -> Cluster {
        Bulk.cluster("c", count, policy: policy, parameters, weight: isWeighted ? { UInt32($0 % 10 + 1) } : { _ in 1 })
    }

    static let roundRobin = PolicyKind(name: "round robin", policy: LoadBalancing.roundRobin)
    static let leastRequest = PolicyKind(name: "least request", policy: LoadBalancing.leastRequest)

    static let all = [
        roundRobin,
        PolicyKind(name: "round robin by weight", policy: LoadBalancing.roundRobin, isWeighted: true),
        leastRequest,
        PolicyKind(name: "least request by weight", policy: LoadBalancing.leastRequest, isWeighted: true),
        PolicyKind(name: "ring hash", policy: LoadBalancing.ringHash, hashes: true),
        PolicyKind(name: "Maglev", policy: LoadBalancing.maglev, hashes: true),
        PolicyKind(name: "random", policy: LoadBalancing.random),
    ]
}

/// Pick and report through the worker, in-flight counts and statistics included; begin and end are subtracted.
func policyCases(_ bench: Bench) {
    for kind in PolicyKind.all {
        for count in [10, 100, 1000, 10_000] {
            let intention: Intention? =
                switch kind.name {
                case "least request": .atMost(18)
                default: nil
                }
            let peers =
                switch (kind.name, count) {
                case ("least request", 10_000): "floor in C 10–14 ns"
                case ("round robin", 10): "gRPC C++: 20 ns pick-first"
                case ("round robin by weight", 10): "gRPC C++: 55 ns; Envoy 73–130 ns"
                default: ""
                }
            bench.loop("\(kind.name), \(Bulk.text(count)) endpoints", intention, peers: peers) {
                let worker = Fixture([], clusters: [kind.cluster(count)]).worker
                let hashes = kind.hashes
                func exchanges(_ rounds: Int, picks: Bool) {
                    var attempt = Attempt()
                    var hash: UInt64 = 0
                    for _ in 0..<rounds {
                        // The increment wraps; the multiplier spreads.
                        hash &+= 0x9e37_79b9_7f4a_7c15
                        var exchange = worker.begin(cluster: "c", hash: hashes ? hash : nil)
                        if picks {
                            let result = worker.pick(&exchange, &attempt)
                            precondition(result == .endpoint)
                            worker.report(&attempt, .response(200), &exchange)
                        }
                        worker.end(&exchange)
                    }
                }
                return Loop(baseline: { exchanges($0, picks: false) }, body: { exchanges($0, picks: true) })
            }
        }
    }
}

/// Pickers on their tables, without worker and exchange: what the policies themselves cost.
func pickerCases(_ bench: Bench) {
    func ring(_ size: UInt64) -> [(String, PolicyParameters.Value)] { [("minimum_ring_size", .unsigned(size))] }
    let kinds: [(String, PolicyKind, Int, Intention?, String)] = [
        ("round robin, 10,000 endpoints", .roundRobin, 10_000, nil, ""),
        ("round robin by weight, 1,000 endpoints", PolicyKind.all[1], 1000, .atMost(15), "Envoy 73–130 ns; nginx O(n)"),
        ("round robin by weight, 10,000 endpoints", PolicyKind.all[1], 10_000, .atMost(15), ""),
        ("least request (P2C), 10 endpoints", .leastRequest, 10, .atMost(6), "floor in C 2–3 ns"),
        ("least request (P2C), 10,000 endpoints", .leastRequest, 10_000, .atMost(6), "floor in C 2–3 ns"),
        (
            "ring hash, 65,536 entries", PolicyKind(name: "", policy: LoadBalancing.ringHash, parameters: ring(65_536)),
            100,
            .atMost(20), "binary search 31–48 ns; with an index 9–12 ns"
        ),
        (
            "ring hash, 1,048,576 entries",
            PolicyKind(name: "", policy: LoadBalancing.ringHash, parameters: ring(1_048_576)),
            100, .atMost(25), "binary search 188 ns; with an index 18 ns"
        ),
        ("Maglev, 65,537 entries", PolicyKind(name: "", policy: LoadBalancing.maglev), 100, .atMost(5), "1–3 ns"),
        ("random, 10,000 endpoints", PolicyKind(name: "", policy: LoadBalancing.random), 10_000, nil, ""),
    ]
    for (name, kind, count, intention, peers) in kinds {
        bench.loop(name, intention, peers: peers) {
            let rig = PickerRig(kind, count)
            return Loop(baseline: { rig.run($0, picks: false) }, body: { rig.run($0, picks: true) })
        }
    }
}

/// A picker with its table and idle slots; it stays for as long as the process.
private final class PickerRig {
    private let picker: PickerSlot
    private let table: PickTable
    private let loads: HostLoads
    private let words: WorkerWords

    init(_ kind: PolicyKind, _ count: Int) {
        guard let policy = EngineOptions().plugins.policy(named: kind.policy) else { fatalError("no such policy") }
        let parameters = PolicyParameters(kind.parameters)
        let cluster = kind.cluster(count)
        let endpoints = cluster.assignment.localities[0].endpoints
        var writer = TableWriter()
        policy.build(
            HostList(weights: endpoints.map { $0.weight }, hashKeys: endpoints.map { $0.address.text }), parameters,
            into: &writer)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: writer.bytes.count, alignment: 64)
        writer.bytes.withUnsafeBytes { bytes in
            UnsafeMutableRawBufferPointer(start: memory, count: bytes.count).copyMemory(from: bytes)
        }
        let slots = UnsafeMutablePointer<EndpointSlot>.allocate(capacity: count)
        let lines = UnsafeMutableRawPointer.allocate(byteCount: count * EndpointSlot.stride, alignment: 64)
        for index in 0..<count {
            let slot = EndpointSlot(base: lines + index * EndpointSlot.stride)
            slot.initialize(index: UInt32(index), incarnation: 1)
            (slots + index).initialize(to: slot)
        }
        let cursors = UnsafeMutablePointer<UInt64>.allocate(capacity: 8)
        cursors.initialize(repeating: 0, count: 8)
        picker = policy.makePicker(parameters)
        table = PickTable(start: memory, byteCount: writer.bytes.count)
        loads = HostLoads(slots: slots, ordinals: nil, first: 0, count: count)
        words = WorkerWords(start: cursors, count: 8)
    }

    func run(_ rounds: Int, picks: Bool) {
        let (picker, table) = (picker, table)
        var context = PickContext(
            random: RandomSource(seed: 1), hash: 0, hasHash: true, attempt: 0, loads: loads, words: words)
        for round in 0..<rounds {
            context = PickContext(
                random: context.random, hash: RandomSource.mixed(UInt64(round)), hasHash: true, attempt: 0,
                loads: loads,
                words: words)
            if picks { swallow(picker.pick(table, &context)) } else { swallow(Int(truncatingIfNeeded: context.hash)) }
        }
    }
}
