// Fairlead: tests of messages as named values
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import SwiftProtobuf
import Testing

@testable import FairleadEnvoy

@Suite struct ParameterFlattenerTests {
    private typealias CSWRR =
        Envoy_Extensions_LoadBalancingPolicies_ClientSideWeightedRoundRobin_V3_ClientSideWeightedRoundRobin

    private func flatten<M: Message>(_ message: M) throws -> ParameterFlattener {
        ParameterFlattener(try message.serializedBytes(), type: M.protoMessageName)
    }

    @Test func everyKindOfFieldHasAForm() throws {
        var message = CSWRR()
        message.enableOobLoadReport = Google_Protobuf_BoolValue(false)
        message.blackoutPeriod = Google_Protobuf_Duration(seconds: 1, nanos: 500_000_000)
        message.errorUtilizationPenalty = Google_Protobuf_FloatValue(0.5)
        message.metricNamesForComputingUtilization = ["a", "b"]
        message.slowStartConfig.minWeightPercent.value = 12
        let flat = try flatten(message)
        #expect(
            flat.parameters
                == PolicyParameters([
                    ("enable_oob_load_report", .bool(false)), ("blackout_period", .double(1.5)),
                    ("error_utilization_penalty", .double(0.5)),
                    ("slow_start_config.min_weight_percent.value", .double(12)),
                ]))
        #expect(flat.leftOut == ["metric_names_for_computing_utilization"])
    }

    @Test func aZeroInsideOfAMessageThatIsThereSaysSomething() throws {
        var message = Envoy_Extensions_LoadBalancingPolicies_LeastRequest_V3_LeastRequest()
        message.activeRequestBias.runtimeKey = "k"
        #expect(
            try flatten(message).parameters
                == PolicyParameters([
                    ("active_request_bias.default_value", .double(0)), ("active_request_bias.runtime_key", .text("k")),
                ]))
        #expect(try flatten(ClusterProto.RingHashLbConfig()).parameters == PolicyParameters())
    }

    @Test func zerosAtTheTopAreAsGoodAsNone() {
        // hash_function 0 and use_hostname_for_hashing false, written out.
        let flat = ParameterFlattener([0x08, 0x00, 0x20, 0x00], type: RingHashProto.protoMessageName)
        #expect(flat.parameters == PolicyParameters())
    }

    @Test func enumsGoByTheirNamesAndNumbersThatHaveNone() {
        let type = RingHashProto.protoMessageName
        #expect(
            ParameterFlattener([0x08, 0x02], type: type).parameters
                == PolicyParameters([("hash_function", .text("MURMUR_HASH_2"))]))
        #expect(
            ParameterFlattener([0x08, 0x09], type: type).parameters == PolicyParameters([("hash_function", .text("9"))])
        )
    }

    @Test func damagedBytesEndTheMessage() {
        let type = RingHashProto.protoMessageName
        for count in 0..<4 {
            let bytes = Array([0x12, 0x02, 0x08, 0x05].prefix(count)) as [UInt8]
            #expect(ParameterFlattener(bytes, type: type).parameters == PolicyParameters())
        }
        #expect(ParameterFlattener([0x12, 0x7F], type: type).parameters == PolicyParameters())
        #expect(ParameterFlattener([1, 2, 3], type: "no.such.Type").parameters == PolicyParameters())
    }

    @Test func gatheringUndoesFlattening() throws {
        var ring = RingHashProto()
        ring.hashFunction = .murmurHash2
        ring.minimumRingSize = Google_Protobuf_UInt64Value(5)
        ring.consistentHashingLbConfig.useHostnameForHashing = true
        ring.consistentHashingLbConfig.hashBalanceFactor = Google_Protobuf_UInt32Value(120)
        ring.localityWeightedLbConfig = .init()
        let flat = try flatten(ring)
        let bytes = try #require(ParameterGathering.bytes(flat.parameters, as: RingHashProto.protoMessageName))
        #expect(try RingHashProto(serializedBytes: bytes) == ring)
    }

    @Test(arguments: [
        ("no_such_field", PolicyParameters.Value.bool(true)), ("hash_function", .text("NONE")),
        ("hash_function", .unsigned(1)), ("minimum_ring_size", .text("5")), ("minimum_ring_size.value", .unsigned(5)),
        ("consistent_hashing_lb_config", .bool(true)), ("consistent_hashing_lb_config.hash_policy", .bool(true)),
        ("consistent_hashing_lb_config.hash_balance_factor", .unsigned(1 << 40)), ("hash_function.x", .text("XX_HASH")),
        ("locality_weighted_lb_config", .bool(false)),
    ])
    func whatHasNoFieldIsNotGathered(_ name: String, _ value: PolicyParameters.Value) {
        #expect(ParameterGathering.bytes(PolicyParameters([(name, value)]), as: RingHashProto.protoMessageName) == nil)
        #expect(ParameterGathering.bytes(PolicyParameters(), as: "no.such.Type") == nil)
    }
}
