// Fairlead: tests of rewrites of path and host
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct ForwardingTests {
    static func pattern(_ pattern: String, _ substitution: String) -> PatternSubstitution {
        PatternSubstitution(pattern: pattern, substitution: substitution)
    }

    /// The forwarded path, and whether it counts as changed, where `route` is the only one.
    static func path(_ route: Route, _ path: String, ignoresParameters: Bool = false) throws -> (String, Bool) {
        var table = RouteConfiguration.of([route])
        table.ignoresPathParameters = ignoresParameters
        let scene = try Scene(table, clusters: [.fixed("c", 1)])
        let request = Request(authority: "a", path: path)
        var exchange = scene.worker.begin(request.view)
        #expect(exchange.disposition == .forward, "\(path)")
        let route = exchange.route
        var array: [UInt8] = []
        let isChanged = OutputBuffer.collect(into: &array) { route.writePath(request.view, into: &$0) }
        scene.worker.end(&exchange)
        return (String(decoding: array, as: UTF8.self), isChanged)
    }

    // MARK: Prefixes

    static let prefixes: [(RouteMatch.Path, String, path: String, expected: String)] = [
        (.prefix("/api"), "/v1", "/api/x?q=1", "/v1/x?q=1"), (.prefix("/api"), "/v1", "/apis", "/v1s"),
        // No slash is added, and none is taken away.
        (.prefix("/p/"), "zz", "/p/x", "zzx"), (.prefix("/old"), "/", "/old/x", "//x"),
        (.prefix("/old/"), "/", "/old/x", "/x"),
        (.prefix(""), "/new", "/x", "/new/x"), (.prefix("/"), "/new/", "/", "/new/"),
        (.prefix("/p"), "/n", "/p#frag", "/n#frag"), (.prefix("/p"), "/n?a=b", "/p?c=d", "/n?a=b?c=d"),
        (.separatedPrefix("/api"), "/v1", "/api/x", "/v1/x"), (.separatedPrefix("/api"), "/v1", "/api?x", "/v1?x"),
        (.exact("/api"), "/v1", "/api?x", "/v1?x"),
        // A pattern covers the whole path.
        (.pattern("/a.*"), "/new", "/abc/def?q", "/new?q"),
    ]

    @Test(arguments: prefixes.indices)
    func theMatchedPartIsReplaced(index: Int) throws {
        let (match, text, path, expected) = Self.prefixes[index]
        let result = try Self.path(.forward(match) { $0.pathRewrite = .prefix(text) }, path)
        #expect(result == (expected, true))
    }

    @Test func theMatchedPartIsReplacedByItsLengthWhereCaseIsIgnored() throws {
        var route = Route.forward(.prefix("/API")) { $0.pathRewrite = .prefix("/v1") }
        route.match.isCaseSensitive = false
        #expect(try Self.path(route, "/aPi/X") == ("/v1/X", true))
    }

    @Test func anEmptyPrefixRewriteIsNone() throws {
        #expect(try Self.path(.forward(.prefix("/p")) { $0.pathRewrite = .prefix("") }, "/p/x?q") == ("/p/x?q", false))
    }

    @Test func aRewriteToTheSamePathIsNoChange() throws {
        #expect(
            try Self.path(.forward(.prefix("/p")) { $0.pathRewrite = .prefix("/p") }, "/p/x?q") == ("/p/x?q", false))
    }

    /// Seen on Envoy 1.40: what was left out of the match is kept behind an exact path.
    @Test func ignoredParametersBehindAnExactPathAreKept() throws {
        let route = Route.forward(.exact("/exact")) { $0.pathRewrite = .prefix("/new") }
        #expect(try Self.path(route, "/exact;p=1?q", ignoresParameters: true) == ("/new;p=1?q", true))
        let prefix = Route.forward(.prefix("/pre")) { $0.pathRewrite = .prefix("/new") }
        #expect(try Self.path(prefix, "/pre;p=1/x?q", ignoresParameters: true) == ("/new;p=1/x?q", true))
    }

    @Test func aPathThatMatchesOnlyWithoutItsParametersStaysAsItIs() throws {
        let route = Route.forward(.prefix("/a/b")) { $0.pathRewrite = .prefix("/new") }
        #expect(try Self.path(route, "/a;x/b/c", ignoresParameters: true) == ("/a;x/b/c", false))
    }

    // MARK: Patterns

    static let patterns: [(String, String, path: String, expected: String, isChanged: Bool)] = [
        ("^/service/([^/]+)(/.*)$", "\\2/instance/\\1", "/service/foo/v1/api", "/v1/api/instance/foo", true),
        ("one", "two", "/xx/one/yy/one/zz", "/xx/two/yy/two/zz", true),
        // Queries are neither looked at nor lost.
        ("q", "Q", "/x?q=q", "/x?q=q", false), ("x", "Q", "/x?x", "/Q?x", true),
        // A rewrite to nothing leaves the path as it was.
        (".*", "", "/abc?d", "/abc?d", false), ("none", "some", "/abc", "/abc", false), ("a", "a", "/a", "/a", false),
    ]

    @Test(arguments: patterns.indices)
    func everyMatchOfThePatternIsReplaced(index: Int) throws {
        let (pattern, substitution, path, expected, isChanged) = Self.patterns[index]
        let route = Route.forward(.prefix("/")) { $0.pathRewrite = .pattern(Self.pattern(pattern, substitution)) }
        #expect(try Self.path(route, path) == (expected, isChanged))
    }

    @Test func withoutARewriteThePathStays() throws {
        #expect(try Self.path(.forward(), "/a;b?c#d") == ("/a;b?c#d", false))
    }

    // MARK: Buffers

    @Test func pathsThatDoNotFitTellHowMuchTheyNeed() throws {
        let scene = try Scene(routes: [.forward(.prefix("/p")) { $0.pathRewrite = .prefix("/new") }])
        let request = Request(authority: "a", path: "/p/x?q")
        var exchange = scene.worker.begin(request.view)
        let route = exchange.route
        for capacity in 0...10 {
            var bytes = [UInt8](repeating: 0, count: capacity)
            let needed = bytes.withUnsafeMutableBufferPointer { memory in
                var output = OutputBuffer(start: memory.baseAddress, capacity: memory.count)
                route.writePath(request.view, into: &output)
                return output.needed
            }
            #expect(needed == 8)
            #expect(
                bytes == Array("/new/x?q".utf8.prefix(capacity)) + [UInt8](repeating: 0, count: max(capacity - 8, 0)))
        }
        scene.worker.end(&exchange)
    }

    @Test func resultsAreAppendedToWhatIsThere() throws {
        let scene = try Scene(routes: [
            .forward(.prefix("/p")) {
                $0.pathRewrite = .prefix("/new")
                $0.hostRewrite = .literal("b.example")
            }
        ])
        let request = Request(authority: "a", path: "/p")
        var exchange = scene.worker.begin(request.view)
        let route = exchange.route
        let text = OutputBuffer.text { output in
            output.append("path=")
            #expect(route.writePath(request.view, into: &output))
            output.append(" host=")
            #expect(route.writeAuthority(request.view, endpointHostname: .missing, into: &output))
        }
        #expect(text == "path=/new host=b.example")
        // The same into a buffer that was full before.
        var output = OutputBuffer(start: nil, capacity: 0)
        output.append("path=")
        _ = route.writePath(request.view, into: &output)
        _ = route.writeAuthority(request.view, endpointHostname: .missing, into: &output)
        #expect(output.needed == "path=/newb.example".utf8.count)
        scene.worker.end(&exchange)
    }

    // MARK: Hosts

    /// The forwarded authority and whether it counts as changed.
    static func authority(
        _ rewrite: ForwardAction.HostRewrite?, _ headers: [(String, String)] = [], path: String = "/",
        hostname: String? = nil, weighted: String? = nil
    ) throws -> (String, Bool) {
        let route = Route.forward { action in
            action.hostRewrite = rewrite
            if let weighted {
                var entry = WeightedClusters.Entry("c", weight: 1)
                entry.hostRewrite = weighted
                action.target = .weighted(WeightedClusters([entry]))
            }
        }
        let scene = try Scene(routes: [route])
        let request = Request(authority: "Old.example:80", path: path, headers: headers)
        var exchange = scene.worker.begin(request.view)
        let view = exchange.route
        var array: [UInt8] = []
        let isChanged = OutputBuffer.collect(into: &array) { output in
            guard let hostname else {
                return view.writeAuthority(request.view, endpointHostname: .missing, into: &output)
            }
            return Bytes.withBytes(of: hostname) {
                view.writeAuthority(request.view, endpointHostname: $0, into: &output)
            }
        }
        scene.worker.end(&exchange)
        return (String(decoding: array, as: UTF8.self), isChanged)
    }

    @Test func hostsAreRewrittenInEveryWay() throws {
        #expect(try Self.authority(nil) == ("Old.example:80", false))
        #expect(try Self.authority(.literal("new.example")) == ("new.example", true))
        #expect(try Self.authority(.literal("Old.example:80")) == ("Old.example:80", false))
        #expect(try Self.authority(.header("X-Host"), [("x-host", "one"), ("x-host", "two")]) == ("one", true))
        #expect(try Self.authority(.endpointHostname, hostname: "ep.example") == ("ep.example", true))
        let first = ForwardAction.HostRewrite.pathPattern(Self.pattern("^/(.+)/.+$", "\\1"))
        #expect(try Self.authority(first, path: "/envoyproxy.io/some/path?q") == ("envoyproxy.io/some", true))
    }

    @Test func aRewriteToNothingLeavesTheHost() throws {
        #expect(try Self.authority(.literal("")) == ("Old.example:80", false))
        #expect(try Self.authority(.header("x-host")) == ("Old.example:80", false))
        #expect(try Self.authority(.header("x-host"), [("x-host", "")]) == ("Old.example:80", false))
        #expect(try Self.authority(.endpointHostname) == ("Old.example:80", false))
        #expect(try Self.authority(.endpointHostname, hostname: "") == ("Old.example:80", false))
        #expect(try Self.authority(.pathPattern(Self.pattern("^/hh/", "")), path: "/hh/") == ("Old.example:80", false))
        #expect(try Self.authority(.pathPattern(Self.pattern("^/hh/", "")), path: "/hh/foo?x") == ("foo", true))
    }

    @Test func theRoutesRewriteGoesBeforeItsWeightedClusters() throws {
        #expect(try Self.authority(nil, weighted: "w.example") == ("w.example", true))
        #expect(try Self.authority(.literal("r.example"), weighted: "w.example") == ("r.example", true))
        #expect(try Self.authority(.header("x-host"), weighted: "w.example") == ("w.example", true))
        #expect(try Self.authority(.endpointHostname, weighted: "w.example") == ("w.example", true))
        #expect(try Self.authority(.endpointHostname, hostname: "ep", weighted: "w.example") == ("ep", true))
        #expect(try Self.authority(nil, weighted: "") == ("Old.example:80", false))
    }
}
