// Fairlead: tests of the search for routes that can never match
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import FairleadPlugin
import Testing

@testable import FairleadCompiler

@Suite struct ShadowFinderTests {
    typealias Path = RouteMatch.Path

    static func route(_ path: Path, folds: Bool = false, _ headers: [HeaderMatcher] = []) -> Route {
        var match = RouteMatch(path)
        match.isCaseSensitive = !folds
        match.headers = headers
        return Route(match: match, action: .nonForwarding)
    }

    static func shadows(_ routes: Route...) -> [Int?] { ShadowFinder.shadows(in: routes, nil) }

    static func covers(_ first: Route, _ second: Route) -> Bool { shadows(first, second)[1] == 0 }

    static func header(_ name: String, _ text: String) -> HeaderMatcher {
        HeaderMatcher(name, .text(StringMatcher(.exact(text))))
    }

    @Test(
        arguments: [
            (.prefix("/a"), .prefix("/a")), (.prefix("/a"), .prefix("/ab")), (.prefix(""), .exact("/x")),
            (.prefix("/a"), .exact("/a")), (.prefix("/a"), .separatedPrefix("/a")), (.prefix(""), .pattern("/a|b")),
            (.exact("/a"), .exact("/a")), (.separatedPrefix("/a"), .exact("/a")),
            (.separatedPrefix("/a"), .exact("/a/b")), (.separatedPrefix("/a"), .prefix("/a/")),
            (.separatedPrefix("/a"), .separatedPrefix("/a")), (.separatedPrefix("/a"), .separatedPrefix("/a/b")),
            (.pattern("/a|b"), .pattern("/a|b")), (.connect, .connect), (.pattern("/a.*"), .prefix("/ab")),
            (.pattern(".*"), .exact("/x")), (.pattern("/a(/.*)?"), .prefix("/a/b")),
        ] as [(Path, Path)])
    func anEarlierRouteThatTakesEverythingShadows(first: Path, second: Path) {
        #expect(Self.covers(Self.route(first), Self.route(second)))
    }

    @Test(
        arguments: [
            (.prefix("/ab"), .prefix("/a")), (.exact("/a"), .prefix("/a")), (.exact("/a"), .separatedPrefix("/a")),
            (.separatedPrefix("/a"), .prefix("/a")), (.separatedPrefix("/a"), .exact("/ab")), (.prefix("/"), .connect),
            (.connect, .prefix("/")), (.pattern("/a|b"), .pattern("/a|c")), (.prefix("/a?"), .prefix("/a")),
            (.pattern("(?i)/a.*"), .pattern("/b")), (.exact("/a"), .exact("/A")), (.prefix("/a"), .exact("/A")),
        ] as [(Path, Path)])
    func anEarlierRouteThatLeavesSomethingDoesNot(first: Path, second: Path) {
        #expect(!Self.covers(Self.route(first), Self.route(second)))
    }

    @Test func caseCountsWhereItMatters() {
        #expect(Self.covers(Self.route(.prefix("/A"), folds: true), Self.route(.prefix("/ab"))))
        #expect(Self.covers(Self.route(.prefix("/A"), folds: true), Self.route(.exact("/aB"), folds: true)))
        #expect(!Self.covers(Self.route(.prefix("/a")), Self.route(.prefix("/ab"), folds: true)))
        #expect(Self.covers(Self.route(.prefix("/1")), Self.route(.prefix("/1a"), folds: true)))
        #expect(Self.covers(Self.route(.exact("/1")), Self.route(.exact("/1"), folds: true)))
        #expect(Self.covers(Self.route(.exact("/A"), folds: true), Self.route(.exact("/a"))))
        #expect(!Self.covers(Self.route(.exact("/a")), Self.route(.exact("/a"), folds: true)))
        #expect(Self.covers(Self.route(.separatedPrefix("/A"), folds: true), Self.route(.exact("/a/X"))))
    }

    @Test func fewerConditionsShadowMore() {
        let a = Self.header("x", "a")
        let b = Self.header("y", "b")
        let prefix = Path.prefix("/")
        #expect(Self.covers(Self.route(prefix), Self.route(prefix, [a])))
        #expect(Self.covers(Self.route(prefix, [a]), Self.route(prefix, [b, a])))
        #expect(Self.covers(Self.route(prefix, [a, b]), Self.route(.exact("/x"), [b, a])))
        #expect(!Self.covers(Self.route(prefix, [a]), Self.route(prefix)))
        #expect(!Self.covers(Self.route(prefix, [a]), Self.route(prefix, [b])))
        #expect(!Self.covers(Self.route(prefix, [a]), Self.route(prefix, [Self.header("x", "A")])))
        #expect(
            Self.covers(
                Self.route(prefix, [Self.header("Host", "a")]), Self.route(prefix, [Self.header(":authority", "a")])))
    }

    @Test func manyConditionsAreCompared() {
        let many = (0..<9).map { Self.header("x\($0)", "a") }
        #expect(Self.covers(Self.route(.prefix("/"), many), Self.route(.prefix("/"), many)))
        #expect(Self.covers(Self.route(.prefix("/"), [many[3], many[7]]), Self.route(.prefix("/"), many)))
        #expect(
            Self.covers(
                Self.route(.prefix("/"), Array(many.prefix(5))), Self.route(.prefix("/"), Array(many.prefix(6)))))
    }

    @Test func sharesAreNested() {
        func share(_ count: UInt32, key: String = "") -> Route {
            var route = Self.route(.prefix("/"))
            route.match.fraction = RuntimeFraction(Fraction(count), runtimeKey: key)
            return route
        }
        // One random number serves all routes: the second half of the requests is not the first half's to lose.
        #expect(Self.covers(share(50), share(50)))
        #expect(!Self.covers(share(50), share(60)))
        #expect(Self.covers(share(100), Self.route(.prefix("/"))))
        #expect(!Self.covers(share(100, key: "k"), Self.route(.prefix("/"))))
        #expect(!Self.covers(share(50), Self.route(.prefix("/"))))
    }

    @Test func theFirstOneThatShadowsIsNamed() {
        let routes = [
            Self.route(.exact("/x")), Self.route(.prefix("/a")), Self.route(.prefix("/")), Self.route(.exact("/x")),
            Self.route(.prefix("/ab")), Self.route(.prefix("/z")),
        ]
        #expect(ShadowFinder.shadows(in: routes, nil) == [nil, nil, nil, 0, 1, 2])
    }

    @Test func aRouteBehindShadowsNothing() {
        #expect(Self.shadows(Self.route(.exact("/a")), Self.route(.prefix("/"))) == [nil, nil])
        #expect(ShadowFinder.shadows(in: [], nil) == [])
    }

    @Test(.timeLimit(.minutes(1))) func longTablesAndBadOnesTakeTheirTimeOnce() {
        // The same prefix a thousand times under other headers, and a nest of prefixes.
        var routes = (0..<2000).map { Self.route(.prefix("/same"), [Self.header("x", "\($0)")]) }
        routes += (0..<500).map { Self.route(.prefix("/" + String(repeating: "a", count: 500 - $0))) }
        routes.append(Self.route(.exact("/same"), [Self.header("x", "1999")]))
        let shadows = ShadowFinder.shadows(in: routes, nil)
        #expect(shadows.last == .some(1999))
        #expect(shadows.dropLast().allSatisfy { $0 == nil })
    }

    @Test func theProblemNamesBothRoutes() throws {
        var first = Self.route(.prefix("/"))
        first.name = "rest"
        let host = VirtualHost(name: "v", domains: ["*"], routes: [first, Self.route(.prefix("/a"))])
        let table = RouteConfiguration(name: "t", virtualHosts: [host])
        let problem = try #require(
            Compiler.lint(Configuration(routeConfigurations: [table]), PluginRegistry()).first)
        #expect(problem.path == "route_configurations[0].virtual_hosts[0].routes[1].match")
        #expect(problem.message == "can never match: routes[0] 'rest' before it takes all of its requests")
        #expect(problem.code == .shadowedRoute)
        #expect(problem.severity == .warning)
    }
}
