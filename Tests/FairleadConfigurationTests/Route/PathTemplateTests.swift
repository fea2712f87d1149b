// Fairlead: tests of URI templates as texts
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import Testing

@Suite struct PathTemplateTests {
    static func fault(_ text: String) -> String? {
        do {
            _ = try PathTemplate(text)
            return nil
        } catch {
            return error.message
        }
    }

    @Test(arguments: [
        "/", "/a", "/a/", "/*", "/**", "/**/", "/a/*/**/b", "/*/*", "/{a}/{b}/{c}/{d}/{e}", "/{x}abc", "/{x}abc/d",
        "/a{x}",
        "/pre{x}post", "/a=b", "/%zz", "/{x_1=a/*/c}/d", "/{x=*/**}/a", "/a/**/{x=b}", "/{x=**}a/b", "/**/c{y=b}",
        "/~!'",
        "/a{x=**}b", "/a@:b", "/{x=a=b}", "/a+$().b",
    ])
    func whatEnvoyTakesIsTaken(_ text: String) {
        #expect(Self.fault(text) == nil)
    }

    /// The words of Envoy 1.40.
    @Test(arguments: [
        ("a", #"Invalid pattern: "a""#), ("/a b", #"Invalid pattern: "/a b""#), ("/é", #"Invalid pattern: "/é""#),
        ("//", #"Invalid literal: """#), ("/a//b", #"Invalid literal: """#), ("/a?b", #"Invalid literal: "a?b""#),
        ("/a/**/*", "Glob after text glob."), ("/{x=**}/*", "Glob after text glob."),
        ("/{x=**/**}", "Glob after text glob."),
        ("/a/**/{x}", "Implicit variable path glob after text glob."),
        ("/**/c{y}", "Implicit variable path glob after text glob."), ("/{x=}", "Empty variable match"),
        ("/{x", #"Unmatched variable bracket in mixed pattern: "{x""#), ("/{}", #"Invalid variable name: """#),
        ("/{1}", #"Invalid variable name: "1""#), ("/{_x}", #"Invalid variable name: "_x""#),
        ("/{x=*/}", #"Invalid variable match: "/""#), ("/{x=/a}", #"Invalid literal: """#),
        ("/{x=***}", #"Invalid variable match: "*""#), ("/a/{x}/{x}", #"Repeated variable name: "x""#),
        ("/{a}/{b}/{c}/{d}/{e}/{f}", "Exceeded variable count limit (5)"),
        (
            "/{averylongvariablename}",
            #"Invalid variable name length (length of "averylongvariablename" should be at least 1 and no more than 16)"#
        ),
        ("/{x}{y}", #"Invalid suffix literal: "{y}""#), ("/{x}-{y}", #"Invalid suffix literal: "-{y}""#),
        ("/*{y}", #"Invalid literal: "{y}""#), ("/**abc/d", "Prefix match not supported."),
        ("/*.x/*.y", "Prefix match not supported."), ("/a{x=b/c}", #"Invalid literal: "a{x=b""#),
        ("/a{", #"Invalid literal: "a{""#), ("/a}", #"Invalid literal: "a}""#),
        ("/{x}}", #"Invalid suffix literal: "}""#),
    ])
    func whatEnvoyRefusesIsRefusedInItsWords(_ text: String, _ message: String) {
        #expect(Self.fault(text) == message)
    }

    @Test(arguments: ["/a*b", "/a/{x=b*}", "/***", "/{x}*", "/a{x}**"])
    func aStarInsideOfATextIsADeparture(_ text: String) {
        let fault = #expect(throws: PathTemplate.Fault.self) { try PathTemplate(text) }
        #expect(fault?.isDeparture == true)
    }

    @Test func theLiteralTextsBetweenWildcardsAreOne() throws {
        #expect(
            try PathTemplate("/a/{x=b/*/c}d/e").parts == [
                .literal("/a/"), .open(0), .literal("b/"), .segment, .literal("/c"), .close(0), .literal("d/e"),
            ])
        #expect(try PathTemplate("/{x}/{y=**}/z").variables == ["x", "y"])
    }

    @Test(arguments: ["", "b", "//{x}", "/a//b", "/{x", "/{}", "/{1}", "/x y", "/a}b", "/a?b={x}", "/é"])
    func otherTextsAreNoRewrite(_ text: String) {
        #expect(PathTemplateRewrite(text) == nil)
    }

    @Test func aRewriteIsTextsAndVariables() {
        #expect(
            PathTemplateRewrite("/a*/{x}{y}/=")?.parts == [
                .literal("/a*/"), .variable("x"), .variable("y"), .literal("/="),
            ])
    }
}
