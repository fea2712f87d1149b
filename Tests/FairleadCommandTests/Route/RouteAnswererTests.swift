// Fairlead: tests of answers to requests on lines
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import Foundation
import Testing

@testable import FairleadCommand

@Suite struct RouteAnswererTests {
    static func configuration() -> Configuration {
        var redirect = RedirectAction()
        redirect.scheme = .https
        var missing = ForwardAction(to: .header("x-cluster"))
        missing.clusterNotFound = .internalServerError
        var rewritten = ForwardAction(to: .cluster("shop"))
        rewritten.pathRewrite = .prefix("/inner")
        rewritten.hostRewrite = .endpointHostname
        var proto = RouteMatch(.prefix("/proto"))
        proto.headers = [HeaderMatcher("x-forwarded-proto", .text(StringMatcher(.exact("https"))))]
        var joined = RouteMatch(.prefix("/joined"))
        joined.headers = [HeaderMatcher("accept", .text(StringMatcher(.exact("a,b"))))]
        var inside = RouteMatch(.prefix("/inside"))
        inside.headers = [HeaderMatcher("x-envoy-max-retries", .present(true))]
        let routes = [
            Route(
                name: "say", match: RouteMatch(.exact("/say")),
                action: .directResponse(DirectResponse(status: 418, body: Array("\"tea\"\n\u{1}é".utf8)))),
            Route(name: "go", match: RouteMatch(.prefix("/go")), action: .redirect(redirect)),
            Route(name: "missing", match: RouteMatch(.prefix("/missing")), action: .forward(missing)),
            Route(name: "inner", match: RouteMatch(.prefix("/outer")), action: .forward(rewritten)),
            Route(name: "secure", match: proto, action: .forward(ForwardAction(to: .cluster("shop")))),
            Route(name: "joined", match: joined, action: .forward(ForwardAction(to: .cluster("shop")))),
            Route(name: "inside", match: inside, action: .forward(ForwardAction(to: .cluster("shop")))),
            Route(match: RouteMatch(.prefix("/plain")), action: .forward(ForwardAction(to: .cluster("shop")))),
        ]
        let endpoints = [
            Endpoint(.socket(host: "10.0.0.1", port: 80), hostname: "one"),
            Endpoint(.socket(host: "10.0.0.2", port: 80), hostname: "two"),
        ]
        return Configuration(
            routeConfigurations: [
                RouteConfiguration(name: "t", virtualHosts: [VirtualHost(name: "all", domains: ["*"], routes: routes)])
            ],
            clusters: [Cluster(name: "shop", endpoints: [LocalityEndpoints(endpoints: endpoints)])])
    }

    /// The answers to `lines`, one after the other.
    static func answers(_ lines: [String], picks: Bool = false) throws -> [String] {
        let engine = try Engine(configuration())
        var answerer = RouteAnswerer(
            try engine.makeWorker(), routeTable: try #require(engine.routeTableID("t")), picks: picks)
        for line in lines { Bytes.withBytes(of: line) { answerer.answer(.bytes($0), maximum: 100) } }
        return String(decoding: answerer.output.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    static func answer(_ line: String, picks: Bool = false) throws -> [String: Any] {
        let text = try #require(try answers([line], picks: picks).first)
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func theFormIsFixed() throws {
        #expect(
            try Self.answers([#"{"authority":"a.b:80","path":"/plain?x=1"}"#]) == [
                #"{"virtual_host":"all","route":"","action":"forward","status":null,"location":null,"body":null,"#
                    + #""cluster":"shop","path":"/plain?x=1","authority":"a.b:80"}"#
            ])
    }

    @Test func anEndpointIsPickedOnDemand() throws {
        let line = #"{"authority":"a","path":"/outer/x"}"#
        var seen: Set<String> = []
        for text in try Self.answers([line, line], picks: true) {
            let answer = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
            let endpoint = try #require(answer["endpoint"] as? String)
            #expect(answer["authority"] as? String == (endpoint == "10.0.0.1:80" ? "one" : "two"))
            #expect(answer["path"] as? String == "/inner/x")
            seen.insert(endpoint)
        }
        #expect(seen.count == 2)
        #expect(try Self.answer(#"{"authority":"a","path":"/say"}"#, picks: true)["endpoint"] is NSNull)
        #expect(try Self.answer(#"{"path":"/say"}"#, picks: true)["endpoint"] is NSNull)
    }

    @Test func directResponsesAndRedirectsAreTold() throws {
        let direct = try Self.answer(#"{"authority":"a","path":"/say"}"#)
        #expect(direct["action"] as? String == "direct_response")
        #expect(direct["status"] as? Int == 418)
        #expect(direct["body"] as? String == "\"tea\"\n\u{1}é")
        let redirect = try Self.answer(#"{"authority":"a:80","path":"/go?q"}"#)
        #expect(redirect["action"] as? String == "redirect")
        #expect(redirect["status"] as? Int == 301)
        #expect(redirect["location"] as? String == "https://a/go?q")
    }

    @Test(
        arguments: [
            (#"{"authority":"a","path":"/nowhere"}"#, 404, "all"), (#"{"path":"/plain"}"#, 400, nil),
            (#"{"authority":"a","path":"/plain#x"}"#, 400, nil), (#"{"authority":"a","path":"plain"}"#, 400, nil),
            (#"{"authority":"a","path":"*","method":"OPTIONS"}"#, 404, nil),
            (#"{"authority":"a","path":"/missing"}"#, 500, "all"),
            (#"{"authority":"a","path":"/missing","headers":[["X-Cluster","nobody"]]}"#, 500, "all"),
        ] as [(String, Int, String?)])
    func whatIsNotForwardedHasAStatus(line: String, status: Int, host: String?) throws {
        let answer = try Self.answer(line)
        #expect(answer["action"] as? String == "none")
        #expect(answer["status"] as? Int == status)
        #expect(answer["virtual_host"] as? String == host)
        #expect(answer["cluster"] is NSNull)
    }

    @Test func headersAreTreatedAsEnvoyTreatsThem() throws {
        func route(_ line: String) throws -> String? { try Self.answer(line)["route"] as? String }
        #expect(try route(#"{"scheme":"https","authority":"a","path":"/proto"}"#) == "secure")
        #expect(try route(#"{"authority":"a","path":"/proto","headers":[["X-Forwarded-Proto","https"]]}"#) == "secure")
        #expect(try route(#"{"authority":"a","path":"/proto"}"#) == nil)
        #expect(try route(#"{"authority":"a","path":"/joined","headers":[["Accept","a"],["accept","b"]]}"#) == "joined")
        #expect(try route(#"{"authority":"a","path":"/inside","headers":[["x-envoy-max-retries","1"]]}"#) == nil)
        let hosted = try Self.answer(#"{"path":"/plain","headers":[["Host","h"]]}"#)
        #expect(hosted["authority"] as? String == "h")
    }

    @Test func aHeaderNamesTheCluster() throws {
        let answer = try Self.answer(#"{"authority":"a","path":"/missing","headers":[["X-Cluster","shop"]]}"#)
        #expect(answer["cluster"] as? String == "shop")
        #expect(answer["status"] is NSNull)
    }

    @Test func badLinesAreToldAndTheRestGoesOn() throws {
        let answers = try Self.answers(["{", "", #"{"authority":"a","path":"/plain"}"#, "[]"])
        #expect(answers.count == 4)
        #expect(answers[0] == #"{"error":"expected a string at byte 2"}"#)
        #expect(answers[1] == #"{"error":"expected an object at byte 1"}"#)
        #expect(answers[2].contains(#""cluster":"shop""#))
        #expect(answers[3] == #"{"error":"expected an object at byte 1"}"#)
    }

    @Test func theSameSeedGivesTheSameAnswers() throws {
        func run(_ seed: UInt64) throws -> [UInt8] {
            var options = EngineOptions()
            options.seed = seed
            var configuration = Self.configuration()
            configuration.clusters[0].loadBalancing = LoadBalancing(policy: LoadBalancing.random)
            let engine = try Engine(configuration, options: options)
            var answerer = RouteAnswerer(try engine.makeWorker(), routeTable: 0, picks: true)
            for _ in 0..<64 {
                Bytes.withBytes(of: #"{"authority":"a","path":"/plain"}"#) { answerer.answer(.bytes($0), maximum: 100) }
            }
            return answerer.output.bytes
        }
        #expect(try run(1) == run(1))
        #expect(try run(1) != run(2))
    }
}
