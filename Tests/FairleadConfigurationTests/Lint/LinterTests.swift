// Fairlead: tests of what is legal but wrong
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@Suite struct LinterTests {
    /// What is said of `table` alone, without the common beginning of the paths and the word "warning".
    static func findings(_ table: RouteConfiguration) -> [String] {
        let found = Linter.problems(in: Configuration(routeConfigurations: [table]), isComplete: false)
        #expect(found.allSatisfy { $0.severity == .warning })
        return found.map { "\($0.path.dropFirst("route_configurations[0].".count)) [\($0.code.name)]" }
    }

    static func findings(_ routes: Route...) -> [String] {
        findings(RouteConfiguration(name: "r", virtualHosts: [VirtualHost(name: "v", domains: ["*"], routes: routes)]))
            .map { String($0.dropFirst("virtual_hosts[0].".count)) }
    }

    @Test func anOrdinaryConfigurationIsFine() {
        var action = ForwardAction(to: .cluster("c"))
        action.retryPolicy = RetryPolicy(on: .serverError)
        let table = RouteConfiguration(
            name: "r",
            virtualHosts: [
                VirtualHost(
                    name: "v", domains: ["*", "a.b:80", "*.c", "d.*", "[::1]:80"],
                    routes: [Route(match: RouteMatch(.prefix("/")), action: .forward(action))])
            ])
        let cluster = Cluster(
            name: "c", endpoints: [LocalityEndpoints(endpoints: [Endpoint(.socket(host: "10.0.0.1", port: 1))])])
        let listener = Listener(
            name: "l", address: .socket(host: "0.0.0.0", port: 1),
            connectionManager: ConnectionManager(routeConfiguration: "r"))
        let whole = Configuration(listeners: [listener], routeConfigurations: [table], clusters: [cluster])
        #expect(Linter.problems(in: whole).map { $0.description } == [])
    }

    // MARK: Virtual hosts

    @Test(
        arguments: [
            ("a.*.b", false), ("*a*", false), ("http://a.b", false), ("a.b/c", false), ("a b", false), ("é.com", false),
            ("a.b:80", true), ("*.b:80", true), ("a:*", true), ("a.b:", true),
        ])
    func domainsThatNoHostBelongsToAreTold(domain: String, ignoresPort: Bool) {
        var table = RouteConfiguration(
            name: "r", virtualHosts: [VirtualHost(name: "v", domains: ["ok", domain], routes: [matching()])])
        table.ignoresPortInHostMatching = ignoresPort
        #expect(Self.findings(table) == ["virtual_hosts[0].domains[1] [unreachable-domain]"])
    }

    @Test(arguments: ["*", "*.a", "a.*", "[::1]", "[fd00:*", "a.b", ""])
    func otherDomainsAreFineWithoutPorts(domain: String) {
        var table = RouteConfiguration(
            name: "r", virtualHosts: [VirtualHost(name: "v", domains: [domain], routes: [matching()])])
        table.ignoresPortInHostMatching = true
        #expect(Self.findings(table) == [])
    }

    @Test func virtualHostsWithoutRoutesOrWithATakenNameAreTold() {
        let table = RouteConfiguration(
            name: "r",
            virtualHosts: [
                VirtualHost(name: "v", domains: ["a"], routes: [matching()]), VirtualHost(name: "v", domains: ["b"]),
            ])
        #expect(
            Self.findings(table) == [
                "virtual_hosts[1].name [duplicate-virtual-host]", "virtual_hosts[1].routes [empty-virtual-host]",
            ])
    }

    // MARK: Matches

    @Test func pathsThatCannotComeAreTold() {
        #expect(
            Self.findings(
                matching(.prefix("a")), matching(.prefix("/a?b")), matching(.exact("/a#b")), matching(.exact("")),
                matching(.exact("/é")), matching(.separatedPrefix("ab")), matching(.prefix("")),
                matching(.prefix("/a;b")))
                == [
                    "routes[0].match.prefix [never-matches]", "routes[1].match.prefix [never-matches]",
                    "routes[2].match.path [never-matches]", "routes[3].match.path [never-matches]",
                    "routes[4].match.path [never-matches]", "routes[5].match.path_separated_prefix [never-matches]",
                ])
        var table = table(matching(.prefix("/a;b")))
        table.ignoresPathParameters = true
        #expect(Self.findings(table) == ["virtual_hosts[0].routes[0].match.prefix [never-matches]"])
    }

    @Test func conditionsThatContradictOneAnotherAreTold() {
        let exact = { (name: String, text: String) in HeaderMatcher(name, .text(StringMatcher(.exact(text)))) }
        #expect(
            Self.findings(
                matching { $0.headers = [exact(":method", "GET"), exact(":METHOD", "PUT")] },
                matching { $0.headers = [exact("host", "a"), exact(":authority", "b")] },
                matching { $0.headers = [exact("x", "a"), exact("x", "b")] },
                matching { $0.headers = [HeaderMatcher("x", .present(true)), HeaderMatcher("X", .present(false))] },
                matching { $0.headers = [HeaderMatcher("x", .range(start: 3, end: 3))] },
                matching { $0.headers = [HeaderMatcher("x", .range(start: 3, end: 3), isInverted: true)] },
                matching { match in
                    match.queryParameters = ["a", "b"].map {
                        QueryParameterMatcher("k", .text(StringMatcher(.exact($0))))
                    }
                },
                matching { $0.fraction = RuntimeFraction(Fraction(0)) },
                matching { $0.fraction = RuntimeFraction(Fraction(0), runtimeKey: "k") })
                == [
                    "routes[0].match.headers[1] [never-matches]", "routes[1].match.headers[1] [never-matches]",
                    "routes[3].match.headers[1] [never-matches]",
                    "routes[4].match.headers[0].range_match [never-matches]",
                    "routes[6].match.query_parameters[1] [never-matches]",
                    "routes[7].match.runtime_fraction [never-matches]",
                ])
    }

    @Test(
        arguments: [
            ("/foo/.*", "prefix: '/foo/'"), ("^/foo$", "path: '/foo'"), ("/a\\.b", "path: '/a.b'"),
            ("/foo(/.*)?", "path_separated_prefix: '/foo'"), ("/foo(?:/.*)?", "path_separated_prefix: '/foo'"),
            (".*", "prefix: ''"), ("(?i)/foo.*", "prefix: '/foo' with case_sensitive: false"),
        ])
    func patternsThatArePlainTextsAreTold(pattern: String, words: String) throws {
        let found = Linter.problems(in: Configuration(routeConfigurations: [table(matching(.pattern(pattern)))]))
        let problem = try #require(found.first { $0.code == .simplePattern })
        #expect(problem.path == "route_configurations[0].virtual_hosts[0].routes[0].match.safe_regex")
        #expect(problem.message.hasSuffix(words))
    }

    @Test(
        arguments: [
            "/foo/.+", "/(a|b)", "/foo/?", "/a.b", "/a*", "/[a]", "/a{2}", "\\d+", "/foo/(/.*)?", ".*/foo", "/a|/b",
            "/a.*b",
            "/foo(/.*)", "\\", "a\\",
        ])
    func otherPatternsAreFine(pattern: String) {
        #expect(Self.findings(matching(.pattern(pattern))) == [])
    }

    @Test func patternsOfHeadersAndParametersAreReadToo() {
        let found = Linter.problems(
            in: Configuration(routeConfigurations: [
                table(
                    matching { match in
                        match.headers = [".*", "a.*", ".*a", ".*a.*", "a|b"].map {
                            HeaderMatcher("x", .text(StringMatcher(.pattern($0))))
                        }
                        match.queryParameters = [QueryParameterMatcher("k", .text(StringMatcher(.pattern("a"))))]
                    })
            ]))
        #expect(
            found.filter { $0.code == .simplePattern }.map { $0.message.components(after: "than ") } == [
                "present_match: true", "prefix: 'a'", "suffix: 'a'", "contains: 'a'", "exact: 'a'",
            ])
    }

    // MARK: Actions

    @Test func retriesThatCannotActAreTold() {
        func retrying(_ change: (inout RetryPolicy) -> Void) -> Route {
            route {
                var policy = RetryPolicy(on: .serverError)
                change(&policy)
                $0.retryPolicy = policy
            }
        }
        let policy = "routes[0].route.retry_policy."
        #expect(Self.findings(retrying { $0.conditions = [] }) == [policy + "retry_on [idle-retry-policy]"])
        #expect(Self.findings(retrying { $0.retries = 0 }) == [policy + "num_retries [idle-retry-policy]"])
        #expect(
            Self.findings(retrying { $0.conditions = .retriableStatusCodes }) == [
                policy + "retry_on [idle-retry-policy]"
            ])
        #expect(
            Self.findings(retrying { $0.retriableStatusCodes = [503] })
                == [policy + "retriable_status_codes [idle-retry-policy]"])
        #expect(
            Self.findings(retrying { $0.perTryTimeout = .seconds(15) })
                == [policy + "per_try_timeout [idle-retry-policy]"])
        #expect(Self.findings(retrying { $0.perTryTimeout = .seconds(14) }) == [])
        var host = VirtualHost(name: "v", domains: ["*"], routes: [matching()])
        host.retryPolicy = RetryPolicy(on: [])
        #expect(
            Self.findings(RouteConfiguration(name: "r", virtualHosts: [host]))
                == ["virtual_hosts[0].retry_policy.retry_on [idle-retry-policy]"])
    }

    @Test func sharesOfNothingAreTold() {
        let weighted = WeightedClusters([.init("a", weight: 1), .init("b", weight: 0)])
        #expect(
            Self.findings(route { $0.target = .weighted(weighted) })
                == ["routes[0].route.weighted_clusters.clusters[1].weight [zero-weight]"])
    }

    @Test func redirectsToThemselvesAreTold() {
        func redirect(_ path: RouteMatch.Path, _ change: (inout RedirectAction) -> Void = { _ in }) -> Route {
            var action = RedirectAction()
            change(&action)
            return Route(match: RouteMatch(path), action: .redirect(action))
        }
        #expect(Self.findings(redirect(.prefix("/a"))) == ["routes[0].redirect [redirect-loop]"])
        #expect(
            Self.findings(redirect(.exact("/a")) { $0.path = .path("/a") }) == ["routes[0].redirect [redirect-loop]"])
        #expect(
            Self.findings(redirect(.prefix("/a")) { $0.path = .prefix("/a") }) == ["routes[0].redirect [redirect-loop]"]
        )
        #expect(Self.findings(redirect(.prefix("/a")) { $0.scheme = .https }) == [])
        #expect(Self.findings(redirect(.prefix("/a")) { $0.stripsQuery = true }) == [])
        #expect(Self.findings(redirect(.prefix("/a")) { $0.path = .path("/a") }) == [])
    }

    @Test func rewritesThatDoubleOrLoseASlashAreTold() {
        func rewriting(_ path: RouteMatch.Path, to text: String) -> Route {
            var action = ForwardAction(to: .cluster("c"))
            action.pathRewrite = .prefix(text)
            return Route(match: RouteMatch(path), action: .forward(action))
        }
        #expect(
            Self.findings(rewriting(.prefix("/a"), to: "/"), rewriting(.prefix("/b/"), to: "/c"))
                == ["routes[0].route.prefix_rewrite [rewrite-slash]", "routes[1].route.prefix_rewrite [rewrite-slash]"])
        #expect(Self.findings(rewriting(.prefix("/a/"), to: "/"), rewriting(.prefix("/a"), to: "/")) == [])
        #expect(Self.findings(rewriting(.exact("/a"), to: "/"), rewriting(.prefix("/"), to: "/")) == [])
    }
}

extension String {
    /// What follows the first `mark`.
    fileprivate func components(after mark: String) -> String {
        var rest = self[...]
        while !rest.isEmpty, !rest.hasPrefix(mark) { rest = rest.dropFirst() }
        return String(rest.dropFirst(mark.count))
    }
}
