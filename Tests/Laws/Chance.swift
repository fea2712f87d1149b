// Fairlead: random configurations and requests that nearly match them
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// Makes configurations from few and similar words, so that rules collide, nest and shadow one another, and requests
/// that are close to them.
struct Chance {
    var source: RandomSource

    init(seed: UInt64) { source = RandomSource(seed: RandomSource.mixed(seed)) }

    mutating func below(_ bound: Int) -> Int { Int(source.next(below: UInt64(bound))) }
    mutating func happens(_ percent: Int) -> Bool { below(100) < percent }
    mutating func any<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    static let words = [
        "a", "b", "ab", "abc", "foo", "Foo", "foobar", "v1", "api", "x", "items", "12", "é", "a.b", "%2f",
    ]
    static let labels = ["a", "b", "foo", "bar", "www", "shop", "EXAMPLE", "example", "com", "x-y"]
    static let names = ["x-a", "X-B", "x-long-header-name", "content-type", "accept"]
    static let values = ["", "a", "b", "A", "ab", "10", "-3", "+7", "9223372036854775807", "application/grpc", "a,b"]

    // MARK: Texts

    mutating func pathText() -> String {
        var path = ""
        for _ in 0..<below(5) { path += "/" + any(Chance.words) }
        if happens(30) || path.isEmpty { path += "/" }
        if happens(5) { path += String(repeating: any(["z", "/z"]), count: below(200)) }
        return path
    }

    mutating func hostText() -> String {
        var labels: [String] = []
        for _ in 0..<(1 + below(4)) { labels.append(any(Chance.labels)) }
        return labels.joined(separator: ".") + (happens(15) ? any([":80", ":8080", "."]) : "")
    }

    mutating func domain() -> String {
        switch below(10) {
        case 0: "*"
        case 1...3: "*" + any([".", "-", ""]) + hostText()
        case 4...5: hostText() + any([".", ":", "-", ""]) + "*"
        default: hostText()
        }
    }

    // MARK: Rules

    mutating func stringMatcher() -> StringMatcher {
        let text = any(Chance.values)
        let filled = text.isEmpty ? "a" : text
        return switch below(6) {
        case 0: StringMatcher(.exact(text), ignoresCase: happens(30))
        case 1: StringMatcher(.prefix(filled), ignoresCase: happens(30))
        case 2: StringMatcher(.suffix(filled), ignoresCase: happens(30))
        case 3: StringMatcher(.contains(filled), ignoresCase: happens(30))
        case 4: StringMatcher(.pattern(any(["a|b", "[0-9]+", "a.*", ".*b"])))
        default: StringMatcher(.exact(text))
        }
    }

    mutating func headerMatcher() -> HeaderMatcher {
        let name = happens(20) ? any([":method", ":path", ":scheme", ":authority", "Host"]) : any(Chance.names)
        let rule: HeaderMatcher.Rule =
            switch below(4) {
            case 0: .present(happens(50))
            case 1: .range(start: Int64(below(20)) - 10, end: Int64(below(20)))
            default: .text(stringMatcher())
            }
        return HeaderMatcher(name, rule, isInverted: happens(25), treatsMissingAsEmpty: happens(25))
    }

    mutating func match() -> RouteMatch {
        let text = pathText()
        var match = RouteMatch(.prefix(""))
        switch below(22) {
        case 20...21: match.path = .template(template())
        case 0...6: match.path = .prefix(happens(15) ? "" : text)
        case 7...11: match.path = .exact(text)
        case 12...14:
            match.path = .separatedPrefix("/" + any(Chance.words) + (happens(50) ? "/" + any(Chance.words) : ""))
        case 15...18:
            match.path = .pattern(any(["/a.*", "/foo/[^/]+", ".*", "(?i)/foo.*", "/(a|b)/.*", "/api/v[0-9]+(/.*)?"]))
        default: match.path = .connect
        }
        match.isCaseSensitive = !happens(25)
        if happens(25) { for _ in 0..<(1 + below(2)) { match.headers.append(headerMatcher()) } }
        if happens(12) {
            let rule: QueryParameterMatcher.Rule = happens(40) ? .present(happens(50)) : .text(stringMatcher())
            match.queryParameters.append(QueryParameterMatcher(any(["k", "q", "K"]), rule))
        }
        if happens(8) {
            match.fraction = RuntimeFraction(Fraction(UInt32(below(101))), runtimeKey: any(["", "rt.a", "rt.b"]))
        }
        if happens(5) { match.matchesGRPCOnly = true }
        addConditions(to: &match)
        return match
    }

    /// A match of a crowd: paths are few and conditions many, so that long lists of candidates come about.
    mutating func crowdedMatch() -> RouteMatch {
        let ends = ["", "/x", "/items", ".json", "[a-c]", "/a+", "(/b)?"]
        var match = RouteMatch(
            happens(40)
                ? .pattern(any(["/.*", "/a.*", "/[^/]+", "/(a|b)", ".*"]) + any(ends))
                : any([.prefix("/"), .prefix("/a"), .exact("/a/b"), .separatedPrefix("/a")]))
        match.isCaseSensitive = !happens(15)
        for _ in 0..<below(4) { match.headers.append(headerMatcher()) }
        if happens(25) { match.queryParameters.append(QueryParameterMatcher(any(["k", "q"]), .text(stringMatcher()))) }
        return match
    }

    mutating func action(clusters: [String]) -> RouteAction {
        switch below(6) {
        case 0: return .redirect(RedirectAction())
        case 1 where happens(40):
            let rules = (0..<(1 + below(3))).map { _ in
                MatchTree.Rule(.value(.header(any(Chance.names)), stringMatcher()), .cluster(any(clusters)))
            }
            let otherwise = happens(50) ? MatchTree.Outcome.cluster(any(clusters)) : nil
            return .forward(ForwardAction(to: .matched(MatchTree(.list(rules), otherwise: otherwise))))
        case 1: return .directResponse(DirectResponse(status: 200 + UInt16(below(300)), body: Array("body".utf8)))
        case 2:
            let entries = (0..<(1 + below(3))).map { _ in
                var entry = WeightedClusters.Entry(any(clusters), weight: UInt32(1 + below(9)))
                if happens(30) { entry.metadataMatch = balancingMetadata() }
                return entry
            }
            var weighted = WeightedClusters(entries)
            if happens(30) { weighted.runtimeKeyPrefix = "rt" }
            return .forward(ForwardAction(to: .weighted(weighted)))
        default:
            var forward = ForwardAction(to: .cluster(any(clusters)))
            if happens(30) { forward.retryPolicy = retryPolicy() }
            if happens(50) { forward.metadataMatch = balancingMetadata() }
            if happens(30) { forward.hashPolicies = [HashPolicy(.header(any(Chance.names), substitution: nil))] }
            if happens(30) { forward.pathRewrite = .prefix(pathText()) }
            if happens(10) { forward.pathRewrite = .format("/%REQ(\(any(Chance.names))?:authority):3%/%PATH(NQ)%") }
            if happens(10) { forward.hostRewrite = .format("h-%REQ(host)%-%METADATA(VIRTUAL_HOST:f:k)%") }
            if happens(10) { forward.mirrors = [MirrorPolicy(to: .cluster(any(clusters)))] }
            if happens(10) { forward.streamLimit = StreamLimit() }
            if happens(10) { forward.internalRedirects = InternalRedirects() }
            if happens(10) { forward.rateLimits = [rateLimit()] }
            return .forward(forward)
        }
    }

    mutating func rateLimit() -> RateLimit {
        var limit = RateLimit([
            .requestHeader(any(Chance.names), key: "k", skipsIfAbsent: happens(50)),
            .headerMatch(key: "m", value: "v", expectsMatch: happens(50), [headerMatcher()]),
            .queryParameter(any(["k", "q"]), key: "q", skipsIfAbsent: happens(50)),
        ])
        if happens(30) { limit.disableKey = any(["a", "b"]) }
        return limit
    }

    mutating func virtualHost(_ name: String, domains: [String], clusters: [String], routes count: Int) -> VirtualHost {
        var routes: [Route] = []
        let isCrowd = happens(25)
        for number in 0..<(isCrowd ? count * 3 : count) {
            let match = isCrowd ? crowdedMatch() : match()
            var route = Route(name: "r\(number)", match: match, action: action(clusters: clusters))
            // A prefix is no part of what a template matches.
            if case .template = route.match.path, case .forward(var forward) = route.action {
                forward.pathRewrite = nil
                route.action = .forward(forward)
            }
            routes.append(route)
        }
        var host = VirtualHost(name: name, domains: domains, routes: routes)
        if happens(20) { host.retryPolicy = retryPolicy() }
        if happens(20) { host.mirrors = [MirrorPolicy(to: .cluster(any(clusters)))] }
        if happens(10) { host.rateLimits = [rateLimit(), rateLimit()] }
        if happens(20) {
            let value = MetadataValue.Field("k", .number(Double(below(1000)) / 8))
            host.metadata = Metadata([.init("f", .structure([value]))])
            host.filterConfigs = [FilterConfig("f", typeURL: "t", value: [UInt8(below(256))])]
        }
        if happens(15) {
            host.matcher = tree(of: &routes, depth: 0)
            host.routes = []
        }
        return host
    }

    mutating func routeTable(_ name: String, clusters: [String]) -> RouteConfiguration {
        var seen: Set<String> = []
        var hosts: [VirtualHost] = []
        for number in 0..<(1 + below(6)) {
            var domains: [String] = []
            for _ in 0..<(1 + below(4)) {
                let domain = domain()
                if seen.insert(ASCII.lowercased(domain)).inserted { domains.append(domain) }
            }
            guard !domains.isEmpty else { continue }
            hosts.append(virtualHost("h\(number)", domains: domains, clusters: clusters, routes: below(30)))
        }
        var table = RouteConfiguration(name: name, virtualHosts: hosts)
        table.ignoresPortInHostMatching = happens(25)
        table.ignoresPathParameters = happens(15)
        return table
    }

    // MARK: Clusters

    mutating func endpoints() -> [LocalityEndpoints] {
        (0..<below(4)).map { zone in
            LocalityEndpoints(
                locality: Locality(region: "r", zone: any(["z1", "z2", "z3"])), priority: below(3),
                weight: happens(60) ? UInt32(1 + below(5)) : nil,
                endpoints: (0..<below(6)).map { _ in
                    Endpoint(
                        .socket(host: "10.0.\(zone).\(below(8))", port: UInt16(80 + below(3))),
                        weight: UInt32(1 + (happens(30) ? below(7) : 0)),
                        health: HealthStatus(rawValue: UInt8(happens(40) ? below(6) : 1)) ?? .healthy,
                        metadata: balancingMetadata())
                })
        }
    }

    mutating func cluster(_ name: String) -> Cluster {
        var cluster = Cluster(name: name, endpoints: endpoints())
        cluster.loadBalancing = LoadBalancing(
            policy: any([
                LoadBalancing.roundRobin, LoadBalancing.leastRequest, LoadBalancing.ringHash, LoadBalancing.maglev,
                LoadBalancing.random, LoadBalancing.pickFirst,
            ]))
        if cluster.loadBalancing.policy == LoadBalancing.maglev {
            cluster.loadBalancing.parameters["table_size"] = .unsigned(251)
        }
        if cluster.loadBalancing.policy == LoadBalancing.ringHash {
            cluster.loadBalancing.parameters["minimum_ring_size"] = .unsigned(64)
        }
        cluster.loadBalancing.weighsLocalities = happens(30)
        cluster.loadBalancing.zones.minimumEndpoints = UInt64(below(4))
        if happens(30) { cluster.loadBalancing.zones.share = UInt32(below(101)) }
        if happens(20) { cluster.loadBalancing.zones.failsInPanic = true }
        if happens(20) { cluster.loadBalancing.zones.forcedMinimum = UInt32(below(3)) }
        if happens(30) { cluster.loadBalancing.zones.weighsEndpoints = true }
        cluster.loadBalancing.panicThreshold = Double(any([0, 10, 50, 100]))
        if happens(15) { cluster.loadBalancing.endpointLimit = UInt32(1 + below(4)) }
        if happens(30) { cluster.loadBalancing.overrideSources = [.header(any(Chance.names))] }
        if happens(40) { cluster.loadBalancing.subsets = subsets() }
        if happens(30) {
            cluster.circuitBreakers.normal.requests = UInt32(below(3))
            cluster.circuitBreakers.high.retryBudget = .init(percent: Double(below(101)))
            cluster.circuitBreakers.high.connectionsPerEndpoint = UInt32(below(3))
        }
        // The engine's own cluster has one priority.
        if name == "c0" {
            for index in cluster.assignment.localities.indices { cluster.assignment.localities[index].priority = 0 }
            return cluster
        }
        if happens(25) { cluster.discovery = .endpointDiscovery(serviceName: any(["s1", "s2"])) }
        return cluster
    }

    /// A few values that balancing reads.
    mutating func balancingMetadata() -> Metadata {
        let values: [MetadataValue] = [.text("x"), .text("y"), .number(1), .list([.text("x"), .text("y")])]
        var fields: [MetadataValue.Field] = []
        for name in ["a", "b"] where happens(60) { fields.append(.init(name, any(values))) }
        if happens(15) {
            let overrides = [MetadataValue.structure([.init("a", any(values))]), .structure([.init("b", any(values))])]
            fields.append(.init("fallback_list", .list(overrides)))
        }
        return fields.isEmpty ? Metadata() : Metadata([.init("envoy.lb", .structure(fields))])
    }

    mutating func subsets() -> SubsetBalancing {
        typealias Fallback = SubsetBalancing.Selector.Fallback
        let selectors = [["a"], ["b"], ["a", "b"]].filter { _ in happens(70) }.map { keys in
            var fallback = any([Fallback.inherited, .none, .anyEndpoint, .defaultSubset])
            if keys.count == 2, happens(50) { fallback = .fewerKeys([any(keys)]) }
            return SubsetBalancing.Selector(keys, fallback: fallback, choosesSingleEndpoint: happens(15))
        }
        var subsets = SubsetBalancing(selectors, fallback: any([.none, .anyEndpoint, .defaultSubset]))
        if happens(50) { subsets.defaultSubset = [.init("a", .text("x"))] }
        subsets.weighsLocalities = happens(50)
        subsets.scalesLocalityWeights = happens(50)
        subsets.panicsToAnyEndpoint = happens(30)
        subsets.listsMeanAnyValue = happens(50)
        subsets.usesFallbackList = happens(50)
        subsets.allowsRedundantKeys = happens(30)
        return subsets
    }

    // MARK: Requests
}
