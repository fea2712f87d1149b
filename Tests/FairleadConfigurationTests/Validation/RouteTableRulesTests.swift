// Fairlead: tests of the rules for route tables and virtual hosts
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@Suite struct RouteTableRulesTests {
    @Test func anOrdinaryTableIsFine() {
        let domains = ["Example.com", "*.example.com", "example.*", "", "a.*.b", "*foo*"]
        var table = RouteConfiguration(
            name: "r",
            virtualHosts: [
                VirtualHost(name: "v", domains: domains, routes: [route { _ in }]),
                VirtualHost(
                    name: "v", domains: ["*"], routes: [Route(match: RouteMatch(.prefix("")), action: .nonForwarding)]),
            ])
        table.virtualHostHeader = "x-host"
        #expect(Validator.problems(in: table).isEmpty)
    }

    @Test func aDomainRepeatedInAnotherCaseIsADuplicate() {
        let table = RouteConfiguration(
            name: "r",
            virtualHosts: [
                VirtualHost(name: "a", domains: ["one.example", "*.example"]),
                VirtualHost(name: "b", domains: ["two.example", "ONE.example"]),
                VirtualHost(name: "c", domains: ["*.EXAMPLE"]),
            ])
        let problems = Validator.problems(in: table)
        #expect(
            outline(problems) == ["virtual_hosts[1].domains[1] [duplicate]", "virtual_hosts[2].domains[0] [duplicate]"])
        #expect(
            problems.first?.message
                == "Only unique values for domains are permitted. Duplicate entry of domain one.example in route r")
    }

    @Test func onlyOneVirtualHostMayTakeEveryDomain() {
        let table = RouteConfiguration(
            name: "r",
            virtualHosts: [
                VirtualHost(name: "a", domains: ["*", "*"]), VirtualHost(name: "b", domains: ["*"]),
            ])
        let problems = Validator.problems(in: table)
        #expect(
            outline(problems) == ["virtual_hosts[0].domains[1] [duplicate]", "virtual_hosts[1].domains[0] [duplicate]"])
        #expect(problems.first?.message == "Only a single wildcard domain is permitted in route r")
    }

    @Test func domainsThatOnlyLookAlikeDiffer() {
        // One is composed, the other decomposed: the same text for people, different bytes on the wire.
        let table = RouteConfiguration(
            name: "r", virtualHosts: [VirtualHost(name: "a", domains: ["caf\u{E9}.example", "cafe\u{301}.example"])])
        #expect(Validator.problems(in: table).isEmpty)
    }

    @Test func aVirtualHostNeedsANameAndADomain() {
        let table = RouteConfiguration(name: "r", virtualHosts: [VirtualHost(name: "", domains: [])])
        #expect(
            outline(Validator.problems(in: table))
                == ["virtual_hosts[0].name [invalid-value]", "virtual_hosts[0].domains [invalid-value]"])
    }

    @Test func domainsHoldNoLineBreaks() {
        let host = VirtualHost(name: "v", domains: ["fine", "a\nb", "c\u{0}d", "e\rf", "g\u{1}h"])
        #expect(outline(Validator.problems(in: host)) == (1...3).map { "domains[\($0)] [invalid-value]" })
    }

    @Test func theVirtualHostHeaderIsAFoldedHeaderName() {
        var table = RouteConfiguration(name: "r")
        table.virtualHostHeader = "X-Host"
        #expect(outline(Validator.problems(in: table)) == ["vhost_header [invalid-value]"])
        table.virtualHostHeader = ""
        #expect(outline(Validator.problems(in: table)) == ["vhost_header [invalid-value]"])
    }

    @Test func metadataOfARouteNeedsFilterNames() {
        var route = route { _ in }
        route.metadata = Metadata([MetadataValue.Field("", .structure([]))])
        #expect(
            outline(Validator.problems(in: table(route))) == [firstRoute + ".metadata.filter_metadata [invalid-value]"])
    }

    @Test func headerMutationsOfEveryLevelAreChecked() {
        var mutations = HeaderMutations()
        mutations.requestAdditions = [.init("x", "fine"), .init("", "v"), .init(":path", "/"), .init("Host", "h")]
        mutations.requestRemovals = ["x", ":method", "host", ""]
        mutations.responseAdditions = [.init("a\n", "v"), .init("a", "v\r")]
        mutations.responseRemovals = ["b\u{0}"]
        let faults = [
            "request_headers_to_add[1].header.key [invalid-value]",
            "request_headers_to_add[2].header.key [invalid-value]",
            "request_headers_to_add[3].header.key [invalid-value]", "request_headers_to_remove[1] [invalid-value]",
            "request_headers_to_remove[2] [invalid-value]", "request_headers_to_remove[3] [invalid-value]",
            "response_headers_to_add[0].header.key [invalid-value]",
            "response_headers_to_add[1].header.value [invalid-value]", "response_headers_to_remove[0] [invalid-value]",
        ]
        var entry = WeightedClusters.Entry("c", weight: 1)
        entry.headerMutations = mutations
        var route = route { $0.target = .weighted(WeightedClusters([entry])) }
        route.headerMutations = mutations
        var table = table(route)
        table.headerMutations = mutations
        table.virtualHosts[0].headerMutations = mutations
        #expect(
            outline(Validator.problems(in: table))
                == faults + faults.map { "virtual_hosts[0]." + $0 }
                + faults.map { firstRoute + ".route.weighted_clusters.clusters[0]." + $0 }
                + faults.map { firstRoute + "." + $0 })
    }

    @Test func aThousandHeadersMayBeAddedAtOnce() {
        var host = VirtualHost(name: "v", domains: ["*"])
        host.headerMutations.requestAdditions = Array(repeating: .init("x", "y"), count: 1000)
        #expect(Validator.problems(in: host).isEmpty)
        host.headerMutations.requestAdditions.append(.init("x", "y"))
        #expect(outline(Validator.problems(in: host)) == ["request_headers_to_add [limit-exceeded]"])
    }

    @Test func aHeaderIsNotLongerThanSixteenKibibytes() {
        var host = VirtualHost(name: "v", domains: ["*"])
        let longest = String(repeating: "a", count: 16_384)
        host.headerMutations.responseAdditions = [.init(longest, longest)]
        #expect(Validator.problems(in: host).isEmpty)
        host.headerMutations.responseAdditions = [.init(longest + "a", longest + "a")]
        #expect(
            outline(Validator.problems(in: host)) == [
                "response_headers_to_add[0].header.key [invalid-value]",
                "response_headers_to_add[0].header.value [invalid-value]",
            ])
    }
}
