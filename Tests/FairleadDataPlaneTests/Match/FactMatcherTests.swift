// Fairlead: tests of conditions on cookies, certificates, dynamic metadata and filter state
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct FactMatcherTests {
    static func holds(_ request: Request, _ change: (inout RouteMatch) -> Void) throws -> Bool {
        try Scene(routes: [.answer(.prefix(""), named: "it", change)]).decide(request).route != nil
    }

    // MARK: Cookies

    @Test(arguments: [
        ([], false), ([("cookie", "c=v")], true), ([("Cookie", "d=w; c=v")], true), ([("cookie", "c=w; c=v")], false),
        ([("cookie", "c=w"), ("cookie", "c=v")], false), ([("cookie", "d=w"), ("cookie", "c=\"v\"")], true),
        ([("cookie", "C=v")], false), ([("cookie", "c")], false),
    ])
    func theFirstCookieOfTheNameCounts(_ headers: [(String, String)], _ expected: Bool) throws {
        let request = Request(authority: "a", path: "/", headers: headers)
        let matcher = CookieMatcher("c", StringMatcher(.exact("v")))
        #expect(try Self.holds(request) { $0.cookies = [matcher] } == expected)
        let inverted = CookieMatcher("c", StringMatcher(.exact("v")), isInverted: true)
        #expect(try Self.holds(request) { $0.cookies = [inverted] } == !expected)
    }

    // MARK: Certificates

    @Test func aConnectionWithoutTLSPresentedAndValidatedNothing() throws {
        let plain = Request(authority: "a", path: "/")
        let presented = Request(authority: "a", path: "/")
        presented.connection = .certificatePresented
        let validated = Request(authority: "a", path: "/")
        validated.connection = [.certificatePresented, .certificateValidated]
        let contexts: [(TLSContextMatcher, [Bool])] = [
            (TLSContextMatcher(), [true, true, true]), (TLSContextMatcher(isPresented: true), [false, true, true]),
            (TLSContextMatcher(isPresented: false), [true, false, false]),
            (TLSContextMatcher(isValidated: true), [false, false, true]),
            (TLSContextMatcher(isValidated: false), [true, true, false]),
            (TLSContextMatcher(isPresented: true, isValidated: false), [false, true, false]),
        ]
        for (context, expected) in contexts {
            let found = try [plain, presented, validated].map { request in
                try Self.holds(request) { $0.tlsContext = context }
            }
            #expect(found == expected)
        }
    }

    // MARK: Dynamic metadata

    static func described() -> Request {
        let request = Request(authority: "a", path: "/")
        request.addMetadata(
            "f",
            .structure([
                .init("k", .text("v")), .init("n", .number(1.5)), .init("b", .bool(true)), .init("z", .null),
                .init("l", .list([.text("a"), .number(2), .structure([]), .list([.text("q")])])),
                .init("el", .list([])),
                .init(
                    "s", .structure([.init("t", .structure([.init("u", .text("deep"))])), .init("e", .structure([]))])),
            ]))
        return request
    }

    static let text = ValueMatcher.text(StringMatcher(.exact("v")))

    /// What Envoy 1.40 answered, asked through its `set_metadata` filter.
    static let asked: [([String], ValueMatcher, Bool)] = [
        (["k"], text, true), (["k"], .text(StringMatcher(.exact("w"))), false),
        (["n"], .text(StringMatcher(.exact("1.5"))), false), (["n"], .number(1.5), true),
        (["n"], .range(start: 1.5, end: 2), true), (["n"], .range(start: 1, end: 1.5), false),
        (["b"], .bool(true), true),
        (["b"], .bool(false), false), (["x"], .bool(false), false), (["z"], .null, true), (["x"], .null, false),
        (["k"], .present(true), true), (["k"], .present(false), false), (["x"], .present(false), false),
        (["z"], .present(true), true), (["s"], .present(true), true), (["s", "t"], .present(true), true),
        (["s", "e"], .present(true), true), (["l"], .oneOf(.text(StringMatcher(.exact("a")))), true),
        (["l"], .oneOf(.number(2)), true), (["l"], .oneOf(.present(true)), true),
        (["l"], .oneOf(.oneOf(.text(StringMatcher(.exact("q"))))), true), (["k"], .oneOf(text), false),
        (["el"], .oneOf(.present(true)), false), (["l"], .text(StringMatcher(.exact("a"))), false),
        (["k"], .any([.null, text]), true), (["k"], .any([.null, .bool(true)]), false),
        (["s", "t", "u"], .text(StringMatcher(.prefix("de"))), true), (["k", "t"], .present(true), false),
        (["l", "s"], .present(true), false), (["s", "t"], .text(StringMatcher(.exact("deep"))), false),
    ]

    @Test(arguments: asked)
    func valuesAreToldApartByKind(_ path: [String], _ value: ValueMatcher, _ expected: Bool) throws {
        let request = Self.described()
        #expect(
            try Self.holds(request) { $0.dynamicMetadata = [MetadataMatcher("f", path: path, value)] } == expected)
        // What is missing satisfies nothing, and everything when the answer is turned round.
        #expect(
            try Self.holds(request) { $0.dynamicMetadata = [MetadataMatcher("f", path: path, value, isInverted: true)] }
                == !expected)
        #expect(try !Self.holds(request) { $0.dynamicMetadata = [MetadataMatcher("g", path: path, value)] })
    }

    @Test func aRequestThatIsResetForgetsItsFacts() throws {
        let request = Self.described()
        request.reset()
        request.set(authority: "a")
        request.set(path: "/")
        #expect(try !Self.holds(request) { $0.dynamicMetadata = [MetadataMatcher("f", path: ["k"], .present(true))] })
        request.addMetadata("f", .structure([.init("k", .null)]))
        #expect(try Self.holds(request) { $0.dynamicMetadata = [MetadataMatcher("f", path: ["k"], .null)] })
    }

    // MARK: Filter state

    static func matcher(_ key: String, _ range: String, inverted: Bool = false) -> FilterStateMatcher {
        FilterStateMatcher(key, .address([AddressRange(range, length: 8)], isInverted: inverted))
    }

    /// What Envoy 1.40 answered, asked through its `set_filter_state` filter.
    static let states: [(FilterStateMatcher, Bool)] = [
        (FilterStateMatcher("text", .text(StringMatcher(.exact("hello")))), true),
        (FilterStateMatcher("text", .text(StringMatcher(.exact("x")))), false),
        (FilterStateMatcher("none", .text(StringMatcher(.prefix("h")))), false),
        (FilterStateMatcher("ip", .text(StringMatcher(.prefix("10.")))), true),
        (matcher("ip", "10.0.0.0"), true), (matcher("ip", "10.0.0.0", inverted: true), false),
        (matcher("ip", "11.0.0.0", inverted: true), true), (matcher("like", "10.0.0.0"), false),
        (matcher("like", "11.0.0.0", inverted: true), false), (matcher("none", "11.0.0.0", inverted: true), false),
        (FilterStateMatcher("ip", .address([], isInverted: false)), false), (matcher("odd", "10.0.0.0"), false),
    ]

    @Test(arguments: states)
    func onlyAddressesAreComparedWithRanges(_ state: FilterStateMatcher, _ expected: Bool) throws {
        let request = Request(authority: "a", path: "/")
        request.addFilterState("text", .text("hello"))
        request.addFilterState("like", .text("10.1.2.3"))
        request.addFilterState("ip", .address("10.1.2.3"))
        request.addFilterState("odd", .address("10.1.2.3:80"))
        #expect(try Self.holds(request) { $0.filterState = [state] } == expected)
    }
}
