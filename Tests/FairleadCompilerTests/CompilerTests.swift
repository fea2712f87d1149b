// Fairlead: tests of what plugins say against a configuration
// SPDX-License-Identifier: Apache-2.0

import FairleadCompiler
import FairleadConfiguration
import FairleadModel
import FairleadPlugin
import Testing

@Suite struct CompilerTests {
    /// Refuses sums of weights above 100, and a parameter called `bad`.
    final class Strict: LoadBalancingPolicy {
        let name = "strict"

        func traits(for parameters: PolicyParameters) -> PolicyTraits { PolicyTraits() }

        func check(_ parameters: PolicyParameters) -> [Problem] {
            parameters.values.compactMap { value in
                switch value.name {
                case "bad": Problem(.invalidValue, at: "bad", "is bad")
                case "odd": Problem(.warning, .unknownField, at: "odd", "is odd")
                default: nil
                }
            }
        }

        func check(_ hosts: HostList, _ parameters: PolicyParameters) -> [Problem] {
            hosts.weights.reduce(0, +) > 100 ? [Problem(.limitExceeded, "too heavy")] : []
        }

        func build(_ hosts: HostList, _ parameters: PolicyParameters, into table: inout TableWriter) {}
        func makePicker(_ parameters: PolicyParameters) -> PickerSlot { PickerSlot() }
    }

    static var registry: PluginRegistry {
        var registry = VirtualHostCompilerTests.registry
        registry.register(Strict())
        return registry
    }

    static func cluster(_ weights: [(priority: Int, weight: UInt32)], _ names: String..., policy: String = "strict")
        -> Cluster
    {
        var cluster = Cluster(
            name: "c",
            endpoints: weights.enumerated().map { number, part in
                LocalityEndpoints(
                    priority: part.priority, endpoints: [HostSetTests.endpoint(UInt16(number), weight: part.weight)])
            })
        cluster.loadBalancing.policy = policy
        cluster.loadBalancing.parameters = PolicyParameters(names.map { ($0, .bool(true)) })
        return cluster
    }

    static func lines(_ problems: [Problem]) -> [String] { problems.map { $0.description } }

    static func check(_ cluster: Cluster) -> [String] {
        lines(Compiler.check(cluster, cluster.assignment, registry))
    }

    // MARK: Policies

    @Test func aPolicyThatNobodyRegisteredIsUnknown() {
        #expect(
            Self.check(Self.cluster([], policy: "nobody's")) == [
                "error: load_balancing_policy: no load-balancing policy is registered as 'nobody's' [unknown-extension]"
            ])
    }

    @Test func policiesJudgeTheirParametersAndThenTheirHosts() {
        #expect(Self.check(Self.cluster([(0, 100)])) == [])
        #expect(
            Self.check(Self.cluster([(0, 101)], "bad", "odd")) == [
                "error: load_balancing_policy.bad: is bad [invalid-value]",
                "warning: load_balancing_policy.odd: is odd [unknown-field]",
            ])
        #expect(
            Self.check(Self.cluster([(0, 101)], "odd")) == [
                "warning: load_balancing_policy.odd: is odd [unknown-field]",
                "error: load_assignment: too heavy [limit-exceeded]",
            ])
    }

    @Test func hostsAreJudgedPriorityByPriority() {
        #expect(Self.check(Self.cluster([(0, 60), (1, 60), (2, 100)])) == [])
        #expect(Self.check(Self.cluster([(0, 60), (1, 101), (0, 41)])).count == 2)
        #expect(Self.check(Self.cluster([(0, 60), (1, 1), (0, 40)])) == [])
    }

    // MARK: Patterns

    static func host(_ routes: [Route]) -> VirtualHost { VirtualHost(name: "h", domains: ["*"], routes: routes) }

    @Test func everyBadPatternIsToldWithItsPlace() {
        let bad = PatternSubstitution(pattern: "bad", substitution: "")
        var match = RouteMatch(.pattern("bad"))
        match.headers = [
            HeaderMatcher("a", .present(true)), HeaderMatcher("b", .text(StringMatcher(.pattern("bad")))),
        ]
        match.queryParameters = [QueryParameterMatcher("q", .text(StringMatcher(.pattern("bad"))))]
        var forward = ForwardAction(to: .cluster("c"))
        forward.pathRewrite = .pattern(bad)
        forward.hostRewrite = .pathPattern(bad)
        forward.hashPolicies = [HashPolicy(.sourceIP), HashPolicy(.header("x", substitution: bad))]
        var redirect = RedirectAction()
        redirect.path = .pattern(bad)
        let problems = Compiler.check(
            Self.host([
                Route(match: RouteMatch(.pattern("good")), action: .nonForwarding),
                Route(match: match, action: .forward(forward)),
                Route(match: RouteMatch(.prefix("/")), action: .redirect(redirect)),
            ]), Self.registry)
        #expect(
            problems.map { $0.path } == [
                "routes[1].match.safe_regex.regex", "routes[1].match.headers[1].string_match.safe_regex.regex",
                "routes[1].match.query_parameters[0].string_match.safe_regex.regex",
                "routes[1].route.regex_rewrite.pattern.regex", "routes[1].route.host_rewrite_path_regex.pattern.regex",
                "routes[1].route.hash_policy[1].header.regex_rewrite.pattern.regex",
                "routes[2].redirect.regex_rewrite.pattern.regex",
            ])
        #expect(problems.allSatisfy { $0.code == .invalidPattern && $0.message == "bad it is" })
    }

    @Test func withoutAnEngineEveryPatternIsRefused() {
        let route = Route(match: RouteMatch(.pattern("good")), action: .nonForwarding)
        let problems = Compiler.check(Self.host([route, route]), PluginRegistry())
        #expect(
            Self.lines(problems) == [
                "error: routes[0].match.safe_regex.regex: no pattern engine is registered [invalid-pattern]",
                "error: routes[1].match.safe_regex.regex: no pattern engine is registered [invalid-pattern]",
            ])
        #expect(
            Compiler.check(
                Self.host([Route(match: RouteMatch(.prefix("/")), action: .nonForwarding)]), PluginRegistry()) == [])
    }

    // MARK: Whole configurations

    @Test func aWholeConfigurationIsJudgedWithTheListsAndIndices() {
        let bad = Route(match: RouteMatch(.pattern("bad")), action: .nonForwarding)
        var discovered = Cluster(name: "d")
        discovered.discovery = .endpointDiscovery(serviceName: "s")
        discovered.loadBalancing.policy = "strict"
        let configuration = Configuration(
            routeConfigurations: [
                RouteConfiguration(name: "t"),
                RouteConfiguration(name: "u", virtualHosts: [Self.host([]), Self.host([bad])]),
            ],
            clusters: [Self.cluster([(0, 1)]), discovered, Self.cluster([(0, 101)])],
            assignments: [
                EndpointAssignment(
                    name: "s", localities: [LocalityEndpoints(endpoints: [HostSetTests.endpoint(1, weight: 200)])])
            ])
        #expect(
            Compiler.check(configuration, Self.registry).map { $0.path } == [
                "route_configurations[1].virtual_hosts[1].routes[0].match.safe_regex.regex",
                "clusters[1].load_assignment",
                "clusters[2].load_assignment",
            ])
    }
}
