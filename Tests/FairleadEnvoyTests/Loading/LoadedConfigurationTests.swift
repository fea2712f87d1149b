// Fairlead: tests of what comes of documents with faults
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@testable import FairleadEnvoy

@Suite struct LoadedConfigurationTests {
    /// A document with faults of every kind: of the text, of the schema, of what is supported, and of the values.
    private let broken = """
        static_resources:
          listeners:
          - name: l
            address: { socket_address: { address: localhost, port_value: 80 } }
            filter_chains:
            - filters:
              - name: h
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: s
                  early_header_mutation_extensions: [{ name: x }]
                  route_config:
                    virtual_hosts:
                    - name: v
                      domains: ["*", "*"]
                      routes:
                      - match: { prefix: /, cookies: [{ name: c }] }
                        route: { cluster: gone }
                      - match: { prefx: / }
                        route: { cluster: c, timeout: soon }
                      - match: { path_separated_prefix: /a/ }
                        direct_response: { status: 99 }
                  http_filters:
                  - name: lua
                    typed_config: { "@type": type.googleapis.com/x.Lua, code: y }
          clusters:
          - name: c
            connect_timeout: 0s
            lb_policy: FASTEST
            load_assignment:
              cluster_name: c
              endpoints:
              - priority: 200
                lb_endpoints:
                - endpoint: { address: { socket_address: { address: 10.0.0.1, port_value: 80 } } }
                  load_balancing_weight: 0
          - name: c
            health_checks: [{}]
        """

    @Test func everyFaultIsFoundAtOnceAndInOrder() {
        let listener = "static_resources.listeners[0]"
        let manager = listener + ".filter_chains[0].filters[0].typed_config"
        let host = manager + ".route_config.virtual_hosts[0]"
        let cluster = "static_resources.clusters[0]"
        #expect(
            load(broken).findings == [
                "4:43 \(listener).address.socket_address.address [invalid-value]",
                "11:45 \(manager).early_header_mutation_extensions [unsupported]",
                "15:30 \(host).domains[1] [duplicate]",
                "17:47 \(host).routes[0].match.cookies[0].string_match [missing-field]",
                "19:24 \(host).routes[1].match [missing-field]",
                "? 19:26 \(host).routes[1].match.prefx [unknown-field]",
                "20:47 \(host).routes[1].route.timeout [invalid-value]",
                "21:49 \(host).routes[2].match.path_separated_prefix [invalid-value]",
                "22:44 \(host).routes[2].direct_response.status [invalid-value]",
                "25:27 \(manager).http_filters[0].typed_config [unknown-extension]",
                "28:22 \(cluster).connect_timeout [invalid-value]", "29:16 \(cluster).lb_policy [unknown-enum-value]",
                "33:19 \(cluster).load_assignment.endpoints[0].priority [invalid-value]",
                "36:34 \(cluster).load_assignment.endpoints[0].lb_endpoints[0].load_balancing_weight [invalid-value]",
                "37:11 static_resources.clusters[1].name [duplicate]",
                "? 38:20 static_resources.clusters[1].health_checks [unsupported]",
            ])
    }

    @Test func aFileWithErrorsGivesNothing() {
        let loaded = EnvoyLoader().load(Array(broken.utf8), as: .bootstrap, file: "dir/envoy.yaml")
        #expect(!loaded.isValid)
        #expect(loaded.problems.allSatisfy { $0.file == "dir/envoy.yaml" && $0.place != nil })
        #expect(throws: ProblemList.self) { try loaded.validated() }
        #expect(
            loaded.problems.first?.description
                == "dir/envoy.yaml:4:43: error: static_resources.listeners[0].address.socket_address.address: malformed IP "
                + "address: localhost. Consider setting resolver_name or setting cluster type to 'STRICT_DNS' or "
                + "'LOGICAL_DNS' [invalid-value]")
    }

    @Test func referencesAreLookedForWhenAllElseIsRead() {
        let loaded = load(broken.replacing("timeout: soon", with: "timeout: 1s").replacing("FASTEST", with: "RANDOM"))
        #expect(
            loaded.findings.contains(
                "18:35 static_resources.listeners[0].filter_chains[0].filters[0].typed_config.route_config."
                    + "virtual_hosts[0].routes[0].route.cluster [unknown-reference]"))
    }

    @Test func singleResourcesAreNotAskedForTheirNeighbours() {
        let loaded = load(
            "\(tableText(routes: "- match: { prefix: / }\n  route: { cluster: gone }"))\nvalidate_clusters: true",
            as: .routeConfiguration)
        #expect(loaded.faults.isEmpty)
    }

    @Test func strictnessTurnsWhatIsNotKnownIntoErrors() {
        let text = "name: c\nshape: round\naltt_stat_name: x\nhealth_checks: [{}]"
        #expect(
            load(text, as: .cluster).faults
                == ["? shape [unknown-field]", "? altt_stat_name [unknown-field]", "? health_checks [unsupported]"])
        #expect(
            load(text, as: .cluster) { $0.isStrict = true }.faults
                == ["shape [unknown-field]", "altt_stat_name [unknown-field]", "? health_checks [unsupported]"])
    }

    @Test func aBootstrapDocumentReplacesEverythingAndResourcesDoNot() {
        func isReplacing(_ loaded: LoadedConfiguration) -> Bool {
            loaded.update.changes.contains { if case .removeEverything = $0 { true } else { false } }
        }
        #expect(isReplacing(load("static_resources: { clusters: [{ name: c }] }")))
        let single = load("name: c", as: .cluster)
        #expect(!isReplacing(single))
        #expect(single.update.changes.count == 1)
        guard case .setCluster(let cluster)? = single.update.changes.first else {
            Issue.record("not a cluster")
            return
        }
        #expect(cluster == Cluster(name: "c"))
    }

    @Test func problemsFoundLaterAreShownInTheDocument() {
        let loaded = load(shop)
        let located = loaded.locate([
            Problem(.invalidPattern, at: "route_configurations[0].virtual_hosts[0].routes[1].match.safe_regex", "a"),
            Problem(.unknownExtension, at: "clusters[2].load_balancing_policy", "b"),
            Problem(.invalidValue, at: "listeners[0].filter_chains[0].filters[0].typed_config.stat_prefix", "c"),
            Problem(.invalidValue, at: "nowhere", "d"),
        ])
        let manager = "static_resources.listeners[0].filter_chains[0].filters[0].typed_config"
        #expect(
            located.map(\.path) == [
                manager + ".route_config.virtual_hosts[0].routes[1].match.safe_regex",
                "static_resources.clusters[2].load_balancing_policy", manager + ".stat_prefix", "nowhere",
            ])
        let lines = shop.split(separator: "\n", omittingEmptySubsequences: false)
        let marks = ["prefix: /static/", "      policies:", "stat_prefix: public", "node:"]
        #expect(
            located.map { $0.place?.line }
                == marks.map { mark in lines.firstIndex { $0.contains(mark) }.map { $0 + 1 } })
    }
}

@Suite struct ProblemMergingTests {
    private func merge(
        _ reading: [Problem], _ lowering: [Problem], _ validation: [Problem] = [], isStrict: Bool = false
    ) -> [String] {
        ProblemMerging.merge(
            reading: reading, lowering: lowering, validation: validation, understood: ["known"], isStrict: isStrict
        ).map { "\($0.severity == .error ? "" : "? ")\($0.path) \($0.code.name) \($0.message)" }
    }

    @Test func whatFollowsFromAFaultOfReadingIsDropped() {
        #expect(
            merge(
                [Problem(.wrongType, at: "a.b[0].c", "r")],
                [
                    Problem(.missingField, at: "a.b[0].c", "same"), Problem(.invalidValue, at: "a.b[0].c.d", "inside"),
                    Problem(.missingField, at: "a.b[0]", "around"), Problem(.unsupported, at: "a.b", "other"),
                    Problem(.missingField, at: "a.b[1].c", "neighbour"),
                    Problem(.missingField, at: "a.b[0].cc", "longer"),
                ], [Problem(.unknownReference, at: "x", "reference"), Problem(.duplicate, at: "y", "duplicate")])
                == [
                    "a.b[0].c wrong-type r", "a.b unsupported other", "a.b[1].c missing-field neighbour",
                    "a.b[0].cc missing-field longer", "y duplicate duplicate",
                ])
    }

    @Test func remarksGiveWayToWhatIsMoreToThePoint() {
        #expect(
            merge(
                [
                    Problem(.warning, .unsupported, at: "a[0]", "r"),
                    Problem(.warning, .unknownExtension, at: "b", "r"),
                    Problem(.warning, .unsupported, at: "c", "r"), Problem(.warning, .unknownField, at: "a", "r"),
                    Problem(.warning, .unknownExtension, at: "known", "r"),
                ], [Problem(.unsupported, at: "a", "l"), Problem(.warning, .unknownExtension, at: "b", "l")])
                == ["? c unsupported r", "? a unknown-field r", "a unsupported l", "? b unknown-extension l"])
    }

    @Test func strictnessReachesTypesThatLoweringDoesNotKnow() {
        #expect(
            merge([], [Problem(.warning, .unknownExtension, at: "a", "l")], isStrict: true) == ["a unknown-extension l"]
        )
    }

    @Test func problemsFollowTheText() {
        func problem(_ line: Int?, _ column: Int = 1, _ message: String) -> Problem {
            Problem(.error, .invalidValue, message, place: line.map { Problem.Place(line: $0, column: column) })
        }
        let sorted = ProblemMerging.inOrder([
            problem(nil, 1, "f"), problem(3, 5, "d"), problem(3, 2, "c"), problem(1, 9, "a"), problem(1, 9, "b"),
            problem(nil, 1, "g"), problem(4, 1, "e"),
        ])
        #expect(sorted.map(\.message).joined() == "abcdefg")
    }
}
