// Fairlead: tests of a request's hash
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct RequestHashTests {
    static func scene(_ policies: [HashPolicy]) throws -> Scene {
        try Scene(routes: [.forward { $0.hashPolicies = policies }])
    }

    /// The hash by `policies` of a request, `nil` when chance has to stand in.
    static func hash(
        _ policies: [HashPolicy], _ headers: [(String, String)] = [], path: String = "/", source: String? = nil
    ) throws -> UInt64? {
        let scene = try scene(policies)
        let request = Request(authority: "a", path: path, headers: headers, source: source)
        let first = scene.decide(request).hash
        // Chance would hardly give the same bits twice.
        return first == scene.decide(request).hash ? first : nil
    }

    static func header(_ name: String, terminal: Bool = false) -> HashPolicy {
        HashPolicy(.header(name, substitution: nil), isTerminal: terminal)
    }

    static func cookie(_ name: String, _ timeToLive: Duration? = nil) -> HashPolicy {
        HashPolicy(.cookie(HashPolicy.Cookie(name: name, timeToLive: timeToLive)))
    }

    static func rotated(_ hash: UInt64) -> UInt64 { hash << 1 | hash >> 63 }

    // MARK: Headers

    @Test func oneLineIsHashedAsItIs() throws {
        #expect(try Self.hash([Self.header("X-Key")], [("x-key", "a")]) == 0xd24e_c4f1_a98c_6e5b)
        #expect(try Self.hash([Self.header("x-key")], [("X-KEY", "")]) == 0xef46_db37_51d8_e999)
        #expect(try Self.hash([Self.header("x-key")], [("x-other", "a")]) == nil)
        #expect(try Self.hash([], [("x-key", "a")]) == nil)
    }

    @Test func severalLinesAreSortedAndChained() throws {
        let expected = ["", "a", "aa", "b", "é"].reduce(UInt64(0)) { XXHash64.hash($1, seed: $0) }
        for lines in [["b", "", "é", "aa", "a"], ["a", "aa", "b", "é", ""], ["é", "b", "aa", "a", ""]] {
            #expect(try Self.hash([Self.header("k")], lines.map { ("k", $0) }) == expected)
        }
        // The same value twice counts twice.
        let twice = XXHash64.hash("a", seed: XXHash64.hash("a"))
        #expect(try Self.hash([Self.header("k")], [("k", "a"), ("other", "z"), ("K", "a")]) == twice)
    }

    @Test func longLinesThatShareTheirBeginningAreSortedByTheirEnds() throws {
        let stem = String(repeating: "x", count: 20)
        let expected = [stem, stem + "1", stem + "2"].reduce(UInt64(0)) { XXHash64.hash($1, seed: $0) }
        #expect(try Self.hash([Self.header("k")], [("k", stem + "2"), ("k", stem), ("k", stem + "1")]) == expected)
    }

    @Test func valuesAreRewrittenBeforeTheyAreHashed() throws {
        let policy = HashPolicy(
            .header("k", substitution: PatternSubstitution(pattern: "^user-([0-9]+)$", substitution: "\\1")))
        #expect(try Self.hash([policy], [("k", "user-17")]) == XXHash64.hash("17"))
        #expect(try Self.hash([policy], [("k", "other")]) == XXHash64.hash("other"))
    }

    /// Seen on Envoy 1.40: the order is that of the rewritten values, not of those received.
    @Test func severalValuesAreRewrittenBeforeTheyAreSorted() throws {
        let policy = HashPolicy(.header("k", substitution: PatternSubstitution(pattern: "^.", substitution: "")))
        let expected = XXHash64.hash("2", seed: XXHash64.hash("1"))
        #expect(try Self.hash([policy], [("k", "a2"), ("k", "b1")]) == expected)
        #expect(try Self.hash([policy], [("k", "a1"), ("k", "b2")]) == expected)
        #expect(try Self.hash([policy], [("k", "b1"), ("k", "a2")]) == expected)
    }

    @Test func rewrittenValuesOfAnyLengthAreHashed() throws {
        let policy = HashPolicy(.header("k", substitution: PatternSubstitution(pattern: "a", substitution: "bc")))
        for count in [511, 512, 513, 1024, 5000] {
            let expected = XXHash64.hash(String(repeating: "bc", count: count))
            #expect(try Self.hash([policy], [("k", String(repeating: "a", count: count))]) == expected)
        }
    }

    // MARK: Several policies

    @Test func policiesAreCombinedByRotationAndXOR() throws {
        let policies = [Self.header("a"), Self.header("b"), Self.header("c")]
        let (a, b, c) = (XXHash64.hash("1"), XXHash64.hash("2"), XXHash64.hash("3"))
        #expect(try Self.hash(policies, [("a", "1"), ("b", "2"), ("c", "3")]) == Self.rotated(Self.rotated(a) ^ b) ^ c)
        // Those that give no hash do not count.
        #expect(try Self.hash(policies, [("a", "1"), ("c", "3")]) == Self.rotated(a) ^ c)
        #expect(try Self.hash(policies, [("c", "3")]) == c)
        #expect(
            try Self.hash([Self.header("a"), Self.header("b")], [("a", "a"), ("b", "b")]) == 0xdcd8_a342_49eb_432c)
    }

    @Test func theSamePolicyTwiceDoesNotCancelItself() throws {
        let hash = XXHash64.hash("1")
        #expect(try Self.hash([Self.header("a"), Self.header("a")], [("a", "1")]) == Self.rotated(hash) ^ hash)
    }

    @Test func aTerminalPolicyEndsTheListOnceThereIsAHash() throws {
        let policies = [Self.header("a"), Self.header("b", terminal: true), Self.header("c")]
        let (a, b, c) = (XXHash64.hash("1"), XXHash64.hash("2"), XXHash64.hash("3"))
        #expect(try Self.hash(policies, [("b", "2"), ("c", "3")]) == b)
        #expect(try Self.hash(policies, [("a", "1"), ("b", "2"), ("c", "3")]) == Self.rotated(a) ^ b)
        // It ends the list also when the hash is from an earlier one …
        #expect(try Self.hash(policies, [("a", "1"), ("c", "3")]) == a)
        // … and not when there is none.
        #expect(try Self.hash(policies, [("c", "3")]) == c)
    }

    // MARK: Cookies

    static let cookies: [([String], String?)] = [
        (["id=7"], "7"), (["a=b; id=7; c=d"], "7"), (["a=b;id=7"], "7"), (["id=\"7\""], "7"), (["id=7", "id=8"], "7"),
        (["a=b", "id=7"], "7"), (["id=7; id=8"], "7"), (["   id=7"], "7"), (["id=a=b"], "a=b"), (["id=\"\"x\""], "\"x"),
        (["id=\""], "\""), (["x; id=7"], "7"), (["id; id=7"], "7"), ([";;id=7;"], "7"),
        // Seen on Envoy 1.40: blanks around the value are part of it, and quotes have to be at its ends.
        (["id=7 ; x=y"], "7 "), (["id= 7"], " 7"), (["id=\"7\" ; x=y"], "\"7\" "),
        (["a=b;\tid=7"], nil), (["id =7"], nil), (["ID=7"], nil), (["idx=7"], nil), ([], nil), ([""], nil),
        (["id"], nil),
        // The first one counts although it is empty, and an empty one is as good as none.
        (["id=; id=7"], nil), (["id=\"\""], nil),
    ]

    @Test(arguments: cookies)
    func theFirstCookieOfTheNameIsHashed(lines: [String], value: String?) throws {
        let hash = try Self.hash([Self.cookie("id")], lines.map { ("Cookie", $0) })
        #expect(hash == value.map { XXHash64.hash($0) })
    }

    @Test func noCookieIsMadeForClientsThatHaveOne() throws {
        let scene = try Self.scene([Self.cookie("id", .seconds(60))])
        #expect(scene.decide("/", at: "a", [("cookie", "id=7")]).cookie == nil)
        #expect(scene.decide("/", at: "a", [("cookie", "id=7")]).hash == XXHash64.hash("7"))
    }

    @Test func noCookieIsMadeWithoutATimeToLive() throws {
        #expect(try Self.scene([Self.cookie("id")]).decide("/").cookie == nil)
    }

    @Test func aCookieIsMadeFromTheConnectionsAddresses() throws {
        let scene = try Self.scene([Self.cookie("id", .seconds(60))])
        let request = Request(authority: "a", path: "/", source: "10.0.0.7:4711")
        request.set(destination: "10.0.0.1:80")
        let decision = scene.decide(request)
        let digits = String(XXHash64.hash("10.0.0.7:471110.0.0.1:80"), radix: 16)
        let value = String(repeating: "0", count: 16 - digits.count) + digits
        #expect(decision.cookie == "id=\"\(value)\"; Max-Age=60; HttpOnly")
        #expect(decision.hash == XXHash64.hash(value))
        // The same connection gets the same cookie, another one another.
        #expect(scene.decide(request).cookie == decision.cookie)
        request.set(source: "10.0.0.7:4712")
        #expect(scene.decide(request).cookie != decision.cookie)
    }

    @Test func aMadeCookieAlwaysHasSixteenDigits() throws {
        let scene = try Self.scene([Self.cookie("id", .zero)])
        for port in 1...300 {
            let request = Request(authority: "a", path: "/", source: "10.0.0.7:\(port)")
            let cookie = scene.decide(request).cookie ?? ""
            #expect(cookie.utf8.count == "id=\"0123456789abcdef\"; HttpOnly".utf8.count)
        }
    }

    static let attributes: [(HashPolicy.Cookie, String)] = [
        (HashPolicy.Cookie(name: "c", timeToLive: .zero), "; HttpOnly"),
        (HashPolicy.Cookie(name: "c", timeToLive: .milliseconds(999)), "; HttpOnly"),
        (HashPolicy.Cookie(name: "c", timeToLive: .milliseconds(1999)), "; Max-Age=1; HttpOnly"),
        (HashPolicy.Cookie(name: "c", timeToLive: .seconds(3600), path: "/p"), "; Max-Age=3600; Path=/p; HttpOnly"),
        (
            HashPolicy.Cookie(
                name: "c", timeToLive: .zero, path: "/",
                attributes: [.init("SameSite", "Strict"), .init("Secure", ""), .init("Domain", "x")]),
            "; Path=/; SameSite=Strict; Secure; Domain=x; HttpOnly"
        ),
    ]

    @Test(arguments: attributes.indices)
    func aMadeCookieCarriesItsAttributes(index: Int) throws {
        let (cookie, expected) = Self.attributes[index]
        let text = try #require(try Self.scene([HashPolicy(.cookie(cookie))]).decide("/").cookie)
        #expect(String(text.dropFirst("c=\"0123456789abcdef\"".count)) == expected)
    }

    @Test func ofSeveralMadeCookiesTheLastIsSent() throws {
        let scene = try Self.scene([Self.cookie("one", .zero), Self.cookie("two", .zero)])
        #expect(scene.decide("/").cookie?.hasPrefix("two=") == true)
    }

    // MARK: Source addresses

    static let sources: [(String?, String?)] = [
        ("10.0.0.1:1234", "10.0.0.1"), ("10.0.0.1:1", "10.0.0.1"), ("[2001:db8::1]:80", "2001:db8::1"),
        ("[::1]", "::1"), (nil, nil),
    ]

    @Test(arguments: sources)
    func theClientsAddressIsHashedWithoutItsPort(source: String?, text: String?) throws {
        let hash = try Self.hash([HashPolicy(.sourceIP)], source: source)
        #expect(hash == text.map { XXHash64.hash($0) })
    }

    // MARK: Query parameters

    static let parameters: [(String, String?)] = [
        ("/?k=v", "v"), ("/?k=1&k=2", "1"), ("/?k", ""), ("/?k=", ""), ("/?k=%76", "%76"), ("/?K=v", nil), ("/", nil),
    ]

    @Test(arguments: parameters)
    func theFirstValueOfAQueryParameterIsHashedUndecoded(path: String, value: String?) throws {
        let hash = try Self.hash([HashPolicy(.queryParameter("k"))], path: path)
        #expect(hash == value.map { XXHash64.hash($0) })
    }

    // MARK: Filter state

    @Test func theTextOfFilterStateIsHashed() throws {
        // A real Envoy 1.40 picks the same endpoint of a ring for a hashable text as for a header of that value.
        for (value, text) in [
            (FactValue.text("10.1.2.3"), "10.1.2.3"), (.text(""), ""), (.address("10.1.2.3"), nil), (.number(1), nil),
            (.null, nil),
        ] as [(FactValue, String?)] {
            let scene = try Self.scene([HashPolicy(.filterState("k"))])
            let request = Request(authority: "a", path: "/")
            request.addFilterState("other", .text("x"))
            request.addFilterState("k", value)
            let (first, second) = (scene.decide(request).hash, scene.decide(request).hash)
            #expect((first == second ? first : nil) == text.map { XXHash64.hash($0) })
        }
        #expect(try Self.hash([HashPolicy(.filterState("k"))]) == nil)
    }

    // MARK: What Envoy does

    /// Envoy 1.40 was asked with 1000 weighted clusters of weight 1 and `use_hash_policy`: what it took is the hash
    /// modulo 1000.
    @Test func hashesAreThoseOfARealEnvoy() throws {
        let cookies: [(String, UInt64)] = [
            ("id=7", 455), ("id=7 ; x=y", 997), ("x=y; id=7 ; z=1", 997), ("id=\"7\" ; z=1", 476),
            ("id=\"7\"; z=1", 455),
            ("id= 7", 950),
        ]
        for (cookie, place) in cookies {
            #expect(try Self.hash([Self.cookie("id")], [("cookie", cookie)]).map { $0 % 1000 } == place)
        }
        let policy = HashPolicy(.header("x-k", substitution: PatternSubstitution(pattern: "^.", substitution: "")))
        for lines in [["a2", "b1"], ["a1", "b2"]] {
            #expect(try Self.hash([policy], lines.map { ("x-k", $0) }).map { $0 % 1000 } == 821)
        }
        for path in ["/q?k=&k=3", "/q?k"] {
            #expect(try Self.hash([HashPolicy(.queryParameter("k"))], path: path).map { $0 % 1000 } == 921)
        }
        #expect(try Self.hash([HashPolicy(.sourceIP)], source: "127.0.0.1:4711").map { $0 % 1000 } == 471)
    }

    // MARK: Chance

    @Test func withoutAHashEachRequestHasRandomBits() throws {
        let scene = try Self.scene([Self.header("k")])
        #expect(Set((0..<100).map { _ in scene.decide("/").hash }).count == 100)
    }
}
