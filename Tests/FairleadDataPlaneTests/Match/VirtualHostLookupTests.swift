// Fairlead: tests of the choice of a virtual host
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct VirtualHostLookupTests {
    /// Which virtual host of a table of `lists` each of `hosts` belongs to.
    static func check(
        _ lists: [[String]], _ hosts: KeyValuePairs<String, String?>,
        _ change: (inout RouteConfiguration) -> Void = { _ in }
    ) throws {
        var table = RouteConfiguration.domains(lists)
        change(&table)
        let scene = try Scene(table)
        for (host, expected) in hosts {
            let decision = scene.decide("/", at: host)
            #expect(decision.virtualHost == expected, "\(host)")
            #expect(decision.disposition == (expected == nil ? .noRoute : .directResponse))
        }
    }

    @Test func exactBeatsSuffixBeatsPrefixBeatsDefault() throws {
        try Self.check(
            [["*"], ["www.*"], ["*.foo.com"], ["www.foo.com"]],
            [
                "www.foo.com": "www.foo.com", "a.foo.com": "*.foo.com", "www.foo.org": "www.*", "bar.org": "*",
                // Suffix beats prefix although the prefix is as long.
                "www.x.foo.com": "*.foo.com",
            ])
    }

    @Test func theLongestWildcardWinsWhateverTheOrder() throws {
        let suffixes = ["*.com", "*.foo.com", "*-bar.foo.com", "*.a.b.foo.com"]
        for lists in [suffixes.map { [$0] }, suffixes.reversed().map { [$0] }, [suffixes]] {
            let name = { (domain: String) in lists.count == 1 ? suffixes.joined(separator: " ") : domain }
            try Self.check(
                lists,
                [
                    "x.com": name("*.com"), "x.foo.com": name("*.foo.com"), "x-bar.foo.com": name("*-bar.foo.com"),
                    "x.a.b.foo.com": name("*.a.b.foo.com"), "b.foo.com": name("*.foo.com"), "x.org": nil,
                ])
        }
    }

    @Test func theLongestPrefixWildcardWins() throws {
        try Self.check(
            [["a.*"], ["a.b.*"], ["a.b.c*"]],
            ["a.x": "a.*", "a.b.x": "a.b.*", "a.b.cd": "a.b.c*", "a.b.c": "a.b.*", "b.a.x": nil, "a.": nil])
    }

    @Test func aWildcardConsumesAtLeastOneByte() throws {
        try Self.check(
            [["*.foo.com"], ["*-bar.foo.com"], ["pre.*"]],
            [
                ".foo.com": nil, "x.foo.com": "*.foo.com", "-bar.foo.com": "*.foo.com",
                "x-bar.foo.com": "*-bar.foo.com",
                "pre.": nil, "pre.x": "pre.*", "foo.com": nil, "": nil,
            ])
    }

    @Test func wildcardsSpanDotsAndPorts() throws {
        try Self.check(
            [["*.foo.com"], ["w.com:*"]],
            [
                "a.b.foo.com": "*.foo.com", "a.foo.com:80": nil, "w.com:80": "w.com:*", "w.com": nil, "w.com:": nil,
                "w.com:8": "w.com:*",
            ])
    }

    @Test func aStarAtBothEndsIsASuffixWildcardWithAStar() throws {
        try Self.check(
            [["*foo*"], ["a.*.b"], ["**"]],
            [
                "xfoo*": "*foo*", "xfoo": nil, "xfoox": nil, "foo*": "**", "a.*.b": "a.*.b", "a.x.b": nil, "x*": "**",
                "*": nil,
            ])
    }

    @Test func caseOfASCIILettersDoesNotMatter() throws {
        try Self.check(
            [["Www.Foo.COM"], ["*.BAR.com"], ["PRE.*"]],
            [
                "www.foo.com": "Www.Foo.COM", "WWW.FOO.COM": "Www.Foo.COM", "X.bar.COM": "*.BAR.com", "Pre.x": "PRE.*",
            ])
        try Self.check([["É.com"]], ["É.com": "É.com", "é.com": nil])
    }

    @Test func aTrailingDotIsAByteLikeAnyOther() throws {
        try Self.check([["www.foo.com"], ["*.bar.com"]], ["www.foo.com.": nil, "a.bar.com.": nil])
        try Self.check([["www.foo.com."]], ["www.foo.com.": "www.foo.com.", "www.foo.com": nil])
    }

    @Test func portsCountUnlessTheyAreIgnored() throws {
        let lists = [["www.foo.com"], ["p.com:8080"], ["[::1]"]]
        try Self.check(
            lists,
            [
                "www.foo.com:80": nil, "www.foo.com": "www.foo.com", "p.com:8080": "p.com:8080", "p.com": nil,
                "[::1]": "[::1]", "[::1]:80": nil,
            ])
        try Self.check(
            lists,
            [
                "www.foo.com:80": "www.foo.com", "www.foo.com:": "www.foo.com", "www.foo.com:abc": "www.foo.com",
                "www.foo.com": "www.foo.com", "[::1]": "[::1]", "[::1]:80": "[::1]", "[::1]:": "[::1]",
                // Domains keep their own ports, so this one can never match.
                "p.com:8080": nil, "p.com": nil,
                // Only the last port goes.
                "www.foo.com:80:90": nil,
            ]
        ) { $0.ignoresPortInHostMatching = true }
    }

    @Test func theEmptyHostCanHaveADomainOfItsOwn() throws {
        try Self.check([["", "e"], ["a"]], ["": " e", "e": " e", "a": "a", "b": nil])
        try Self.check([["a"]], ["": nil])
        try Self.check([["*"]], ["": "*"])
        try Self.check([["*.a"], ["b.*"]], ["": nil])
    }

    @Test func theChoiceIsFinal() throws {
        var table = RouteConfiguration.domains([["*"], ["*.foo.com"], ["www.foo.com"]])
        table.virtualHosts[2].routes = [.answer(.exact("/only"), named: "only")]
        let scene = try Scene(table)
        #expect(scene.decide("/only", at: "www.foo.com").route == "only")
        let decision = scene.decide("/other", at: "www.foo.com")
        #expect(decision.disposition == .noRoute)
        #expect(decision.status == 404)
        #expect(decision.virtualHost == "www.foo.com")
        #expect(decision.route == nil)
    }

    @Test func textsThatOnlyLookAlikeAreDifferentDomains() throws {
        // é as one scalar, and as a letter with an accent behind it.
        let (composed, decomposed) = ("caf\u{e9}.example", "cafe\u{301}.example")
        let scene = try Scene(
            RouteConfiguration(
                name: "t",
                virtualHosts: [
                    VirtualHost(name: "one", domains: [composed], routes: [.answer(.prefix(""))]),
                    VirtualHost(name: "two", domains: [decomposed], routes: [.answer(.prefix(""))]),
                ]))
        #expect(scene.decide("/", at: composed).virtualHost == "one")
        #expect(scene.decide("/", at: decomposed).virtualHost == "two")
    }

    // MARK: Without a host

    @Test func aRequestWithoutHostIsRefusedBeforeRouting() throws {
        for lists in [[["*"]], [["a"]]] {
            let scene = try Scene(.domains(lists))
            let decision = scene.decide(Request(authority: nil, path: "/"))
            #expect(decision.disposition == .badRequest)
            #expect(decision.status == 400)
            #expect(decision.virtualHost == nil)
        }
    }

    // MARK: A header in the host's place

    @Test func aHeaderCanStandInForTheHost() throws {
        var table = RouteConfiguration.domains([["*"], ["a.com"], ["*.b.com"]])
        table.virtualHostHeader = "x-host"
        let scene = try Scene(table)
        #expect(scene.decide("/", at: "a.com", [("X-Host", "y.B.com")]).virtualHost == "*.b.com")
        #expect(scene.decide("/", at: "z", [("x-host", "a.com"), ("x-host", "y.b.com")]).virtualHost == "a.com")
        #expect(scene.decide("/", at: "a.com", [("x-host", "other")]).virtualHost == "*")
        #expect(scene.decide("/", at: "a.com", [("x-host", "")]).virtualHost == "*")
        // Without the header not even the default is taken …
        #expect(scene.decide("/", at: "a.com").virtualHost == nil)
        // … unless the table has nothing but the default.
        var only = RouteConfiguration.domains([["*"]])
        only.virtualHostHeader = "x-host"
        #expect(try Scene(only).decide("/", at: "a.com").virtualHost == "*")
    }

    // MARK: Tables

    @Test func aTableWithoutVirtualHostsHasNoRoute() throws {
        let scene = try Scene(RouteConfiguration(name: "empty"))
        #expect(scene.decide("/").disposition == .noRoute)
    }

    @Test func aTableThatDoesNotExistHasNoRoute() throws {
        let scene = try Scene(.domains([["*"]]))
        for id in [1, 99, -1, Int.max, Int.min] {
            let decision = scene.decide(Request(authority: "a", path: "/"), routeTable: id)
            #expect(decision.disposition == .noRoute)
            #expect(decision.status == 404)
        }
    }

    @Test func manyDomainsAreFoundAmongMany() throws {
        let lists = (0..<300).map { ["h\($0).example", "*.s\($0).example", "p\($0).*"] }
        let scene = try Scene(.domains(lists))
        for number in stride(from: 0, to: 300, by: 7) {
            let name = lists[number].joined(separator: " ")
            for host in ["H\(number).example", "x.s\(number).example", "p\(number).org"] {
                #expect(scene.decide("/", at: host).virtualHost == name)
            }
        }
        #expect(scene.decide("/", at: "h300.example").virtualHost == nil)
    }
}
