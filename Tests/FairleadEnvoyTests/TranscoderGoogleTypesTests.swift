// Fairlead: tests of Google's well-known types in text
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import SwiftProtobuf
import Testing

@testable import FairleadEnvoy

@Suite struct TranscoderGoogleTypesTests {
    private let filter = "envoy.config.listener.v3.Filter"
    private let prefix = "type.googleapis.com/"

    @Test func boxedScalarsAreBareOrMappings() throws {
        let bare: Envoy_Config_Bootstrap_V3_Bootstrap = try decode("stats_server_version_override: 5")
        let boxed: Envoy_Config_Bootstrap_V3_Bootstrap = try decode("stats_server_version_override: {value: '5'}")
        #expect(bare == boxed)
        #expect(bare.statsServerVersionOverride.value == 5)
        let empty: Envoy_Config_Bootstrap_V3_Bootstrap = try decode("stats_server_version_override: {}")
        #expect(empty.hasStatsServerVersionOverride)
        #expect(
            faults("stats_server_version_override: x") == [
                "1:32: error: stats_server_version_override: a whole number from 0 to 18446744073709551615 is "
                    + "expected, "
                    + "found \"x\" [wrong-type]"
            ])
    }

    @Test func durationsAreTextOrMappings() throws {
        let text: Envoy_Config_Bootstrap_V3_Bootstrap = try decode("stats_flush_interval: 1.25s")
        let mapping: Envoy_Config_Bootstrap_V3_Bootstrap = try decode(
            "stats_flush_interval: {seconds: 1, nanos: 250000000}")
        #expect(text == mapping)
        #expect(
            faults("stats_flush_interval: 5ms") == [
                "1:23: error: stats_flush_interval: a duration such as \"1.5s\" is expected, found \"5ms\" "
                    + "[invalid-value]"
            ])
        #expect(
            faults("stats_flush_interval: 315576000001s") == [
                "1:23: error: stats_flush_interval: \"315576000001s\" is beyond what the schema holds [out-of-range]"
            ])
    }

    @Test func structsHoldValuesOfEveryKind() throws {
        let node: Envoy_Config_Core_V3_Node = try decode(
            #"{"metadata": {"n": null, "b": true, "i": 5, "f": -1.5, "s": "x", "l": [1, [null]], "m": {"k": {}}}}"#,
            .json)
        #expect(
            node.metadata
                == (try Google_Protobuf_Struct(
                    jsonString:
                        #"{"n": null, "b": true, "i": 5, "f": -1.5, "s": "x", "l": [1, [null]], "m": {"k": {}}}"#)))
        #expect(
            faults("metadata: []", as: "envoy.config.core.v3.Node") == [
                "1:11: error: metadata: a mapping is expected, found a list [wrong-type]"
            ])
        #expect(
            jsonFaults(#"{"metadata": {"a": {"b": [0, 1e999]}}}"#, as: "envoy.config.core.v3.Node") == [
                "1:30: error: metadata[\"a\"][\"b\"][1]: a number is expected, found the number 1e999 [out-of-range]"
            ])
        #expect(
            faults("metadata: {a: {b: 1, b: 2}}", as: "envoy.config.core.v3.Node") == [
                "1:22: error: metadata[\"a\"][\"b\"]: the key appears twice [duplicate]"
            ])
    }

    @Test func anAnyHoldsTheMessageThatItsTypeNames() throws {
        let text = """
            name: f
            typed_config:
              stat_prefix: s
              "@type": \(prefix)envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
              route_config: {name: r}
            """
        let message: Envoy_Config_Listener_V3_Filter = try decode(text)
        let manager = try Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_HttpConnectionManager(
            unpackingAny: message.typedConfig)
        #expect(manager.statPrefix == "s")
        #expect(manager.routeConfig.name == "r")
        #expect(
            faults(text + "\n  statPrefix: t\n  codec: 1\n", as: filter) == [
                "6:3: error: typed_config.statPrefix: the field is set twice [duplicate]",
                "7:3: warning: typed_config.codec: "
                    + "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager has no "
                    + "such field "
                    + "[unknown-field]",
            ])
    }

    @Test func typesWithATextFormOfTheirOwnStandUnderValue() throws {
        let duration: Envoy_Config_Listener_V3_Filter = try decode(
            "typed_config: {'@type': \(prefix)google.protobuf.Duration, value: 2s}")
        #expect(try Google_Protobuf_Duration(unpackingAny: duration.typedConfig).seconds == 2)
        let structure: Envoy_Config_Listener_V3_Filter = try decode(
            "typed_config: {value: {a: b}, '@type': \(prefix)google.protobuf.Struct}")
        #expect(try Google_Protobuf_Struct(unpackingAny: structure.typedConfig).fields["a"] == "b")
        let nested: Envoy_Config_Listener_V3_Filter = try decode(
            "typed_config: {'@type': \(prefix)google.protobuf.Any, value: {'@type': \(prefix)google.protobuf.Empty}}")
        let inner = try Google_Protobuf_Any(unpackingAny: nested.typedConfig)
        #expect(inner.typeURL == prefix + "google.protobuf.Empty")
        #expect(
            faults("typed_config: {'@type': \(prefix)google.protobuf.Duration, value: 2, x: 1, value: 3s}", as: filter)
                == [
                    "1:81: warning: typed_config.x: google.protobuf.Duration has no such field [unknown-field]",
                    "1:87: error: typed_config.value: the field is set twice [duplicate]",
                    "1:78: error: typed_config.value: a duration such as \"1.5s\" is expected, found the number "
                        + "2 [wrong-type]",
                ])
    }

    @Test func anUnknownTypeIsNamedAndItsURLKept() throws {
        let document = read("name: f\ntyped_config: {'@type': \(prefix)foo.v3.Bar, x: [1]}", as: filter)
        #expect(
            document.problems.map(\.description) == [
                "2:25: warning: typed_config: no type type.googleapis.com/foo.v3.Bar is known; its contents are "
                    + "left out "
                    + "[unknown-extension]"
            ])
        let message: Envoy_Config_Listener_V3_Filter = try document.decode()
        #expect(message.typedConfig.typeURL == prefix + "foo.v3.Bar")
        #expect(message.typedConfig.value.isEmpty)
        #expect(!read("typed_config: {'@type': a/foo.v3.Bar}", as: filter, isStrict: true).isValid)
    }

    @Test(arguments: [
        ("{x: 1}", "1:15: error: typed_config: a mapping with an \"@type\" is expected [missing-field]"),
        ("[]", "1:15: error: typed_config: a mapping with an \"@type\" is expected, found a list [wrong-type]"),
        ("{'@type': 5}", "1:25: error: typed_config: the URL of a type is expected, found the number 5 [wrong-type]"),
        (
            "{'@type': a}",
            "1:25: error: typed_config: the URL of a type, such as type.googleapis.com/package.Message, "
                + "is expected, found \"a\" [invalid-value]"
        ),
        (
            "{'@type': /a}",
            "1:25: error: typed_config: the URL of a type, such as type.googleapis.com/package.Message, "
                + "is expected, found \"/a\" [invalid-value]"
        ),
        (
            "{'@type': a/}",
            "1:25: error: typed_config: the URL of a type, such as type.googleapis.com/package.Message, "
                + "is expected, found \"a/\" [invalid-value]"
        ),
    ])
    func anAnyWithoutAProperTypeIsAnError(_ text: String, _ expected: String) {
        #expect(faults("typed_config: \(text)", as: filter) == [expected])
    }

    @Test func anEmptyMappingIsAnEmptyAny() throws {
        let message: Envoy_Config_Listener_V3_Filter = try decode("typed_config: {}")
        #expect(message.typedConfig == Google_Protobuf_Any())
    }

    @Test func opaqueTypesInAnAnyAreKnown() {
        let socket = "envoy.config.core.v3.TransportSocket"
        let type = "\(prefix)envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext"
        #expect(faults("typed_config: {'@type': \(type)}", as: socket) == [])
        #expect(
            faults("typed_config: {'@type': \(type), sni: a}", as: socket) == [
                "1:15: warning: typed_config: envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext is not "
                    + "interpreted; its contents are left out [unsupported]"
            ])
    }

    @Test func timestampsAreReadInsideAnAny() throws {
        let message: Envoy_Config_Listener_V3_Filter = try decode(
            "typed_config: {'@type': \(prefix)google.protobuf.Timestamp, value: '2026-01-01T00:00:00.5Z'}")
        let time = try Google_Protobuf_Timestamp(unpackingAny: message.typedConfig)
        #expect(time.seconds == 1_767_225_600)
        #expect(time.nanos == 500_000_000)
        #expect(
            faults("typed_config: {'@type': \(prefix)google.protobuf.Timestamp, value: soon}", as: filter) == [
                "1:79: error: typed_config.value: a time such as \"2026-01-31T12:00:00Z\" is expected, found \"soon\" "
                    + "[invalid-value]"
            ])
    }
}
