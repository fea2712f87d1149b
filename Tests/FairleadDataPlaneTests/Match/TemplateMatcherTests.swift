// Fairlead: tests of URI templates against paths
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct TemplateMatcherTests {
    /// The path that `template` and `rewrite` make of `path`; `nil` when it does not match.
    static func rewritten(_ path: String, _ template: String, _ rewrite: String?) throws -> String? {
        let scene = try Scene(
            routes: [.forward(.template(template)) { $0.pathRewrite = rewrite.map { .template($0) } }])
        let request = Request(authority: "a", path: path)
        var exchange = scene.worker.begin(request.view)
        defer { scene.worker.end(&exchange) }
        guard exchange.disposition == .forward else { return nil }
        var bytes: [UInt8] = []
        let route = exchange.route
        OutputBuffer.collect(into: &bytes) { route.writePath(request.view, into: &$0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What Envoy 1.40 answered.
    @Test(arguments: [
        ("/a/{x}", "/b/{x}", "/a/c", "/b/c"), ("/a/{x}", "/b/{x}", "/A/c", nil),
        ("/a/{x}", "/b/{x}", "/a/c?q=1", "/b/c?q=1"),
        ("/a/{x}", "/b/{x}", "/a/c;p=1", "/b/c;p=1"), ("/a/{x}", "/b/{x}", "/a/%20", "/b/%20"),
        ("/a/{x}", "/b/{x}", "/a/", nil), ("/a/{x}", "/b/{x}", "/a/c/", nil), ("/a/{x}", "/b/{x}", "/a/*", "/b/*"),
        ("/a/{x}", "/b/{x}", "/a/a=b", "/b/a=b"), ("/a/{x}", "/b/{x}", "/a/é", nil), ("/a/{x}", "/b/{x}", "/a/\"", nil),
        ("/a/{x}", "/b/{x}", "/a/[x]", nil), ("/a/{x}", "/b/{x}", "/a/a:b@c", "/b/a:b@c"),
        ("/a/{x=**}/end.html", "/b/{x}", "/a/c/end.html", "/b/c"),
        ("/a/{x=**}/end.html", "/b/{x}", "/a//end.html", "/b/"),
        ("/a/{x=**}/end.html", "/b/{x}", "/a/end.html", nil), ("/a/{x=**}/end.html", "/b/{x}", "/a/c/endxhtml", nil),
        ("/a/{x=**}/end.html", "/b/{x}", "/a/c/end.html/end.html", "/b/c/end.html"),
        ("/a/{x}.m3u8", "/b/{x}", "/a/c.m3u8.m3u8", "/b/c.m3u8"), ("/a/{x}.m3u8", "/b/{x}", "/a/.m3u8", nil),
        ("/{x=**}/{y=a}", "/{y}/{x}", "/p/q/a", "/a/p/q"), ("/{x=**}/{y=a}", "/{y}/{x}", "//a", "/a/"),
        ("/{x=**}/{y=a}", "/{y}/{x}", "/a", nil), ("/a/**.x", "/b", "/a/.x.x", "/b"), ("/a/**.x", "/b", "/ax", nil),
        ("/{x=a/*/c}/{y}", "/{y}/{x}", "/a/b/c/d", "/d/a/b/c"), ("/{x=a/*/c}/{y}", "/{y}/{x}", "/a//c/d", nil),
        ("/a/{x}", "/", "/a/c?z", "/?z"), ("/**", "/b", "/x//y", "/b"), ("/*b", "/", "/b", nil),
        ("/*b", "/", "/abb", "/"),
        ("/**/", "/n", "/a/b/", "/n"), ("/**/", "/n", "/", nil), ("/{x}abc/d", "/{x}", "/abcabc/d", "/abc"),
        ("/pre{x}post", "/{x}", "/prepostpost", "/post"), ("/{x=**}abc", "/{x}", "/1/2abc", "/1/2"),
        ("/{x=a/**}.m", "/{x}", "/a/.m", "/a/"), ("/{x=a/**}.m", "/{x}", "/a.m", nil), ("/a", "/b", "/a?q", "/b?q"),
    ])
    func pathsAreTakenApartAndPutTogether(
        _ template: String, _ rewrite: String, _ path: String, _ expected: String?
    ) throws {
        #expect(try Self.rewritten(path, template, rewrite) == expected)
    }

    @Test func withoutARewriteThePathStays() throws {
        #expect(try Self.rewritten("/a/b?c", "/a/*", nil) == "/a/b?c")
    }

    /// As in Envoy, templates see path parameters even where the table says that they do not count.
    @Test(arguments: [
        ("/a/c;p=1/d", true), ("/a/c/d", true), ("/a/c/d;p", false), ("/a;z/c/d", false), ("/a;b/d", false),
    ])
    func pathParametersCount(_ path: String, _ expected: Bool) throws {
        var table = RouteConfiguration.of([.answer(.template("/a/{x}/d"), named: "it")])
        table.ignoresPathParameters = true
        #expect((try Scene(table).decide(path).route != nil) == expected)
    }

    @Test func aTemplateWithAParameterIsFoundWhereParametersDoNotCount() throws {
        var table = RouteConfiguration.of([
            .answer(.template("/a;b/{x}"), named: "it"), .answer(.template("/c;d"), named: "me"),
        ])
        table.ignoresPathParameters = true
        let scene = try Scene(table)
        #expect(scene.decide("/a;b/c").route == "it")
        #expect(scene.decide("/a/c").route == nil)
        #expect(scene.decide("/c;d").route == "me")
        #expect(scene.decide("/c").route == nil)
    }

    @Test func theFirstOfSeveralTemplatesWins() throws {
        let scene = try Scene(routes: [
            .answer(.template("/a/*/c"), named: "middle"), .answer(.template("/a/**"), named: "all"),
            .answer(.prefix("/a/b"), named: "prefix"), .answer(.prefix(""), named: "rest"),
        ])
        #expect(scene.decide("/a/x/c").route == "middle")
        #expect(scene.decide("/a/x/d").route == "all")
        #expect(scene.decide("/a/b\u{e9}").route == "prefix")
        #expect(scene.decide("/b").route == "rest")
    }
}
