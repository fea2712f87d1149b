// Fairlead: tests of the choice of a cluster
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct ClusterChoiceTests {
    static func weighted(
        _ entries: [WeightedClusters.Entry], _ change: (inout WeightedClusters) -> Void = { _ in }
    ) -> Route {
        .forward { action in
            var clusters = WeightedClusters(entries)
            change(&clusters)
            action.target = .weighted(clusters)
        }
    }

    static let clusters: [Cluster] = [.fixed("first", 1), .fixed("second", 2), .fixed("third", 3)]
    static let entries: [WeightedClusters.Entry] = [
        .init("first", weight: 10), .init("second", weight: 0), .init("third", weight: 20),
    ]

    // MARK: One cluster

    @Test func aRouteToAClusterThatDoesNotExistIsFoundMissingAtThePick() throws {
        for status in [ForwardAction.ClusterNotFound.serviceUnavailable, .notFound, .internalServerError] {
            let scene = try Scene(routes: [.forward(to: "nobody") { $0.clusterNotFound = status }])
            let request = Request(authority: "a", path: "/")
            var exchange = scene.worker.begin(request.view)
            var attempt = Attempt()
            #expect(exchange.disposition == .forward)
            #expect(scene.worker.pick(&exchange, &attempt) == .clusterNotFound)
            #expect(exchange.route.clusterNotFoundStatus == status.rawValue)
            scene.worker.end(&exchange)
        }
    }

    @Test func theFirstValueOfAHeaderCanNameTheCluster() throws {
        let scene = try Scene(routes: [.forward { $0.target = .header("X-Cluster") }], clusters: Self.clusters)
        let cluster = { (headers: [(String, String)]) in scene.decide("/", at: "a", headers).cluster }
        #expect(cluster([("x-cluster", "second")]) == "second")
        #expect(cluster([("X-CLUSTER", "third"), ("x-cluster", "first")]) == "third")
        #expect(cluster([]) == nil)
        #expect(cluster([("x-cluster", "")]) == nil)
        #expect(cluster([("x-cluster", "SECOND")]) == nil)
        #expect(cluster([("x-cluster", "second ")]) == nil)
        #expect(cluster([("x-cluster", "nobody"), ("x-cluster", "first")]) == nil)
    }

    @Test func aTreeCanLeadToTheCluster() throws {
        let isOne = MatchTree.Predicate.value(.header("x"), StringMatcher(.exact("1")))
        let tree = MatchTree(
            .list([
                .init(isOne, .cluster("first")),
                .init(.value(.header("x"), StringMatcher(.pattern("lost|gone"))), .cluster("nobody")),
                .init(
                    .value(.header(":path"), StringMatcher(.prefix("/deep"))),
                    .tree(MatchTree(.exact(.header("y"), [.init("2", .cluster("second"))])))),
            ]))
        for otherwise in [nil, MatchTree.Outcome.cluster("third")] {
            var tree = tree
            tree.otherwise = otherwise
            let scene = try Scene(routes: [.forward { $0.target = .matched(tree) }], clusters: Self.clusters)
            let rest = otherwise == nil ? nil : "third"
            #expect(scene.decide("/", at: "a", [("x", "1")]).cluster == "first")
            #expect(scene.decide("/", at: "a", [("x", "lost")]).cluster == nil)
            #expect(scene.decide("/", at: "a", [("x", "2")]).cluster == rest)
            #expect(scene.decide("/deep", at: "a", [("y", "2")]).cluster == "second")
            #expect(scene.decide("/deep", at: "a", [("y", "3")]).cluster == rest)
            #expect(scene.decide("/deep", at: "a", []).cluster == rest)
        }
    }

    @Test func aTreeOfClustersLeadsToNothingElse() throws {
        let route = Route(match: RouteMatch(.prefix("/")), action: .nonForwarding)
        for outcome in [MatchTree.Outcome.route(route), .routes([route]), .cluster("")] {
            #expect(throws: ProblemList.self) {
                try Scene(routes: [
                    .forward { $0.target = .matched(MatchTree(.none, otherwise: outcome)) }
                ])
            }
        }
        var host = VirtualHost(name: "h", domains: ["*"])
        host.matcher = MatchTree(.none, otherwise: .cluster("first"))
        let table = RouteConfiguration(name: "t", virtualHosts: [host])
        #expect(throws: ProblemList.self) { try Scene(table, clusters: Self.clusters) }
    }

    // MARK: Several clusters by weight

    static let numbers: [(String, String?)] = [
        ("0", "first"), ("9", "first"), ("10", "third"), ("29", "third"), ("30", "first"), ("39", "first"),
        ("40", "third"), ("18446744073709551615", "third"), ("00000000000000000000000000010", "third"),
        ("+10", "third"),
        // Everything else leaves it to chance.
        ("18446744073709551616", nil), ("-1", nil), ("", nil), ("+", nil), ("1.0", nil), (" 1", nil), ("1x", nil),
        ("0x1", nil), ("++1", nil), ("99999999999999999999999999", nil),
    ]

    @Test(arguments: numbers)
    func aHeadersNumberChoosesAmongTheWeights(number: String, expected: String?) throws {
        let scene = try Scene(
            routes: [Self.weighted(Self.entries) { $0.randomValueHeader = "x-number" }], clusters: Self.clusters)
        let request = Request(authority: "a", path: "/", headers: [("X-Number", number)])
        // With chance left to it, this one would take the first, and that one the third.
        request.random = 0
        #expect(scene.decide(request).cluster == expected ?? "first")
        request.random = 29
        #expect(scene.decide(request).cluster == expected ?? "third")
    }

    @Test func aNumberThatIsThereTwiceLeavesItToChance() throws {
        let scene = try Scene(
            routes: [Self.weighted(Self.entries) { $0.randomValueHeader = "x-number" }], clusters: Self.clusters)
        let request = Request(authority: "a", path: "/", headers: [("x-number", "0"), ("x-number", "0")])
        request.random = 29
        #expect(scene.decide(request).cluster == "third")
    }

    @Test func chanceIsTheRequestsOwnRandomNumber() throws {
        let scene = try Scene(routes: [Self.weighted(Self.entries)], clusters: Self.clusters)
        for (random, expected): (UInt64, String) in [
            (0, "first"), (9, "first"), (10, "third"), (29, "third"), (30, "first"), (.max, "third"),
        ] {
            let request = Request(authority: "a", path: "/")
            request.random = random
            #expect(scene.decide(request).cluster == expected)
        }
    }

    @Test func aRequestWithoutANumberOfItsOwnGetsOneFromTheWorker() throws {
        let scene = try Scene(routes: [Self.weighted(Self.entries)], clusters: Self.clusters)
        let chosen = (0..<300).compactMap { _ in scene.decide("/").cluster }
        let firsts = chosen.filter { $0 == "first" }.count
        #expect(chosen.count == 300)
        #expect((50..<150).contains(firsts))
        #expect(!chosen.contains("second"))
    }

    @Test func theHashCanChooseInChancesPlace() throws {
        let route = Route.forward { action in
            var clusters = WeightedClusters(Self.entries)
            clusters.usesHashPolicy = true
            action.target = .weighted(clusters)
            action.hashPolicies = [HashPolicy(.header("x-user", substitution: nil))]
        }
        let scene = try Scene(routes: [route], clusters: Self.clusters)
        for user in ["a", "b", "c", "d", "e"] {
            let request = Request(authority: "a", path: "/", headers: [("x-user", user)])
            request.random = 0
            let expected = XXHash64.hash(user) % 30 < 10 ? "first" : "third"
            #expect(scene.decide(request).cluster == expected)
        }
        // Without a hash it is chance again.
        let request = Request(authority: "a", path: "/")
        request.random = 29
        #expect(scene.decide(request).cluster == "third")
    }

    @Test func withoutLeaveTheHashDoesNotChoose() throws {
        let route = Route.forward { action in
            action.target = .weighted(WeightedClusters(Self.entries))
            action.hashPolicies = [HashPolicy(.header("x-user", substitution: nil))]
        }
        let scene = try Scene(routes: [route], clusters: Self.clusters)
        for user in ["a", "b", "c", "d", "e"] {
            let request = Request(authority: "a", path: "/", headers: [("x-user", user)])
            request.random = 29
            #expect(scene.decide(request).cluster == "third")
        }
    }

    @Test func clustersWithoutWeightAreNeverChosen() throws {
        let entries: [WeightedClusters.Entry] = [
            .init("second", weight: 0), .init("first", weight: 1), .init("second", weight: 0),
            .init("second", weight: 0),
        ]
        let scene = try Scene(routes: [Self.weighted(entries)], clusters: Self.clusters)
        for random: UInt64 in [0, 1, 2, .max] {
            let request = Request(authority: "a", path: "/")
            request.random = random
            #expect(scene.decide(request).cluster == "first")
        }
    }

    @Test func weightsUpToTheLargestSumAreExact() throws {
        let entries: [WeightedClusters.Entry] = [
            .init("first", weight: .max - 1), .init("second", weight: 0), .init("third", weight: 1),
        ]
        let scene = try Scene(routes: [Self.weighted(entries)], clusters: Self.clusters)
        let cases: [(UInt64, String)] = [
            (0, "first"), (4_294_967_293, "first"), (4_294_967_294, "third"), (4_294_967_295, "first"),
        ]
        for (random, expected) in cases {
            let request = Request(authority: "a", path: "/")
            request.random = random
            #expect(scene.decide(request).cluster == expected)
        }
    }

    @Test func manyWeightedClustersEachGetTheirShare() throws {
        let clusters = (1...40).map { Cluster.fixed("c\($0)", UInt16($0)) }
        let entries = (1...40).map { WeightedClusters.Entry("c\($0)", weight: UInt32($0)) }
        let scene = try Scene(routes: [Self.weighted(entries)], clusters: clusters)
        var counts = [Int](repeating: 0, count: 41)
        for random in UInt64(0)..<820 {
            let request = Request(authority: "a", path: "/")
            request.random = random
            counts[Int(scene.decide(request).cluster?.dropFirst() ?? "") ?? 0] += 1
        }
        #expect(counts == Array(0...40))
    }

    @Test func anEntryCanTakeItsClusterFromAHeader() throws {
        let entries: [WeightedClusters.Entry] = [
            .init("first", weight: 1), .init("", weight: 1, header: "X-To"),
        ]
        let scene = try Scene(routes: [Self.weighted(entries)], clusters: Self.clusters)
        let request = Request(authority: "a", path: "/", headers: [("x-to", "third")])
        request.random = 0
        #expect(scene.decide(request).cluster == "first")
        request.random = 1
        #expect(scene.decide(request).cluster == "third")
        let bare = Request(authority: "a", path: "/")
        bare.random = 1
        #expect(scene.decide(bare).cluster == nil)
    }
}
