// Fairlead: tests of what a listener does to a request before it is routed
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOHTTP1
import Testing

@testable import FairleadProxy

@Suite struct RequestPreparationTests {
    static func prepare(
        _ target: String = "/", method: HTTPMethod = .GET, _ headers: [(String, String)] = [("Host", "a.b")],
        version: HTTPVersion = .http1_1, _ change: (inout ConnectionManager) -> Void = { _ in }
    ) -> PreparedRequest {
        var manager = ConnectionManager(routeConfiguration: "r")
        change(&manager)
        var random = RandomSource(seed: 1)
        return PreparedRequest(
            HTTPRequestHead(version: version, method: method, uri: target, headers: HTTPHeaders(headers)), manager,
            peer: "10.0.0.1:4711", peerHost: "10.0.0.1", random: &random)
    }

    @Test func headersOfOneConnectionAreTakenOff() {
        let prepared = Self.prepare(
            "/",
            [
                ("Host", "a.b"), ("Connection", "keep-alive, X-Nominated"), ("X-Nominated", "1"), ("Keep-Alive", "3"),
                ("Proxy-Connection", "x"), ("Transfer-Encoding", "chunked"), ("TE", "gzip"), ("Upgrade", "h2c"),
                ("X-Kept", "2"),
            ])
        #expect(prepared.headers.lines.map(\.name) == ["x-kept", "x-forwarded-proto", "x-request-id"])
        #expect(prepared.framing == .chunked)
    }

    @Test func teTrailersIsPassedOn() {
        #expect(Self.prepare("/", [("Host", "a"), ("TE", "trailers")]).headers["te"] == "trailers")
    }

    @Test func headersThatOnlyTheInsideMaySendAreTakenOff() {
        let prepared = Self.prepare(
            "/", [("Host", "a"), ("x-envoy-max-retries", "9"), ("X-Envoy-Internal", "true"), ("x-envoy-other", "1")])
        #expect(prepared.headers["x-envoy-max-retries"] == nil)
        #expect(prepared.headers["x-envoy-internal"] == nil)
        #expect(prepared.headers["x-envoy-other"] == "1")
    }

    @Test func anAbsoluteTargetBringsItsOwnHost() {
        let prepared = Self.prepare("http://x.y:80/p?q", [("Host", "a")])
        #expect(prepared.authority == "x.y:80")
        #expect(prepared.path == "/p?q")
        #expect(Self.prepare("https://x.y").path == "/")
        #expect(Self.prepare("http://x.y?q").path == "/?q")
        #expect(Self.prepare("ftp://x.y/").refusal == 400)
        #expect(Self.prepare("http:///p").refusal == 400)
    }

    @Test func twoHostsAreRefused() { #expect(Self.prepare("/", [("Host", "a"), ("host", "b")]).refusal == 400) }

    @Test func connectHasNoPath() {
        let prepared = Self.prepare("a.b:443", method: .CONNECT, [("Host", "c")])
        #expect(prepared.path == nil)
        #expect(prepared.authority == "a.b:443")
    }

    @Test func anUpgradeIsToldFromANamedHeader() {
        let websocket = Self.prepare("/", [("Host", "a"), ("Connection", "Upgrade"), ("Upgrade", "websocket")])
        #expect(websocket.namesUpgrade && websocket.needsUpgrade)
        let http2 = Self.prepare("/", [("Host", "a"), ("Connection", "Upgrade, HTTP2-Settings"), ("Upgrade", "h2c")])
        #expect(http2.namesUpgrade && !http2.needsUpgrade)
        #expect(!Self.prepare("/", [("Host", "a"), ("Upgrade", "websocket")]).namesUpgrade)
    }

    @Test func anIDFromOutsideIsKeptUnlessThisIsTheEdge() {
        let headers = [("Host", "a"), ("X-Request-Id", "mine")]
        #expect(Self.prepare("/", headers).requestID == "mine")
        let edge = Self.prepare("/", headers) { $0.usesRemoteAddress = true }
        #expect(edge.requestID != "mine")
        #expect(edge.requestID?.utf8.count == 36)
        let trusting = Self.prepare("/", headers) {
            $0.usesRemoteAddress = true
            $0.preservesExternalRequestID = true
        }
        #expect(trusting.requestID == "mine")
        #expect(Self.prepare("/") { $0.generatesRequestID = false }.requestID == nil)
    }

    @Test func theEdgeTellsTheClientsAddressAndScheme() {
        let headers = [("Host", "a"), ("X-Forwarded-For", "9.9.9.9"), ("X-Forwarded-Proto", "https")]
        let inside = Self.prepare("/", headers)
        #expect(inside.headers["x-forwarded-for"] == "9.9.9.9")
        #expect(inside.scheme == "https")
        #expect(inside.source == "9.9.9.9:0")
        let edge = Self.prepare("/", headers) { $0.usesRemoteAddress = true }
        #expect(edge.headers["x-forwarded-for"] == "9.9.9.9,10.0.0.1")
        #expect(edge.headers["x-forwarded-proto"] == "http")
        #expect(edge.scheme == "http")
        #expect(edge.source == "10.0.0.1:4711")
    }

    @Test(
        arguments: [
            (nil, UInt32(0), false, "10.0.0.1:4711"), ("1.1.1.1, 2.2.2.2", 0, false, "2.2.2.2:0"),
            ("1.1.1.1, 2.2.2.2", 1, false, "1.1.1.1:0"), ("1.1.1.1, 2.2.2.2", 2, false, "10.0.0.1:4711"),
            ("1.1.1.1,2.2.2.2", 0, true, "10.0.0.1:4711"), ("1.1.1.1,2.2.2.2", 1, true, "2.2.2.2:0"),
            ("nonsense", 0, false, "10.0.0.1:4711"), ("2001:db8::1", 0, false, "[2001:db8::1]:0"),
        ] as [(String?, UInt32, Bool, String)])
    func theClientStandsSoManyPlacesFromTheRight(header: String?, hops: UInt32, remote: Bool, expected: String) {
        var manager = ConnectionManager(routeConfiguration: "r")
        manager.trustedHops = hops
        manager.usesRemoteAddress = remote
        #expect(ClientAddress.text(manager, forwardedFor: header, peer: "10.0.0.1:4711") == expected)
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
