// Fairlead: tests of match trees
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct TreeLookupTests {
    typealias Outcome = MatchTree.Outcome

    static func to(_ name: String, _ path: RouteMatch.Path = .prefix("/")) -> Outcome {
        .route(.answer(path, named: name))
    }

    static func equals(_ name: String, _ value: String) -> MatchTree.Predicate {
        .value(.header(name), StringMatcher(.exact(value)))
    }

    /// Leads somewhere only when the header `y` is 1.
    static let inner = Outcome.tree(MatchTree(.list([.init(equals("y", "1"), to("inner"))])))

    /// The route of a request with the given headers.
    static func route(
        _ tree: MatchTree, _ headers: [(String, String)] = [], path: String = "/",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String? {
        var host = VirtualHost(name: "v", domains: ["*"])
        host.matcher = tree
        let scene = try Scene(RouteConfiguration(name: "t", virtualHosts: [host]))
        let request = Request(authority: "a.example", path: path, headers: headers)
        var exchange = scene.worker.begin(request.view)
        let agrees = exchange.route.agreesWithScan(request.view)
        #expect(agrees, sourceLocation: sourceLocation)
        scene.worker.end(&exchange)
        return scene.decide(request).route
    }

    @Test func theFirstRuleThatLeadsSomewhereWins() throws {
        let tree = MatchTree(
            .list([.init(Self.equals("x", "1"), Self.inner), .init(Self.equals("x", "1"), Self.to("second"))]),
            otherwise: Self.to("none"))
        #expect(try Self.route(tree, [("x", "1")]) == "second")
        #expect(try Self.route(tree, [("x", "1"), ("y", "1")]) == "inner")
        #expect(try Self.route(tree) == "none")
    }

    @Test func aRouteThatDoesNotMatchEndsTheSearch() throws {
        let tree = MatchTree(
            .list([
                .init(Self.equals("x", "1"), Self.to("picky", .prefix("/only"))),
                .init(Self.equals("x", "1"), Self.to("no")),
            ]), otherwise: Self.to("neither"))
        #expect(try Self.route(tree, [("x", "1")]) == nil)
        #expect(try Self.route(tree, [("x", "1")], path: "/only/x") == "picky")
    }

    @Test func ofAListOfRoutesTheFirstThatMatchesIsTaken() throws {
        let tree = MatchTree(
            .none,
            otherwise: .routes([
                .answer(.prefix("/1"), named: "one"), .answer(.prefix("/2"), named: "two"),
                .answer(.exact("/3"), named: "three"),
            ]))
        #expect(try Self.route(tree, path: "/2x") == "two")
        #expect(try Self.route(tree, path: "/3") == "three")
        #expect(try Self.route(tree, path: "/4") == nil)
        #expect(try Self.route(MatchTree(.none), path: "/") == nil)
        #expect(try Self.route(MatchTree(.none, otherwise: .routes([])), path: "/") == nil)
    }

    @Test func predicatesAreJoined() throws {
        func tree(_ predicate: MatchTree.Predicate) -> MatchTree { MatchTree(.list([.init(predicate, Self.to("it"))])) }
        let both = MatchTree.Predicate.all([Self.equals("x", "1"), Self.equals("y", "1")])
        let either = MatchTree.Predicate.any([Self.equals("x", "1"), Self.equals("y", "1")])
        #expect(try Self.route(tree(both), [("x", "1")]) == nil)
        #expect(try Self.route(tree(both), [("x", "1"), ("Y", "1")]) == "it")
        #expect(try Self.route(tree(either), [("y", "1")]) == "it")
        #expect(try Self.route(tree(either)) == nil)
        // What is missing satisfies nothing, and so everything that is turned round.
        #expect(try Self.route(tree(.not(Self.equals("x", "")))) == "it")
        #expect(try Self.route(tree(Self.equals("x", ""))) == nil)
        #expect(try Self.route(tree(Self.equals("x", "")), [("x", "")]) == "it")
    }

    @Test func severalLinesOfAHeaderAreOneValue() throws {
        let tree = MatchTree(.exact(.header("X"), [.init("a", Self.to("a")), .init("a,b", Self.to("joined"))]))
        #expect(try Self.route(tree, [("x", "a"), ("x", "b")]) == "joined")
        #expect(try Self.route(tree, [("x", "a")]) == "a")
        #expect(try Self.route(tree, [("x", "b")]) == nil)
    }

    @Test(arguments: [
        (":method", "GET"), (":path", "/p?q"), (":scheme", "http"), (":authority", "a.example"), ("Host", "a.example"),
    ])
    func pseudoHeadersAreInputs(_ name: String, _ value: String) throws {
        let tree = MatchTree(.exact(.header(name), [.init(value, Self.to("it"))]))
        #expect(try Self.route(tree, path: "/p?q") == "it")
    }

    @Test func whatLeadsNowhereIsGoneOnWithBehindIt() throws {
        let exact = MatchTree(
            .exact(.header("x"), [.init("", Self.to("empty")), .init("1", Self.inner)]), otherwise: Self.to("none"))
        #expect(try Self.route(exact, [("x", "1")]) == "none")
        #expect(try Self.route(exact, [("x", "1"), ("y", "1")]) == "inner")
        #expect(try Self.route(exact, [("x", "")]) == "empty")
        #expect(try Self.route(exact) == "none")
        let prefix = MatchTree(
            .prefix(.header("x"), [.init("", Self.to("empty")), .init("a", Self.to("a")), .init("ab", Self.inner)]),
            otherwise: Self.to("none"))
        #expect(try Self.route(prefix, [("x", "abc")]) == "a")
        #expect(try Self.route(prefix, [("x", "abc"), ("y", "1")]) == "inner")
        #expect(try Self.route(prefix, [("x", "b")]) == "empty")
        #expect(try Self.route(prefix, [("x", "")]) == "empty")
        #expect(try Self.route(prefix) == "none")
    }

    @Test(arguments: [
        ("10.200.2.3", "ten"), ("10.1.2.3", "ten"), ("10.2.0.1", "nine"), ("11.0.0.1", "none"), ("x", "none"),
        ("10.1.1.1:80", "none"), ("10.77.0.1", "first"), ("", "none"), ("::1", "six"),
    ])
    func theNarrowestRangeCountsAndExclusiveOnesOnlyFirst(_ address: String, _ expected: String) throws {
        let tree = MatchTree(
            .addresses(
                .header("x"),
                [
                    .init([AddressRange("10.0.0.0", length: 8)], Self.to("ten")),
                    .init([AddressRange("10.1.0.0", length: 16)], Self.inner),
                    .init([AddressRange("10.0.0.0", length: 9)], isExclusive: true, Self.to("nine")),
                    .init([AddressRange("10.77.0.0", length: 16)], Self.to("first")),
                    .init([AddressRange("10.77.0.0", length: 16), AddressRange("::", length: 0)], Self.to("six")),
                ]), otherwise: Self.to("none"))
        #expect(try Self.route(tree, [("x", address)]) == expected)
    }

    @Test(arguments: [
        ("a.com", "a"), ("x.a.com", "a"), ("x.b.a.com", "a"), ("A.COM", "star"), ("b.com", "star"), (".a.com", "a"),
        ("", "none"),
        ("*.a.com", "a"), ("c.d", "star"), ("x.c.d", "cd"), ("..c.d", "cd"),
    ])
    func theDomainThatFitsBestCounts(_ domain: String, _ expected: String) throws {
        let tree = MatchTree(
            .domains(
                .header("x"),
                [
                    .init(["a.com", "*.a.com"], Self.to("a")), .init(["*.b.a.com", "y.a.com"], Self.inner),
                    .init(["*"], Self.to("star")), .init(["*.c.d"], Self.to("cd")),
                ]), otherwise: Self.to("none"))
        #expect(try Self.route(tree, [("x", domain)]) == expected)
        #expect(try Self.route(tree) == "none")
    }

    @Test func aTreeIsFollowedForPathsWithoutParametersToo() throws {
        var host = VirtualHost(name: "v", domains: ["*"])
        host.matcher = MatchTree(.none, otherwise: Self.to("it", .exact("/a/b")))
        var table = RouteConfiguration(name: "t", virtualHosts: [host])
        table.ignoresPathParameters = true
        let scene = try Scene(table)
        #expect(scene.decide("/a;x/b;y").route == "it")
        #expect(scene.decide("/a/b").route == "it")
        #expect(scene.decide("/a/c").route == nil)
    }

    @Test func aLongListHasAnIndexOfItsOwn() throws {
        func list(_ name: String) -> [Route] {
            var loud = Route.answer(.prefix("/CASE"), named: name + "case")
            loud.match.isCaseSensitive = false
            var picky = Route.answer(.prefix("/"), named: name + "picky")
            picky.match.headers = [HeaderMatcher("p", .present(true))]
            return [
                picky, loud, .answer(.connect, named: name + "connect"),
                .answer(.pattern("/[0-9]+"), named: name + "digits"),
            ]
                + (0..<30).map { .answer(.prefix("/p\($0)/"), named: name + "p\($0)") }
                + (0..<30).map { .answer(.exact("/p7/\($0)"), named: name + "never") }
                + (0..<30).map { .answer(.exact("/e\($0)"), named: name + "e\($0)") }
                + [.answer(.prefix("/p2"), named: name + "rest")]
        }
        // Each list is by itself, with routes before and behind it.
        let tree = MatchTree(
            .exact(
                .header("x"),
                [.init("a", Self.to("few")), .init("b", .routes(list("b-"))), .init("c", .routes(list("c-")))]),
            otherwise: Self.to("none"))
        for name in ["b", "c"] {
            let header = [("x", name)]
            func expect(_ path: String, _ route: String?, _ more: [(String, String)] = []) throws {
                #expect(try Self.route(tree, header + more, path: path) == route.map { "\(name)-\($0)" })
            }
            try expect("/p0/", "p0")
            try expect("/p29/x", "p29")
            try expect("/p7/3", "p7")
            try expect("/e29", "e29")
            try expect("/e29x", nil)
            try expect("/case", "case")
            try expect("/123", "digits")
            try expect("/p2x", "rest")
            try expect("/e1", "picky", [("p", "")])
        }
        #expect(try Self.route(tree, [("x", "a")], path: "/e1") == "few")
        #expect(try Self.route(tree, [("x", "d")], path: "/e1") == "none")
        var host = VirtualHost(name: "v", domains: ["*"])
        host.matcher = MatchTree(.none, otherwise: .routes(list("")))
        let scene = try Scene(RouteConfiguration(name: "t", virtualHosts: [host]))
        #expect(scene.decide(Request(method: "CONNECT", authority: "a:80", path: nil)).route == "connect")
    }

    @Test func routesForConnectHangInTreesToo() throws {
        var host = VirtualHost(name: "v", domains: ["*"])
        host.matcher = MatchTree(.none, otherwise: .routes([.answer(.connect, named: "it")]))
        let scene = try Scene(RouteConfiguration(name: "t", virtualHosts: [host]))
        #expect(scene.decide(Request(method: "CONNECT", authority: "a:80", path: nil)).route == "it")
        #expect(scene.decide("/").route == nil)
    }
}
