// Fairlead: tests of a redirect's Location
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct LocationTests {
    /// One redirect and what comes of a request: `http` to `h.example` and `/p/x?q=1` unless said otherwise.
    struct Case: Sendable {
        var redirect: RedirectAction
        var match: RouteMatch.Path
        var scheme: String
        var forwardedProto: String?
        var authority: String
        var path: String
        var expected: String

        init(
            _ expected: String, at authority: String = "h.example", path: String = "/p/x?q=1",
            scheme: String = "http", forwardedProto: String? = nil, match: RouteMatch.Path = .prefix("/p"),
            _ change: (inout RedirectAction) -> Void
        ) {
            var redirect = RedirectAction()
            change(&redirect)
            self.redirect = redirect
            self.match = match
            self.scheme = scheme
            self.forwardedProto = forwardedProto
            self.authority = authority
            self.path = path
            self.expected = expected
        }
    }

    static let schemes: [Case] = [
        Case("http://h.example/p/x?q=1") { _ in }, Case("https://h.example/p/x?q=1") { $0.scheme = .https },
        Case("ftp://h.example/p/x?q=1") { $0.scheme = .scheme("ftp") },
        Case("https://h.example/p/x?q=1", scheme: "https") { _ in },
        Case("http://h.example/p/x?q=1", scheme: "") { _ in },
        Case("http://h.example/p/x?q=1") { $0.scheme = .scheme("") },
    ]

    static let hosts: [Case] = [
        Case("http://new.com/p/x?q=1") { $0.host = "new.com" },
        Case("http://new.com:1/p/x?q=1") { $0.host = "new.com:1" },
        Case("http://h.example/p/x?q=1") { $0.host = "" },
        Case("http://new.com:1:99/p/x?q=1") {
            $0.host = "new.com:1"
            $0.port = 99
        },
        Case("http://h.example:81/p/x?q=1", at: "h.example:81") { _ in },
        Case("http://h.example:80/p/x?q=1", at: "h.example:80") { _ in },
    ]

    static let ports: [Case] = [
        // The default port of the scheme that is left is dropped, no other.
        Case("https://h/p/x?q=1", at: "h:80") { $0.scheme = .https },
        Case("https://h:81/p/x?q=1", at: "h:81") { $0.scheme = .https },
        Case("https://h:443/p/x?q=1", at: "h:443") { $0.scheme = .https },
        Case("http://h/p/x?q=1", at: "h:443", scheme: "https") { $0.scheme = .scheme("http") },
        Case("http://h:80/p/x?q=1", at: "h:80", scheme: "https") { $0.scheme = .scheme("http") },
        Case("https://h:80/p/x?q=1", at: "h:80", forwardedProto: "https") { $0.scheme = .https },
        Case("https://h/p/x?q=1", at: "h:80", scheme: "https", forwardedProto: "http") { $0.scheme = .https },
        Case("https://[::1]/p/x?q=1", at: "[::1]:80") { $0.scheme = .https },
        Case("https://[::1]/p/x?q=1", at: "[::1]") { $0.scheme = .https },
        // A new port replaces the old one, and is never left out.
        Case("http://h:99/p/x?q=1", at: "h:81") { $0.port = 99 }, Case("http://h:99/p/x?q=1", at: "h") { $0.port = 99 },
        Case("http://h:80/p/x?q=1", at: "h") { $0.port = 80 },
        Case("http://[::1]:99/p/x?q=1", at: "[::1]:81") { $0.port = 99 },
        Case("http://[::1]:65535/p/x?q=1", at: "[::1]") { $0.port = .max },
        Case("http://h:99/p/x?q=1", at: "h:") { $0.port = 99 },
        Case("http://h:99/p/x?q=1", at: "h:abc") { $0.port = 99 },
    ]

    static let paths: [Case] = [
        Case("http://h.example/new?q=1") { $0.path = .path("/new") },
        Case("http://h.example/new?q=1") { $0.path = .path("new") },
        Case("http://h.example/new?a=b") { $0.path = .path("/new?a=b") },
        Case("http://h.example/new?") { $0.path = .path("/new?") },
        Case("http://h.example/p/x?q=1") { $0.path = .path("") },
        Case("http://h.example/p/x?q=1") { $0.path = .prefix("") },
        Case("http://h.example/new/x?q=1") { $0.path = .prefix("/new") },
        Case("http://h.example//x", path: "/old/x", match: .prefix("/old")) { $0.path = .prefix("/") },
        Case("http://h.example/new?q", path: "/old?q", match: .exact("/old")) { $0.path = .prefix("/new") },
        Case("http://h.example/new/x", path: "/old/x", match: .separatedPrefix("/old")) { $0.path = .prefix("/new") },
        Case("http://h.example/new?q", path: "/abc?q", match: .pattern("/a.c")) { $0.path = .prefix("/new") },
        Case("http://h.example/P/x?q=1") { $0.path = .pattern(PatternSubstitution(pattern: "p", substitution: "P")) },
        // A rewrite to nothing leaves the path as it was.
        Case("http://h.example/p/x?q=1") { $0.path = .pattern(PatternSubstitution(pattern: ".*", substitution: "")) },
    ]

    static let queries: [Case] = [
        Case("http://h.example/p/x") { $0.stripsQuery = true }, Case("http://h.example/p/x?", path: "/p/x?") { _ in },
        Case("http://h.example/p/x", path: "/p/x?") { $0.stripsQuery = true },
        Case("http://h.example/new") {
            $0.path = .path("/new")
            $0.stripsQuery = true
        },
        // A path with a query of its own keeps it.
        Case("http://h.example/new?a=b") {
            $0.path = .path("/new?a=b")
            $0.stripsQuery = true
        },
        Case("http://h.example/new/x") {
            $0.path = .prefix("/new")
            $0.stripsQuery = true
        },
    ]

    static func check(_ item: Case) throws {
        let route = Route(name: "r", match: RouteMatch(item.match), action: .redirect(item.redirect))
        let scene = try Scene(routes: [route])
        let headers = item.forwardedProto.map { [("x-forwarded-proto", $0)] } ?? []
        let decision = scene.decide(
            Request(scheme: item.scheme, authority: item.authority, path: item.path, headers: headers))
        #expect(decision.disposition == .redirect)
        #expect(decision.location == item.expected)
    }

    @Test(arguments: schemes) func theSchemeIsKeptOrReplaced(item: Case) throws { try Self.check(item) }
    @Test(arguments: hosts) func theHostIsKeptOrReplaced(item: Case) throws { try Self.check(item) }
    @Test(arguments: ports) func portsGoWithTheirScheme(item: Case) throws { try Self.check(item) }
    @Test(arguments: paths) func thePathIsKeptOrReplaced(item: Case) throws { try Self.check(item) }
    @Test(arguments: queries) func queriesAreKeptUnlessTheyAreStripped(item: Case) throws { try Self.check(item) }

    @Test(arguments: [
        RedirectAction.Status.movedPermanently, .found, .seeOther, .temporaryRedirect, .permanentRedirect,
    ])
    func theStatusIsTheRoutes(status: RedirectAction.Status) throws {
        let scene = try Scene(routes: [.redirect { $0.status = status }])
        #expect(scene.decide("/").status == status.rawValue)
    }

    @Test func whatIsNoRedirectHasNoLocation() throws {
        let scene = try Scene(routes: [.forward(.exact("/a")), .answer(.exact("/b"))])
        for path in ["/a", "/b", "/c"] { #expect(scene.decide(path).location == "") }
    }

    @Test func locationsThatDoNotFitTellHowMuchTheyNeed() throws {
        let scene = try Scene(routes: [
            .redirect {
                $0.port = 8443
                $0.scheme = .https
                $0.path = .prefix("/new/")
            }
        ])
        let request = Request(authority: "h.example:80", path: "/x?q")
        let expected = "https://h.example:8443/new/x?q"
        var exchange = scene.worker.begin(request.view)
        let route = exchange.route
        for capacity in 0...(expected.utf8.count + 2) {
            var bytes = [UInt8](repeating: 0, count: capacity)
            let (needed, count) = bytes.withUnsafeMutableBufferPointer { memory in
                var output = OutputBuffer(start: memory.baseAddress, capacity: memory.count)
                route.writeLocation(request.view, into: &output)
                return (output.needed, output.count)
            }
            #expect(needed == expected.utf8.count)
            #expect(Array(bytes.prefix(count)) == Array(expected.utf8.prefix(capacity)))
        }
        scene.worker.end(&exchange)
    }
}
