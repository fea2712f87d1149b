// Fairlead: tests of the pick-first policy
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct PickFirstPolicyTests {
    static func scene(_ endpoints: [Endpoint], shuffles: Bool = false, seed: UInt64 = 0) throws -> Scene {
        var cluster = Cluster.of("c", endpoints, policy: LoadBalancing.pickFirst)
        if shuffles { cluster.loadBalancing.parameters["shuffle_address_list"] = .bool(true) }
        var options = EngineOptions.scene
        options.seed = seed
        return try Scene(Configuration(clusters: [cluster]), options: options)
    }

    @Test func theFirstHostIsPickedAsLongAsItIsWell() throws {
        let scene = try Self.scene([.at(1), .at(2), .at(3)])
        #expect(Set(scene.picks(9)) == ["10.0.0.1:1"])
        try scene.engine.apply(
            ConfigurationUpdate([.setEndpoint(.at(1, .unhealthy), locality: Locality(), priority: 0, assignment: "c")]))
        scene.worker.refresh()
        #expect(Set(scene.picks(9)) == ["10.0.0.1:2"])
    }

    @Test func shuffledEachWorkerKeepsToOne() throws {
        var firsts: Set<String> = []
        for seed in 0..<20 {
            let picks = try Set(Self.scene([.at(1), .at(2), .at(3)], shuffles: true, seed: UInt64(seed)).picks(9))
            #expect(picks.count == 1)
            firsts.formUnion(picks)
        }
        #expect(firsts.count == 3)
    }

    @Test func withoutHostsNoneIsPicked() throws {
        #expect(try Set(Self.scene([]).picks(2)) == ["-"])
        #expect(try Set(Self.scene([], shuffles: true).picks(2)) == ["-"])
    }
}
