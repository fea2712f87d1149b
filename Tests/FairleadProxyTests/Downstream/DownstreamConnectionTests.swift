// Fairlead: tests of a client's connection
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import Foundation
import NIOCore
import Testing

@testable import FairleadProxy

@Suite struct DownstreamConnectionTests {
    static let get = "GET /d HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test func aDirectResponseComesWithEnvoysHeaders() throws {
        let rig = try EmbeddedRig([.direct("/d")])
        try rig.send(Self.get)
        let lines = try rig.received().split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines.first == "HTTP/1.1 200 OK")
        #expect(lines.contains("content-length: 2"))
        #expect(lines.contains("content-type: text/plain"))
        #expect(lines.contains("server: fairlead"))
        #expect(lines.contains { $0.hasPrefix("date: ") && $0.hasSuffix(" GMT") })
        #expect(lines.last == "ok")
        #expect(rig.isOpen)
    }

    @Test func aRedirectNamesTheNewPlace() throws {
        var action = RedirectAction()
        action.host = "new.example"
        action.status = .permanentRedirect
        let rig = try EmbeddedRig([Route(match: RouteMatch(.prefix("/")), action: .redirect(action))])
        try rig.send("GET /a?b=c HTTP/1.1\r\nHost: old.example\r\n\r\n")
        let text = try rig.received()
        #expect(text.hasPrefix("HTTP/1.1 308 Permanent Redirect\r\nlocation: http://new.example/a?b=c\r\n"))
        #expect(text.contains("content-length: 0\r\n"))
        #expect(!text.contains("content-type"))
    }

    @Test func whatNoRouteTakesIsNotFound() throws {
        let rig = try EmbeddedRig([.direct("/d")])
        try rig.send("GET /other HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try rig.statuses() == [404])
        #expect(rig.isOpen)
    }

    @Test func aHeadRequestGetsTheHeadAlone() throws {
        let rig = try EmbeddedRig([.direct("/d")])
        try rig.send("HEAD /d HTTP/1.1\r\nHost: a\r\n\r\n" + Self.get)
        let text = try rig.received()
        #expect(text.components(separatedBy: "content-length: 2\r\n").count == 3)
        #expect(text.components(separatedBy: "\r\n\r\nok").count == 2)
    }

    @Test func requestsSentAheadAreAnsweredOneAfterTheOther() throws {
        let rig = try EmbeddedRig([.direct("/d"), .direct("/e", 404, "no")])
        try rig.send(String(repeating: Self.get + "GET /e HTTP/1.1\r\nHost: a\r\n\r\n", count: 3))
        #expect(try rig.statuses() == [200, 404, 200, 404, 200, 404])
    }

    /// Something that is no request.
    struct Refused: CustomTestStringConvertible {
        var what: String
        var text: String
        var status = 400
        var testDescription: String { what }
    }

    @Test(arguments: [
        Refused(what: "no host", text: "GET /d HTTP/1.1\r\n\r\n"),
        Refused(what: "fragment", text: "GET /d#x HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refused(what: "two hosts", text: "GET /d HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        Refused(what: "bytes", text: "\u{1}\u{2}\r\n\r\n"),
        Refused(what: "method", text: "NONSENSE /d HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refused(what: "version", text: "GET /d HTTP/2.0\r\nHost: a\r\n\r\n"),
        Refused(
            what: "large header",
            text: "GET /d HTTP/1.1\r\nHost: a\r\nX-A: \(String(repeating: "a", count: 62000))\r\n\r\n", status: 431),
        Refused(
            what: "many headers",
            text: "GET /d HTTP/1.1\r\nHost: a\r\n\(String(repeating: "X-A: a\r\n", count: 101))\r\n", status: 431),
        Refused(what: "length", text: "POST /d HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n"),
        Refused(
            what: "two lengths",
            text: "POST /d HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"),
    ])
    func whatIsNoRequestIsRefusedAndEndsTheConnection(refused: Refused) throws {
        let rig = try EmbeddedRig([.direct("/d")])
        try rig.send(refused.text)
        let answer = try rig.received()
        #expect(answer.hasPrefix("HTTP/1.1 \(refused.status) "))
        #expect(answer.contains("connection: close\r\n"))
        rig.advance(.seconds(2))
        #expect(!rig.isOpen)
    }

    @Test func answersToEarlierRequestsComeBeforeARefusal() throws {
        let rig = try EmbeddedRig([.direct("/d")])
        try rig.send(Self.get + "\u{1}\u{2}\r\n\r\n")
        #expect(try rig.statuses() == [200, 400])
    }

    @Test func aClientOfHTTP10GetsTheEndOfTheConnection() throws {
        let rig = try EmbeddedRig([.direct("/d")])
        try rig.send("GET /d HTTP/1.0\r\nHost: a\r\n\r\n")
        let text = try rig.received()
        #expect(text.contains("connection: close\r\n"))
        #expect(text.hasSuffix("\r\n\r\nok"))
        #expect(!rig.isOpen)
    }

    @Test func aClientOfHTTP10CanKeepTheConnection() throws {
        let rig = try EmbeddedRig([.direct("/d")])
        try rig.send("GET /d HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n")
        #expect(try rig.received().contains("connection: keep-alive\r\n"))
        #expect(rig.isOpen)
    }

    @Test func aClientCanAskForTheEndOfTheConnection() throws {
        let rig = try EmbeddedRig([.direct("/d")])
        try rig.send("GET /d HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(try rig.received().contains("connection: close\r\n"))
        #expect(!rig.isOpen)
    }

    @Test func anotherProtocolIsRefused() throws {
        let rig = try EmbeddedRig([.forward("/", to: "nobody")])
        try rig.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n")
        #expect(try rig.statuses() == [403])
        #expect(!rig.isOpen)
    }

    @Test func aTunnelIsNotFound() throws {
        let rig = try EmbeddedRig([.direct("/d")])
        try rig.send("CONNECT a.b:80 HTTP/1.1\r\nHost: a.b:80\r\n\r\n")
        #expect(try rig.statuses() == [404])
        #expect(!rig.isOpen)
    }

    @Test func aBodyThatNobodyWantsIsReadUpToALimit() throws {
        let rig = try EmbeddedRig([.direct("/d")])
        let post = "POST /d HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
        try rig.send(post + post)
        #expect(try rig.statuses() == [200, 200])
        try rig.send("POST /d HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n")
        #expect(try rig.statuses() == [200])
        try rig.send(String(repeating: "x", count: 100_000))
        rig.advance(.seconds(2))
        #expect(!rig.isOpen)
    }

    @Test func aClientThatWaitsToGoOnIsAnsweredAtOnce() throws {
        let rig = try EmbeddedRig([.direct("/d")])
        try rig.send("POST /d HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        let text = try rig.received()
        #expect(text.hasPrefix("HTTP/1.1 200 OK"))
        #expect(text.contains("connection: close\r\n"))
        rig.advance(.seconds(2))
        #expect(!rig.isOpen)
    }

    @Test func anIdleConnectionIsClosed() throws {
        let rig = try EmbeddedRig([.direct("/d")]) { $0.idleTimeout = .seconds(60) }
        rig.advance(.seconds(59))
        try rig.send(Self.get)
        #expect(try rig.statuses() == [200])
        rig.advance(.seconds(59))
        #expect(rig.isOpen)
        rig.advance(.seconds(1))
        #expect(!rig.isOpen)
    }

    @Test func aRequestThatDoesNotArriveInTimeIsAnswered() throws {
        let rig = try EmbeddedRig([.forward("/", to: "nobody")]) { $0.requestTimeout = .seconds(5) }
        try rig.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n")
        // No endpoint is there: the answer is out, and the rest of the request may still come.
        #expect(try rig.statuses() == [503])
        rig.advance(.seconds(2))
        #expect(!rig.isOpen)
    }

    @Test func aDrainingConnectionEndsWhenItIsIdle() throws {
        let rig = try EmbeddedRig([.direct("/d")])
        try rig.send(Self.get)
        #expect(try rig.statuses() == [200])
        rig.loop.beginDraining()
        #expect(!rig.isOpen)
    }

    @Test func aConnectionWithoutItsListenerEnds() throws {
        let rig = try EmbeddedRig([.direct("/d")])
        rig.loop.configure([nil])
        #expect(!rig.isOpen)
    }

    @Test func requestsAreCounted() throws {
        let rig = try EmbeddedRig([.direct("/d"), .direct("/e", 500)])
        try rig.send(Self.get + Self.get + "GET /e HTTP/1.1\r\nHost: a\r\n\r\n")
        let counters = rig.loop.counters
        #expect(counters.value(.requests) == 3)
        #expect(counters.value(.activeRequests) == 0)
        #expect(counters.value(.status2xx) == 2)
        #expect(counters.value(.status5xx) == 1)
        #expect(counters.value(.activeConnections) == 1)
        #expect(rig.loop.worker.openExchanges == 0)
    }
}
