// Fairlead: tests of JSON bodies
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

/// What Envoy writes is held against recorded answers (`routing/json-bodies.json`); here is what those do not show.
@Suite struct JSONBodyTests {
    static func body(
        _ fields: [MetadataValue.Field], _ headers: [([UInt8], [UInt8])] = [], source: String? = nil,
        omits: Bool = false
    ) throws -> String {
        var response = DirectResponse(status: 200, body: Array("fixed".utf8))
        response.format = DirectResponse.BodyFormat(json: fields)
        response.format?.omitsMissing = omits
        let scene = try Scene(routes: [Route(match: RouteMatch(.prefix("/")), action: .directResponse(response))])
        let request = Request(authority: "a", path: "/", source: source)
        for (name, value) in headers { request.addHeader(name, value) }
        var exchange = scene.worker.begin(request.view)
        let view = exchange.route
        #expect(view.composesBody)
        #expect(view.bodyContentType.string == "application/json")
        let body = OutputBuffer.text { view.writeBody(request.view, into: &$0) }
        scene.worker.end(&exchange)
        return body
    }

    @Test func anEmptyObjectIsABodyToo() throws {
        #expect(try Self.body([]) == "{}\n")
        #expect(try Self.body([.init("a", .text("%REQ(x)%"))], omits: true) == "{}\n")
    }

    @Test func keysStandInTheOrderOfTheirBytes() throws {
        let fields = ["b", "é", "a", "B", "", "\""].map { MetadataValue.Field($0, .null) }
        #expect(try Self.body(fields) == #"{"":null,"\"":null,"B":null,"a":null,"b":null,"é":null}"# + "\n")
    }

    @Test func portsAreNumbersAsFarAsTheyAre() throws {
        let fields = [MetadataValue.Field("a", .text("%DOWNSTREAM_REMOTE_PORT%"))]
        #expect(try Self.body(fields, source: "10.0.0.1:80") == #"{"a":80}"# + "\n")
        #expect(try Self.body(fields, source: "10.0.0.1:080") == #"{"a":"080"}"# + "\n")
        #expect(try Self.body(fields) == #"{"a":null}"# + "\n")
    }

    @Test(
        arguments: [
            ([0x41, 0x22, 0x5C, 0x09, 0x01, 0x7F], "A\\\"\\\\\\t\\u0001\u{7F}"), ([0xC3, 0xA9, 0x22], "é\\\""),
            ([0xF4, 0x8F, 0xBF, 0xBF], "\u{10FFFF}"), ([0xE0, 0xA0, 0x80], "\u{800}"),
            ([0xED, 0x9F, 0xBF], "\u{D7FF}"),
            ([0xFF, 0x22, 0x5C, 0x09], "\\u00ff\\u0022\\u005c\\u0009"), ([0xED, 0xA0, 0x80], "\\u00ed\\u00a0\\u0080"),
            ([0xC0, 0x80], "\\u00c0\\u0080"), ([0xE0, 0x80, 0x80], "\\u00e0\\u0080\\u0080"),
            ([0xF4, 0x90, 0x80, 0x80], "\\u00f4\\u0090\\u0080\\u0080"), ([0xC3], "\\u00c3"),
            ([0x80, 0x61], "\\u0080a"),
            ([0xF0, 0x9F, 0x98], "\\u00f0\\u009f\\u0098"),
        ] as [([UInt8], String)])
    func textsAreEscapedWithTheirBytesInMind(_ bytes: [UInt8], _ expected: String) throws {
        let told = try Self.body(
            [.init("a", .text("%REQ(x)%")), .init("b", .text("-%REQ(x)%"))], [(Array("x".utf8), bytes)])
        #expect(told == "{\"a\":\"\(expected)\",\"b\":\"-\(expected)\"}\n")
    }

    @Test func longValuesAreWhole() throws {
        let value = String(repeating: "x\"", count: 2000)
        let told = try Self.body([.init("a", .text("%REQ(x)%"))], [(Array("x".utf8), Array(value.utf8))])
        #expect(told == "{\"a\":\"" + String(repeating: "x\\\"", count: 2000) + "\"}\n")
    }

    @Test func commandsAndNestingAreJudged() {
        #expect(throws: ProblemList.self) { try Self.body([.init("a", .list([.text("%NOPE%")]))]) }
        var deep = MetadataValue.null
        for _ in 0..<200 { deep = .list([deep]) }
        #expect(throws: ProblemList.self) { try Self.body([.init("a", deep)]) }
    }
}
