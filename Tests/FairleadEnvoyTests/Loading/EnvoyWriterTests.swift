// Fairlead: tests of the way back
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf
import Testing

@testable import FairleadEnvoy

@Suite struct EnvoyWriterTests {
    /// A configuration in which every value differs from its default somewhere.
    private var everything: Configuration {
        var mutations = HeaderMutations()
        mutations.requestAdditions = [
            .init("a", "1"), .init("b", "2", rule: .addIfAbsent), .init("c", "3", rule: .overwriteOrAdd),
            .init("d", "", rule: .overwriteIfExists, keepsEmptyValue: true),
        ]
        mutations.requestRemovals = ["e"]
        mutations.responseAdditions = [.init("f", "\"\\\t\u{1}é")]
        mutations.responseRemovals = ["g", "h"]
        let metadata = Metadata([
            .init(
                "f",
                .structure([
                    .init("a", .list([.null, .bool(true), .number(-0.5), .text("x")])), .init("b", .structure([])),
                    .init("c", .number(1e300)),
                ])), .init("g", .structure([])),
        ])
        let substitution = PatternSubstitution(pattern: "a(.*)", substitution: "\\1")
        var retries = RetryPolicy(on: [.serverError, .retriable4xx, .resetBeforeRequest])
        retries.retries = 0
        retries.perTryTimeout = .nanoseconds(1_500_000_001)
        retries.retriableStatusCodes = [429, 503]
        retries.backOffBase = .milliseconds(5)
        retries.backOffMaximum = .seconds(2)
        retries.avoidsPreviousHosts = true
        retries.hostSelectionAttempts = 5
        retries.perTryIdleTimeout = .seconds(7)
        retries.retriableHeaders = [HeaderMatcher(":status", .range(start: 400, end: 500))]
        retries.retriableRequestHeaders = [HeaderMatcher("idempotent", .present(true))]
        retries.resetHeaders = [.init("retry-after"), .init("x-ratelimit-reset", .unixTimestamp)]
        retries.resetMaximum = .seconds(9)

        var match = RouteMatch(.pattern("/x.*"))
        match.isCaseSensitive = false
        match.matchesGRPCOnly = true
        match.fraction = RuntimeFraction(Fraction(7, of: .million), runtimeKey: "k")
        match.headers = [
            HeaderMatcher("a", .present(false), isInverted: true),
            HeaderMatcher("b", .range(start: .min, end: .max), treatsMissingAsEmpty: true),
            HeaderMatcher("c", .text(StringMatcher(.exact(""), ignoresCase: true))),
            HeaderMatcher("d", .text(StringMatcher(.pattern("p")))),
        ]
        match.queryParameters = [
            QueryParameterMatcher("a", .present(true)), QueryParameterMatcher("b", .text(StringMatcher(.suffix("s")))),
        ]
        match.cookies = [CookieMatcher("c", StringMatcher(.contains("v")), isInverted: true)]
        match.tlsContext = TLSContextMatcher(isPresented: true, isValidated: false)
        match.dynamicMetadata = [
            MetadataMatcher(
                "f", path: ["a", "b"],
                .any([
                    .null, .bool(false), .number(0), .range(start: 0, end: 0),
                    .oneOf(.text(StringMatcher(.exact("x")))),
                ]),
                isInverted: true), MetadataMatcher("g", path: ["a"], .present(false)),
        ]
        match.filterState = [
            FilterStateMatcher("k", .text(StringMatcher(.exact("")))),
            FilterStateMatcher(
                "l", .address([AddressRange("10.0.0.0", length: 0), AddressRange("::", length: 128)], isInverted: true)),
        ]
        var first = ForwardAction(to: .cluster("fixed"))
        first.clusterNotFound = .notFound
        first.pathRewrite = .pattern(substitution)
        first.hostRewrite = .pathPattern(substitution)
        first.appendsForwardedHost = true
        first.timeout = .zero
        first.idleTimeout = .seconds(3)
        first.retryPolicy = retries
        first.priority = .high
        first.metadataMatch = metadata
        var shadow = MirrorPolicy(to: .cluster("fixed"))
        shadow.headerChanges = [.remove("a"), .add(.init("a", "%REQ(b)%", rule: .addIfAbsent, keepsEmptyValue: true))]
        shadow.fraction = RuntimeFraction(Fraction(1, of: .million))
        shadow.keepsHost = true
        first.mirrors = [shadow, MirrorPolicy(to: .header("x-shadow"))]
        first.upgrades = [UpgradePolicy("websocket")]
        let place = RateLimit.MetadataPlace("f", ["a", "b"])
        var source = RateLimit.Source(key: "k", place, isRoutes: true)
        source.fallback = "d"
        source.skipsIfAbsent = true
        var limit = RateLimit([
            .sourceCluster, .destinationCluster, .remoteAddress, .requestHeader("x", key: "k", skipsIfAbsent: true),
            .queryParameter("q", key: "k", skipsIfAbsent: true), .maskedRemoteAddress(version4: 0, version6: 128),
            .fixed(key: "k", value: "v"), .metadata(source), .metadata(RateLimit.Source(key: "k", place)),
            .headerMatch(key: "k", value: "v", expectsMatch: false, [HeaderMatcher("x", .present(false))]),
            .queryParameterMatch(
                key: "k", value: "v", expectsMatch: true, [QueryParameterMatcher("q", .present(true))]),
        ])
        limit.stage = 10
        limit.disableKey = "off"
        limit.limit = place
        limit.appliesOnStreamDone = true
        first.rateLimits = [limit, RateLimit([.remoteAddress])]
        first.includesVirtualHostRateLimits = true
        var redirected = InternalRedirects()
        redirected.maximum = 2
        redirected.statuses = [301, 308]
        redirected.allowsOtherScheme = true
        redirected.refusesHTTPSFromHTTP = true
        redirected.refusesVisitedRoutes = true
        redirected.allowedRoutes = ["a", "b"]
        redirected.copiedHeaders = ["x-copy"]
        first.internalRedirects = redirected
        var off = FilterConfig("off")
        off.isDisabled = true
        var filters = [
            FilterConfig("a", typeURL: "type.googleapis.com/google.protobuf.Duration", value: [8, 2]), off,
        ]
        filters[0].isOptional = true
        first.hashPolicies = [
            HashPolicy(.header("x", substitution: substitution), isTerminal: true),
            HashPolicy(
                .cookie(.init(name: "k", timeToLive: .zero, path: "/", attributes: [.init("n", "v")]))),
            HashPolicy(.cookie(.init(name: "l"))), HashPolicy(.sourceIP), HashPolicy(.queryParameter("q")),
            HashPolicy(.filterState("s")),
        ]
        var entry = WeightedClusters.Entry("", weight: 3, header: "x-c")
        entry.headerMutations = mutations
        entry.hostRewrite = "h"
        entry.metadataMatch = metadata
        entry.filterConfigs = filters
        var weighted = WeightedClusters([entry, .init("fixed", weight: 0)])
        weighted.randomValueHeader = "x-r"
        weighted.runtimeKeyPrefix = "p.q"
        var second = ForwardAction(to: .weighted(weighted))
        second.clusterNotFound = .internalServerError
        second.pathRewrite = .prefix("/p")
        second.hostRewrite = .endpointHostname
        second.timeout = .zero
        second.streamLimit = StreamLimit()
        second.streamLimit?.maximum = .seconds(1)
        second.streamLimit?.grpcHeaderMaximum = .zero
        second.streamLimit?.grpcHeaderOffset = .milliseconds(5)
        var hashed = WeightedClusters([.init("fixed", weight: 1)])
        hashed.usesHashPolicy = true
        var third = ForwardAction(to: .weighted(hashed))
        third.hostRewrite = .literal("l")
        third.pathRewrite = .format("/%REQ(x)%")
        third.grpcTimeout = GRPCTimeout(maximum: .seconds(3))
        third.grpcTimeout?.offset = .milliseconds(1)
        var matched = ForwardAction(to: .matched(ClusterSpecifierLoweringTests.lowered))
        matched.clusterNotFound = .notFound
        var fourth = ForwardAction(to: .header("x"))
        fourth.hostRewrite = .header("y")
        var redirects: [RedirectAction] = []
        for status in [
            RedirectAction.Status.found, .seeOther, .temporaryRedirect, .permanentRedirect, .movedPermanently,
        ] {
            var redirect = RedirectAction()
            redirect.status = status
            redirects.append(redirect)
        }
        redirects[0].host = "h"
        redirects[0].port = 65535
        redirects[0].scheme = .https
        redirects[0].path = .path("/p")
        redirects[0].stripsQuery = true
        redirects[1].scheme = .scheme("s")
        redirects[1].path = .prefix("/q")
        redirects[2].path = .pattern(substitution)
        redirects[3].path = .format("/%REQ(x)%%%")
        var composed = DirectResponse(status: 200, body: Array("text".utf8))
        composed.format = .init("%LOCAL_REPLY_BODY%")
        composed.format?.omitsMissing = true
        composed.format?.contentType = "text/html"

        var json = DirectResponse(status: 200)
        json.format = .init(json: [.init("a", .list([.text("%REQ(x)%"), .null])), .init("b", .number(1))])

        var route = Route(name: "r", match: match, action: .forward(first))
        route.headerMutations = mutations
        route.metadata = metadata
        route.filterConfigs = filters
        route.decorator = Decorator("operation")
        route.statPrefix = "prefix"
        route.tracing = [0x2a, 1, 0x6f]
        route.bodyLimit = 0
        var host = VirtualHost(
            name: "v", domains: ["*", "a.example"],
            routes: [
                route, Route(match: RouteMatch(.prefix("")), action: .forward(second)),
                Route(match: RouteMatch(.exact("/e")), action: .forward(third)),
                Route(match: RouteMatch(.separatedPrefix("/s")), action: .forward(fourth)),
                Route(match: RouteMatch(.separatedPrefix("/m")), action: .forward(matched)),
                Route(match: RouteMatch(.connect), action: .nonForwarding),
                Route(
                    match: RouteMatch(.prefix("/t")),
                    action: .directResponse(DirectResponse(status: 200, body: Array("text".utf8)))),
                Route(
                    match: RouteMatch(.prefix("/b")),
                    action: .directResponse(DirectResponse(status: 599, body: [255, 0]))),
                Route(match: RouteMatch(.prefix("/c")), action: .directResponse(composed)),
                Route(match: RouteMatch(.prefix("/j")), action: .directResponse(json)),
                Route(match: RouteMatch(.prefix("/n")), action: .directResponse(DirectResponse(status: 204))),
            ] + redirects.map { Route(match: RouteMatch(.prefix("/r")), action: .redirect($0)) })
        host.tlsRequirement = .all
        host.headerMutations = mutations
        host.retryPolicy = RetryPolicy(on: [])
        host.bodyLimit = 1 << 40
        host.includesRequestAttemptCount = true
        host.includesAttemptCountInResponse = true
        host.metadata = metadata
        host.mirrors = [MirrorPolicy(to: .cluster("fixed"))]
        host.rateLimits = [limit]
        host.filterConfigs = filters
        var table = RouteConfiguration(name: "t", virtualHosts: [host])
        table.headerMutations = mutations
        table.mostSpecificHeaderMutationsWin = true
        table.validatesClusters = true
        table.ignoresPortInHostMatching = true
        table.ignoresPathParameters = true
        table.mirrors = [MirrorPolicy(to: .cluster("fixed"))]
        table.filterConfigs = filters
        table.virtualHostHeader = "x-v"
        table.internalOnlyHeaders = ["x-inner"]
        table.virtualHostDiscovery = [0x0a, 2, 0x1a, 0]
        table.maximumDirectResponseBody = 5
        var manager = ConnectionManager(statisticsPrefix: "p", routeConfiguration: "t")
        manager.preparation.usesRemoteAddress = true
        manager.preparation.trustedHops = 3
        manager.preparation.normalizesPath = true
        manager.preparation.mergesSlashes = true
        manager.preparation.escapedSlashes = .unescape
        manager.preparation.stripsTrailingHostDot = true
        manager.preparation.stripsMatchingHostPort = true
        manager.preparation.skipsForwardedFor = true
        manager.preparation.scheme = .http
        manager.preparation.internalAddresses = InternalAddresses(
            ranges: [IPRange(IPAddress(version4: 0x0a00_0000), length: 8)], includesUnixSockets: true)
        manager.generatesRequestID = false
        manager.preservesExternalRequestID = true
        manager.setsRequestIDInResponse = true
        manager.serverName = "s"
        manager.streamIdleTimeout = nil
        manager.requestTimeout = .milliseconds(10)
        manager.idleTimeout = nil
        manager.suppressesEnvoyHeaders = true
        let listeners = [
            Listener(name: "l", address: .socket(host: "::", port: 1), connectionManager: manager),
            Listener(
                name: "m", address: .pipe(path: "/m"), connectionManager: ConnectionManager(routeConfiguration: "u")),
        ]
        return Configuration(
            listeners: listeners, routeConfigurations: [table, RouteConfiguration(name: "u")], clusters: clusters,
            assignments: [assignment("s"), EndpointAssignment(name: "empty")])
    }

    private func assignment(_ name: String) -> EndpointAssignment {
        let metadata = Metadata([.init("envoy.lb", .structure([.init("hash_key", .text("k"))]))])
        var assignment = EndpointAssignment(
            name: name,
            localities: [
                LocalityEndpoints(
                    locality: Locality(region: "r", zone: "z", subZone: "s"), priority: 128, weight: .max,
                    endpoints: [
                        Endpoint(
                            .socket(host: "1.2.3.4", port: 0), hostname: "h", weight: .max, health: .timeout,
                            metadata: metadata), Endpoint(.pipe(path: "/p"), health: .draining),
                    ]), LocalityEndpoints(),
            ])
        assignment.overprovisioningFactor = 1
        assignment.weighsPriorityHealth = true
        assignment.dropOverload = .init(category: "c", fraction: Fraction(3, of: .tenThousand))
        return assignment
    }

    private var clusters: [Cluster] {
        var fixed = Cluster(name: "fixed")
        fixed.assignment = assignment("another name")
        fixed.connectTimeout = .milliseconds(1)
        fixed.circuitBreakers.normal.connections = 0
        fixed.circuitBreakers.high.retries = .max
        fixed.circuitBreakers.high.connectionPools = 0
        fixed.circuitBreakers.high.tracksRemaining = true
        fixed.circuitBreakers.high.retryBudget = .init(percent: 33.5, minimumConcurrency: 0)
        fixed.circuitBreakers.normal.connectionsPerEndpoint = 0
        fixed.maximumRequestsPerConnection = 9
        fixed.idleTimeout = nil
        fixed.metadata = Metadata([.init("m", .structure([]))])
        fixed.loadBalancing.panicThreshold = 0.25
        var names = Cluster(
            name: "names", endpoints: [LocalityEndpoints(endpoints: [Endpoint(.socket(host: "n.example", port: 1))])])
        names.discovery = .hostNames
        names.idleTimeout = .seconds(1)
        var discovered = Cluster(name: "discovered")
        discovered.discovery = .endpointDiscovery(serviceName: "s")
        let balancings = [
            LoadBalancing(
                policy: LoadBalancing.ringHash,
                parameters: PolicyParameters([
                    ("minimum_ring_size", .unsigned(5)), ("hash_function", .text("MURMUR_HASH_2")),
                    ("consistent_hashing_lb_config.hash_balance_factor", .unsigned(200)),
                ])), LoadBalancing(policy: LoadBalancing.maglev), LoadBalancing(policy: LoadBalancing.random),
            LoadBalancing(
                policy: LoadBalancing.leastRequest,
                parameters: PolicyParameters([
                    ("choice_count", .unsigned(4)), ("active_request_bias.default_value", .double(0)),
                    ("active_request_bias.runtime_key", .text("b")), ("selection_method", .text("FULL_SCAN")),
                ])), LoadBalancing(policy: LoadBalancing.roundRobin),
            LoadBalancing(
                policy: LoadBalancing.leastRequest,
                parameters: PolicyParameters([("fairlead.sample_with_replacement", .bool(true))])),
            LoadBalancing(
                policy: "x.Mine",
                parameters: PolicyParameters([
                    ("a", .unsigned(1)), ("a.b", .text("t")), ("c", .bool(false)), ("d", .double(0.5)),
                ])), LoadBalancing(policy: "x.Bytes", parameters: PolicyParameters([], payload: [1, 2, 255])),
            LoadBalancing(
                policy: "envoy.extensions.load_balancing_policies.client_side_weighted_round_robin.v3."
                    + "ClientSideWeightedRoundRobin",
                parameters: PolicyParameters([("enable_oob_load_report", .bool(true))], payload: [10, 2, 8, 1])),
        ]
        return [fixed, names, discovered]
            + balancings.enumerated().flatMap { index, balancing in
                [false, true].map { isChanged in
                    var cluster = Cluster(name: "balanced \(index) \(isChanged)")
                    cluster.loadBalancing = balancing
                    let isBuiltIn = Lowering.builtInPolicies.contains(balancing.policy)
                    cluster.loadBalancing.weighsLocalities = isChanged && isBuiltIn
                    let hashes = [LoadBalancing.ringHash, LoadBalancing.maglev].contains(balancing.policy)
                    cluster.loadBalancing.hashesHostnames = isChanged && hashes
                    return cluster
                }
            }
    }

    private func load(_ bytes: [UInt8], as kind: EnvoyLoader.Kind?) -> LoadedConfiguration {
        EnvoyLoader().load(bytes, as: kind, format: kind == nil ? nil : .protobuf)
    }

    @Test func whatIsWrittenReadsTheSame() {
        let json = EnvoyWriter.json(everything)
        let fromText = load(Array(json.utf8), as: nil)
        let fromBytes = load(EnvoyWriter.protobuf(everything), as: .resources)
        for loaded in [fromText, fromBytes] {
            #expect(loaded.kind == .resources)
            #expect(loaded.problems.filter { $0.severity == .error }.map(\.description) == [])
            #expect(loaded.configuration.listeners == everything.listeners)
            #expect(loaded.configuration.routeConfigurations == everything.routeConfigurations)
            #expect(loaded.configuration.assignments == everything.assignments)
            for (cluster, expected) in zip(loaded.configuration.clusters, everything.clusters) {
                #expect(cluster == expected)
            }
            #expect(loaded.configuration == everything)
        }
    }

    @Test func whatWasReadAndWrittenReadsTheSame() {
        let first = FairleadEnvoyTests.load(shop).configuration
        let second = load(Array(EnvoyWriter.json(first).utf8), as: nil)
        #expect(second.isValid)
        #expect(second.configuration == first)
        #expect(EnvoyWriter.json(second.configuration) == EnvoyWriter.json(first))
    }

    @Test func everyResourceIsWrittenByItself() {
        let all = everything
        #expect(
            load(Array(EnvoyWriter.json(all.listeners[0]).utf8), as: nil).configuration.listeners == [all.listeners[0]])
        #expect(
            load(EnvoyWriter.protobuf(all.listeners[0]), as: .listener).configuration.listeners == [all.listeners[0]])
        let table = all.routeConfigurations[0]
        #expect(load(Array(EnvoyWriter.json(table).utf8), as: nil).configuration.routeConfigurations == [table])
        #expect(load(EnvoyWriter.protobuf(table), as: .routeConfiguration).configuration.routeConfigurations == [table])
        let cluster = all.clusters[0]
        #expect(load(Array(EnvoyWriter.json(cluster).utf8), as: nil).configuration.clusters == [cluster])
        #expect(load(EnvoyWriter.protobuf(cluster), as: .cluster).configuration.clusters == [cluster])
        let assignment = all.assignments[0]
        #expect(load(Array(EnvoyWriter.json(assignment).utf8), as: nil).configuration.assignments == [assignment])
        #expect(load(EnvoyWriter.protobuf(assignment), as: .assignment).configuration.assignments == [assignment])
    }

    @Test func defaultsAreLeftOut() {
        #expect(
            EnvoyWriter.json(Cluster(name: "c")) == """
                {
                 "name": "c",
                 "type": "STATIC",
                 "load_assignment": {
                  "cluster_name": "c"
                 },
                 "load_balancing_policy": {
                  "policies": [
                   {
                    "typed_extension_config": {
                     "name": "envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin",
                     "typed_config": {
                      "@type": "type.googleapis.com/envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin"
                     }
                    }
                   }
                  ]
                 }
                }

                """)
    }

    @Test func aConfigDumpIsJSONInTheShapeOfEnvoys() throws {
        let text = EnvoyWriter.configDump(FairleadEnvoyTests.load(shop).configuration)
        let dump = try Google_Protobuf_Struct(jsonString: text)
        let configs = try #require(dump.fields["configs"]).listValue.values
        #expect(
            configs.map { $0["@type"].stringValue } == [
                "type.googleapis.com/envoy.admin.v3.ClustersConfigDump",
                "type.googleapis.com/envoy.admin.v3.EndpointsConfigDump",
                "type.googleapis.com/envoy.admin.v3.ListenersConfigDump",
                "type.googleapis.com/envoy.admin.v3.RoutesConfigDump",
            ])
        let clusters = configs[0]["static_clusters"].listValue.values.map { $0["cluster"] }
        #expect(clusters.map { $0["name"].stringValue } == ["cart", "static-a", "static-b"])
        #expect(clusters[0]["@type"].stringValue == "type.googleapis.com/envoy.config.cluster.v3.Cluster")
        #expect(configs[1].structValue.fields.count == 1)
        #expect(configs[3]["static_route_configs"].listValue.values[0]["route_config"]["name"].stringValue == "shop")
        #expect(try Google_Protobuf_Struct(jsonString: EnvoyWriter.configDump(Configuration())).fields.count == 1)
    }
}

@Suite struct JSONPrinterTests {
    /// SwiftProtobuf's own printer is the oracle; numbers and order of fields agree, only the layout differs.
    @Test func textIsWhatAnotherPrinterWrites() throws {
        let values: Google_Protobuf_ListValue = [
            .init(nilLiteral: ()), .init(boolValue: true), .init(numberValue: 1.5), .init(numberValue: -3),
            .init(numberValue: 1e100), .init(stringValue: "\u{0}\u{1F}\u{7F}\"\\/é\u{1F600}\r\n\t"),
        ]
        var message = ClusterProto()
        message.name = "c"
        message.connectTimeout = Google_Protobuf_Duration(seconds: -1, nanos: -50_000_000)
        message.dnsRefreshRate = Google_Protobuf_Duration(seconds: 0, nanos: 1)
        message.cleanupInterval = Google_Protobuf_Duration(seconds: 7)
        message.ringHashLbConfig.minimumRingSize = Google_Protobuf_UInt64Value(.max)
        message.preconnectPolicy.perUpstreamPreconnectRatio = Google_Protobuf_DoubleValue(.infinity)
        message.preconnectPolicy.predictivePreconnectRatio = Google_Protobuf_DoubleValue(-.infinity)
        message.commonLbConfig.healthyPanicThreshold.value = .nan
        message.waitForWarmOnInit = Google_Protobuf_BoolValue(false)
        message.lrsReportEndpointMetrics = ["a", ""]
        message.metadata.filterMetadata = [
            "b": Google_Protobuf_Struct(fields: ["z": Google_Protobuf_Value(listValue: values)]),
            "a": Google_Protobuf_Struct(),
        ]
        message.metadata.typedFilterMetadata = [
            "d": try Google_Protobuf_Any(message: Google_Protobuf_Duration(seconds: 5))
        ]
        var options = JSONEncodingOptions()
        options.preserveProtoFieldNames = true
        options.useDeterministicOrdering = true
        let text = JSONPrinter.print(try message.serializedBytes(), as: ClusterProto.protoMessageName)
        let parsed = try ClusterProto(jsonString: text)
        #expect(try parsed.jsonString(options: options) == message.jsonString(options: options))
    }

    @Test func base64IsThatOfTheStandard() {
        let cases: [([UInt8], String)] = [
            ([], ""), ([0x66], "Zg=="), ([0x66, 0x6F], "Zm8="), ([0x66, 0x6F, 0x6F], "Zm9v"),
            ([0x66, 0x6F, 0x6F, 0x62], "Zm9vYg=="), ([0xFB, 0xFF, 0xFE], "+//+"),
        ]
        for (bytes, text) in cases { #expect(Base64Text.encode(bytes) == text) }
    }

    @Test func unknownTypesAndDamagedBytesPrintWhatCanBePrinted() {
        #expect(JSONPrinter.print([1, 2, 3], as: "no.such.Type") == "{}")
        #expect(JSONPrinter.print([0x0A, 0x7F], as: ClusterProto.protoMessageName) == "{}")
        let any = Google_Protobuf_Any(typeName: "x.Y", bytes: [1])
        let bytes: [UInt8] = (try? any.serializedBytes()) ?? []
        #expect(
            JSONPrinter.print(bytes, as: "google.protobuf.Any") == "{\n \"@type\": \"type.googleapis.com/x.Y\"\n}")
    }
}
