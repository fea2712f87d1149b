// Fairlead: tests of assignments, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@testable import FairleadEnvoy

@Suite struct EndpointLoweringTests {
    private func load(_ text: String) -> LoadedConfiguration {
        FairleadEnvoyTests.load("cluster_name: a\n" + text, as: .assignment)
    }

    private func endpoint(_ text: String) -> LoadedConfiguration {
        load("endpoints:\n- lb_endpoints:\n  - \(indented(text, by: 4))")
    }

    private let place = "endpoints[0].lb_endpoints[0]"

    @Test func everyFieldIsRead() {
        let loaded = load(
            """
            policy:
              overprovisioning_factor: 200
              weighted_priority_health: true
              drop_overloads: [{ category: lb, drop_percentage: { numerator: 5, denominator: MILLION } }]
            endpoints:
            - locality: { region: r, zone: z, sub_zone: s }
              priority: 2
              load_balancing_weight: 7
              lb_endpoints:
              - endpoint:
                  address: { socket_address: { address: "::1", port_value: 65535 } }
                  hostname: h
                load_balancing_weight: 9
                health_status: DEGRADED
                metadata: { filter_metadata: { envoy.lb: { hash_key: k } } }
              - endpoint: { address: { pipe: { path: /run/x } } }
            - {}
            """)
        var assignment = EndpointAssignment(
            name: "a",
            localities: [
                LocalityEndpoints(
                    locality: Locality(region: "r", zone: "z", subZone: "s"), priority: 2, weight: 7,
                    endpoints: [
                        Endpoint(
                            .socket(host: "::1", port: 65535), hostname: "h", weight: 9, health: .degraded,
                            metadata: Metadata([.init("envoy.lb", .structure([.init("hash_key", .text("k"))]))])),
                        Endpoint(.pipe(path: "/run/x")),
                    ]), LocalityEndpoints(),
            ])
        assignment.overprovisioningFactor = 200
        assignment.weighsPriorityHealth = true
        assignment.dropOverload = .init(category: "lb", fraction: Fraction(5, of: .million))
        #expect(loaded.faults.isEmpty)
        #expect(loaded.configuration == Configuration(assignments: [assignment]))
    }

    @Test func everyHealthIsRead() {
        let all: [HealthStatus] = [.unknown, .healthy, .unhealthy, .draining, .timeout, .degraded]
        let endpoints = all.map {
            "{ endpoint: { address: { pipe: { path: /x } } }, health_status: \("\($0)".uppercased()) }"
        }
        let loaded = load("endpoints: [{ lb_endpoints: [\(endpoints.joined(separator: ", "))] }]")
        #expect(loaded.configuration.assignments.first?.localities.first?.endpoints.map(\.health) == all)
    }

    @Test func anEndpointNeedsAnAddress() {
        #expect(endpoint("{}").findings == ["4:5 \(place) [missing-field]"])
        #expect(endpoint("endpoint: {}").faults == ["\(place).endpoint.address [missing-field]"])
        #expect(endpoint("endpoint: { address: {} }").faults == ["\(place).endpoint.address [missing-field]"])
        #expect(
            endpoint("endpoint: { address: { socket_address: { address: 1.2.3.4 } } }").faults
                == ["\(place).endpoint.address.socket_address [missing-field]"])
    }

    @Test func addressesThatCannotBeUsedAreRefused() {
        let socket = "\(place).endpoint.address.socket_address"
        let cases = [
            ("address: 1.2.3.4, port_value: 65536", "\(socket).port_value [invalid-value]"),
            ("address: 1.2.3.4, named_port: http", "\(socket).named_port [unsupported]"),
            ("address: 1.2.3.4, port_value: 1, protocol: UDP", "\(socket).protocol [unsupported]"),
            ("address: 1.2.3.4, port_value: 1, protocol: 5", "\(socket).protocol [unknown-enum-value]"),
            ("address: 1.2.3.4, port_value: 1, resolver_name: r", "\(socket).resolver_name [unsupported]"),
            (
                "address: 1.2.3.4, port_value: 1, network_namespace_filepath: r",
                "\(socket).network_namespace_filepath [unsupported]"
            ), ("address: 1.2.3.4, port_value: 1, ipv4_compat: true", "? \(socket).ipv4_compat [unsupported]"),
            ("address: x.example, port_value: 1", "\(socket).address [invalid-value]"),
        ]
        for (text, fault) in cases {
            #expect(endpoint("endpoint: { address: { socket_address: { \(text) } } }").faults == [fault])
        }
        #expect(
            endpoint("endpoint: { address: { envoy_internal_address: { server_listener_name: l } } }").faults
                == ["\(place).endpoint.address.envoy_internal_address [unsupported]"])
        #expect(
            endpoint("endpoint: { address: { pipe: { path: /x, mode: 511 } } }").faults
                == ["? \(place).endpoint.address.pipe.mode [unsupported]"])
    }

    @Test func whatIsNotActedOnIsReported() {
        let loaded = load(
            """
            named_endpoints: {}
            policy:
              endpoint_stale_after: 1s
              drop_overloads: [{ category: a }, { category: b }]
            endpoints:
            - proximity: 1
              metadata: {}
              leds_cluster_locality_config: {}
              lb_endpoints:
              - endpoint_name: e
              - endpoint:
                  address: { pipe: { path: /x } }
                  health_check_config: { port_value: 1 }
                  additional_addresses: [{ address: { pipe: { path: /y } } }]
                health_status: 17
            """)
        #expect(
            loaded.faults == [
                "? policy.endpoint_stale_after [unsupported]", "policy.drop_overloads [invalid-value]",
                "? endpoints[0].proximity [unsupported]", "? endpoints[0].metadata [unsupported]",
                "endpoints[0].leds_cluster_locality_config [unsupported]", "\(place).endpoint_name [unsupported]",
                "? endpoints[0].lb_endpoints[1].endpoint.health_check_config [unsupported]",
                "? endpoints[0].lb_endpoints[1].endpoint.additional_addresses [unsupported]",
                "endpoints[0].lb_endpoints[1].health_status [unknown-enum-value]",
            ])
    }
}
