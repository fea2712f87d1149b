// Fairlead: tests of what substitution commands stand for
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@testable import FairleadConfiguration
@testable import FairleadDataPlane

@Suite struct SubstitutionTests {
    static let metadata = Metadata([
        .init(
            "a",
            .structure([
                .init("list", .list([.number(1), .text("x\n\""), .null, .bool(false)])), .init("number", .number(1.5)),
                .init("nothing", .null), .init("round", .number(100_000)),
                .init("structure", .structure([.init("key", .text("value"))])), .init("text", .text("plain")),
            ]))
    ])

    static func request() -> Request {
        let request = Request(
            method: "PUT", scheme: "https", authority: "h.example:80", path: "/p/q?a=1234567&b=2",
            headers: [("X-A", "first"), ("x-a", "second"), ("x-empty", "")], source: "10.0.0.1:4711")
        request.set(destination: "[::1]:8080")
        return request
    }

    /// What `text` comes to as the value of a request header, one that a route to a cluster adds.
    static func value(_ text: String, _ change: (inout ExchangeFacts, EndpointView?) -> Void = { _, _ in }) throws
        -> String
    {
        var route = Route.forward(named: "r")
        route.metadata = metadata
        route.headerMutations.requestAdditions = [.init("v", text, keepsEmptyValue: true)]
        var host = VirtualHost(name: "h", domains: ["*"], routes: [route])
        host.metadata = Metadata([.init("b", .structure([.init("of", .text("host"))]))])
        var cluster = Cluster.of("c", [.at(80, hostname: "e.example")])
        cluster.metadata = Metadata([.init("c", .structure([.init("of", .text("cluster"))]))])
        let scene = try Scene(RouteConfiguration(name: "t", virtualHosts: [host]), clusters: [cluster])
        let request = request()
        var exchange = scene.worker.begin(request.view)
        var attempt = Attempt()
        #expect(scene.worker.pick(&exchange, &attempt) == .endpoint)
        let view = exchange.route
        var facts = ExchangeFacts()
        change(&facts, attempt.endpoint)
        let addition = try #require(view.mutations(1)).addition(0, toResponse: false)
        let result = OutputBuffer.text { view.writeValue(of: addition, request.view, facts, into: &$0) }
        scene.worker.report(&attempt, .response(200), &exchange)
        scene.worker.end(&exchange)
        return result
    }

    static let values: [(String, String)] = [
        ("%REQ(x-a)%", "first"), ("%REQ(X-A):3%", "fir"), ("%REQ(no?x-a)%", "first"), ("[%REQ(x-empty?x-a)%]", "[]"),
        ("%REQ(x-a):0%.", "."), ("[%REQ(no)%]", "[]"), ("%REQ(:path)%", "/p/q?a=1234567&b=2"),
        ("%REQ(:method)% %REQ(:scheme)% %REQ(:authority)% %REQ(host)%", "PUT https h.example:80 h.example:80"),
        ("%PATH(NQ)%|%PATH%|%PATH(WQ:ORIG)%", "/p/q|/p/q?a=1234567&b=2|"), ("%PATH:4%", "/p/q"),
        ("%QUERY_PARAM(a):3%|%QUERY_PARAM(b)%|%QUERY_PARAM(c)%|%QUERY_PARAMS%", "123|2||a=1234567&b=2"),
        ("%DOWNSTREAM_REMOTE_ADDRESS%", "10.0.0.1:4711"), ("%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%", "10.0.0.1"),
        ("%DOWNSTREAM_REMOTE_PORT%", "4711"), ("%DOWNSTREAM_LOCAL_ADDRESS%", "[::1]:8080"),
        ("%DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT%", "::1"), ("%DOWNSTREAM_LOCAL_PORT%", "8080"),
        ("%ROUTE_NAME%/%UPSTREAM_CLUSTER%/%UPSTREAM_REQUEST_ATTEMPT_COUNT%", "r/c/1"),
        ("%RESPONSE_CODE%%RESPONSE_FLAGS%%PROTOCOL%%HOSTNAME%%START_TIME%%UPSTREAM_HOST%", "0-"),
        ("%METADATA(ROUTE:a:text)%|%METADATA(ROUTE:a:text):2%", "plain|pl"),
        ("%METADATA(ROUTE:a:number)%|%METADATA(ROUTE:a:round)%", "1.5|1e+05"),
        ("%METADATA(ROUTE:a:list)%", #"[1,"x\n\"",null,false]"#), ("[%METADATA(ROUTE:a:nothing)%]", "[]"),
        ("%METADATA(ROUTE:a:structure)%|%METADATA(ROUTE:a:structure:key)%", #"{"key":"value"}|value"#),
        ("[%METADATA(ROUTE:a:text:key)%%METADATA(ROUTE:b)%%METADATA(ROUTE)%]", "[]"),
        ("%METADATA(VIRTUAL_HOST:b:of)% %METADATA(CLUSTER:c:of)% %CLUSTER_METADATA(c:of)%", "host cluster cluster"),
    ]

    @Test(arguments: values.indices)
    func aCommandStandsForWhatEnvoyPrints(index: Int) throws {
        let (text, expected) = Self.values[index]
        #expect(try Self.value(text) == expected)
    }

    @Test func whatTheHostKnowsIsUsed() throws {
        let lines = Request(authority: nil, path: nil, headers: [("Content-Type", "text/plain")])
        let value = try Self.value(
            "%RESPONSE_CODE% %RESP(no?content-type):4% %UPSTREAM_HOST% %UPSTREAM_HOST_NAME% "
                + "%UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT% %UPSTREAM_REMOTE_PORT% %START_TIME(%s.%3f)%"
        ) { facts, endpoint in
            facts.responseStatus = 503
            facts.responseHeaders = lines.view.headers
            facts.endpoint = endpoint
            facts.startTime = 1_795_272_322_759_805_000
        }
        #expect(value == "503 text 10.0.0.1:80 e.example 10.0.0.1 80 1795272322.759")
    }

    @Test func whatIsMissingLeavesADashInHostsAndNothingInPaths() throws {
        let route = Route.forward {
            $0.hostRewrite = .format("h-%REQ(no)%%METADATA(ROUTE:a)%%LOCAL_REPLY_BODY%")
            $0.pathRewrite = .format("/%REQ(no)%new%METADATA(ROUTE:a)%")
        }
        let decision = try Scene(routes: [route]).decide("/x?q")
        #expect(decision.authority == "h---")
        #expect(decision.path == "/new?q")
    }

    /// Seen on Envoy 1.40: the host is rewritten before the path.
    @Test func aComposedPathSeesTheRewrittenHost() throws {
        let route = Route.forward {
            $0.hostRewrite = .format("new.%REQ(host)%")
            $0.pathRewrite = .format("/%REQ(:authority):5%/%REQ(no?host)%/%REQ(x?host)%")
        }
        let decision = try Scene(routes: [route]).decide("/", at: "h", [("x", "y")])
        #expect(decision.path == "/new.h/new.h/y")
        #expect(decision.authority == "new.h")
    }

    @Test func aPathThatComesToNothingStaysAsItIs() throws {
        let route = Route.forward { $0.pathRewrite = .format("%REQ(x)%") }
        let scene = try Scene(routes: [route])
        #expect(scene.decide("/a?q").path == "/a?q")
        #expect(scene.decide("/a?q", [("x", "b#c")]).path == "b#c?q")
    }

    @Test func aRedirectToAComposedPathKeepsTheQueryUnlessItHasOne() throws {
        func location(_ text: String, strips: Bool = false) throws -> String? {
            let scene = try Scene(
                routes: [
                    .redirect {
                        $0.path = .format(text)
                        $0.stripsQuery = strips
                    }
                ])
            return scene.decide("/old?k=v", at: "h", [("x", "value")]).location
        }
        #expect(try location("/%REQ(x)%") == "http://h/value?k=v")
        #expect(try location("/%REQ(x)%", strips: true) == "http://h/value")
        #expect(try location("%REQ(x)%") == "http://h/value?k=v")
        #expect(try location("%REQ(no)%") == "http://h/old?k=v")
        #expect(try location("/a?b=%REQ(x)%", strips: true) == "http://h/a?b=value")
        #expect(try location("/%REQ(:path)%") == "http://h//old?k=v")
    }

    @Test func theBodyOfADirectResponseCanBeComposed() throws {
        func body(_ format: DirectResponse.BodyFormat) throws -> String {
            var response = DirectResponse(status: 200, body: Array("BODY".utf8))
            response.format = format
            let scene = try Scene(routes: [Route(match: RouteMatch(.prefix("")), action: .directResponse(response))])
            let request = Request(authority: "h", path: "/", headers: [("x", "value")])
            var exchange = scene.worker.begin(request.view)
            let view = exchange.route
            #expect(view.composesBody)
            #expect(view.bodyContentType.isMissing == format.contentType.isEmpty)
            let text = OutputBuffer.text { view.writeBody(request.view, into: &$0) }
            scene.worker.end(&exchange)
            return text
        }
        var format = DirectResponse.BodyFormat("[%REQ(no)%|%REQ(x)%|%LOCAL_REPLY_BODY%]\n")
        #expect(try body(format) == "[-|value|BODY]\n")
        format.omitsMissing = true
        format.contentType = "text/html"
        #expect(try body(format) == "[|value|BODY]\n")
    }

    @Test func subjectsHaveTheSameNumbersInConfigurationsAndBlocks() {
        var number: UInt8 = 1
        while let subject = SubstitutionCommand.Subject(rawValue: number) {
            let compiled = SubstitutionPart.Subject(rawValue: number)
            #expect(compiled.map { "\($0)" } == "\(subject)")
            number += 1
        }
        #expect(SubstitutionPart.Subject(rawValue: number) == nil)
        #expect(number > 30)
    }
}

@Suite struct TimeTextTests {
    static func text(_ seconds: UInt64, _ form: String, nanoseconds: UInt64 = 0) -> String {
        Bytes.withBytes(of: form) { form in
            OutputBuffer.text { TimeText.write(seconds * 1_000_000_000 + nanoseconds, as: form, into: &$0) }
        }
    }

    @Test func theUsualFormIsThatOfISO8601() {
        #expect(Self.text(1_795_272_322, "", nanoseconds: 752_999_999) == "2026-11-21T14:45:22.752Z")
        #expect(Self.text(0, "") == "1970-01-01T00:00:00.000Z")
    }

    @Test func directivesAreThoseOfStrftime() {
        let form = "%Y %y %m %d|%e|%H %M %S %j %T %R %F %D %Z %z %s %b %B %a %A %% %3f %f"
        #expect(
            Self.text(1_772_582_709, form, nanoseconds: 12_345_678)
                == "2026 26 03 04| 4|00 05 09 063 00:05:09 00:05 2026-03-04 03/04/26 UTC +0000 1772582709 "
                + "Mar March Wed Wednesday % 012 012345678")
    }

    @Test func leapDaysAreCounted() {
        #expect(Self.text(951_782_400, "%F %j %a") == "2000-02-29 060 Tue")
        #expect(Self.text(4_107_542_400, "%F %j") == "2100-03-01 060")
        #expect(Self.text(1_735_603_200, "%F %j") == "2024-12-31 366")
        #expect(Self.text(18_446_744_073, "%F") == "2554-07-21")
    }
}
