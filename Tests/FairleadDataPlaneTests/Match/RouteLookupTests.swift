// Fairlead: tests of the search for a route by its path
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct RouteLookupTests {
    /// Which of `routes` each path leads to, by name.
    static func check(_ routes: [Route], _ paths: KeyValuePairs<String, String?>) throws {
        let scene = try Scene(routes: routes)
        for (path, expected) in paths { #expect(scene.decide(path).route == expected, "\(path)") }
    }

    // MARK: Kinds of paths

    @Test func aPrefixIsOneOfBytes() throws {
        try Self.check(
            [.answer(.prefix("/foo"), named: "foo")],
            [
                "/foo": "foo", "/foobar": "foo", "/foo/": "foo", "/foo?a=b": "foo", "/fo": nil, "/": nil, "/Foo": nil,
                "/fo%6f": nil, "foo": nil, "/x/foo": nil,
            ])
    }

    @Test func theEmptyPrefixMatchesEveryPath() throws {
        try Self.check(
            [.answer(.prefix(""), named: "all")], ["/": "all", "": "all", "*": "all", "?x": "all", "x": "all"])
    }

    @Test func anExactPathIsTheWholePathWithoutItsQuery() throws {
        try Self.check(
            [.answer(.exact("/foo"), named: "foo"), .answer(.exact(""), named: "empty")],
            ["/foo": "foo", "/foo?x": "foo", "/foo/": nil, "/fo": nil, "/fooo": nil, "": "empty", "?x": "empty"])
    }

    @Test func queriesAndFragmentsInRoutesNeverMatch() throws {
        try Self.check(
            [.answer(.prefix("/foo?a"), named: "prefix"), .answer(.exact("/foo?a"), named: "exact")],
            ["/foo?a": nil, "/foo?ab": nil, "/foo": nil])
    }

    @Test func aSeparatedPrefixEndsAtASlash() throws {
        try Self.check(
            [.answer(.separatedPrefix("/api/dev"), named: "dev")],
            [
                "/api/dev": "dev", "/api/dev/": "dev", "/api/dev/x": "dev", "/api/dev?x": "dev", "/api/dev;x": nil,
                "/api/devx": nil, "/api/de": nil, "/api/dev//": "dev",
            ])
    }

    @Test func aPatternMatchesTheWholePath() throws {
        try Self.check(
            [.answer(.pattern("/b[io]t"), named: "bit"), .answer(.pattern("/x.*"), named: "x")],
            ["/bit": "bit", "/bot": "bit", "/bite": nil, "/xbit": "x", "/bit?q": "bit", "/a/bit": nil, "/x": "x"])
    }

    @Test func onlyConnectIsForConnectRoutes() throws {
        let scene = try Scene(routes: [
            .answer(.connect, named: "connect"), .answer(.prefix("/"), named: "rest"),
        ])
        #expect(scene.decide(Request(method: "CONNECT", authority: "a", path: nil)).route == "connect")
        #expect(scene.decide(Request(method: "CONNECT", authority: "a", path: "/x")).route == "connect")
        #expect(scene.decide(Request(method: "GET", authority: "a", path: "/x")).route == "rest")
        #expect(scene.decide(Request(method: "connect", authority: "a", path: "/x")).route == "rest")
    }

    @Test func withoutAPathOnlyConnectRoutesMatch() throws {
        let scene = try Scene(routes: [
            .answer(.prefix(""), named: "prefix"), .answer(.exact(""), named: "exact"),
            .answer(.pattern(".*"), named: "pattern"),
            .answer(.prefix(""), named: "folded") { $0.isCaseSensitive = false },
        ])
        #expect(scene.decide(Request(method: "CONNECT", authority: "a", path: nil)).disposition == .noRoute)
        #expect(scene.decide(Request(method: "GET", authority: "a", path: nil)).disposition == .noRoute)
        #expect(scene.decide("").route == "prefix")
    }

    @Test func aConnectRouteTakesItsTurnAmongTheOthers() throws {
        let request = Request(method: "CONNECT", authority: "a", path: "/x")
        let connect = Route.answer(.connect, named: "connect")
        let rest = Route.answer(.prefix("/"), named: "rest")
        #expect(try Scene(routes: [rest, connect]).decide(request).route == "rest")
        #expect(try Scene(routes: [connect, rest]).decide(request).route == "connect")
        let picky = Route.answer(.connect, named: "picky") { $0.headers = [HeaderMatcher("x", .present(true))] }
        let scene = try Scene(routes: [picky, connect, rest])
        #expect(scene.decide(request).route == "connect")
        request.addHeader("x", "y")
        #expect(scene.decide(request).route == "picky")
    }

    // MARK: Case

    @Test func caseIsIgnoredWhereARouteSaysSo() throws {
        let folded: (inout RouteMatch) -> Void = { $0.isCaseSensitive = false }
        try Self.check(
            [
                .answer(.exact("/Exact"), named: "exact", folded), .answer(.prefix("/Pre"), named: "prefix", folded),
                .answer(.separatedPrefix("/Sep"), named: "separated", folded),
                .answer(.exact("/É"), named: "accent", folded), .answer(.pattern("/pat"), named: "pattern", folded),
            ],
            [
                "/exact": "exact", "/EXACT": "exact", "/eXaCt?Q": "exact", "/exactly": nil, "/prefix": "prefix",
                "/PREFIX": "prefix", "/sep/X": "separated", "/SEP": "separated", "/sepx": nil, "/É": "accent",
                "/é": nil,
                // Patterns have their own way to say it.
                "/pat": "pattern", "/PAT": nil,
            ])
    }

    @Test func orderHoldsAcrossBothKindsOfCase() throws {
        let folded: (inout RouteMatch) -> Void = { $0.isCaseSensitive = false }
        try Self.check(
            [
                .answer(.prefix("/a/b"), named: "0"), .answer(.prefix("/A"), named: "1", folded),
                .answer(.prefix("/a"), named: "2"), .answer(.exact("/C"), named: "3"),
                .answer(.exact("/c"), named: "4", folded), .answer(.prefix(""), named: "5"),
            ],
            ["/a/b": "0", "/A/b": "1", "/a": "1", "/C": "3", "/c": "4", "/d": "5"])
    }

    // MARK: First match

    @Test func theFirstMatchWinsNotTheLongest() throws {
        try Self.check(
            [
                .answer(.prefix("/a"), named: "0"), .answer(.prefix("/a/b"), named: "1"),
                .answer(.exact("/a/b/c"), named: "2"), .answer(.prefix("/b/b"), named: "3"),
                .answer(.prefix("/b"), named: "4"), .answer(.exact("/b"), named: "5"),
            ],
            ["/a/b/c": "0", "/a/b": "0", "/b/b/x": "3", "/b": "4", "/bx": "4", "/c": nil])
    }

    @Test func ofEqualRoutesTheFirstWins() throws {
        try Self.check(
            [
                .answer(.exact("/a"), named: "0"), .answer(.exact("/a"), named: "1"),
                .answer(.prefix("/b"), named: "2"),
                .answer(.prefix("/b"), named: "3"),
            ],
            ["/a": "0", "/b": "2", "/bb": "2"])
    }

    @Test func anEarlierRouteThatAsksForMoreLetsTheNextOneWin() throws {
        let picky: (inout RouteMatch) -> Void = { $0.headers = [HeaderMatcher("x", .present(true))] }
        let scene = try Scene(routes: [
            .answer(.prefix("/a/b/c"), named: "0", picky), .answer(.exact("/a/b/c"), named: "1", picky),
            .answer(.prefix("/a"), named: "2", picky), .answer(.prefix("/a/b"), named: "3"),
            .answer(.prefix("/a/b/c"), named: "4"), .answer(.prefix(""), named: "5"),
        ])
        #expect(scene.decide("/a/b/c", at: "h", [("x", "")]).route == "0")
        #expect(scene.decide("/a/b/c").route == "3")
        #expect(scene.decide("/a/x", at: "h", [("x", "")]).route == "2")
        #expect(scene.decide("/a/x").route == "5")
        #expect(scene.decide("/q").route == "5")
    }

    @Test func patternsTakeTheirTurnAmongTexts() throws {
        try Self.check(
            [
                .answer(.exact("/users/me"), named: "0"), .answer(.pattern("/users/[0-9]+"), named: "1"),
                .answer(.pattern("/users/.*"), named: "2"), .answer(.prefix("/users"), named: "3"),
                .answer(.pattern(".*/me"), named: "4"),
            ],
            ["/users/me": "0", "/users/7": "1", "/users/x": "2", "/users": "3", "/x/me": "4", "/x": nil])
    }

    @Test func separatedAndPlainPrefixesOfTheSameTextAreToldApart() throws {
        try Self.check(
            [
                .answer(.separatedPrefix("/a"), named: "0"), .answer(.prefix("/a"), named: "1"),
                .answer(.exact("/ab"), named: "2"),
            ],
            ["/a": "0", "/a/b": "0", "/ab": "1", "/abc": "1"])
    }

    @Test func aRouteBehindOneThatTakesEverythingNeverWins() throws {
        var routes: [Route] = [.answer(.prefix(""), named: "all")]
        for number in 0..<50 { routes.append(.answer(.prefix("/\(number)"), named: "\(number)")) }
        try Self.check(routes, ["/7": "all", "/": "all", "/49/x": "all"])
    }

    @Test func textsThatOnlyLookAlikeAreDifferentPaths() throws {
        let (composed, decomposed) = ("/caf\u{e9}", "/cafe\u{301}")
        try Self.check(
            [
                .answer(.exact(composed), named: "0"), .answer(.exact(decomposed), named: "1"),
                .answer(.prefix(composed + "/"), named: "2"), .answer(.prefix(decomposed + "/"), named: "3"),
                .answer(.pattern("/x" + composed), named: "4"), .answer(.pattern("/x" + decomposed), named: "5"),
            ],
            [
                composed: "0", decomposed: "1", composed + "/y": "2", decomposed + "/y": "3", "/x" + composed: "4",
                "/x" + decomposed: "5",
            ])
    }

    @Test func manyRoutesAreFoundAmongMany() throws {
        var routes: [Route] = []
        for number in 0..<400 {
            routes.append(.answer(.exact("/e/\(number)"), named: "e\(number)"))
            routes.append(.answer(.prefix("/p/\(number)/"), named: "p\(number)"))
            routes.append(.answer(.separatedPrefix("/s/\(number)"), named: "s\(number)"))
        }
        let scene = try Scene(routes: routes)
        for number in stride(from: 0, to: 400, by: 13) {
            #expect(scene.decide("/e/\(number)").route == "e\(number)")
            #expect(scene.decide("/p/\(number)/x/y").route == "p\(number)")
            #expect(scene.decide("/s/\(number)/x").route == "s\(number)")
        }
        #expect(scene.decide("/e/400").route == nil)
        #expect(scene.decide("/p/7").route == nil)
    }

    @Test func aHostWithoutRoutesHasNone() throws {
        let scene = try Scene(routes: [])
        #expect(scene.decide("/").disposition == .noRoute)
        #expect(scene.decide("/").virtualHost == "all")
    }

    // MARK: Parameters of the path

    @Test func parametersOfThePathCanBeLeftOutOfTheMatch() throws {
        let routes: [Route] = [
            .answer(.exact("/a"), named: "0"), .answer(.separatedPrefix("/b"), named: "1"),
            .answer(.pattern("/c[0-9]"), named: "2"), .answer(.prefix("/d;x"), named: "3"),
        ]
        var table = RouteConfiguration.of(routes)
        let keeping = try Scene(table)
        for path in ["/a;x", "/b;x", "/c1;x"] { #expect(keeping.decide(path).route == nil) }
        #expect(keeping.decide("/d;xy").route == "3")
        table.ignoresPathParameters = true
        let ignoring = try Scene(table)
        #expect(ignoring.decide("/a;x").route == "0")
        #expect(ignoring.decide("/a;x/y?z").route == nil)
        #expect(ignoring.decide("/b;x").route == "1")
        #expect(ignoring.decide("/b;x/c;y/d?z").route == "1")
        #expect(ignoring.decide("/c1;x").route == "2")
        #expect(ignoring.decide("/d;xy").route == nil)
    }

    // MARK: Shares

    /// Two halves in a row are nested and not independent: one random number serves the whole request.
    @Test func sharesOfOneRequestAreNested() throws {
        func share(_ numerator: UInt32, _ denominator: Fraction.Denominator, _ name: String) -> Route {
            .answer(.prefix("/"), named: name) {
                $0.fraction = RuntimeFraction(Fraction(numerator, of: denominator))
            }
        }
        let scene = try Scene(routes: [
            share(0, .hundred, "never"), share(10, .hundred, "10"), share(10, .hundred, "again"),
            share(2_500, .tenThousand, "25"), share(500_000, .million, "50"), share(100, .hundred, "rest"),
        ])
        let cases: [(UInt64, String)] = [
            (0, "10"), (9, "10"), (10, "25"), (2499, "25"), (2510, "50"), (499_999, "50"), (500_000, "10"),
            (999_999, "rest"), (1_000_000, "10"), (1_000_099, "25"), (.max, "25"),
        ]
        for (random, expected) in cases {
            let request = Request(authority: "a", path: "/")
            request.random = random
            #expect(scene.decide(request).route == expected, "\(random)")
        }
    }
}
