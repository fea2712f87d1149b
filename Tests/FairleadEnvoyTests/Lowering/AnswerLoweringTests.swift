// Fairlead: tests of redirects and direct responses, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@testable import FairleadEnvoy

@Suite struct AnswerLoweringTests {
    private func load(action: String, _ change: (inout EnvoyLoader) -> Void = { _ in }) -> LoadedConfiguration {
        FairleadEnvoyTests.load(
            tableText(routes: "- match: { prefix: / }\n  \(indented(action, by: 2))"), as: .routeConfiguration,
            change)
    }

    @Test func everyFieldOfARedirectIsRead() {
        let loaded = load(
            action: "redirect: { host_redirect: h, port_redirect: 81, scheme_redirect: ftp, prefix_rewrite: /p, "
                + "response_code: SEE_OTHER, strip_query: true }")
        var redirect = RedirectAction()
        redirect.host = "h"
        redirect.port = 81
        redirect.scheme = .scheme("ftp")
        redirect.path = .prefix("/p")
        redirect.status = .seeOther
        redirect.stripsQuery = true
        #expect(loaded.faults.isEmpty)
        #expect(loaded.route?.action == .redirect(redirect))
        #expect(load(action: "redirect: {}").route?.action == .redirect(RedirectAction()))
        redirect = RedirectAction()
        redirect.scheme = .https
        redirect.path = .pattern(PatternSubstitution(pattern: "a", substitution: "b"))
        redirect.status = .temporaryRedirect
        let second = load(
            action: "redirect: { https_redirect: true, response_code: TEMPORARY_REDIRECT, "
                + "regex_rewrite: { pattern: { regex: a }, substitution: b } }")
        #expect(second.route?.action == .redirect(redirect))
        redirect = RedirectAction()
        redirect.status = .found
        #expect(
            load(action: "redirect: { path_redirect: '', response_code: FOUND }").route?.action == .redirect(redirect))
    }

    @Test func faultsOfARedirectAreReported() {
        #expect(
            load(action: "redirect: { port_redirect: 65536, path_rewrite: '100%', response_code: 9 }").routeFaults == [
                "redirect.port_redirect [invalid-value]", "redirect.path_rewrite [invalid-value]",
                "redirect.response_code [unknown-enum-value]",
            ])
    }

    @Test func theBodyOfADirectResponseComesFromAnywhere() {
        func body(_ text: String) -> [UInt8]? {
            let loaded = load(action: "direct_response: { status: 200, body: { \(text) } }") { loader in
                loader.readFile = { $0 == "/page" ? [1, 2] : nil }
                loader.environmentVariable = { $0 == "PAGE" ? "three" : nil }
            }
            #expect(loaded.faults.isEmpty)
            guard case .directResponse(let response)? = loaded.route?.action else { return nil }
            return response.body
        }
        #expect(body("inline_string: abc") == Array("abc".utf8))
        #expect(body("inline_bytes: AP8=") == [0, 255])
        #expect(body("filename: /page") == [1, 2])
        #expect(body("environment_variable: PAGE") == Array("three".utf8))
    }

    @Test func theBodyOfADirectResponseCanBeComposed() {
        func format(_ text: String) -> DirectResponse.BodyFormat? {
            let loaded = load(action: "direct_response: { status: 200, body_format: { \(text) } }")
            #expect(loaded.faults.isEmpty)
            guard case .directResponse(let response)? = loaded.route?.action else { return nil }
            return response.format
        }
        var html = DirectResponse.BodyFormat("<%REQ(x)%>")
        html.omitsMissing = true
        html.contentType = "text/html"
        #expect(format("text_format_source: { inline_string: 'a%%' }") == .init("a%%"))
        #expect(
            format(
                "text_format_source: { inline_string: '<%REQ(x)%>' }, omit_empty_values: true, "
                    + "content_type: text/html") == html)
    }

    @Test func aBodyCanBeJSON() {
        let loaded = load(
            action: "direct_response: { status: 200, body_format: { json_format: "
                + "{ b: '%REQ(x)%', a: [1, true, null, { c: '%ENVIRONMENT(PAGE)%%%' }] }, omit_empty_values: true } }"
        ) { $0.environmentVariable = { $0 == "PAGE" ? "p" : nil } }
        #expect(loaded.faults.isEmpty)
        var format = DirectResponse.BodyFormat(json: [
            .init("a", .list([.number(1), .bool(true), .null, .structure([.init("c", .text("p%%"))])])),
            .init("b", .text("%REQ(x)%")),
        ])
        format.omitsMissing = true
        var response = DirectResponse(status: 200)
        response.format = format
        #expect(loaded.route?.action == .directResponse(response))
        #expect(
            load(action: "direct_response: { status: 200, body_format: { json_format: { a: [{ b: '%NOPE%' }] } } }")
                .routeFaults.count == 1)
    }

    @Test func faultsOfADirectResponseAreReported() {
        for (text, fault) in [
            ("filename: /lost", "body.filename [unknown-reference]"),
            ("environment_variable: LOST", "body.environment_variable [unknown-reference]"),
        ] {
            // A single resource's own references are looked for at once.
            #expect(
                load(action: "direct_response: { status: 200, body: { \(text) } }").routeFaults
                    == ["direct_response." + fault])
        }
        #expect(
            load(action: "direct_response: { status: 70000, body: {}, body_format: {} }").routeFaults == [
                "direct_response.status [invalid-value]", "direct_response.body [missing-field]",
                "direct_response.body_format [missing-field]",
            ])
        #expect(
            load(action: "direct_response: { status: 100 }").routeFaults == ["direct_response.status [invalid-value]"])
        #expect(
            load(action: "direct_response: { status: 200, body: { inline_string: a, watched_directory: { path: / } } }")
                .routeFaults == ["? direct_response.body.watched_directory [unsupported]"])
    }
}
