// Fairlead: tests that our readers agree with SwiftProtobuf's and with one another
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import SwiftProtobuf
import Testing

@testable import FairleadEnvoy

@Suite struct AgreementTests {
    /// The types whose messages are made at random.
    private static let types: [any SwiftProtobuf.Message.Type] = [
        Envoy_Config_Bootstrap_V3_Bootstrap.self, Envoy_Config_Route_V3_RouteConfiguration.self,
        Envoy_Config_Cluster_V3_Cluster.self, Envoy_Config_Listener_V3_Listener.self,
        Envoy_Config_Endpoint_V3_ClusterLoadAssignment.self, Envoy_Service_Discovery_V3_DeltaDiscoveryResponse.self,
        Xds_Type_Matcher_V3_Matcher.self,
        Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_HttpConnectionManager.self,
    ]

    /// What Any may hold when SwiftProtobuf writes it as JSON.
    private static let registry: Void = {
        Google_Protobuf_Any.register(messageType: Envoy_Extensions_Filters_Http_Router_V3_Router.self)
        Google_Protobuf_Any.register(messageType: Envoy_Config_Core_V3_Locality.self)
    }()

    @Test(arguments: types.indices)
    func jsonFromSwiftProtobufReadsBackAsTheSameMessage(_ index: Int) throws {
        _ = AgreementTests.registry
        try check(AgreementTests.types[index], seed: UInt64(index))
    }

    private func check<M: SwiftProtobuf.Message>(_ type: M.Type, seed: UInt64) throws {
        var maker = RandomMessages(seed: seed)
        for round in 0..<60 {
            let bytes = try maker.message(named: M.protoMessageName)
            let message = try EnvoyDocument.decode(bytes, as: type)
            let original = try message.serializedBytes() as [UInt8]
            #expect(EnvoyDocument.read(original, as: M.protoMessageName, format: .binary).problems.isEmpty)

            var options = JSONEncodingOptions()
            options.preserveProtoFieldNames = round % 2 == 0
            options.alwaysPrintEnumsAsInts = round % 3 == 0
            options.useDeterministicOrdering = true
            let json = try message.jsonString(options: options)
            // Compared as JSON, since an Any is not equal to one that holds the same message in another form.
            #expect(try M(jsonString: json).jsonString(options: options) == json)
            for format in maker.hasDynamicNumber ? [DocumentFormat.json] : [.json, .yaml] {
                let document = read(json, as: M.protoMessageName, format)
                #expect(document.problems.isEmpty, "\(document.problems.map(\.description)) in \(json)")
                let ours: M = try document.decode()
                let again = try ours.jsonString(options: options)
                #expect(again == json, "\(format): \(firstDifference(again, json))")
            }
        }
    }

    /// Where two texts part, with a little of each.
    private func firstDifference(_ left: String, _ right: String) -> String {
        let same = zip(left.unicodeScalars, right.unicodeScalars).prefix(while: { $0 == $1 }).count
        func part(_ text: String) -> String { String(text.unicodeScalars.dropFirst(max(0, same - 40)).prefix(80)) }
        return "\(part(left)) and not \(part(right))"
    }
}
