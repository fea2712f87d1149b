// Fairlead: tests of requests that arrive at a listener
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOHTTP1
import Testing

@testable import FairleadProxy

@Suite struct ArrivedRequestTests {
    static func arrive(
        _ target: String = "/", method: HTTPMethod = .GET, _ headers: [(String, String)] = [("Host", "a.b")],
        version: HTTPVersion = .http1_1, _ change: (inout ConnectionManager) -> Void = { _ in }
    ) -> ArrivedRequest {
        var manager = ConnectionManager(routeConfiguration: "r")
        change(&manager)
        var random = RandomSource(seed: 1)
        return ArrivedRequest(
            HTTPRequestHead(version: version, method: method, uri: target, headers: HTTPHeaders(headers)), manager,
            peer: "10.0.0.1:4711", destination: "10.0.0.9:80", Request(), Preparer(), random: &random)
    }

    @Test func headersOfOneConnectionAreTakenOff() {
        let arrived = Self.arrive(
            "/",
            [
                ("Host", "a.b"), ("Connection", "keep-alive, X-Nominated"), ("X-Nominated", "1"), ("Keep-Alive", "3"),
                ("Proxy-Connection", "x"), ("Transfer-Encoding", "chunked"), ("TE", "gzip"), ("Upgrade", "h2c"),
                ("X-Kept", "2"),
            ])
        #expect(arrived.headers.lines.map(\.name) == ["x-kept", "x-forwarded-proto", "x-request-id"])
        #expect(arrived.framing == .chunked)
    }

    @Test func teTrailersIsPassedOn() {
        #expect(Self.arrive("/", [("Host", "a"), ("TE", "trailers")]).headers["te"] == "trailers")
    }

    @Test func whatIsAnsweredAtOnceIsNotRouted() {
        #expect(Self.arrive("ftp://x.y/").answer == .refused(400))
        #expect(Self.arrive("http://x.y?q").answer == .refused(404))
        let away = Self.arrive("/a%2fb") { $0.preparation.escapedSlashes = .unescapeAndRedirect }
        #expect(away.answer == .redirect(307, "/a/b"))
        #expect(Self.arrive("/").answer == nil)
    }

    @Test func theConnectionManagerPreparesIt() {
        let arrived = Self.arrive("http://x.y.:80/a/../p?q", [("Host", "a")]) {
            $0.preparation.normalizesPath = true
            $0.preparation.stripsTrailingHostDot = true
        }
        #expect(arrived.authority == "x.y:80")
        #expect(arrived.path == "/p?q")
    }

    @Test func twoHostsAreRefused() {
        #expect(Self.arrive("/", [("Host", "a"), ("host", "b")]).answer == .refused(400))
    }

    @Test func connectHasNoPath() {
        let arrived = Self.arrive("a.b:443", method: .CONNECT, [("Host", "c")])
        #expect(arrived.path == nil)
        #expect(arrived.authority == "a.b:443")
    }

    @Test func anUpgradeIsToldFromANamedHeader() {
        let websocket = Self.arrive("/", [("Host", "a"), ("Connection", "Upgrade"), ("Upgrade", "websocket")])
        #expect(websocket.namesUpgrade && websocket.needsUpgrade)
        let http2 = Self.arrive("/", [("Host", "a"), ("Connection", "Upgrade, HTTP2-Settings"), ("Upgrade", "h2c")])
        #expect(http2.namesUpgrade && !http2.needsUpgrade)
        #expect(!Self.arrive("/", [("Host", "a"), ("Upgrade", "websocket")]).namesUpgrade)
    }

    @Test func anIDFromOutsideIsKeptUnlessThisIsTheEdge() {
        let headers = [("Host", "a"), ("X-Request-Id", "mine")]
        #expect(Self.arrive("/", headers).requestID == "mine")
        let edge = Self.arrive("/", headers) { $0.preparation.usesRemoteAddress = true }
        #expect(edge.requestID != "mine")
        #expect(edge.requestID?.utf8.count == 36)
        let trusting = Self.arrive("/", headers) {
            $0.preparation.usesRemoteAddress = true
            $0.preservesExternalRequestID = true
        }
        #expect(trusting.requestID == "mine")
        #expect(Self.arrive("/") { $0.generatesRequestID = false }.requestID == nil)
    }

    @Test func theEdgeTellsTheClientsAddressAndScheme() {
        let headers = [("Host", "a"), ("X-Forwarded-For", "9.9.9.9"), ("X-Forwarded-Proto", "https")]
        let inside = Self.arrive("/", headers)
        #expect(inside.headers["x-forwarded-for"] == "9.9.9.9")
        #expect(inside.scheme == "https")
        #expect(inside.source == "9.9.9.9:0")
        let edge = Self.arrive("/", headers) { $0.preparation.usesRemoteAddress = true }
        #expect(edge.headers["x-forwarded-for"] == "9.9.9.9,10.0.0.1")
        #expect(edge.headers["x-forwarded-proto"] == "http")
        #expect(edge.scheme == "http")
        #expect(edge.source == "10.0.0.1:4711")
    }

    @Test func idsAreVersionFourAndRepeatable() {
        var first = RandomSource(seed: 5)
        var second = RandomSource(seed: 5)
        let id = RequestID.make(from: &first)
        #expect(id == RequestID.make(from: &second))
        #expect(id != RequestID.make(from: &second))
        let parts = id.split(separator: "-")
        #expect(parts.map(\.count) == [8, 4, 4, 4, 12])
        #expect(parts[2].first == "4")
        #expect("89ab".contains(parts[3].first ?? "x"))
    }
}
