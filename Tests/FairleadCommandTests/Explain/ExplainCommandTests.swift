// Fairlead: tests of explaining on the command line
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Fairlead
import Foundation
import Testing

@testable import FairleadCommand

@Suite struct ExplainCommandTests {
    static func answers(_ lines: [String], isJSON: Bool) throws -> String {
        let engine = try Engine(RouteAnswererTests.configuration())
        var answerer = ExplainAnswerer(
            try engine.makeWorker(), routeTable: try #require(engine.routeTableID("t")), isJSON: isJSON,
            maximumRoutes: 20)
        for line in lines { Bytes.withBytes(of: line) { answerer.answer(.bytes($0), maximum: 100) } }
        answerer.answer(.tooLong, maximum: 100)
        return String(decoding: answerer.output.bytes, as: UTF8.self)
    }

    @Test func everyLineIsAnsweredInJSON() throws {
        let text = try Self.answers(
            [#"{"authority":"a","path":"/plain"}"#, "{", #"{"authority":"a","path":"nonsense"}"#], isJSON: true)
        let lines = text.split(separator: "\n")
        #expect(lines.count == 4)
        let told = try #require(try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
        #expect((told["cluster"] as? [String: Any])?["name"] as? String == "shop")
        #expect(lines[1] == #"{"error":"expected a string at byte 2"}"#)
        #expect(lines[2] == #"{"refused_before_routing":400}"#)
        #expect(lines[3] == #"{"error":"the line is longer than 100 bytes"}"#)
    }

    @Test func textsAreParagraphs() throws {
        let text = try Self.answers([#"{"authority":"a","path":"/go"}"#, "nonsense"], isJSON: false)
        #expect(text.contains("route         #1 go (prefix \"/go\")"))
        #expect(text.contains("action        redirect 301 to https://a/go"))
        #expect(text.contains("\n\nerror         expected an object at byte 1\n\n"))
    }

    @Test func eachRequestTakesItsTurn() throws {
        let line = #"{"authority":"a","path":"/plain"}"#
        let text = try Self.answers([line, line], isJSON: false)
        #expect(text.contains("10.0.0.1:80"))
        #expect(text.contains("10.0.0.2:80"))
    }

    @Test func aRequestOfTheCommandLineGoesTheWayOfLines() throws {
        let command = try #require(
            try ExplainCommand.parseAsRoot([
                "--config", "x.yaml", "--path", "/a\"b", "--authority", "h", "--header", "x-a: 1: 2", "--header",
                ":odd:v",
            ]) as? ExplainCommand)
        #expect(
            String(decoding: command.requestLine("/a\"b"), as: UTF8.self)
                == #"{"method":"GET","scheme":"http","authority":"h","headers":[["x-a","1: 2"],[":odd","v"]],"#
                + #""path":"/a\"b"}"#)
    }

    @Test(
        arguments: [
            ["--config", "x", "--path", "/", "--header", "nonsense"], ["--config", "x", "--header", "a: b"],
            ["--config", "x", "--path", "/", "--limit", "-1"], ["--path", "/"],
        ])
    func badArgumentsAreRefused(arguments: [String]) {
        #expect(throws: (any Error).self) { try ExplainCommand.parseAsRoot(arguments) }
    }
}
