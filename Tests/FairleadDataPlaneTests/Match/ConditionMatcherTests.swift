// Fairlead: tests of conditions on headers, queries and content
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct ConditionMatcherTests {
    /// Whether a request with these headers satisfies the matcher.
    static func holds(_ matcher: HeaderMatcher, _ headers: [(String, String)], path: String = "/") throws -> Bool {
        let scene = try Scene(routes: [.answer(.prefix(""), named: "it") { $0.headers = [matcher] }])
        return scene.decide(path, at: "a.example", headers).route != nil
    }

    /// One row of the table of results: a matcher, and whether it holds for a missing header, an empty one and `a`.
    struct Row: Sendable {
        var rule: HeaderMatcher.Rule
        var isInverted = false
        var treatsMissingAsEmpty = false
        var missing: Bool
        var empty: Bool
        var a: Bool
    }

    static let exactA = HeaderMatcher.Rule.text(StringMatcher(.exact("a")))
    static let exactEmpty = HeaderMatcher.Rule.text(StringMatcher(.exact("")))
    static let rows: [Row] = [
        Row(rule: .present(true), missing: false, empty: true, a: true),
        Row(rule: .present(false), missing: true, empty: false, a: false),
        Row(rule: .present(true), isInverted: true, missing: true, empty: false, a: false),
        Row(rule: .present(false), isInverted: true, missing: false, empty: true, a: true),
        Row(rule: .present(true), treatsMissingAsEmpty: true, missing: true, empty: true, a: true),
        Row(rule: exactA, missing: false, empty: false, a: true),
        Row(rule: exactA, isInverted: true, missing: false, empty: true, a: false),
        Row(rule: exactA, isInverted: true, treatsMissingAsEmpty: true, missing: true, empty: true, a: false),
        Row(rule: exactA, treatsMissingAsEmpty: true, missing: false, empty: false, a: true),
        Row(rule: exactEmpty, missing: false, empty: true, a: false),
        Row(rule: exactEmpty, treatsMissingAsEmpty: true, missing: true, empty: true, a: false),
        Row(rule: .range(start: -10, end: 10), isInverted: true, missing: false, empty: true, a: true),
        Row(rule: .range(start: -10, end: 10), missing: false, empty: false, a: false),
        Row(
            rule: .range(start: -10, end: 10), isInverted: true, treatsMissingAsEmpty: true, missing: true, empty: true,
            a: true),
        Row(rule: .text(StringMatcher(.pattern("a?"))), missing: false, empty: true, a: true),
        Row(
            rule: .text(StringMatcher(.pattern("a?"))), treatsMissingAsEmpty: true, missing: true, empty: true, a: true),
    ]

    @Test(arguments: rows)
    func missingEmptyAndGivenHeadersAreToldApart(row: Row) throws {
        let matcher = HeaderMatcher(
            "x", row.rule, isInverted: row.isInverted, treatsMissingAsEmpty: row.treatsMissingAsEmpty)
        #expect(try Self.holds(matcher, []) == row.missing)
        #expect(try Self.holds(matcher, [("x", "")]) == row.empty)
        #expect(try Self.holds(matcher, [("x", "a")]) == row.a)
        #expect(try Self.holds(matcher, [("y", "a")]) == row.missing)
    }

    // MARK: Repeated headers

    @Test func anyLineMaySatisfyTheMatcherAndLinesAreNotJoined() throws {
        let lines = [("x", "a"), ("X", "b")]
        for (text, expected) in [("a", true), ("b", true), ("a,b", false), ("c", false), ("ab", false)] {
            #expect(try Self.holds(HeaderMatcher("x", .text(StringMatcher(.exact(text)))), lines) == expected)
        }
        #expect(try Self.holds(HeaderMatcher("x", .text(StringMatcher(.exact("a,b")))), [("x", "a,b")]))
        #expect(try !Self.holds(HeaderMatcher("x", .text(StringMatcher(.exact("a")))), [("x", "a,b")]))
    }

    @Test func inversionAppliesToTheWhole() throws {
        let matcher = HeaderMatcher("x", Self.exactA, isInverted: true)
        #expect(try !Self.holds(matcher, [("x", "a"), ("x", "b")]))
        #expect(try !Self.holds(matcher, [("x", "b"), ("x", "a")]))
        #expect(try Self.holds(matcher, [("x", "b"), ("x", "c")]))
    }

    // MARK: Texts

    static let texts: [(StringMatcher.Rule, ignoresCase: Bool, yes: [String], no: [String])] = [
        (.exact("Ab"), false, ["Ab"], ["ab", "AB", "Abc", "A", ""]),
        (.exact("Ab"), true, ["Ab", "ab", "AB"], ["Abc", "A"]),
        (.prefix("Ab"), false, ["Ab", "Abc"], ["ab", "xAb", "A"]),
        (.prefix("Ab"), true, ["ABC", "ab"], ["xab", "a"]),
        (.suffix("Bc"), false, ["Bc", "aBc"], ["bc", "Bcd", "c"]),
        (.suffix("Bc"), true, ["abc", "BC"], ["bcd", "c", ""]),
        (.contains("Bc"), false, ["Bc", "aBcd", "BBc"], ["abcd", "B", "cB", ""]),
        (.contains("Bc"), true, ["abcd", "xxBC"], ["b", "cb"]),
        (.contains("aab"), false, ["aaab", "aab"], ["aaa", "ab"]),
        (.pattern("[a-c]+"), false, ["a", "abc"], ["", "abd", "xabc", "A"]),
        (.pattern("(?i)[a-c]+"), false, ["ABC"], ["ABD"]),
        (.exact("a-value-of-more-than-eight"), true, ["A-Value-Of-More-Than-Eight"], ["a-value-of-more-than-eighT-"]),
    ]

    @Test(arguments: texts.indices)
    func textsAreComparedAsTheMatcherSays(index: Int) throws {
        let (rule, ignoresCase, yes, no) = Self.texts[index]
        let matcher = HeaderMatcher("x", .text(StringMatcher(rule, ignoresCase: ignoresCase)))
        for value in yes { #expect(try Self.holds(matcher, [("x", value)]), "\(value)") }
        for value in no { #expect(try !Self.holds(matcher, [("x", value)]), "\(value)") }
    }

    // MARK: Ranges

    static let ranges: [(Int64, Int64, yes: [String], no: [String])] = [
        (
            -10, 10, ["-10", "9", "0", "+5", "-0", "007", "-007"],
            ["10", "-11", "", "a", "1.0", " 5", "5 ", "--5", "+-5", "+", "-", "0x5", "5a", "1e0", "٣"]
        ),
        (5, 5, [], ["5", "4", "6"]),
        (5, 3, [], ["3", "4", "5"]),
        (
            .min, .max, ["-9223372036854775808", "9223372036854775806", "0"],
            ["9223372036854775807", "9223372036854775808", "-9223372036854775809", "99999999999999999999999"]
        ),
        (0, 1, ["0", "00000000000000000000000000000000"], ["1", "-1"]),
    ]

    @Test(arguments: ranges.indices)
    func rangesTakeWholeNumbersFromStartUpToEnd(index: Int) throws {
        let (start, end, yes, no) = Self.ranges[index]
        let matcher = HeaderMatcher("x", .range(start: start, end: end))
        for value in yes { #expect(try Self.holds(matcher, [("x", value)]), "\(value)") }
        for value in no { #expect(try !Self.holds(matcher, [("x", value)]), "\(value)") }
    }

    // MARK: Parts of the request by their header names

    @Test func pseudoHeadersStandForPartsOfTheRequest() throws {
        func matches(_ name: String, _ text: String, _ request: Request) throws -> Bool {
            let matcher = HeaderMatcher(name, .text(StringMatcher(.exact(text))))
            return try Scene(routes: [.answer(.prefix(""), named: "it") { $0.headers = [matcher] }])
                .decide(request).route != nil
        }
        let request = Request(method: "PUT", scheme: "https", authority: "H.example:80", path: "/a?b=c")
        for (name, value) in [
            (":method", "PUT"), (":Method", "PUT"), (":scheme", "https"), (":authority", "H.example:80"),
            ("host", "H.example:80"), ("Host", "H.example:80"), (":path", "/a?b=c"),
        ] {
            #expect(try matches(name, value, request), "\(name)")
            #expect(try !matches(name, value.lowercased() + "x", request), "\(name)")
        }
        // The path comes with its query here.
        #expect(try !matches(":path", "/a", request))
        // A header of the name `x-method` is another thing.
        #expect(try !matches("method", "PUT", request))
    }

    @Test func aMissingPartOfTheRequestCountsAsAMissingHeader() throws {
        func matches(_ matcher: HeaderMatcher) throws -> Bool {
            let request = Request()
            request.set(method: "CONNECT")
            request.set(authority: "a")
            return try Scene(routes: [.answer(.connect, named: "it") { $0.headers = [matcher] }])
                .decide(request).route != nil
        }
        #expect(try !matches(HeaderMatcher(":path", .present(true))))
        #expect(try matches(HeaderMatcher(":path", .present(false))))
        #expect(try matches(HeaderMatcher(":path", .present(true), isInverted: true)))
        #expect(try !matches(HeaderMatcher(":scheme", Self.exactA, isInverted: true)))
        #expect(try matches(HeaderMatcher(":scheme", Self.exactA, isInverted: true, treatsMissingAsEmpty: true)))
        #expect(try matches(HeaderMatcher(":scheme", Self.exactEmpty, treatsMissingAsEmpty: true)))
        #expect(try matches(HeaderMatcher(":method", .present(true))))
    }

    // MARK: Several conditions

    @Test func allConditionsHaveToHold() throws {
        let scene = try Scene(routes: [
            .answer(.prefix("/p"), named: "all") {
                $0.headers = [HeaderMatcher("a", .present(true)), HeaderMatcher("b", Self.exactA)]
                $0.queryParameters = [QueryParameterMatcher("q", .present(true))]
            }
        ])
        #expect(scene.decide("/p?q", at: "h", [("a", "1"), ("b", "a")]).route == "all")
        #expect(scene.decide("/p", at: "h", [("a", "1"), ("b", "a")]).route == nil)
        #expect(scene.decide("/p?q", at: "h", [("b", "a")]).route == nil)
        #expect(scene.decide("/p?q", at: "h", [("a", "1"), ("b", "b")]).route == nil)
        #expect(scene.decide("/x?q", at: "h", [("a", "1"), ("b", "a")]).route == nil)
    }

    // MARK: Query parameters

    static let queries: [(QueryParameterMatcher.Rule, yes: [String], no: [String])] = [
        (.present(true), ["/?k", "/?k=", "/?k=v", "/?a&k"], ["/", "/?", "/?kk", "/?K=v", "/?%6b=v", "/?a=k"]),
        (.present(false), ["/", "/?a=b", "/?K"], ["/?k", "/?a&k=1"]),
        (.text(StringMatcher(.exact("v"))), ["/?k=v", "/?a&k=v&b", "/?k=v#f"], ["/?k", "/?k=vv", "/?k=%76", "/"]),
        // Only the first occurrence is tested.
        (.text(StringMatcher(.exact("2"))), ["/?k=2&k=1"], ["/?k=1&k=2"]),
        (.text(StringMatcher(.exact(""))), ["/?k", "/?k=", "/?k&k=v"], ["/", "/?k=v", "/?a"]),
        (.text(StringMatcher(.prefix("V"), ignoresCase: true)), ["/?k=vx", "/?k=V"], ["/?k=x", "/?k"]),
        (.text(StringMatcher(.pattern("[0-9]+"))), ["/?k=17"], ["/?k=17a", "/?k"]),
        (.text(StringMatcher(.suffix("=b"))), ["/?k=a=b"], ["/?k=b"]),
        (.text(StringMatcher(.contains("?"))), ["/?k=a?b"], ["/?k=ab"]),
    ]

    @Test(arguments: queries.indices)
    func queryParametersAreTestedByTheirFirstValue(index: Int) throws {
        let (rule, yes, no) = Self.queries[index]
        let scene = try Scene(routes: [
            .answer(.prefix(""), named: "it") { $0.queryParameters = [QueryParameterMatcher("k", rule)] }
        ])
        for path in yes { #expect(scene.decide(path).route == "it", "\(path)") }
        for path in no { #expect(scene.decide(path).route == nil, "\(path)") }
    }

    // MARK: gRPC

    @Test func onlyGRPCContentTypesAreGRPC() throws {
        let scene = try Scene(routes: [.answer(.prefix(""), named: "grpc") { $0.matchesGRPCOnly = true }])
        for type in ["application/grpc", "application/grpc+proto", "application/grpc+"] {
            #expect(scene.decide("/", at: "h", [("Content-Type", type)]).route == "grpc", "\(type)")
        }
        for type in ["application/grpc; charset=x", "application/grpc-web", "Application/grpc", "application/json", ""]
        {
            #expect(scene.decide("/", at: "h", [("content-type", type)]).route == nil, "\(type)")
        }
        #expect(scene.decide("/").route == nil)
        // The first line counts.
        let lines = [("content-type", "a/b"), ("content-type", "application/grpc")]
        #expect(scene.decide("/", at: "h", lines).route == nil)
        #expect(scene.decide("/", at: "h", lines.reversed()).route == "grpc")
    }
}
