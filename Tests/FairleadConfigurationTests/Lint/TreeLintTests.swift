// Fairlead: tests of match trees that cannot mean what they say
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@Suite struct TreeLintTests {
    typealias Predicate = MatchTree.Predicate
    typealias Outcome = MatchTree.Outcome

    static let here = Outcome.route(matching())

    /// What is said of a table whose only virtual host is led by `tree`, seen from the tree.
    static func findings(_ tree: MatchTree) -> [String] {
        var table = table()
        table.virtualHosts[0].matcher = tree
        return LinterTests.findings(table).map { String($0.dropFirst("virtual_hosts[0].matcher.".count)) }
    }

    /// The same of a list of predicates that all lead to a route.
    static func findings(_ predicates: Predicate..., otherwise: Outcome? = nil) -> [String] {
        findings(MatchTree(.list(predicates.map { MatchTree.Rule($0, here) }), otherwise: otherwise))
            .map { $0.replacing("matcher_list.matchers", with: "") }
    }

    static func text(_ rule: StringMatcher.Rule, of name: String = "x", folds: Bool = false) -> Predicate {
        .value(.header(name), StringMatcher(rule, ignoresCase: folds))
    }

    // MARK: Routes

    @Test func routesInsideOfTreesAreLookedAt() {
        var idle = ForwardAction(to: .weighted(WeightedClusters([.init("c", weight: 1), .init("d", weight: 0)])))
        idle.retryPolicy = RetryPolicy(on: [])
        let tree = MatchTree(
            .exact(
                .header(":method"),
                [
                    MatchTree.Entry("GET", .routes([matching(), matching(.exact("/a?b"))])),
                    MatchTree.Entry("PUT", .route(Route(match: RouteMatch(.prefix("/")), action: .forward(idle)))),
                ]),
            otherwise: .tree(MatchTree(.none, otherwise: .route(matching(.pattern("/a/.*"))))))
        let map = "matcher_tree.exact_match_map.map"
        #expect(
            Self.findings(tree) == [
                map + "[\"GET\"].action.typed_config.routes[1].match.path [never-matches]",
                map + "[\"PUT\"].action.typed_config.route.weighted_clusters.clusters[1].weight [zero-weight]",
                map + "[\"PUT\"].action.typed_config.route.retry_policy.retry_on [idle-retry-policy]",
                "on_no_match.matcher.on_no_match.action.typed_config.match.safe_regex [simple-regex]",
            ])
    }

    @Test func aRewriteIsMendedByItsOwnListOnly() {
        func rewriting(_ prefix: String, to text: String) -> Route {
            var action = ForwardAction(to: .cluster("c"))
            action.pathRewrite = .prefix(text)
            return Route(match: RouteMatch(.prefix(prefix)), action: .forward(action))
        }
        let mended = [rewriting("/api/", to: "/"), rewriting("/api", to: "/")]
        #expect(Self.findings(MatchTree(.none, otherwise: .routes(mended))) == [])
        let apart = MatchTree(
            .list([MatchTree.Rule(Self.text(.exact("a")), .route(mended[0]))]), otherwise: .route(mended[1]))
        #expect(
            Self.findings(apart) == ["on_no_match.action.typed_config.route.prefix_rewrite [rewrite-slash]"])
    }

    @Test func aTreeWithoutRoutesIsTold() {
        var table = table()
        table.virtualHosts[0].matcher = MatchTree(.none)
        #expect(LinterTests.findings(table) == ["virtual_hosts[0].matcher [empty-virtual-host]"])
    }

    // MARK: Lists

    @Test(
        arguments: [
            (text(.exact("a")), text(.exact("a"), of: "X")), (text(.prefix("a")), text(.exact("ab"))),
            (text(.prefix("a")), text(.prefix("ab"))), (text(.suffix("b")), text(.suffix("ab"))),
            (text(.contains("b")), text(.prefix("abc"))), (text(.contains("b")), text(.exact("b"))),
            (text(.exact("A"), folds: true), text(.exact("a"))), (text(.prefix("1")), text(.exact("1a"), folds: true)),
            (text(.prefix("a")), text(.pattern("ab.*"))), (text(.pattern("ab")), text(.exact("ab"))),
            (text(.pattern("a+")), text(.pattern("a+"))),
            (text(.exact("a"), of: "host"), text(.exact("a"), of: ":authority")),
            (.any([text(.exact("a")), text(.exact("b"))]), .any([text(.exact("b")), text(.exact("a"))])),
            (.any([text(.exact("a")), text(.exact("b"))]), text(.exact("b"))),
            (text(.exact("a")), .all([text(.exact("b"), of: "y"), text(.exact("a"))])),
            (text(.prefix("a")), .any([text(.exact("ab")), text(.exact("ac"))])),
            (.all([text(.prefix("a")), text(.suffix("b"))]), text(.exact("ab"))),
            (.not(text(.exact("ab"))), .not(text(.prefix("a")))),
        ] as [(Predicate, Predicate)])
    func aRuleBehindOneThatTakesItsRequestsIsTold(first: Predicate, second: Predicate) {
        #expect(Self.findings(first, second).filter { $0.contains("unreach") } == ["[1] [unreachable-branch]"])
    }

    @Test(
        arguments: [
            (text(.exact("a")), text(.exact("b"))), (text(.exact("a")), text(.exact("a"), of: "y")),
            (text(.exact("ab")), text(.prefix("a"))), (text(.exact("a")), text(.exact("a"), folds: true)),
            (text(.prefix("a")), text(.suffix("a"))), (text(.prefix("ab")), text(.prefix("a"))),
            // A pattern takes no byte that is not UTF-8.
            (text(.pattern("a.*")), text(.prefix("ab"))),
            (text(.exact("b")), .any([text(.exact("a")), text(.exact("b"))])),
            (.all([text(.exact("b"), of: "y"), text(.exact("a"))]), text(.exact("a"))),
            (.not(text(.prefix("a"))), .not(text(.exact("ab")))),
            // A header that is not there satisfies neither.
            (text(.prefix("a")), .not(text(.exact("a")))),
        ] as [(Predicate, Predicate)])
    func otherRulesAreFine(first: Predicate, second: Predicate) {
        #expect(Self.findings(first, second).filter { $0.contains("unreach") } == [])
    }

    @Test func whatStandsBehindASubtreeWithoutAnEndIsFine() {
        func findings(_ inner: MatchTree) -> [String] {
            Self.findings(
                MatchTree(
                    .list([
                        MatchTree.Rule(Self.text(.prefix("a")), .tree(inner)),
                        MatchTree.Rule(Self.text(.exact("ab")), Self.here),
                    ])))
        }
        let open = MatchTree(.list([MatchTree.Rule(Self.text(.exact("1"), of: "y"), Self.here)]))
        #expect(findings(open) == [])
        var closed = open
        closed.otherwise = .tree(MatchTree(.none, otherwise: .routes([])))
        #expect(findings(closed) == ["matcher_list.matchers[1] [unreachable-branch]"])
    }

    @Test func aRuleThatAlwaysHoldsTakesAll() {
        let anything = Self.text(.pattern(".*"), of: ":method")
        #expect(
            Self.findings(anything, Self.text(.exact("a")), otherwise: Self.here) == [
                "[1] [unreachable-branch]", "on_no_match [unreachable-branch]",
            ])
        let either = Predicate.any([Self.text(.exact("a")), .not(Self.text(.exact("a")))])
        #expect(Self.findings(either, otherwise: Self.here) == ["on_no_match [unreachable-branch]"])
        // A header may be missing, and a CONNECT may have no path.
        #expect(Self.findings(Self.text(.pattern(".*")), otherwise: Self.here) == [])
        #expect(Self.findings(Self.text(.pattern(".*"), of: ":path"), otherwise: Self.here) == [])
    }

    @Test(
        arguments: [
            .all([text(.exact("a")), text(.exact("b"))]), .all([text(.exact("a")), text(.prefix("b"))]),
            .all([text(.pattern("a+")), .not(text(.pattern("a+")))]),
            .not(.any([text(.exact("a")), .not(text(.exact("a")))])),
        ] as [Predicate])
    func predicatesThatContradictThemselvesAreTold(_ predicate: Predicate) {
        #expect(Self.findings(predicate) == ["[0].predicate [never-matches]"])
    }

    @Test func patternsThatArePlainTextsAreTold() {
        let predicate = Predicate.all([
            .not(Self.text(.pattern("a.*"))), .any([Self.text(.pattern("b")), Self.text(.pattern("a+"), of: "y")]),
        ])
        let and = "[0].predicate.and_matcher.predicate"
        #expect(
            Self.findings(predicate) == [
                and + "[0].not_matcher.single_predicate.value_match.safe_regex [simple-regex]",
                and + "[1].or_matcher.predicate[0].single_predicate.value_match.safe_regex [simple-regex]",
            ])
    }

    @Test(arguments: [
        ("abab", "ababab", true), ("aab", "aaab", true), ("aabaaa", "aabaabaaa", true), ("ab", "aab", true),
        ("abc", "ababd", false), ("aa", "a", false), ("a", "", false),
    ])
    func aPartIsFoundWhereverItStands(part: String, whole: String, isFound: Bool) {
        let told = Self.findings(Self.text(.contains(part)), Self.text(.exact(whole)))
        #expect(told == (isFound ? ["[1] [unreachable-branch]"] : []))
    }

    @Test func longTextsAreComparedInLinearTime() {
        let many = String(repeating: "a", count: 200_000)
        let tangled = Predicate.all([Self.text(.contains(many + "b")), Self.text(.exact(many + many))])
        #expect(Self.findings(tangled) == ["[0].predicate [never-matches]"])
    }

    @Test func veryManyRulesAreLookedThroughForALimitedTime() {
        let rules = (0..<5000).map { MatchTree.Rule(Self.text(.exact("\($0)")), Self.here) }
        let again = rules + [MatchTree.Rule(Self.text(.exact("0")), Self.here)]
        // Equal ones are found without comparing each with each.
        #expect(Self.findings(MatchTree(.list(again))) == ["matcher_list.matchers[5000] [unreachable-branch]"])
    }

    // MARK: Maps

    @Test func whatTheInputCannotBeAnyMoreIsTold() {
        let methods = MatchTree(
            .exact(.header(":method"), [MatchTree.Entry("GET", Self.here), MatchTree.Entry("PUT", Self.here)]),
            otherwise: Self.here)
        let tree = MatchTree(
            .exact(.header(":method"), [MatchTree.Entry("GET", .tree(methods)), MatchTree.Entry("PUT", Self.here)]))
        let inner = "matcher_tree.exact_match_map.map[\"GET\"].matcher."
        #expect(
            Self.findings(tree) == [
                inner + "matcher_tree.exact_match_map.map[\"PUT\"] [unreachable-branch]",
                inner + "on_no_match [unreachable-branch]",
            ])
        let list = MatchTree(.list([MatchTree.Rule(Self.text(.exact("GET"), of: ":method"), .tree(methods))]))
        #expect(Self.findings(list).count == 2)
        let prefixes = MatchTree(
            .prefix(.header(":METHOD"), [MatchTree.Entry("G", Self.here), MatchTree.Entry("P", Self.here)]))
        #expect(
            Self.findings(MatchTree(.exact(.header(":method"), [MatchTree.Entry("GET", .tree(prefixes))]))) == [
                inner + "matcher_tree.prefix_match_map.map[\"P\"] [unreachable-branch]"
            ])
        let other = MatchTree(.exact(.header("x"), [MatchTree.Entry("GET", .tree(methods))]))
        #expect(Self.findings(other) == [])
    }

    @Test func anEmptyPrefixTakesAllOfAnInputThatIsAlwaysThere() {
        func findings(_ name: String) -> [String] {
            Self.findings(MatchTree(.prefix(.header(name), [MatchTree.Entry("", Self.here)]), otherwise: Self.here))
        }
        #expect(findings(":method") == ["on_no_match [unreachable-branch]"])
        #expect(findings("x") == [])
    }

    @Test func rangesThatStandInTheTreeAlreadyAreTold() {
        let wide = AddressRange("10.0.0.0", length: 8)
        let narrow = AddressRange("10.1.0.0", length: 16)
        let open = MatchTree(.exact(.header("x"), [MatchTree.Entry("a", Self.here)]))
        func tree(_ first: Outcome) -> MatchTree {
            MatchTree(
                .addresses(
                    .header("x-ip"),
                    [MatchTree.AddressEntry([wide], first), MatchTree.AddressEntry([narrow, wide], Self.here)]))
        }
        #expect(
            Self.findings(tree(Self.here)) == [
                "matcher_tree.custom_match.typed_config.range_matchers[1].ranges[1] [unreachable-branch]"
            ])
        #expect(Self.findings(tree(.tree(open))) == [])
    }

    // MARK: Clusters

    @Test func treesThatChooseClustersAreLookedAt() {
        let rules = [Self.text(.prefix("a")), Self.text(.exact("ab"))].map { MatchTree.Rule($0, .cluster("c")) }
        let found = LinterTests.findings(table(route { $0.target = .matched(MatchTree(.list(rules))) }))
        #expect(
            found == [
                "virtual_hosts[0].routes[0].route.\(ForwardAction.treePath).matcher_list.matchers[1] [unreachable-branch]"
            ])
    }

    @Test func clustersOfTreesAreUsedAndHaveToBeThere() {
        var table = table()
        table.virtualHosts[0].matcher = MatchTree(
            .none, otherwise: .routes([matching(), route { $0.target = .cluster("gone") }]))
        let whole = Configuration(routeConfigurations: [table], clusters: [ReferenceLintTests.cluster("c")])
        #expect(
            outline(Linter.problems(in: whole)) == [
                "warning route_configurations[0].virtual_hosts[0].matcher.on_no_match.action.typed_config.routes[1]"
                    + ".route.cluster [unknown-cluster]"
            ])
    }
}
