// Fairlead: tests of prepared requests: all answers are those of Envoy 1.40
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@testable import FairleadDataPlane

@Suite struct PreparationTests {
    /// A request as it became, in texts that stay.
    struct Told: Equatable {
        var status: UInt16 = 0
        var location: String?
        var scheme = ""
        var authority = ""
        var path: String?
        var headers: [String] = []
        var source = ""
        var isInternal = false
        var asksForUpgrade = false

        func header(_ name: String) -> String? {
            headers.first { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.utf8.count + 2)) }
        }
    }

    static func prepare(
        _ path: String? = "/", host: String? = "h", method: String = "GET", _ headers: [(String, String)] = [],
        peer: String = "127.0.0.1:5000", encrypted: Bool = false, capacity: Int = 64,
        _ change: (inout PreparationRules) -> Void = { _ in }
    ) -> Told {
        var rules = PreparationRules()
        change(&rules)
        let request = Request(method: method, scheme: "", authority: host, path: path, headers: headers, source: peer)
        request.set(destination: "10.0.0.9:8080")
        if encrypted { request.connection = .isEncrypted }
        let preparer = Preparer(rules, capacity: capacity)
        let prepared = preparer.prepare(request.view)
        var told = Told(status: prepared.status)
        if !prepared.location.isMissing { told.location = prepared.location.string }
        guard prepared.status == 0 else { return told }
        told.scheme = prepared.scheme.string
        told.authority = prepared.authority.string
        told.path = prepared.path.isMissing ? nil : prepared.path.string
        told.headers = (0..<prepared.headers.count).map {
            prepared.headers[$0].name.string + ": " + prepared.headers[$0].value.string
        }
        told.source = prepared.source.string
        told.isInternal = prepared.connection.contains(.isInternal)
        told.asksForUpgrade = prepared.asksForUpgrade
        return told
    }

    @Test func aPlainRequestOnlyGetsItsScheme() {
        let told = Self.prepare("/a?b", [("X-A", "1")])
        let expected = Told(
            scheme: "http", authority: "h", path: "/a?b", headers: ["X-A: 1", "x-forwarded-proto: http"],
            source: "127.0.0.1:5000")
        #expect(told == expected)
        #expect(Self.prepare(encrypted: true).scheme == "https")
    }

    @Test(
        arguments: [
            ("", 400), ("a", 400), ("/a b", 400), ("/é", 400), ("/\u{7f}", 400), ("/#", 400), ("/a?b#c", 400),
            ("*", 400),
            ("http:///y", 400), ("ftp://x/y", 400), ("http://x?y", 404), ("http://x#y", 400), ("http://h:/", 400),
            ("http://h:65536/", 400), ("http://a,b/", 400), ("http://[]/", 400), ("http://[::1]x/", 400),
            ("http://a@b@c/", 400), ("://h", 400), ("http://", 400), ("http://a%41/", 400), ("x/y", 400),
            ("http://h:1:2/", 400), ("http://[:1]/", 400), ("http://[::1%eth0]/", 400), ("http://[::1%]/", 400),
        ] as [(String, UInt16)])
    func malformedTargetsAreRefused(target: String, status: UInt16) { #expect(Self.prepare(target).status == status) }

    @Test(arguments: [
        ("http://x/y?z", "x", "/y?z", "http"), ("HTTPS://X:80", "X:80", "/", "https"),
        ("http://u:p@h:80/", "h:80", "/", "http"),
        ("http://[::1]:80/", "[::1]:80", "/", "http"), ("http://h//a", "h", "//a", "http"),
        ("http://@h/", "h", "/", "http"),
        ("//x/y", "h", "//x/y", "http"), ("http://[::1%25]/", "[::1%25]", "/", "http"),
    ])
    func anAbsoluteTargetBringsHostAndScheme(target: String, host: String, path: String, scheme: String) {
        let told = Self.prepare(target)
        #expect(told.status == 0)
        #expect([told.authority, told.path, told.scheme] == [host, path, scheme])
        #expect(told.header("x-forwarded-proto") == "http")
    }

    @Test func theEdgeBelievesNoEncryptionThatItDoesNotSee() {
        #expect(Self.prepare("https://x/") { $0.usesRemoteAddress = true }.status == 403)
        #expect(Self.prepare("https://x/", encrypted: true) { $0.usesRemoteAddress = true }.status == 0)
        let behind = Self.prepare("https://x/") {
            $0.usesRemoteAddress = true
            $0.trustedHops = 1
        }
        #expect(behind.status == 0)
    }

    @Test func methodsAndHostsAreJudged() {
        #expect(Self.prepare(method: "FOO").status == 400)
        #expect(Self.prepare(method: "get").status == 400)
        #expect(Self.prepare(host: nil).status == 400)
        #expect(Self.prepare(host: "a b").status == 400)
        #expect(Self.prepare(host: "").status == 0)
        #expect(Self.prepare(host: nil, [("Host", "a"), ("host", "b")]).authority == "a,b")
        #expect(Self.prepare("*", method: "OPTIONS").status == 404)
    }

    @Test(
        arguments: [
            ("h:80", 0), ("[::1]:80", 0), ("h", 400), ("h:", 400), ("/", 400), ("a,b:80", 400), ("u@h:80", 400),
            ("http://h", 400),
        ] as [(String, UInt16)])
    func connectNamesAHostWithItsPort(target: String, status: UInt16) {
        let told = Self.prepare(target, method: "CONNECT")
        #expect(told.status == status)
        if status == 0 { #expect(told.path == nil && told.authority == target) }
        #expect(Self.prepare(nil, method: "CONNECT").status == 0)
    }

    @Test func escapedSlashesAreRefusedSentAwayOrUnescaped() {
        let path = "/a%2F../b%5cc?d%2f"
        #expect(Self.prepare(path).path == path)
        #expect(Self.prepare(path) { $0.escapedSlashes = .refuse }.status == 400)
        #expect(Self.prepare(path) { $0.escapedSlashes = .unescape }.path == "/a/../b\\c?d%2f")
        let away = Self.prepare(path) {
            $0.escapedSlashes = .unescapeAndRedirect
            $0.normalizesPath = true
        }
        #expect(away == Told(status: 307, location: "/b/c?d%2f"))
        let grpc = Self.prepare(path, [("content-type", "application/grpc")]) {
            $0.escapedSlashes = .unescapeAndRedirect
        }
        #expect(grpc.status == 400)
    }

    @Test func allStepsFollowOneAnother() {
        let told = Self.prepare("/a%2f%2f..%2F//b|?q//", host: "h.x.:80") {
            $0.escapedSlashes = .unescape
            $0.normalizesPath = true
            $0.mergesSlashes = true
            $0.stripsTrailingHostDot = true
            $0.stripsAnyHostPort = true
        }
        #expect(told.path == "/a/b%7C?q//")
        #expect(told.authority == "h.x")
        #expect(Self.prepare("/a%00") { $0.normalizesPath = true }.status == 400)
        #expect(Self.prepare(host: "h:8080") { $0.stripsMatchingHostPort = true }.authority == "h")
        #expect(Self.prepare(host: "h:80") { $0.stripsMatchingHostPort = true }.authority == "h:80")
    }

    @Test func headersOfTheConnectionAreTakenOff() {
        let told = Self.prepare(
            "/",
            [
                ("Connection", "keep-alive, X-Nominated,,"), ("x-nominated", "1"), ("Keep-Alive", "5"), ("TE", "gzip"),
                ("Proxy-Connection", "a"), ("Transfer-Encoding", "chunked"), ("Upgrade", "x"), ("x-kept", "2"),
            ])
        #expect(told.headers == ["x-kept: 2", "x-forwarded-proto: http"])
    }

    @Test(arguments: [
        "x-forwarded-for", "X-Forwarded-Host", "a, x-forwarded-proto", ":path", "0,1,2,3,4,5,6,7,8,9",
    ])
    func namingTheWrongHeadersIsRefused(value: String) {
        #expect(Self.prepare("/", [("connection", value)]).status == 400)
    }

    @Test func namingTheHostTakesItAway() { #expect(Self.prepare("/", [("connection", "host")]).status == 400) }

    @Test(arguments: [
        ("", "trailers", "trailers"), ("", "trailers, gzip", "trailers"), ("", "Trailers", nil), ("", "gzip", nil),
        ("te", "x, TRAILERS", "trailers"), ("te", "Trailers", nil), ("", "gzip;q=1, trailers;q=0", nil), ("", "", ""),
        ("te", "", nil), ("", " ,", nil),
    ])
    func onlyTheWishForTrailersIsPassedOn(connection: String, value: String, expected: String?) {
        let told = Self.prepare("/", [("connection", connection), ("te", value)])
        #expect(told.header("te") == expected)
    }

    @Test func anUpgradeKeepsItsHeadersUnlessItIsToHTTP2() {
        let websocket = Self.prepare("/", [("Connection", "Upgrade"), ("Upgrade", "websocket")])
        #expect(websocket.asksForUpgrade)
        #expect(websocket.header("Upgrade") == "websocket")
        let lines = [("Connection", "Upgrade, HTTP2-Settings"), ("Upgrade", "H2C"), ("HTTP2-Settings", "x")]
        let http2 = Self.prepare("/", lines)
        #expect(!http2.asksForUpgrade)
        #expect(http2.headers == ["x-forwarded-proto: http"])
    }

    @Test func repeatedLinesOfSomeHeadersAreJoined() {
        let told = Self.prepare(
            "/",
            [("Accept", "a"), ("x-a", "1"), ("accept", ""), ("ACCEPT", "b"), ("x-a", "2"), ("via", ""), ("via", "v")])
        #expect(told.headers == ["Accept: a,b", "x-a: 1", "x-a: 2", "via: v", "x-forwarded-proto: http"])
    }

    @Test func someHeadersAreOnlyBroughtByThoseInside() {
        let lines = [("X-Inner", "1"), ("x-inner", "2"), ("x-outer", "3"), ("x-forwarded-for", "10.0.0.1")]
        let outside = Self.prepare("/", lines) { $0.internalOnlyHeaders = ["x-inner", "x-forwarded-proto"] }
        #expect(!outside.isInternal)
        #expect(outside.header("X-Inner") == nil && outside.header("x-inner") == nil)
        #expect(outside.header("x-outer") == "3")
        let inside = Self.prepare("/", lines) { rules in
            rules.internalOnlyHeaders = ["x-inner"]
            rules.internalAddresses = InternalAddresses()
        }
        #expect(inside.isInternal)
        #expect(inside.header("X-Inner") == "1" && inside.header("x-inner") == "2")
    }

    @Test(
        arguments: [
            (nil, "http", "http"), ("https", "https", "https"), ("HTTPS", "HTTPS", "https"), ("ftp", "ftp", "http"),
            ("https,http", "https,http", "http"),
        ] as [(String?, String, String)])
    func whatAProxyTellsOfTheSchemeIsBelieved(header: String?, proto: String, scheme: String) {
        let told = Self.prepare("/", header.map { [("X-Forwarded-Proto", $0)] } ?? [])
        #expect(told.headers.last?.hasSuffix(": " + proto) == true)
        #expect(told.scheme == scheme)
        let edge = Self.prepare("/", header.map { [("X-Forwarded-Proto", $0)] } ?? []) { $0.usesRemoteAddress = true }
        #expect(edge.header("x-forwarded-proto") == "http")
        let forced = Self.prepare("/", header.map { [("X-Forwarded-Proto", $0)] } ?? []) { $0.scheme = .https }
        #expect(forced.header("x-forwarded-proto") == "https")
        #expect(forced.scheme == "https")
    }
}
