// Fairlead: tests of the rules for what a route does
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@Suite struct RouteActionRulesTests {
    private func findings(_ action: RouteAction) -> [String] {
        let route = Route(name: "here", match: RouteMatch(.prefix("/")), action: action)
        return outline(Validator.problems(in: table(route))).map { String($0.dropFirst(firstRoute.count + 1)) }
    }

    private func findings(_ change: (inout ForwardAction) -> Void) -> [String] {
        var action = ForwardAction(to: .cluster("c"))
        change(&action)
        return findings(.forward(action)).map { String($0.dropFirst("route.".count)) }
    }

    private func weighted(_ entries: [WeightedClusters.Entry]) -> [String] {
        findings { $0.target = .weighted(WeightedClusters(entries)) }
            .map { String($0.dropFirst("weighted_clusters.".count)) }
    }

    @Test func aTargetNeedsAName() {
        #expect(findings { $0.target = .cluster("") } == ["cluster [invalid-value]"])
        #expect(findings { $0.target = .header("") } == ["cluster_header [invalid-value]"])
        #expect(findings { $0.target = .header("x-cluster") }.isEmpty)
    }

    @Test func weightedClustersNeedAClusterAndASum() {
        #expect(weighted([]) == ["clusters [invalid-value]"])
        #expect(weighted([.init("a", weight: 0), .init("b", weight: 1)]).isEmpty)
        #expect(weighted([.init("a", weight: 0), .init("b", weight: 0)]) == ["clusters [invalid-value]"])
        #expect(weighted([.init("a", weight: .max)]).isEmpty)
        #expect(weighted([.init("a", weight: .max), .init("b", weight: 1)]) == ["clusters [invalid-value]"])
    }

    @Test func aSumTooLargeNamesTheRoute() {
        var action = ForwardAction(to: .cluster("c"))
        action.target = .weighted(WeightedClusters([.init("a", weight: .max), .init("b", weight: 1)]))
        let route = Route(name: "here", match: RouteMatch(.prefix("/")), action: .forward(action))
        #expect(
            Validator.problems(in: table(route)).map(\.message)
                == ["The sum of weights of all weighted clusters of route here exceeds 4294967295"])
    }

    @Test func aWeightedClusterHasExactlyOneName() {
        let entries: [WeightedClusters.Entry] = [
            .init("a", weight: 1), .init("", weight: 1, header: "x"), .init("", weight: 1),
            .init("a", weight: 1, header: "x"), .init("", weight: 1, header: ""),
        ]
        #expect(
            weighted(entries) == [
                "clusters[2].name [missing-field]", "clusters[3].name [invalid-value]",
                "clusters[4].cluster_header [invalid-value]",
            ])
    }

    @Test func aWeightedClusterChecksItsHostAndMetadata() {
        var entry = WeightedClusters.Entry("a", weight: 1)
        entry.hostRewrite = "h\n"
        entry.metadataMatch = Metadata([MetadataValue.Field("", .null)])
        #expect(
            weighted([entry]) == [
                "clusters[0].host_rewrite_literal [invalid-value]",
                "clusters[0].metadata_match.filter_metadata [invalid-value]",
            ])
    }

    @Test func eitherAHeaderOrTheHashChoosesAmongWeightedClusters() {
        var clusters = WeightedClusters([.init("a", weight: 1)])
        clusters.randomValueHeader = "X-Random"
        clusters.usesHashPolicy = true
        #expect(
            findings { $0.target = .weighted(clusters) } == [
                "weighted_clusters.header_name [invalid-value]", "weighted_clusters.use_hash_policy [invalid-value]",
            ])
    }

    @Test func rewritesHoldNoLineBreaks() {
        #expect(findings { $0.pathRewrite = .prefix("/a\n") } == ["prefix_rewrite [invalid-value]"])
        #expect(findings { $0.hostRewrite = .literal("a\r") } == ["host_rewrite_literal [invalid-value]"])
        #expect(findings { $0.hostRewrite = .header("a\n") } == ["host_rewrite_header [invalid-value]"])
        let substitution = PatternSubstitution(pattern: "", substitution: "\n")
        let faults = ["pattern.regex [invalid-value]", "substitution [invalid-value]"]
        #expect(findings { $0.pathRewrite = .pattern(substitution) } == faults.map { "regex_rewrite." + $0 })
        #expect(
            findings { $0.hostRewrite = .pathPattern(substitution) } == faults.map { "host_rewrite_path_regex." + $0 })
    }

    @Test func timeoutsAreNotNegative() {
        #expect(findings { $0.timeout = .zero }.isEmpty)
        #expect(
            findings {
                $0.timeout = .milliseconds(-1)
                $0.idleTimeout = .seconds(-1)
            } == ["timeout [invalid-value]", "idle_timeout [invalid-value]"])
        #expect(findings { $0.timeout = .seconds(Int64(10_000_000_000)) } == ["timeout [invalid-value]"])
    }

    @Test func metadataMatchNeedsFilterNames() {
        #expect(
            findings { $0.metadataMatch = Metadata([MetadataValue.Field("", .null)]) }
                == ["metadata_match.filter_metadata [invalid-value]"])
    }

    @Test func redirectsHoldNoLineBreaks() {
        var redirect = RedirectAction()
        #expect(findings(.redirect(redirect)).isEmpty)
        redirect.host = "h\n"
        redirect.scheme = .scheme("s\n")
        redirect.path = .path("/\n")
        #expect(
            findings(.redirect(redirect)) == [
                "redirect.host_redirect [invalid-value]", "redirect.scheme_redirect [invalid-value]",
                "redirect.path_redirect [invalid-value]",
            ])
        redirect = RedirectAction()
        redirect.path = .prefix("/\n")
        #expect(findings(.redirect(redirect)) == ["redirect.prefix_rewrite [invalid-value]"])
        redirect.path = .pattern(PatternSubstitution(pattern: "", substitution: ""))
        #expect(findings(.redirect(redirect)) == ["redirect.regex_rewrite.pattern.regex [invalid-value]"])
    }

    @Test(arguments: [(199, false), (200, true), (599, true), (600, false), (0, false)])
    func directResponsesHaveAStatusOfHTTP(_ status: UInt16, isFine: Bool) {
        #expect(
            findings(.directResponse(DirectResponse(status: status)))
                == (isFine ? [] : ["direct_response.status [invalid-value]"]))
    }

    @Test func aDirectResponseIsNotLargerThanItsTableAllows() {
        let largest = DirectResponse(status: 200, body: Array(repeating: 0, count: 4096))
        #expect(findings(.directResponse(largest)).isEmpty)
        var table = table(Route(match: RouteMatch(.prefix("/")), action: .directResponse(largest)))
        table.maximumDirectResponseBody = 4095
        let problems = Validator.problems(in: table)
        #expect(outline(problems) == [firstRoute + ".direct_response.body [invalid-value]"])
        #expect(problems.first?.message == "response body size is 4096 bytes; maximum is 4095")
    }
}
