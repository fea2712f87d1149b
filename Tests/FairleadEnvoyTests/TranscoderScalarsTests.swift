// Fairlead: tests of scalars and enums in messages
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import SwiftProtobuf
import Testing

@testable import FairleadEnvoy

@Suite struct TranscoderScalarsTests {
    private func int64Range(_ text: String) throws -> Envoy_Type_V3_Int64Range { try decode(text) }

    @Test func everyTypeReachesBothEndsOfItsRange() throws {
        let int64: Envoy_Type_V3_Int64Range = try decode("{start: -9223372036854775808, end: 9223372036854775807}")
        #expect(int64.start == .min && int64.end == .max)
        let quoted: Envoy_Type_V3_Int64Range = try decode(
            #"{"start": "-9223372036854775808", "end": "9223372036854775807"}"#, .json)
        #expect(quoted == int64)
        let int32: Envoy_Type_V3_Int32Range = try decode("{start: -2147483648, end: 2147483647}")
        #expect(int32.start == .min && int32.end == .max)
        let uint32: Envoy_Config_Core_V3_RuntimeUInt32 = try decode("default_value: 4294967295")
        #expect(uint32.defaultValue == .max)
        let uint64: Envoy_Config_Core_V3_RuntimeUInt64 = try decode("default_value: 18446744073709551615")
        #expect(uint64.defaultValue == .max)
        let double: Envoy_Type_V3_DoubleRange = try decode(
            "{start: -1.7976931348623157e308, end: 1.7976931348623157e308}")
        #expect(double.start == -.greatestFiniteMagnitude && double.end == .greatestFiniteMagnitude)
    }

    @Test(arguments: [
        ("envoy.type.v3.Int32Range", "start: -2147483649", "a whole number from -2147483648 to 2147483647"),
        ("envoy.type.v3.Int32Range", "start: 2147483648", "a whole number from -2147483648 to 2147483647"),
        (
            "envoy.type.v3.Int64Range", "start: -9223372036854775809",
            "a whole number from -9223372036854775808 to 9223372036854775807"
        ),
        (
            "envoy.type.v3.Int64Range", "start: 9223372036854775808",
            "a whole number from -9223372036854775808 to 9223372036854775807"
        ),
        ("envoy.config.core.v3.RuntimeUInt32", "default_value: -1", "a whole number from 0 to 4294967295"),
        ("envoy.config.core.v3.RuntimeUInt32", "default_value: 4294967296", "a whole number from 0 to 4294967295"),
        ("envoy.config.core.v3.RuntimeUInt32", "default_value: 1.5", "a whole number from 0 to 4294967295"),
        (
            "envoy.config.core.v3.RuntimeUInt64", "default_value: 18446744073709551616",
            "a whole number from 0 to 18446744073709551615"
        ),
        ("envoy.type.v3.DoubleRange", "start: 1e309", "a number"),
    ])
    func beyondTheRangeIsAnError(_ type: String, _ text: String, _ wanted: String) throws {
        let problems = read(text, as: type).problems
        #expect(problems.map(\.code) == [.outOfRange])
        #expect(problems.first?.message.hasPrefix(wanted + " is expected") == true)
    }

    @Test func yamlNotationsReachNumbers() throws {
        #expect(try int64Range("{start: 0x10, end: 010}").start == 16)
        #expect(try int64Range("{start: 0x10, end: 010}").end == 8)
        #expect(try int64Range("{start: +5, end: '6'}").start == 5)
        #expect(try int64Range("{start: 0xFFFFFFFFFF, end: 1e3}").start == 0xFF_FFFF_FFFF)
        #expect(try int64Range("{start: 0xFFFFFFFFFF, end: 1e3}").end == 1000)
    }

    @Test func numbersOfOtherKindsAreWrong() {
        #expect(
            faults("{start: true, end: abc}", as: "envoy.type.v3.Int32Range") == [
                "1:9: error: start: a whole number from -2147483648 to 2147483647 is expected, found true [wrong-type]",
                "1:20: error: end: a whole number from -2147483648 to 2147483647 is expected, found \"abc\" "
                    + "[wrong-type]",
            ])
        #expect(
            faults("{start: [], end: ''}", as: "envoy.type.v3.DoubleRange") == [
                "1:9: error: start: a number is expected, found a list [wrong-type]",
                "1:18: error: end: a number is expected, found \"\" [wrong-type]",
            ])
    }

    @Test func notANumberAndTheInfinitiesGoByName() throws {
        let range: Envoy_Type_V3_DoubleRange = try decode(#"{"start": "-Infinity", "end": "NaN"}"#, .json)
        #expect(range.start == -.infinity)
        #expect(range.end.isNaN)
    }

    @Test func truthValuesMayBeWords() throws {
        for word in ["true", "yes", "on", "'true'", "'T'", "'1'", "\"yes\""] {
            let source: Envoy_Config_Bootstrap_V3_Bootstrap = try decode("enable_dispatcher_stats: \(word)")
            #expect(source.enableDispatcherStats, "\(word)")
        }
        for word in ["false", "no", "off", "'0'", "'No'"] {
            let source: Envoy_Config_Bootstrap_V3_Bootstrap = try decode("enable_dispatcher_stats: \(word)")
            #expect(!source.enableDispatcherStats, "\(word)")
        }
        #expect(
            faults("enable_dispatcher_stats: 1") == [
                "1:26: error: enable_dispatcher_stats: true or false is expected, found the number 1 [wrong-type]"
            ])
    }

    @Test func plainFractionsAndLargeNumbersAreStringsWhereStringsAreWanted() throws {
        let node: Envoy_Config_Core_V3_Node = try decode("{id: 1.50, cluster: 12345678901}")
        #expect(node.id == "1.50")
        #expect(node.cluster == "12345678901")
        #expect(
            faults("{id: yes, cluster: 0x10}", as: "envoy.config.core.v3.Node") == [
                "1:6: error: id: a string is expected, found true; put it in quotes [wrong-type]",
                "1:20: error: cluster: a string is expected, found the number 16; put it in quotes [wrong-type]",
            ])
    }

    @Test func bytesAreBase64() throws {
        let source: Envoy_Config_Core_V3_DataSource = try decode("inline_bytes: Zm9v")
        #expect(Array(source.inlineBytes) == Array("foo".utf8))
        #expect(
            faults("inline_bytes: '*'", as: "envoy.config.core.v3.DataSource") == [
                "1:15: error: inline_bytes: bytes in base64 are expected, found \"*\" [invalid-value]"
            ])
        #expect(
            faults("inline_bytes: 5", as: "envoy.config.core.v3.DataSource") == [
                "1:15: error: inline_bytes: bytes in base64 is expected, found the number 5 [wrong-type]"
            ])
    }

    @Test func enumsGoByNameOrNumber() throws {
        for (text, policy) in [
            ("MAGLEV", Envoy_Config_Cluster_V3_Cluster.LbPolicy.maglev), ("maglev", .maglev), ("5", .maglev),
            ("'5'", .maglev), ("Least-Request", .leastRequest), ("77", .UNRECOGNIZED(77)), ("-1", .UNRECOGNIZED(-1)),
        ] {
            let cluster: Envoy_Config_Cluster_V3_Cluster = try decode("lb_policy: \(text)")
            #expect(cluster.lbPolicy == policy, "\(text)")
        }
        #expect(
            faults("{lb_policy: 'x', dns_lookup_family: 2147483648, type: []}", as: cluster) == [
                "1:13: error: lb_policy: envoy.config.cluster.v3.Cluster.LbPolicy has no value \"x\" "
                    + "[unknown-enum-value]",
                "1:37: error: dns_lookup_family: envoy.config.cluster.v3.Cluster.DnsLookupFamily has no value "
                    + "\"2147483648\" [unknown-enum-value]",
                "1:55: error: type: a name of envoy.config.cluster.v3.Cluster.DiscoveryType is expected, found a list "
                    + "[wrong-type]",
            ])
        #expect(
            jsonFaults(#"{"lb_policy": 2147483648}"#, as: cluster) == [
                "1:15: error: lb_policy: a whole number from -2147483648 to 2147483647 is expected, "
                    + "found the number 2147483648 [out-of-range]"
            ])
    }

    @Test func packedListsOfNumbersAndEnumsAreWritten() throws {
        let retry: Envoy_Config_Route_V3_RetryPolicy = try decode("retriable_status_codes: [500, 503, '504']")
        #expect(retry.retriableStatusCodes == [500, 503, 504])
        let set: Envoy_Config_Core_V3_HealthStatusSet = try decode("statuses: [HEALTHY, 5]")
        #expect(set.statuses == [.healthy, .degraded])
        let single: Envoy_Config_Route_V3_RetryPolicy = try decode("retriable_status_codes: 500")
        #expect(single.retriableStatusCodes == [500])
        #expect(
            faults("retriable_status_codes: [500, x, -1]", as: "envoy.config.route.v3.RetryPolicy").count == 2)
    }

    @Test func longTextsAreCutShortInMessages() {
        let text = String(repeating: "x", count: 100)
        #expect(
            faults("{start: \(text)}", as: "envoy.type.v3.DoubleRange") == [
                "1:9: error: start: a number is expected, found \"\(text.prefix(57))...\" [wrong-type]"
            ])
    }
}
