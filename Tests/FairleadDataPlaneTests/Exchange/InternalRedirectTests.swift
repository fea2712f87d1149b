// Fairlead: tests of redirects that are followed
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct InternalRedirectTests {
    /// Where a redirect leads a request for http://a/; `nil` when it is passed on.
    static func target(
        _ location: String, status: UInt16 = 302, scheme: String = "http", method: String = "GET",
        followed: UInt32 = 0, _ change: (inout InternalRedirects) -> Void = { _ in }
    ) throws -> String? {
        var redirects = InternalRedirects()
        change(&redirects)
        let scene = try Scene(routes: [.forward(named: "r") { $0.internalRedirects = redirects }])
        let request = Request(method: method, scheme: scheme, authority: "a", path: "/")
        var exchange = scene.worker.begin(request.view)
        let route = exchange.route
        #expect(route.followsRedirects)
        var chain = RedirectChain()
        let result = Bytes.withBytes(of: location) { location -> String? in
            for _ in 0..<followed {
                guard let target = route.redirectTarget(request.view, status: status, location: location, after: chain)
                else { return nil }
                _ = route.accepts(redirectTo: route, request.view, target, &chain)
            }
            return route.redirectTarget(request.view, status: status, location: location, after: chain).map {
                "\($0.scheme.string) \($0.authority.string) \($0.path.string)\($0.becomesGet ? " GET" : "")"
            }
        }
        scene.worker.end(&exchange)
        return result
    }

    static let locations: [(String, String?)] = [
        ("http://new.com:81/ok/a?b=c#frag", "http new.com:81 /ok/a?b=c"), ("HTTP://new.com/", "http new.com /"),
        ("http://new.com", "http new.com /"), ("http://user@new.com/x", "http new.com /x"), ("/ok", nil),
        ("//new.com/ok", nil), ("ftp://new.com/ok", nil), ("https://new.com/ok", nil), ("http:///ok", nil), ("", nil),
        ("http://", nil), ("http://#x", nil),
    ]

    @Test(arguments: locations.indices)
    func onlyAbsoluteLocationsAreFollowed(index: Int) throws {
        let (location, expected) = Self.locations[index]
        #expect(try Self.target(location) == expected)
    }

    @Test func onlyTheStatusesOfThePolicyAreFollowed() throws {
        #expect(try Self.target("http://b/", status: 301) == nil)
        #expect(try Self.target("http://b/", status: 307) { $0.statuses = [308, 307] } == "http b /")
        #expect(try Self.target("http://b/", status: 302) { $0.statuses = [308, 307] } == nil)
    }

    @Test func a303TurnsIntoAGetUnlessItWasOneOfThose() throws {
        for (method, expected) in [("POST", "http b / GET"), ("GET", "http b /"), ("HEAD", "http b /")] {
            #expect(try Self.target("http://b/", status: 303, method: method) { $0.statuses = [303] } == expected)
        }
        #expect(try Self.target("http://b/", status: 307, method: "POST") { $0.statuses = [307] } == "http b /")
    }

    @Test func anotherSchemeHasToBeAllowed() throws {
        #expect(try Self.target("https://b/") { $0.allowsOtherScheme = true } == "https b /")
        #expect(try Self.target("http://b/", scheme: "https") == nil)
        #expect(try Self.target("https://b/", scheme: "https") == "https b /")
    }

    @Test func theNumberInARowIsLimited() throws {
        #expect(try Self.target("http://b/", followed: 1) == nil)
        #expect(try Self.target("http://b/", followed: 2) { $0.maximum = 3 } == "http b /")
        #expect(try Self.target("http://b/", followed: 3) { $0.maximum = 3 } == nil)
        #expect(try Self.target("http://b/") { $0.maximum = 0 } == nil)
    }

    /// Whether a redirect from the first route to each of `paths`, one after the other, is accepted.
    static func accepts(
        _ paths: [String], scheme: String = "http", _ change: (inout InternalRedirects) -> Void
    ) throws -> [Bool] {
        var redirects = InternalRedirects()
        redirects.maximum = 20
        redirects.allowsOtherScheme = true
        change(&redirects)
        let scene = try Scene(
            routes: [
                .forward(.prefix("/one"), named: "one") { $0.internalRedirects = redirects },
                .forward(.prefix("/two"), named: "two"),
            ])
        let request = Request(scheme: "http", authority: "a", path: "/one")
        var exchange = scene.worker.begin(request.view)
        let route = exchange.route
        var chain = RedirectChain()
        let results = paths.map { path in
            let next = Request(scheme: scheme, authority: "a", path: path)
            var following = scene.worker.begin(next.view)
            defer { scene.worker.end(&following) }
            return Bytes.withBytes(of: "\(scheme)://a\(path)") { location in
                guard
                    let target = route.redirectTarget(request.view, status: 302, location: location, after: chain)
                else { return false }
                return route.accepts(redirectTo: following.route, request.view, target, &chain)
            }
        }
        #expect(Int(chain.count) == results.count { $0 })
        scene.worker.end(&exchange)
        return results
    }

    @Test func aRedirectToNowhereIsPassedOn() throws {
        #expect(try Self.accepts(["/two", "/none", "/one", "/two"]) { _ in } == [true, false, true, true])
    }

    @Test func routesCanBeVisitedOnceOnly() throws {
        #expect(
            try Self.accepts(["/two", "/two/x", "/one", "/one"]) { $0.refusesVisitedRoutes = true }
                == [true, false, true, false])
    }

    @Test func onlyListedRoutesCanBeAllowed() throws {
        #expect(try Self.accepts(["/two", "/one"]) { $0.allowedRoutes = ["three", "two"] } == [true, false])
        #expect(try Self.accepts(["/two", "/one"]) { $0.allowedRoutes = [] } == [false, false])
        #expect(try Self.accepts(["/two", "/one"]) { $0.allowedRoutes = ["tw", "ONE"] } == [false, false])
    }

    @Test func theWayFromHTTPToHTTPSCanBeRefused() throws {
        #expect(try Self.accepts(["/two"], scheme: "https") { $0.refusesHTTPSFromHTTP = true } == [false])
        #expect(try Self.accepts(["/two"], scheme: "http") { $0.refusesHTTPSFromHTTP = true } == [true])
    }

    @Test func headersToCopyAreNamed() throws {
        let scene = try Scene(
            routes: [
                .forward {
                    $0.internalRedirects = InternalRedirects()
                    $0.internalRedirects?.copiedHeaders = ["X-One", "x-two"]
                }
            ])
        let request = Request(authority: "a", path: "/")
        var exchange = scene.worker.begin(request.view)
        let route = exchange.route
        #expect((0..<route.copiedHeaderCount).map { route.copiedHeader($0).string } == ["x-one", "x-two"])
        #expect(route.copiedHeader(2).isMissing)
        scene.worker.end(&exchange)
    }
}
