// Fairlead: tests of picks among subsets of endpoints
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

/// `Tests/Vectors/balancing/subsets.*.json` holds what Envoy answers; these are the cases that have a story.
@Suite struct SubsetSearchTests {
    typealias Values = [(String, MetadataValue)]

    static func metadata(_ values: Values) -> Metadata {
        Metadata([.init("envoy.lb", .structure(values.map { .init($0.0, $0.1) }))])
    }

    static func member(_ port: UInt16, _ values: Values, _ health: HealthStatus = .healthy) -> Endpoint {
        Endpoint(.socket(host: "10.0.0.1", port: port), health: health, metadata: metadata(values))
    }

    static let fleet = [
        member(1, [("stage", .text("prod")), ("version", .text("1"))]),
        member(2, [("stage", .text("prod")), ("version", .text("2"))]),
        member(3, [("stage", .text("dev")), ("version", .text("2"))]), member(4, []),
    ]
    static let selectors: [SubsetBalancing.Selector] = [.init(["stage"]), .init(["version", "stage"])]

    static func scene(
        _ subsets: SubsetBalancing, of endpoints: [Endpoint] = fleet, asking values: Values?,
        _ change: (inout ForwardAction, inout Cluster) -> Void = { _, _ in }
    ) throws -> Scene {
        var cluster = Cluster.of("c", endpoints)
        cluster.loadBalancing.subsets = subsets
        let route = Route.forward {
            if let values { $0.metadataMatch = metadata(values) }
            change(&$0, &cluster)
        }
        return try Scene(routes: [route], clusters: [cluster])
    }

    /// The ports that requests are sent to.
    static func ports(_ scene: Scene, _ count: Int = 24) -> Set<Int> {
        let request = Request(authority: "a", path: "/")
        return Set(
            (0..<count).compactMap { _ in
                var exchange = scene.worker.begin(request.view)
                var attempt = Attempt()
                defer { scene.worker.end(&exchange) }
                guard scene.worker.pick(&exchange, &attempt) == .endpoint else { return nil }
                let port = Int(attempt.endpoint?.port ?? 0)
                scene.worker.report(&attempt, .response(200), &exchange)
                return port
            })
    }

    static func ports(
        _ subsets: SubsetBalancing, asking values: Values?,
        _ change: (inout ForwardAction, inout Cluster) -> Void = { _, _ in }
    ) throws -> Set<Int> { try ports(scene(subsets, asking: values, change)) }

    @Test func aSubsetIsFoundByExactlyTheKeysOfASelector() throws {
        let subsets = SubsetBalancing(Self.selectors)
        #expect(try Self.ports(subsets, asking: [("stage", .text("prod"))]) == [1, 2])
        #expect(try Self.ports(subsets, asking: [("version", .text("2")), ("stage", .text("prod"))]) == [2])
        #expect(try Self.ports(subsets, asking: [("version", .text("2"))]) == [])
        #expect(try Self.ports(subsets, asking: [("stage", .text("prod")), ("other", .text("x"))]) == [])
        #expect(try Self.ports(subsets, asking: nil) == [])
    }

    @Test func theFallbackIsForRoutesThatAskNothingToo() throws {
        var subsets = SubsetBalancing(Self.selectors, fallback: .anyEndpoint)
        #expect(try Self.ports(subsets, asking: nil) == [1, 2, 3, 4])
        subsets.fallback = .defaultSubset
        subsets.defaultSubset = [.init("version", .text("2"))]
        #expect(try Self.ports(subsets, asking: [("stage", .text("none"))]) == [2, 3])
        subsets.defaultSubset = [.init("version", .text("9"))]
        #expect(try Self.ports(subsets, asking: nil) == [])
        subsets.panicsToAnyEndpoint = true
        #expect(try Self.ports(subsets, asking: nil) == [1, 2, 3, 4])
    }

    @Test func exchangesWithoutARouteAskNothing() throws {
        let scene = try Self.scene(SubsetBalancing(Self.selectors, fallback: .anyEndpoint), asking: nil)
        #expect(Set(scene.picks(8)).count == 4)
        let none = try Self.scene(SubsetBalancing(Self.selectors), asking: nil)
        #expect(Set(none.picks(8)) == ["-"])
    }

    @Test func fewerKeysAreSearchedAgain() throws {
        let subsets = SubsetBalancing([
            .init(["stage"], fallback: .anyEndpoint), .init(["stage", "version"], fallback: .fewerKeys(["stage"])),
        ])
        #expect(try Self.ports(subsets, asking: [("stage", .text("dev")), ("version", .text("9"))]) == [3])
        #expect(try Self.ports(subsets, asking: [("stage", .text("no")), ("version", .text("9"))]) == [1, 2, 3, 4])
    }

    @Test func aWeightedClusterAsksForMoreThanItsRoute() throws {
        let ports = try Self.ports(SubsetBalancing(Self.selectors), asking: [("stage", .text("prod"))]) { forward, _ in
            var entry = WeightedClusters.Entry("c", weight: 1)
            entry.metadataMatch = Self.metadata([("version", .text("1"))])
            forward.target = .weighted(WeightedClusters([entry]))
        }
        #expect(ports == [1])
        let overridden = try Self.ports(SubsetBalancing(Self.selectors), asking: [("stage", .text("prod"))]) {
            forward, _ in
            var entry = WeightedClusters.Entry("c", weight: 1)
            entry.metadataMatch = Self.metadata([("stage", .text("dev"))])
            forward.target = .weighted(WeightedClusters([entry]))
        }
        #expect(overridden == [3])
    }

    @Test func overridesAreTriedUntilOneHasAnEndpoint() throws {
        var subsets = SubsetBalancing(Self.selectors)
        subsets.usesFallbackList = true
        func list(_ values: MetadataValue...) -> Values {
            [("stage", .text("prod")), ("fallback_list", .list(values))]
        }
        func version(_ text: String) -> MetadataValue { .structure([.init("version", .text(text))]) }
        #expect(try Self.ports(subsets, asking: list(version("9"), version("2"), version("1"))) == [2])
        #expect(try Self.ports(subsets, asking: list(version("9"), .text("none"))) == [1, 2])
        #expect(try Self.ports(subsets, asking: list(version("9"))) == [])
        #expect(try Self.ports(subsets, asking: list()) == [1, 2])
        subsets.usesFallbackList = false
        #expect(try Self.ports(subsets, asking: list(version("2"))) == [])
    }

    @Test func redundantKeysArePassedOverWhereThatIsAllowed() throws {
        var subsets = SubsetBalancing(Self.selectors)
        subsets.allowsRedundantKeys = true
        let asked: Values = [("other", .text("x")), ("stage", .text("prod")), ("version", .text("1"))]
        #expect(try Self.ports(subsets, asking: asked) == [1])
        #expect(try Self.ports(subsets, asking: Array(asked.prefix(2))) == [1, 2])
        #expect(try Self.ports(subsets, asking: Array(asked.prefix(1))) == [])
    }

    @Test func aSubsetPanicsByItselfAndDoesNotFallBack() throws {
        let sick = [Self.member(1, [("v", .text("a"))], .unhealthy), Self.member(2, [("v", .text("b"))])]
        let subsets = SubsetBalancing([.init(["v"])], fallback: .anyEndpoint)
        #expect(try Self.ports(Self.scene(subsets, of: sick, asking: [("v", .text("a"))])) == [1])
        let calm = try Self.scene(subsets, of: sick, asking: [("v", .text("a"))]) {
            $1.loadBalancing.panicThreshold = 0
        }
        #expect(Self.ports(calm) == [])
    }

    @Test func aSingleEndpointIsTheFirstHoweverWellItIs() throws {
        let members = [Self.member(1, [("v", .text("a"))], .unhealthy), Self.member(2, [("v", .text("a"))])]
        let subsets = SubsetBalancing([.init(["v"], choosesSingleEndpoint: true)])
        #expect(try Self.ports(Self.scene(subsets, of: members, asking: [("v", .text("a"))])) == [1])
    }

    @Test func endpointsMoveBetweenSubsetsAsTheyAreUpdated() throws {
        let scene = try Self.scene(SubsetBalancing(Self.selectors), asking: [("stage", .text("dev"))])
        #expect(Self.ports(scene) == [3])
        let moved = Self.member(1, [("stage", .text("dev"))])
        try scene.engine.apply(
            ConfigurationUpdate([.setEndpoint(moved, locality: Locality(), priority: 0, assignment: "c")]))
        scene.worker.refresh()
        #expect(Self.ports(scene) == [1, 3])
        try scene.engine.apply(
            ConfigurationUpdate([
                .removeEndpoint(.socket(host: "10.0.0.1", port: 1), assignment: "c"),
                .removeEndpoint(.socket(host: "10.0.0.1", port: 3), assignment: "c"),
            ]))
        scene.worker.refresh()
        #expect(Self.ports(scene) == [])
    }

    @Test func aRetryStaysInItsSubset() throws {
        let subsets = SubsetBalancing(Self.selectors)
        let scene = try Self.scene(subsets, asking: [("stage", .text("prod"))]) { forward, cluster in
            var policy = RetryPolicy(on: .serverError)
            policy.retries = 3
            policy.avoidsPreviousHosts = true
            policy.hostSelectionAttempts = 5
            forward.retryPolicy = policy
            cluster.circuitBreakers.normal.retries = 100
        }
        let request = Request(authority: "a", path: "/")
        var exchange = scene.worker.begin(request.view)
        let tries = (0..<2).compactMap { _ in scene.pickOnce(&exchange, .response(503)) }
        scene.worker.end(&exchange)
        #expect(Set(tries) == ["10.0.0.1:1", "10.0.0.1:2"])
    }

    @Test func anExplanationNamesTheSubset() throws {
        func subset(_ subsets: SubsetBalancing, _ values: Values?) throws -> String? {
            let scene = try Self.scene(subsets, asking: values)
            let request = Request(authority: "a", path: "/")
            return scene.worker.explain(request.view).pick?.subset
        }
        let values: Values = [("stage", .text("prod")), ("version", .text("1"))]
        #expect(try subset(SubsetBalancing(Self.selectors), values) == #"stage="prod", version="1""#)
        #expect(try subset(SubsetBalancing(Self.selectors), nil) == nil)
        #expect(
            try subset(SubsetBalancing(Self.selectors, fallback: .anyEndpoint), nil)
                == "any endpoint, as there is no subset")
    }
}
