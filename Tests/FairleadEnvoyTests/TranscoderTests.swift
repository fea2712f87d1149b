// Fairlead: tests of the walk from text to message
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import SwiftProtobuf
import Testing

@testable import FairleadEnvoy

@Suite struct TranscoderTests {
    @Test func fieldsMayBeSpelledInSnakeOrCamelCase() throws {
        let snake: Envoy_Config_Core_V3_Node = try decode("user_agent_name: a\nclient_features: [x, z]\n")
        let camel: Envoy_Config_Core_V3_Node = try decode("userAgentName: a\nclientFeatures: [x, z]\n")
        #expect(snake == camel)
        #expect(snake.userAgentName == "a")
        #expect(snake.clientFeatures == ["x", "z"])
    }

    @Test func nestedMessagesListsAndMapsAreWritten() throws {
        let routes: Envoy_Config_Route_V3_RouteConfiguration = try decode(
            """
            name: r
            virtual_hosts:
            - name: v
              domains: ["*"]
              routes:
              - match: {prefix: /}
                route: {cluster: c, timeout: 1.5s}
                typed_per_filter_config:
                  f: {"@type": type.googleapis.com/google.protobuf.Empty}
            """)
        let route = try #require(routes.virtualHosts.first?.routes.first)
        #expect(route.match.prefix == "/")
        #expect(route.route.cluster == "c")
        #expect(route.route.timeout.seconds == 1)
        #expect(route.route.timeout.nanos == 500_000_000)
        #expect(route.typedPerFilterConfig.keys.sorted() == ["f"])
    }

    @Test func largeMessagesHaveTheirLengths() throws {
        let domains = (0..<20_000).map { "host\($0).example" }
        let host: Envoy_Config_Route_V3_VirtualHost = try decode(
            "name: v\ndomains: [\(domains.joined(separator: ", "))]")
        #expect(host.domains == domains)
        let nested: Envoy_Config_Bootstrap_V3_Bootstrap = try decode(
            "static_resources: {clusters: [{name: \(String(repeating: "a", count: 2_200_000))}]}")
        #expect(nested.staticResources.clusters.first?.name.utf8.count == 2_200_000)
    }

    @Test func nullIsAbsence() throws {
        let node: Envoy_Config_Core_V3_Node = try decode("id: ~\nclient_features: null\nlocality:\nmetadata: null\n")
        #expect(node == Envoy_Config_Core_V3_Node())
    }

    @Test func aNullMemberLeavesAOneofToTheOther() throws {
        let route: Envoy_Config_Route_V3_Route = try decode("match: {prefix: /}\nroute: null\nredirect: {}\n")
        #expect(route.action == .redirect(Envoy_Config_Route_V3_RedirectAction()))
    }

    @Test func aSingleValueStandsForAListOfOne() throws {
        let host: Envoy_Config_Route_V3_VirtualHost = try decode(
            "name: v\ndomains: '*'\nroutes: {match: {prefix: /}}\n")
        #expect(host.domains == ["*"])
        #expect(host.routes.count == 1)
    }

    @Test func nullInAListOrMapIsAnEmptyValueAndAWarning() throws {
        let document = read("client_features: [a, ~]\ndynamic_parameters: {x: ~}\n", as: "envoy.config.core.v3.Node")
        #expect(
            document.problems.map(\.description) == [
                "1:22: warning: client_features[1]: null is taken for an empty value [null-element]",
                "2:25: warning: dynamic_parameters[\"x\"]: null is taken for an empty value [null-element]",
            ])
        let node: Envoy_Config_Core_V3_Node = try document.decode()
        #expect(node.clientFeatures == ["a", ""])
        #expect(node.dynamicParameters == ["x": Xds_Core_V3_ContextParams()])
    }

    @Test func everyProblemIsReportedAtItsPlace() {
        let text = """
            node:
              id: 5
              idd: x
            static_resources:
              clusters:
              - name: a
                connect_timeout: 5
                lb_policy: ROUND_ROBBIN
                load_assignment:
                  endpoints:
                  - lb_endpoints:
                    - endpoint: {address: {socket_address: {address: 1.2.3.4, port_value: 99999999999}}}
                    - load_balancing_weight: -1
              - name: [b]
            """
        #expect(
            faults(text) == [
                "2:7: error: node.id: a string is expected, found the number 5; put it in quotes [wrong-type]",
                "3:3: warning: node.idd: envoy.config.core.v3.Node has no such field; did you mean id? [unknown-field]",
                "7:22: error: static_resources.clusters[0].connect_timeout: a duration such as \"1.5s\" is expected, "
                    + "found the number 5 [wrong-type]",
                "8:16: error: static_resources.clusters[0].lb_policy: envoy.config.cluster.v3.Cluster.LbPolicy has no "
                    + "value \"ROUND_ROBBIN\"; did you mean ROUND_ROBIN? [unknown-enum-value]",
                "12:79: error: static_resources.clusters[0].load_assignment.endpoints[0].lb_endpoints[0]"
                    + ".endpoint.address.socket_address.port_value: a whole number from 0 to 4294967295 is expected, "
                    + "found \"99999999999\" [out-of-range]",
                "13:34: error: static_resources.clusters[0].load_assignment.endpoints[0].lb_endpoints[1]"
                    + ".load_balancing_weight: a whole number from 0 to 4294967295 is expected, found the number -1 "
                    + "[out-of-range]",
                "14:11: error: static_resources.clusters[1].name: a string is expected, found a list [wrong-type]",
            ])
    }

    @Test func jsonProblemsHaveTheirPlacesToo() {
        let text = "{\"node\": {\n  \"id\": 5, \"é\": 1,\n  \"nodeId\": 2},\n \"admin\": []}"
        #expect(
            jsonFaults(text) == [
                "2:9: error: node.id: a string is expected, found the number 5; put it in quotes [wrong-type]",
                "2:12: warning: node.é: envoy.config.core.v3.Node has no such field [unknown-field]",
                "3:3: warning: node.nodeId: envoy.config.core.v3.Node has no such field [unknown-field]",
                "4:11: error: admin: a mapping, envoy.config.bootstrap.v3.Admin, is expected, found a list "
                    + "[wrong-type]",
            ])
    }

    @Test func unknownFieldsAreErrorsWhenStrict() {
        #expect(
            faults("nodes: {}", isStrict: true) == [
                "1:1: error: nodes: envoy.config.bootstrap.v3.Bootstrap has no such field; did you mean node? "
                    + "[unknown-field]"
            ])
        #expect(read("nodes: {}").isValid)
    }

    @Test func aFieldSetTwiceIsAnErrorInEitherSpelling() {
        #expect(
            faults("header_prefix: a\nheaderPrefix: b\nheader_prefix: c\n") == [
                "2:1: error: headerPrefix: the field is set twice [duplicate]",
                "3:1: error: header_prefix: the field is set twice [duplicate]",
            ])
    }

    @Test func aMapKeyThatAppearsTwiceIsAnError() {
        #expect(
            faults("node: {dynamic_parameters: {a: {}, \"b\\\"\": {}, 'b\"': {}, a: {}}}") == [
                "1:47: error: node.dynamic_parameters[\"b\\\"\"]: the key appears twice [duplicate]",
                "1:57: error: node.dynamic_parameters[\"a\"]: the key appears twice [duplicate]",
            ])
    }

    @Test func twoMembersOfAOneofAreAnError() {
        #expect(
            faults("virtual_hosts: [{routes: [{redirect: {}, route: {cluster: a, cluster_header: b}}]}]", as: routes)
                == [
                    "1:42: error: virtual_hosts[0].routes[0].route: another member of the oneof action is set already "
                        + "[oneof-conflict]"
                ])
        #expect(
            faults("path_specifier: a\npath: /a\nsafeRegex: {regex: b}", as: "envoy.config.route.v3.RouteMatch") == [
                "1:1: warning: path_specifier: envoy.config.route.v3.RouteMatch has no such field [unknown-field]",
                "3:1: error: safeRegex: another member of the oneof path_specifier is set already [oneof-conflict]",
            ])
    }

    @Test func listsInsideListsAndOtherShapesAreErrors() {
        #expect(
            faults("node: {client_features: [[a]], dynamic_parameters: [], locality: x, extensions: [1]}") == [
                "1:26: error: node.client_features[0]: a string is expected, found a list [wrong-type]",
                "1:52: error: node.dynamic_parameters: a mapping of keys to values is expected, found a list "
                    + "[wrong-type]",
                "1:66: error: node.locality: a mapping, envoy.config.core.v3.Locality, is expected, found \"x\" "
                    + "[wrong-type]",
                "1:82: error: node.extensions[0]: a mapping, envoy.config.core.v3.Extension, is expected, "
                    + "found the number 1 [wrong-type]",
            ])
        #expect(
            faults("[]") == [
                "1:1: error: a mapping, envoy.config.bootstrap.v3.Bootstrap, is expected, found a list [wrong-type]"
            ])
        #expect(faults("").count == 1)
    }

    @Test func mergeKeysAreAnErrorAndPlainKeysInAStruct() throws {
        #expect(
            faults("node: &n {id: a}\nadmin:\n  <<: *n\n") == [
                "3:3: error: admin.<<: merge keys are not read: Envoy knows none [unsupported]"
            ])
        let node: Envoy_Config_Core_V3_Node = try decode("metadata: {<<: {a: b}}")
        #expect(node.metadata.fields.keys.sorted() == ["<<"])
    }

    @Test func ignoredPairsAreOnlyThereForTheirAnchors() throws {
        let bootstrap: Envoy_Config_Bootstrap_V3_Bootstrap = try decode(
            """
            !ignore shared:
              - &node {id: a, metadata: {!ignore x: 1, y: b}}
            node: *node
            """)
        #expect(bootstrap.node.id == "a")
        #expect(bootstrap.node.metadata.fields.keys.sorted() == ["y"])
    }

    @Test func opaqueMessagesAreReportedAsAWhole() throws {
        let document = read("stats_config: {anything: [1, 2], at: all}\nwatchdogs: {}\ntracing: x\n")
        #expect(
            document.problems.map(\.description) == [
                "1:15: warning: stats_config: envoy.config.metrics.v3.StatsConfig is not interpreted; "
                    + "its contents are left out [unsupported]",
                "3:10: error: tracing: a mapping, envoy.config.trace.v3.Tracing, is expected, found \"x\" [wrong-type]",
            ])
        let bootstrap: Envoy_Config_Bootstrap_V3_Bootstrap = try decode("stats_config: {a: 1}\nwatchdogs: {}\n")
        #expect(bootstrap.hasStatsConfig)
        #expect(bootstrap.hasWatchdogs)
    }
}
