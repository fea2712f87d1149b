// Fairlead: tests of bodies on their way
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import FairleadProxy

@Suite struct RequestBodyTests {
    static func part(_ text: String) -> ByteBuffer { ByteBuffer(string: text) }

    static func drain(_ body: inout RequestBody) -> String {
        var text = ""
        while let part = body.next() { text += String(buffer: part) }
        return text
    }

    @Test func partsComeOutInTheirOrder() {
        var body = RequestBody(keeps: false, limit: 1000)
        body.append(Self.part("a"))
        body.append(Self.part(""))
        body.append(Self.part("b"))
        #expect(Self.drain(&body) == "ab")
        body.append(Self.part("c"))
        #expect(Self.drain(&body) == "c")
    }

    @Test func aBodyThatIsKeptCanBeSentAgain() {
        var body = RequestBody(keeps: true, limit: 1000)
        body.append(Self.part("a"))
        body.append(Self.part("b"))
        #expect(Self.drain(&body) == "ab")
        body.rewind()
        #expect(Self.drain(&body) == "ab")
        #expect(body.isAtHand)
    }

    @Test func whatWasSentIsGivenUpBeyondTheLimit() {
        var body = RequestBody(keeps: true, limit: 1000)
        body.append(Self.part(String(repeating: "a", count: 600)))
        #expect(Self.drain(&body).count == 600)
        body.append(Self.part(String(repeating: "b", count: 600)))
        #expect(!body.isAtHand)
        body.rewind()
        #expect(Self.drain(&body) == String(repeating: "b", count: 600))
    }

    @Test func tinyPartsCountForWhatTheyCost() {
        var body = RequestBody(keeps: true, limit: 100_000)
        for _ in 0..<1000 { body.append(Self.part("x")) }
        #expect(!body.isAtHand)
        #expect(body.isFull)
    }

    @Test func aPartOfALargeBufferDoesNotKeepIt() throws {
        var large = ByteBuffer(repeating: 7, count: 60_000)
        var body = RequestBody(keeps: true, limit: 100_000)
        let slice = large.readSlice(length: 10)
        body.append(try #require(slice))
        let next = body.next()
        let part = try #require(next)
        #expect(part.readableBytes == 10)
        #expect(part.storageCapacity < 1000)
    }

    @Test func aBodyIsFullAtTheLimitWhileNothingIsSent() {
        var body = RequestBody(keeps: true, limit: 10_000)
        body.append(ByteBuffer(repeating: 7, count: 9000))
        #expect(!body.isFull)
        body.append(ByteBuffer(repeating: 7, count: 9000))
        #expect(body.isFull)
        _ = body.next()
        _ = body.next()
        #expect(!body.isFull)
    }
}
