// Fairlead: tests of bootstrap documents and lists of resources, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@testable import FairleadEnvoy

@Suite struct BootstrapLoweringTests {
    @Test func nothingIsAConfigurationToo() {
        let loaded = load("{}")
        #expect(loaded.faults.isEmpty)
        #expect(loaded.configuration == Configuration())
        #expect(loaded.administration == nil)
    }

    @Test func whatComesFromElsewhereIsRefused() {
        let loaded = load(
            """
            dynamic_resources: { cds_config: { ads: {} } }
            header_prefix: x-mine
            cluster_manager: { local_cluster_name: here, outlier_detection: {} }
            static_resources: { secrets: [{ name: s }] }
            stats_config: {}
            admin: { address: { pipe: { path: /run/admin } }, profile_path: /tmp/x }
            """)
        #expect(
            loaded.faults == [
                "dynamic_resources [unsupported]", "header_prefix [unsupported]",
                "cluster_manager.local_cluster_name [unknown-reference]",
                "? cluster_manager.outlier_detection [unsupported]",
                "? static_resources.secrets [unsupported]", "? stats_config [unsupported]",
                "? admin.profile_path [unsupported]",
            ])
        #expect(loaded.administration == .pipe(path: "/run/admin"))
    }

    @Test func runtimeValuesThatWouldOverrideSomethingAreRefused() {
        let loaded = load(
            """
            static_resources:
              clusters:
              - name: c
                lb_policy: LEAST_REQUEST
                least_request_lb_config: { active_request_bias: { default_value: 1.0, runtime_key: my.bias } }
            layered_runtime:
              layers:
              - name: a
                static_layer:
                  my: { bias: 2 }
                  upstream: { healthy_panic_threshold: 5 }
                  upstream.use_retry: { numerator: 5, denominator: HUNDRED }
                  overload: { global_downstream_max_connections: 1 }
              - name: b
                static_layer: { overload.x: 1 }
              - { name: c, admin_layer: {} }
            """)
        let place = "layered_runtime.layers"
        #expect(
            loaded.faults == [
                "\(place)[0].static_layer [unsupported]", "\(place)[0].static_layer [unsupported]",
                "\(place)[0].static_layer [unsupported]", "? \(place)[0].static_layer [unsupported]",
                "? \(place)[1].static_layer [unsupported]", "? \(place)[2] [unsupported]",
            ])
        #expect(
            ["'my.bias'", "'upstream.healthy_panic_threshold'", "'upstream.use_retry'"].allSatisfy { key in
                loaded.problems.contains { $0.message.contains(key) }
            })
    }

    @Test func layersOfRuntimeValuesAreRead() {
        let loaded = load(
            """
            layered_runtime:
              layers:
              - name: a
                static_layer:
                  share: { of: { numerator: 5, denominator: TEN_THOUSAND } }
                  share.too: 7
                  flag: true
                  text: "12"
              - { name: b, rtds_layer: { name: c } }
              - { name: d, rtds_layer: {} }
            """)
        #expect(loaded.faults == ["? layered_runtime.layers[0].static_layer [unsupported]"])
        #expect(
            loaded.configuration.runtimeLayers == [
                RuntimeLayer(
                    "a",
                    [
                        .init("flag", .bool(true)), .init("share.of", .fraction(Fraction(5, of: .tenThousand))),
                        .init("share.too", .number(7)), .init("text", .text("12")),
                    ]), RuntimeLayer("c"), RuntimeLayer("d"),
            ])
        let again = load(EnvoyWriter.json(loaded.configuration), as: .resources, format: .json)
        #expect(again.configuration.runtimeLayers == loaded.configuration.runtimeLayers)
        #expect(
            load("{ name: host, layer: { k: 1 } }", as: .runtime).configuration.runtimeLayers == [
                RuntimeLayer("host", [.init("k", .number(1))])
            ])
    }

    @Test func onlyTheUsualRegexEngineIsTaken() {
        func engine(_ type: String) -> [String] {
            load("default_regex_engine: { name: e, typed_config: { \"@type\": type.googleapis.com/\(type) } }").faults
        }
        #expect(engine("envoy.extensions.regex_engines.v3.GoogleRE2").isEmpty)
        #expect(engine("x.Hyperscan") == ["default_regex_engine.typed_config [unknown-extension]"])
    }

    @Test func listsHoldResourcesOfEveryKind() {
        let loaded = load(
            """
            version_info: "7"
            type_url: x
            resources:
            - { "@type": type.googleapis.com/envoy.config.cluster.v3.Cluster, name: c }
            - { "@type": type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment, cluster_name: a }
            - "@type": type.googleapis.com/envoy.service.discovery.v3.Resource
              name: r
              version: "1"
              resource: { "@type": type.googleapis.com/envoy.config.route.v3.RouteConfiguration, name: r }
            """, as: .resources)
        #expect(loaded.faults.isEmpty)
        #expect(
            loaded.configuration
                == Configuration(
                    routeConfigurations: [RouteConfiguration(name: "r")], clusters: [Cluster(name: "c")],
                    assignments: [EndpointAssignment(name: "a")]))
    }

    @Test func resourcesOfOtherKindsAreRefused() {
        let loaded = load(
            """
            canary: true
            resource_errors: [{}]
            resources:
            - {}
            - { "@type": type.googleapis.com/envoy.config.core.v3.Node, id: x }
            - { "@type": type.googleapis.com/x.Y, id: x }
            - { "@type": type.googleapis.com/envoy.service.discovery.v3.Resource, ttl: 1s, resource: { "@type": type.googleapis.com/envoy.service.discovery.v3.Resource } }
            """, as: .resources)
        #expect(
            loaded.faults == [
                "? resource_errors [unsupported]", "resources[0] [missing-field]", "resources[1] [unsupported]",
                "resources[2] [unsupported]", "? resources[3].ttl [unsupported]", "resources[3].resource [unsupported]",
            ])
    }

    @Test func resourcesAreUniqueWithinTheirList() {
        let cluster = "{ \"@type\": type.googleapis.com/envoy.config.cluster.v3.Cluster, name: c }"
        #expect(load("resources: [\(cluster), \(cluster)]", as: .resources).faults == ["resources[1].name [duplicate]"])
    }
}

@Suite struct PathOriginsTests {
    @Test func theLongestKnownBeginningIsReplaced() {
        var origins = PathOrigins()
        origins.add("clusters[0]", from: "static_resources.clusters[4]")
        origins.add("clusters[0].a.b", from: "elsewhere")
        origins.add("clusters[1]", from: "")
        #expect(origins.origin(of: "clusters[0].name") == "static_resources.clusters[4].name")
        #expect(origins.origin(of: "clusters[0]") == "static_resources.clusters[4]")
        #expect(origins.origin(of: "clusters[0].a.b.c[2].d") == "elsewhere.c[2].d")
        #expect(origins.origin(of: "clusters[0].a.bc") == "static_resources.clusters[4].a.bc")
        #expect(origins.origin(of: "clusters[1].name") == "name")
        #expect(origins.origin(of: "clusters[1]") == "")
        #expect(origins.origin(of: "clusters[10].name") == "clusters[10].name")
        #expect(origins.origin(of: "") == "")
    }
}
