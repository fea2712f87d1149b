// Fairlead: tests of long lists of candidates
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadDataPlane
import FairleadScenes
import Testing

@Suite struct CandidateSearchTests {
    private static func exact(_ name: String, _ value: String, ignoresCase: Bool = false) -> HeaderMatcher {
        HeaderMatcher(name, .text(StringMatcher(.exact(value), ignoresCase: ignoresCase)))
    }

    /// Routes for the same path that differ in their conditions alone, `r0` first.
    private static func routes(_ count: Int, _ fill: (Int, inout RouteMatch) -> Void) -> [Route] {
        (0..<count).map { number in
            var match = RouteMatch(.prefix("/"))
            fill(number, &match)
            return Route(name: "r\(number)", match: match, action: .directResponse(DirectResponse(status: 200)))
        }
    }

    @Test func headersChooseAmongRoutesOfOnePath() throws {
        let scene = try Scene(routes: Self.routes(100) { $1.headers = [Self.exact("x-user", "u\($0)")] })
        #expect(scene.decide("/", ["x-user": "u77"]).route == "r77")
        #expect(scene.decide("/", [("X-User", "u99"), ("x-user", "u3")]).route == "r3", "any line may hold it")
        #expect(scene.decide("/", ["x-user": "U77"]).route == nil)
        #expect(scene.decide("/").route == nil)
    }

    @Test func theFirstOfSeveralThatMatchWins() throws {
        let scene = try Scene(
            routes: Self.routes(60) { number, match in
                match.headers = [Self.exact(number % 2 == 0 ? "x-even" : "x-odd", "\(number / 4)")]
            })
        #expect(scene.decide("/", [("x-even", "3"), ("x-odd", "2")]).route == "r9")
        #expect(scene.decide("/", [("x-even", "2"), ("x-odd", "3")]).route == "r8")
    }

    @Test func routesWithoutTheHeaderKeepTheirPlace() throws {
        let scene = try Scene(
            routes: Self.routes(40) { number, match in
                if number != 20 { match.headers = [Self.exact("x-a", "\(number)")] }
            })
        #expect(scene.decide("/", ["x-a": "19"]).route == "r19")
        #expect(scene.decide("/", ["x-a": "21"]).route == "r20")
    }

    @Test func methodsParametersAuthoritiesAndCasesChooseToo() throws {
        let scene = try Scene(
            routes: Self.routes(40) { number, match in
                switch number % 4 {
                case 0: match.headers = [Self.exact(":method", "M\(number)")]
                case 1: match.queryParameters = [QueryParameterMatcher("k", .text(StringMatcher(.exact("\(number)"))))]
                case 2: match.headers = [Self.exact("host", "h\(number)")]
                default: match.headers = [Self.exact("x-a", "Value-\(number)", ignoresCase: true)]
                }
            })
        #expect(scene.decide(Request(method: "M36", authority: "a", path: "/")).route == "r36")
        #expect(scene.decide("/?k=37&k=1").route == "r37")
        #expect(scene.decide("/", at: "h38").route == "r38")
        #expect(scene.decide("/", ["x-a": "vaLUE-39"]).route == "r39")
    }

    @Test func beginningsAndEndsOfValuesChoose() throws {
        let scene = try Scene(
            routes: Self.routes(40) { number, match in
                let text = String(repeating: "a", count: 40 - number)
                match.headers = [
                    HeaderMatcher(
                        number % 2 == 0 ? "x-front" : "x-back",
                        .text(StringMatcher(number % 2 == 0 ? .prefix(text) : .suffix(text))))
                ]
            })
        #expect(scene.decide("/", ["x-front": "aaaab"]).route == "r36")
        #expect(scene.decide("/", ["x-back": "baaa"]).route == "r37")
        #expect(scene.decide("/", ["x-front": "baaa"]).route == nil)
    }

    @Test func manyNamesOfHeadersChoose() throws {
        let scene = try Scene(
            routes: Self.routes(50) { $1.headers = [HeaderMatcher("x-\($0)", .present(true))] })
        #expect(scene.decide("/", [("X-49", ""), ("x-31", "")]).route == "r31")
        #expect(scene.decide("/", ["x-50": ""]).route == nil)
    }

    @Test func manyPatternsAreAsked() throws {
        let paths: [RouteMatch.Path] =
            (0..<300).map { .pattern("/[^/]+/item\($0)") } + (0..<600).map { .pattern(".*\($0)x+") }
        let scene = try Scene(
            routes: paths.enumerated().map {
                Route(name: "r\($0)", match: RouteMatch($1), action: .directResponse(DirectResponse(status: 200)))
            })
        #expect(scene.decide("/a/item299").route == "r299")
        #expect(scene.decide("/a/item30").route == "r30")
        #expect(scene.decide("/77xx").route == "r307")
        #expect(scene.decide("/599x").route == "r309", "9x+ comes first")
        #expect(scene.decide("/599").route == nil)
    }

    @Test func onePatternMayServeManyRoutes() throws {
        let scene = try Scene(
            routes: (0..<30).map { number in
                var match = RouteMatch(.pattern(number % 3 == 0 ? "/a.*" : number % 3 == 1 ? "/b.*c" : "/.+d"))
                match.headers = [HeaderMatcher("n", .range(start: Int64(number), end: Int64(number) + 1))]
                return Route(name: "r\(number)", match: match, action: .directResponse(DirectResponse(status: 200)))
            })
        #expect(scene.decide("/ad", ["n": "27"]).route == "r27")
        #expect(scene.decide("/ad", ["n": "29"]).route == "r29")
        #expect(scene.decide("/ad", ["n": "28"]).route == nil)
    }

    @Test func patternsOfASetThatCannotTellAreAskedOneByOne() throws {
        var options = EngineOptions()
        options.plugins.patternEngine = ForgetfulEngine()
        let routes = (0..<20).map {
            Route(
                name: "r\($0)", match: RouteMatch(.pattern("/x\($0)")),
                action: .directResponse(DirectResponse(status: 200)))
        }
        let scene = try Scene(routes: routes, options: options)
        #expect(scene.decide("/x13").route == "r13")
        #expect(scene.decide("/x1").route == "r1")
        #expect(scene.decide("/x").route == nil)
    }

    @Test func agreesWithTheScanOfRandomCrowdedTables() throws {
        var random = RandomSource(seed: 11)
        func any<Element>(_ elements: [Element]) -> Element {
            elements[Int(random.next(below: UInt64(elements.count)))]
        }
        let values = ["a", "b", "ab", "abc", "B", "", "ba"]
        var found = 0
        for _ in 0..<60 {
            var routes: [Route] = []
            for number in 0..<80 {
                var match = RouteMatch(
                    any([
                        .prefix("/"), .prefix("/a"), .exact("/ab"), .pattern("/.*" + any(values)),
                        .pattern("/a" + any(values) + "+b"),
                        .separatedPrefix("/a"),
                    ]))
                match.isCaseSensitive = any([true, true, false])
                for _ in 0..<any([0, 1, 1, 2, 3]) {
                    let text = any(values)
                    let rule: StringMatcher.Rule = any([
                        .exact(text), .prefix(text + "a"), .suffix("b" + text), .pattern("a" + text + ".*"),
                    ])
                    var isPattern = false
                    if case .pattern = rule { isPattern = true }
                    if any([true, true, false]) {
                        match.headers.append(
                            HeaderMatcher(
                                any(["x-a", "x-b", ":method", ":path"]),
                                .text(StringMatcher(rule, ignoresCase: !isPattern && any([true, false]))),
                                isInverted: any([true, false, false, false]),
                                treatsMissingAsEmpty: any([true, false, false, false])))
                    } else {
                        match.queryParameters.append(
                            QueryParameterMatcher(any(["k", "q"]), .text(StringMatcher(rule))))
                    }
                }
                routes.append(
                    Route(name: "r\(number)", match: match, action: .directResponse(DirectResponse(status: 200))))
            }
            let scene = try Scene(routes: routes)
            for _ in 0..<200 {
                let request = Request(
                    method: any(["a", "ab", "GET"]), authority: "x",
                    path: "/" + any(values) + any(values) + "?k=" + any(values) + "&q=" + any(values),
                    headers: (0..<any([0, 1, 2, 3])).map { _ in (any(["x-a", "X-B"]), any(values) + any(values)) })
                var exchange = scene.worker.begin(request.view)
                if !exchange.route.name.isMissing { found += 1 }
                let agrees = exchange.route.agreesWithScan(request.view)
                #expect(agrees)
                scene.worker.end(&exchange)
            }
        }
        #expect(found > 3000, "the sample tells something")
    }
}

/// Takes patterns for plain texts, and makes sets that never know.
private final class ForgetfulEngine: PatternEngine {
    final class Text: CompiledPattern, @unchecked Sendable {
        let text: String
        init(_ text: String) { self.text = text }
        override func matches(_ text: Bytes) -> Bool { text.string == self.text }
    }

    func compile(_ pattern: String) -> CompiledPattern { Text(pattern) }

    func compileSet(_ patterns: [String]) -> CompiledPatternSet? { CompiledPatternSet() }
}

extension Scene {
    /// What becomes of a GET of `path` with headers.
    fileprivate func decide(_ path: String, _ headers: KeyValuePairs<String, String>) -> Decision {
        decide(path, headers.map { ($0.key, $0.value) })
    }

    /// The same with lines of one name.
    fileprivate func decide(_ path: String, _ headers: [(String, String)]) -> Decision {
        decide(path, at: "a.example", headers)
    }
}
