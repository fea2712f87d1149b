// Fairlead: tests of what hosts observe of endpoints
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct ObservationTests {
    static func address(_ number: Int) -> Address { .socket(host: "10.0.0.\(number)", port: 80) }

    static func endpoints(_ count: Int, health: HealthStatus = .unknown) -> [LocalityEndpoints] {
        [LocalityEndpoints(endpoints: (1...count).map { Endpoint(address($0), health: health) })]
    }

    static func scene(_ count: Int = 3, health: HealthStatus = .unknown) throws -> Scene {
        try Scene(routes: [.forward()], clusters: [Cluster(name: "c", endpoints: endpoints(count, health: health))])
    }

    static func observe(_ scene: Scene, _ number: Int, _ state: EndpointState, cluster: String = "c") -> [Int] {
        let unknown = scene.engine.observe([
            EndpointObservation(cluster: cluster, address: address(number), state: state)
        ])
        scene.worker.refresh()
        return unknown
    }

    /// Which of the endpoints get requests.
    static func picked(_ scene: Scene) -> [String] { Set(scene.picks(24)).sorted() }

    @Test(arguments: [
        EndpointState(checkedHealth: .unhealthy), EndpointState(checkedHealth: .timeout),
        EndpointState(checkedHealth: .draining), EndpointState(isEjected: true),
        EndpointState(checkedHealth: .healthy, isEjected: true),
    ])
    func whoIsFoundUnwellGetsNothingUntilItIsWell(state: EndpointState) throws {
        let scene = try Self.scene()
        #expect(Self.observe(scene, 2, state) == [])
        #expect(Self.picked(scene) == ["10.0.0.1:80", "10.0.0.3:80"])
        #expect(scene.engine.endpointStates == ["c": [Self.address(2): state]])
        let told = scene.engine.clusterStatistics[0].endpoints[1]
        #expect(told.state == state && told.health.condition == .unhealthy)
        #expect(Self.observe(scene, 2, EndpointState()) == [])
        #expect(Self.picked(scene).count == 3)
        #expect(scene.engine.endpointStates.isEmpty)
    }

    @Test func aDegradedOneWaitsForTheOthersToFail() throws {
        let scene = try Self.scene(2)
        _ = Self.observe(scene, 1, EndpointState(checkedHealth: .degraded))
        // Half of the endpoints, times 1.4, is 70 of 100; the rest goes to the degraded one.
        let counts = scene.counts(1000)
        #expect((600...800).contains(counts["10.0.0.2:80"] ?? 0))
    }

    @Test func theWorseOfConfigurationAndObservationCounts() {
        let healthy = EndpointState(checkedHealth: .healthy)
        #expect(HealthStatus.unhealthy.with(healthy) == .unhealthy)
        #expect(HealthStatus.draining.with(EndpointState(checkedHealth: .timeout)) == .draining)
        #expect(HealthStatus.degraded.with(healthy) == .degraded)
        #expect(HealthStatus.degraded.with(EndpointState(isEjected: true)) == .unhealthy)
        #expect(HealthStatus.unknown.with(healthy) == .unknown)
        #expect(HealthStatus.healthy.with(EndpointState(checkedHealth: .degraded)) == .degraded)
        #expect(HealthStatus.healthy.with(EndpointState(checkedHealth: .timeout, isEjected: true)) == .timeout)
    }

    @Test func observationsOfThoseWhoAreNotThereAreToldAndPassedOver() throws {
        let scene = try Self.scene()
        let generation = scene.engine.statistics.generation
        let bad = EndpointState(isEjected: true)
        let unknown = scene.engine.observe([
            EndpointObservation(cluster: "nobody", address: Self.address(1), state: bad),
            EndpointObservation(cluster: "c", address: Self.address(1), state: bad),
            EndpointObservation(cluster: "c", address: Self.address(9), state: bad),
        ])
        #expect(unknown == [0, 2])
        #expect(scene.engine.statistics.generation == generation + 1)
        #expect(scene.engine.endpointStates["c"]?.count == 1)
    }

    @Test func whatIsNoNewsPublishesNothing() throws {
        let scene = try Self.scene()
        let state = EndpointState(checkedHealth: .timeout)
        _ = Self.observe(scene, 1, state)
        let generation = scene.engine.statistics.generation
        #expect(Self.observe(scene, 1, state) == [] && Self.observe(scene, 2, EndpointState()) == [])
        #expect(scene.engine.observe([]) == [])
        #expect(scene.engine.statistics.generation == generation)
    }

    @Test func theLastOfSeveralCounts() throws {
        let scene = try Self.scene()
        let states = [EndpointState(isEjected: true), EndpointState(checkedHealth: .degraded)]
        scene.engine.observe(states.map { EndpointObservation(cluster: "c", address: Self.address(1), state: $0) })
        #expect(scene.engine.endpointStates["c"]?[Self.address(1)] == states[1])
    }

    @Test func itLastsOverUpdatesAsLongAsTheEndpointStays() throws {
        let scene = try Self.scene()
        let bad = EndpointState(isEjected: true)
        _ = Self.observe(scene, 1, bad)
        _ = Self.observe(scene, 3, bad)
        var cluster = Cluster(name: "c", endpoints: Self.endpoints(2))
        cluster.loadBalancing = LoadBalancing(policy: LoadBalancing.random)
        try scene.engine.apply(ConfigurationUpdate([.setCluster(cluster)]))
        #expect(scene.engine.endpointStates == ["c": [Self.address(1): bad]])
        scene.worker.refresh()
        #expect(Self.picked(scene) == ["10.0.0.2:80"])
        // Who comes back begins anew.
        try scene.engine.apply(ConfigurationUpdate([.setCluster(Cluster(name: "c", endpoints: Self.endpoints(3)))]))
        #expect(scene.engine.endpointStates == ["c": [Self.address(1): bad]])
        try scene.engine.apply(ConfigurationUpdate([.removeCluster("c")]))
        #expect(scene.engine.endpointStates.isEmpty)
        try scene.engine.apply(ConfigurationUpdate([.setCluster(Cluster(name: "c", endpoints: Self.endpoints(3)))]))
        #expect(scene.engine.endpointStates.isEmpty)
    }

    @Test func onlyItsClusterIsCompiledAnewAndSlotsStay() throws {
        let clusters = ["c", "d"].map { Cluster(name: $0, endpoints: Self.endpoints(3)) }
        let scene = try Scene(routes: [.forward()], clusters: clusters)
        _ = scene.picks(6)
        let before = scene.engine.blockImages
        _ = Self.observe(scene, 1, EndpointState(isEjected: true))
        let after = scene.engine.blockImages
        #expect(zip(before, after).filter { $0 != $1 }.map { $0.0.name } == ["cluster c"])
        #expect(scene.engine.clusterStatistics[0].endpoints.map { $0.startedRequests } == [2, 2, 2])
    }

    @Test func configurationAndObservationsLeadToTheSameBlocksInAnyOrder() throws {
        let scene = try Self.scene()
        _ = Self.observe(scene, 1, EndpointState(isEjected: true))
        _ = Self.observe(scene, 2, EndpointState(checkedHealth: .degraded))
        let other = try Self.scene()
        _ = Self.observe(other, 2, EndpointState(checkedHealth: .degraded))
        _ = Self.observe(other, 3, EndpointState(isEjected: true))
        _ = Self.observe(other, 3, EndpointState())
        _ = Self.observe(other, 1, EndpointState(isEjected: true))
        #expect(scene.engine.blockImages == other.engine.blockImages)
    }

    @Test func aCandidateFromBeforeIsStale() throws {
        let scene = try Self.scene()
        let candidate = try scene.engine.prepare(ConfigurationUpdate([.removeCluster("c")]))
        _ = Self.observe(scene, 1, EndpointState(isEjected: true))
        #expect(candidate.isStale)
    }

    @Test func allUnwellIsPanic() throws {
        let scene = try Self.scene()
        for number in 1...3 { _ = Self.observe(scene, number, EndpointState(isEjected: true)) }
        #expect(Self.picked(scene).count == 3)
        #expect(scene.engine.clusterStatistics[0][.panics] == 24)
    }

    @Test func discoveredEndpointsAreObservedToo() throws {
        var cluster = Cluster(name: "c")
        cluster.discovery = .endpointDiscovery(serviceName: "s")
        let assignment = EndpointAssignment(name: "s", localities: Self.endpoints(2))
        let scene = try Scene(
            Configuration(routeConfigurations: [.of([.forward()])], clusters: [cluster], assignments: [assignment]))
        _ = Self.observe(scene, 1, EndpointState(checkedHealth: .unhealthy))
        #expect(Self.picked(scene) == ["10.0.0.2:80"])
        try scene.engine.apply(
            ConfigurationUpdate([.setAssignment(EndpointAssignment(name: "s", localities: Self.endpoints(3)))]))
        scene.worker.refresh()
        #expect(Self.picked(scene) == ["10.0.0.2:80", "10.0.0.3:80"])
    }
}

@Suite struct AddressTextTests {
    @Test(arguments: [
        Address.socket(host: "10.0.0.1", port: 80), .socket(host: "::1", port: 65535),
        .socket(host: "a.example", port: 0),
        .pipe(path: "/run/a:80"), .pipe(path: "@abstract:1"), .pipe(path: "relative"), .pipe(path: "a:x"),
        .pipe(path: "a:99999"), .pipe(path: "a:+1"), .pipe(path: ""), .pipe(path: "a:"),
    ])
    func everyTextIsReadAsItWasWritten(address: Address) {
        #expect(Address(text: address.text) == address)
    }
}
