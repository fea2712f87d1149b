// Fairlead: tests of what a document is taken for
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf
import Testing

@testable import FairleadEnvoy

@Suite struct DocumentReadingTests {
    /// One document of each kind.
    static let texts: [(EnvoyLoader.Kind, String)] = [
        (.bootstrap, "static_resources: { clusters: [{ name: c, connect_timeout: 1s }] }"),
        (
            .resources,
            "resources: [{ \"@type\": type.googleapis.com/envoy.config.cluster.v3.Cluster, name: c, connect_timeout: 1s }]"
        ),
        (
            .listener,
            """
            name: l
            address: { socket_address: { address: 1.2.3.4, port_value: 80 } }
            filter_chains:
            - filters:
              - name: h
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: s
                  route_config: { name: r }
                  http_filters: [{ name: r, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }]
            """
        ), (.cluster, "name: c\nconnect_timeout: 1s"),
        (
            .assignment,
            """
            cluster_name: a
            endpoints:
            - locality: { zone: z }
              lb_endpoints: [{ endpoint: { address: { socket_address: { address: 1.2.3.4, port_value: 80 } } } }]
            """
        ),
        (
            .routeConfiguration,
            """
            name: r
            virtual_hosts:
            - name: v
              domains: ["*"]
              routes: [{ match: { prefix: / }, route: { cluster: c } }]
            """
        ),
    ]

    private func json(_ text: String, _ kind: EnvoyLoader.Kind) -> String {
        JSONPrinter.print(read(text, as: kind.messageType).bytes, as: kind.messageType)
    }

    @Test(arguments: texts)
    func theContentsTellTheKind(_ kind: EnvoyLoader.Kind, _ text: String) {
        let asked = load(text, as: kind)
        #expect(asked.faults.isEmpty)
        #expect(asked.configuration != Configuration())
        for input in [Array(text.utf8), Array(json(text, kind).utf8)] {
            let told = EnvoyLoader().load(input)
            #expect(told.kind == kind)
            #expect(told.faults.isEmpty)
            #expect(told.configuration == asked.configuration)
        }
    }

    @Test(arguments: texts)
    func bytesAreOfTheKindThatIsAskedFor(_ kind: EnvoyLoader.Kind, _ text: String) {
        let bytes = read(text, as: kind.messageType).bytes
        let loaded = EnvoyLoader().load(bytes, as: kind)
        #expect(loaded.faults.isEmpty)
        #expect(loaded.configuration == load(text, as: kind).configuration)
        #expect(EnvoyLoader().load(bytes).kind == .bootstrap)
    }

    @Test(arguments: texts)
    func aDocumentMayNameItsTypeItself(_ kind: EnvoyLoader.Kind, _ text: String) throws {
        guard kind != .resources else { return }
        let url = "type.googleapis.com/" + kind.messageType
        let typed = "\"@type\": \(url)\n" + text
        let asked = load(text, as: kind)
        for kind in [kind, nil] {
            let told = load(typed, as: kind)
            #expect(told.faults.isEmpty)
            #expect(told.kind == asked.kind)
            #expect(told.configuration == asked.configuration)
        }
        let wrapped = Google_Protobuf_Any(typeName: kind.messageType, bytes: read(text, as: kind.messageType).bytes)
        let binary = EnvoyLoader().load(try wrapped.serializedBytes(), format: .protobuf)
        #expect(binary.kind == kind)
        #expect(binary.configuration == asked.configuration)
    }

    @Test func faultsOfATypedDocumentKeepTheirPlaces() {
        let loaded = load(
            """
            "@type": type.googleapis.com/envoy.config.cluster.v3.Cluster
            name: c
            connect_timeout: 0s
            shape: round
            """, as: nil)
        #expect(loaded.findings == ["3:18 connect_timeout [invalid-value]", "? 4:1 shape [unknown-field]"])
    }

    @Test func anotherTypeThanAskedForIsAFault() {
        let cluster = "\"@type\": type.googleapis.com/envoy.config.cluster.v3.Cluster\nname: c"
        let loaded = load(cluster, as: .listener)
        #expect(loaded.findings == ["1:1  [invalid-value]"])
        #expect(loaded.configuration == Configuration())
        let unknown = load("\"@type\": type.googleapis.com/x.Y", as: nil)
        #expect(unknown.problems.map(\.message) == ["a document of type x.Y cannot be loaded"])
        #expect(unknown.kind == nil)
    }

    @Test(arguments: ["name: x", "{}", "", "[1, 2]", "just text", "wheels: 4", "{ name: x, metadata: {} }"])
    func whatCannotBeToldIsAFault(_ text: String) {
        let loaded = load(text, as: nil)
        #expect(loaded.faults == [" [invalid-value]"])
        #expect(loaded.kind == nil)
        #expect(throws: ProblemList.self) { try loaded.validated() }
    }

    @Test func theFilesNameTellsTheNotation() {
        let cluster = Array("name: c\nconnect_timeout: 1s".utf8)
        #expect(EnvoyLoader().load(cluster, as: .cluster, file: "a.yaml").isValid)
        let asJSON = EnvoyLoader().load(cluster, as: .cluster, file: "a.json")
        #expect(asJSON.faults == [" [syntax]"])
        #expect(asJSON.problems.first?.file == "a.json")
    }

    @Test func bytesThatAreNoMessageAreAFault() {
        for kind in EnvoyLoader.Kind.allCases {
            let loaded = EnvoyLoader().load([0x0A, 0x7F, 0x01], as: kind, format: .protobuf)
            #expect(loaded.faults.allSatisfy { $0.hasSuffix("[malformed]") })
            #expect(!loaded.isValid)
            #expect(loaded.configuration == Configuration())
        }
        #expect(EnvoyLoader().load([0xFF, 0xFF], format: .protobuf).faults == [" [malformed]"])
    }
}
