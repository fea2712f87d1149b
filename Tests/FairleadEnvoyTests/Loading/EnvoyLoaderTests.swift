// Fairlead: tests of the loader with whole documents
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@testable import FairleadEnvoy

/// A document as people write it.
let shop = """
    # A shop behind one listener.
    node: { id: edge-1, cluster: edge }
    admin:
      address: { socket_address: { address: 127.0.0.1, port_value: 9901 } }
    static_resources:
      listeners:
      - name: public
        address:
          socket_address: { address: 0.0.0.0, port_value: 8080 }
        filter_chains:
        - filters:
          - name: envoy.filters.network.http_connection_manager
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
              stat_prefix: public
              use_remote_address: true
              stream_idle_timeout: 0s
              route_config:
                name: shop
                virtual_hosts:
                - name: shop
                  domains: [shop.example, "*.shop.example"]
                  request_headers_to_add:
                  - header: { key: x-shop, value: "yes" }
                    append_action: OVERWRITE_IF_EXISTS_OR_ADD
                  routes:
                  - name: cart
                    match: { path_separated_prefix: /cart, headers: [{ name: ":method", string_match: { exact: POST } }] }
                    route:
                      cluster: cart
                      timeout: 2.5s
                      retry_policy:
                        retry_on: 5xx,connect-failure
                        num_retries: 3
                        retry_host_predicate:
                        - name: envoy.retry_host_predicates.previous_hosts
                          typed_config:
                            "@type": type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate
                  - match: { prefix: /static/, case_sensitive: false }
                    route:
                      weighted_clusters:
                        clusters:
                        - { name: static-a, weight: 90 }
                        - { name: static-b, weight: 10 }
                      prefix_rewrite: /
                  - match: { path: /old }
                    redirect: { path_redirect: /new, response_code: PERMANENT_REDIRECT }
                  - match: { prefix: / }
                    direct_response: { status: 404, body: { inline_string: not here } }
              http_filters:
              - name: envoy.filters.http.router
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
      clusters:
      - name: cart
        connect_timeout: 0.25s
        lb_policy: RING_HASH
        ring_hash_lb_config: { minimum_ring_size: 64 }
        load_assignment:
          cluster_name: cart
          endpoints:
          - locality: { region: eu, zone: a }
            lb_endpoints:
            - endpoint: { address: { socket_address: { address: 10.0.0.1, port_value: 80 } } }
            - endpoint: { address: { socket_address: { address: 10.0.0.2, port_value: 80 } } }
              load_balancing_weight: 3
              health_status: DRAINING
      - name: static-a
        type: STRICT_DNS
        load_assignment:
          cluster_name: static-a
          endpoints:
          - lb_endpoints:
            - endpoint: { address: { socket_address: { address: files.internal, port_value: 80 } } }
      - name: static-b
        load_balancing_policy:
          policies:
          - typed_extension_config:
              name: lr
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest
                choice_count: 3
    """

@Suite struct EnvoyLoaderTests {
    /// What the document above says, put together by hand.
    private var expected: Configuration {
        var cart = ForwardAction(to: .cluster("cart"))
        cart.timeout = .milliseconds(2500)
        var retries = RetryPolicy(on: [.serverError, .connectFailure])
        retries.retries = 3
        retries.avoidsPreviousHosts = true
        cart.retryPolicy = retries
        var cartMatch = RouteMatch(.separatedPrefix("/cart"))
        cartMatch.headers = [HeaderMatcher(":method", .text(StringMatcher(.exact("POST"))))]
        var files = ForwardAction(
            to: .weighted(WeightedClusters([.init("static-a", weight: 90), .init("static-b", weight: 10)])))
        files.pathRewrite = .prefix("/")
        var filesMatch = RouteMatch(.prefix("/static/"))
        filesMatch.isCaseSensitive = false
        var redirect = RedirectAction()
        redirect.path = .path("/new")
        redirect.status = .permanentRedirect
        var host = VirtualHost(
            name: "shop", domains: ["shop.example", "*.shop.example"],
            routes: [
                Route(name: "cart", match: cartMatch, action: .forward(cart)),
                Route(match: filesMatch, action: .forward(files)),
                Route(match: RouteMatch(.exact("/old")), action: .redirect(redirect)),
                Route(
                    match: RouteMatch(.prefix("/")),
                    action: .directResponse(DirectResponse(status: 404, body: Array("not here".utf8)))),
            ])
        host.headerMutations.requestAdditions = [.init("x-shop", "yes", rule: .overwriteOrAdd)]
        var table = RouteConfiguration(name: "shop", virtualHosts: [host])
        table.validatesClusters = true
        var manager = ConnectionManager(statisticsPrefix: "public", routeConfiguration: "shop")
        manager.preparation.usesRemoteAddress = true
        manager.streamIdleTimeout = nil

        var cartCluster = Cluster(
            name: "cart",
            endpoints: [
                LocalityEndpoints(
                    locality: Locality(region: "eu", zone: "a"),
                    endpoints: [
                        Endpoint(.socket(host: "10.0.0.1", port: 80)),
                        Endpoint(.socket(host: "10.0.0.2", port: 80), weight: 3, health: .draining),
                    ])
            ])
        cartCluster.connectTimeout = .milliseconds(250)
        cartCluster.loadBalancing = LoadBalancing(
            policy: LoadBalancing.ringHash, parameters: PolicyParameters([("minimum_ring_size", .unsigned(64))]))
        var staticA = Cluster(
            name: "static-a",
            endpoints: [LocalityEndpoints(endpoints: [Endpoint(.socket(host: "files.internal", port: 80))])])
        staticA.discovery = .hostNames
        var staticB = Cluster(name: "static-b")
        staticB.loadBalancing = LoadBalancing(
            policy: LoadBalancing.leastRequest, parameters: PolicyParameters([("choice_count", .unsigned(3))]))
        return Configuration(
            listeners: [
                Listener(name: "public", address: .socket(host: "0.0.0.0", port: 8080), connectionManager: manager)
            ],
            routeConfigurations: [table], clusters: [cartCluster, staticA, staticB])
    }

    @Test func aWholeDocumentBecomesValues() throws {
        let loaded = load(shop)
        #expect(loaded.findings.isEmpty)
        #expect(loaded.configuration == expected)
        #expect(loaded.administration == .socket(host: "127.0.0.1", port: 9901))
        #expect(loaded.kind == .bootstrap)
        #expect(try loaded.validated() == expected)
    }

    @Test func everyNotationGivesTheSameValues() throws {
        let document = read(shop)
        let json = JSONPrinter.print(document.bytes, as: bootstrap)
        for (bytes, format) in [(Array(json.utf8), EnvoyLoader.Format.json), (document.bytes, .protobuf)] {
            for kind in [EnvoyLoader.Kind.bootstrap, nil] {
                let loaded = EnvoyLoader().load(bytes, as: kind, format: kind == nil ? nil : format)
                #expect(loaded.faults.isEmpty)
                #expect(loaded.configuration == expected)
                #expect(loaded.kind == .bootstrap)
            }
        }
    }

    @Test func damagedDocumentsAreRefusedOrReadButNeverTrusted() {
        let document = read(shop)
        let json = Array(JSONPrinter.print(document.bytes, as: bootstrap).utf8)
        var random = SplitMix(seed: 7)
        for (original, format) in [
            (Array(shop.utf8), EnvoyLoader.Format.yaml), (json, .json), (document.bytes, .protobuf),
        ] {
            for _ in 0..<150 {
                var bytes = original
                for _ in 0...Int(random.next() % 4) {
                    let place = Int(random.next() % UInt64(bytes.count))
                    switch random.next() % 3 {
                    case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                    case 1: bytes.remove(at: place)
                    default: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
                    }
                }
                let loaded = EnvoyLoader().load(bytes, as: .bootstrap, format: format)
                // What loads without errors is sound: it passes validation, and comes back when it is written.
                if loaded.isValid {
                    #expect(Validator.problems(in: loaded.configuration).allSatisfy { $0.severity == .warning })
                    let again = EnvoyLoader().load(EnvoyWriter.protobuf(loaded.configuration), as: .resources)
                    #expect(again.configuration == loaded.configuration)
                }
            }
        }
    }

    /// What a control plane sends: endpoints apart from their cluster, the table apart from its listener.
    @Test func theAnswerOfAControlPlaneBecomesAnUpdate() throws {
        let loaded = EnvoyLoader().load(
            Array(
                """
                {"versionInfo": "3", "nonce": "n", "resources": [
                  {"@type": "type.googleapis.com/envoy.config.listener.v3.Listener", "name": "in",
                   "address": {"socketAddress": {"address": "::", "portValue": 80}},
                   "filterChains": [{"filters": [{"name": "hcm", "typedConfig": {
                     "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                     "statPrefix": "in", "rds": {"routeConfigName": "r", "configSource": {"ads": {}}},
                     "httpFilters": [{"name": "router", "typedConfig": {
                       "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}]}}]}]},
                  {"@type": "type.googleapis.com/envoy.config.cluster.v3.Cluster", "name": "c", "type": "EDS",
                   "edsClusterConfig": {"edsConfig": {"ads": {}}, "serviceName": "s"}},
                  {"@type": "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment", "clusterName": "s",
                   "endpoints": [{"lbEndpoints": [{"endpoint": {"address": {"socketAddress": {
                     "address": "10.0.0.1", "portValue": 80}}}}]}]},
                  {"@type": "type.googleapis.com/envoy.config.route.v3.RouteConfiguration", "name": "r",
                   "virtualHosts": [{"name": "v", "domains": ["*"], "routes": [
                     {"match": {"prefix": "/"}, "route": {"cluster": "c"}},
                     {"match": {"prefix": "/"}, "route": {"cluster": "elsewhere"}}]}]}
                ]}
                """.utf8))
        #expect(loaded.kind == .resources)
        #expect(loaded.isValid)
        #expect(
            loaded.faults == [
                "? resources[0].filter_chains[0].filters[0].typed_config.rds.config_source [unsupported]",
                "? resources[1].eds_cluster_config.eds_config [unsupported]",
            ])
        let configuration = loaded.configuration
        #expect(configuration.listeners.map(\.connectionManager.routeConfiguration) == ["r"])
        #expect(configuration.clusters.map(\.discovery) == [.endpointDiscovery(serviceName: "s")])
        #expect(
            configuration.assignments == [
                EndpointAssignment(
                    name: "s",
                    localities: [LocalityEndpoints(endpoints: [Endpoint(.socket(host: "10.0.0.1", port: 80))])])
            ])
        #expect(configuration.routeConfigurations.map(\.validatesClusters) == [nil])
        #expect(loaded.update.changes.count == 4)
    }
}
