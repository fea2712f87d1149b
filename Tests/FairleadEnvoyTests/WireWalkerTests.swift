// Fairlead: tests of the search for what is unknown in binary messages
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import SwiftProtobuf
import Testing

@testable import FairleadEnvoy

@Suite struct WireWalkerTests {
    private func faults(_ bytes: [UInt8], as type: String = bootstrap, isStrict: Bool = false) -> [String] {
        EnvoyDocument.read(
            bytes, as: type, format: .binary, options: EnvoyDocument.Options(isStrict: isStrict)
        ).problems.map(\.description)
    }

    /// A field of one length-delimited value.
    private func field(_ number: Int, _ content: [UInt8]) -> [UInt8] {
        var writer = WireWriter()
        writer.tag(number, .lengthDelimited)
        writer.lengthDelimited(content)
        return writer.bytes
    }

    @Test func aMessageOfKnownFieldsHasNoProblems() throws {
        let message: Envoy_Config_Bootstrap_V3_Bootstrap = try decode(
            """
            node: {id: a, metadata: {a: [1, {b: c}]}, dynamic_parameters: {k: {params: {x: z}}}}
            static_resources:
              clusters:
              - name: c
                connect_timeout: 1s
                load_assignment: {endpoints: [{lb_endpoints: [{load_balancing_weight: 3}, {}]}]}
                common_lb_config: {healthy_panic_threshold: {value: 1.5}}
                transport_socket:
                  name: t
                  typed_config: {"@type": a/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer}
            stats_flush_interval: 1s
            """)
        #expect(faults(try message.serializedBytes()) == [])
    }

    @Test func unknownNumbersAreReportedWithTheirPaths() {
        let locality: [UInt8] = field(1, Array("r".utf8)) + field(99, [1]) + [0x98, 0x06, 0x05]
        let node = field(4, locality) + field(77, [])
        let clusters = field(2, field(1, [0x61])) + field(2, field(4242, [0]))
        #expect(
            faults(field(1, node) + field(2, clusters)) == [
                "warning: node.locality.99: envoy.config.core.v3.Locality has no field of number 99 [unknown-field]",
                "warning: node.locality.99: envoy.config.core.v3.Locality has no field of number 99 [unknown-field]",
                "warning: node.77: envoy.config.core.v3.Node has no field of number 77 [unknown-field]",
                "warning: static_resources.clusters[1].4242: envoy.config.cluster.v3.Cluster has no field of "
                    + "number 4242 "
                    + "[unknown-field]",
            ])
        #expect(faults(field(999, []), isStrict: true).first?.hasPrefix("error: 999: ") == true)
    }

    @Test func mapsAndAnysAreWalked() {
        let router = field(1, Array("a/envoy.extensions.filters.http.router.v3.Router".utf8)) + field(2, field(55, []))
        let entry = field(1, Array("envoy.router".utf8)) + field(2, router)
        let host = field(1, [0x61]) + field(15, entry)
        #expect(
            faults(field(2, host), as: routes) == [
                "warning: virtual_hosts[0].typed_per_filter_config[\"envoy.router\"].55: "
                    + "envoy.extensions.filters.http.router.v3.Router has no field of number 55 [unknown-field]"
            ])
    }

    @Test func unknownTypesAndOpaqueContentsAreReported() {
        let any = field(1, Array("type.googleapis.com/foo.Bar".utf8)) + field(2, [1, 2, 3])
        #expect(
            faults(field(1, Array("x".utf8)) + field(4, any), as: "envoy.config.listener.v3.Filter") == [
                "warning: typed_config: no type type.googleapis.com/foo.Bar is known; its contents are not interpreted "
                    + "[unknown-extension]"
            ])
        #expect(
            faults(field(13, field(1, [1]))) == [
                "warning: stats_config: envoy.config.metrics.v3.StatsConfig is carried, but not interpreted "
                    + "[unsupported]"
            ])
        #expect(faults(field(13, [])) == [])
        #expect(faults(field(4, []), as: "envoy.config.listener.v3.Filter") == [])
    }

    @Test func contentsOfOpaqueMessagesSurvive() throws {
        let bytes = field(13, field(1, [1]))
        let message: Envoy_Config_Bootstrap_V3_Bootstrap = try EnvoyDocument.decode(bytes)
        #expect(Array(try message.serializedBytes() as [UInt8]) == bytes)
    }

    @Test func aWrongWireTypeIsAnUnknownField() {
        #expect(
            faults([0x08, 0x05]) == ["warning: node: the bytes of field 1 are not of its type [unknown-field]"])
        #expect(
            faults(field(16, [1])) == [
                "warning: enable_dispatcher_stats: the bytes of field 16 are not of its type [unknown-field]"
            ])
    }

    @Test func numbersMayBePackedOrNot() throws {
        var unpacked = WireWriter()
        unpacked.tag(7, .varint)
        unpacked.varint(500)
        let type = "envoy.config.route.v3.RetryPolicy"
        #expect(faults(unpacked.bytes, as: type) == [])
        #expect(faults(field(7, [0xF4, 3, 0xF7, 3]), as: type) == [])
    }

    @Test func bytesThatAreNoMessageAreAnErrorWithItsPlace() {
        let problem = "error: node: not a protobuf message from byte 5 on [malformed]"
        #expect(faults([0x0A, 4, 0x0A, 0, 0x0A, 0x7F]) == [problem])
        #expect(faults([0x0A, 5, 0]) == ["error: not a protobuf message from byte 1 on [malformed]"])
        #expect(faults(Array("node: {}".utf8)).last?.hasSuffix("[malformed]") == true)
        #expect(faults([0x0B]).last == "error: not a protobuf message from byte 1 on [malformed]")
    }

    @Test func stringsThatAreNotUTF8AreNamed() {
        #expect(faults(field(1, field(1, [0xFF]))) == ["error: node.id: a string is not UTF-8 [malformed]"])
    }

    @Test func nestingIsLimited() {
        var bytes: [UInt8] = []
        for _ in 0..<500 { bytes = field(3, bytes) }
        let type = "envoy.config.listener.v3.ListenerFilterChainMatchPredicate"
        let problem = faults(bytes, as: type)
        #expect(problem.count == 1)
        #expect(problem.first?.hasSuffix("nested deeper than 400 messages [limit-exceeded]") == true)
    }

    @Test func anyBytesAtAllAreWalkedWithoutATrap() throws {
        let message: Envoy_Config_Bootstrap_V3_Bootstrap = try decode(
            "node: {id: a, metadata: {a: b}}\nstatic_resources: {clusters: [{name: c, connect_timeout: 1s}]}\n")
        let good: [UInt8] = try message.serializedBytes()
        var generator = SplitMix(seed: 7)
        var decoded = 0
        for _ in 0..<20_000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            bytes.removeLast(Int.random(in: 0...2, using: &generator))
            let document = EnvoyDocument.read(bytes, as: bootstrap, format: .binary)
            do {
                _ = try document.decode(as: Envoy_Config_Bootstrap_V3_Bootstrap.self)
                decoded += 1
            } catch {
                // The insides of a Struct are left to the decoder, all else has been found by the walk.
                #expect(!document.isValid || error.problems.map(\.code) == [.malformed])
            }
        }
        #expect(decoded > 100)
    }
}
