// Fairlead: tests of the schema table
// SPDX-License-Identifier: Apache-2.0

import SwiftProtobuf
import Testing

@testable import FairleadEnvoy

@Suite struct SchemaTests {
    private let schema = Schema.envoy

    private func message(_ name: String) throws -> MessageSchema {
        schema.messages[try #require(schema.message(named: name))]
    }

    private func field(_ name: String, of message: MessageSchema) throws -> FieldSchema {
        message.fields[try #require(message.index(of: name))]
    }

    @Test func fieldsAreFoundInBothSpellings() throws {
        let route = try message("envoy.config.route.v3.RouteAction")
        let snake = try field("prefix_rewrite", of: route)
        #expect(try snake === field("prefixRewrite", of: route))
        #expect(snake.number == 5)
        #expect(route.fieldIndex(numbered: 5).map { route.fields[$0] } === snake)
        #expect(route.index(of: "prefix-rewrite") == nil)
        #expect(route.fieldIndex(numbered: 4096) == nil)
    }

    @Test func fieldsKnowTheirTypesAndOneofs() throws {
        let route = try message("envoy.config.route.v3.Route")
        #expect(
            try field("match", of: route).type
                == .message(try #require(schema.message(named: "envoy.config.route.v3.RouteMatch"))))
        #expect(try field("redirect", of: route).oneof == field("route", of: route).oneof)
        #expect(try field("name", of: route).oneof == nil)
        #expect(try field("request_headers_to_remove", of: route).label == .repeated)
        #expect(try field("typed_per_filter_config", of: route).label == .map)
        let retry = try message("envoy.config.route.v3.RetryPolicy")
        #expect(try field("retriable_status_codes", of: retry).isPacked)
        #expect(try !field("retriable_headers", of: retry).isPacked)
    }

    @Test func googleTypesHaveTheirTextForms() throws {
        #expect(try message("google.protobuf.Any").form == .any)
        #expect(try message("google.protobuf.Duration").form == .duration)
        #expect(try message("google.protobuf.Timestamp").form == .timestamp)
        #expect(try message("google.protobuf.Struct").form == .structure)
        #expect(try message("google.protobuf.Value").form == .value)
        #expect(try message("google.protobuf.ListValue").form == .list)
        #expect(try message("google.protobuf.UInt32Value").form == .wrapper(.uint32))
        #expect(try message("google.protobuf.BytesValue").form == .wrapper(.bytes))
        #expect(try message("envoy.config.route.v3.Route").form == .fields)
    }

    @Test func everyMessageWithoutFieldsIsKnownToMeanItsPresenceOrToBeOpaque() {
        // Adding an empty message means deciding which of the two it is.
        let present = schema.messages.filter { $0.fields.isEmpty && $0.form == .fields }.map(\.name).sorted()
        #expect(present == presenceMessages)
        for name in OpaqueMessages.names {
            #expect(schema.message(named: name).map { schema.messages[$0].fields.count } == 0, "\(name)")
        }
    }

    @Test func everyFieldOfEveryDescriptorIsInTheTable() throws {
        var pending = try descriptorSet().file.flatMap { file in file.messageType.map { (file.package, $0) } }
        var count = 0
        while let (scope, proto) = pending.popLast() {
            let name = scope + "." + proto.name
            let message = try message(name)
            #expect(message.fields.map(\.name) == proto.field.map(\.name), "\(name)")
            #expect(message.oneofs == proto.oneofDecl.map(\.name), "\(name)")
            pending += proto.nestedType.map { (name, $0) }
            count += 1
        }
        #expect(count == schema.messages.count)
    }

    @Test func enumsAreFoundByNameInAnyCase() throws {
        let type = try #require(schema.enums.first { $0.name == "envoy.config.cluster.v3.Cluster.LbPolicy" })
        func number(_ name: String) -> Int32? { type.number(named: Array(name.utf8).span) }
        for name in ["LEAST_REQUEST", "least_request", "Least-Request"] { #expect(number(name) == 1) }
        #expect(number("LEASTREQUEST") == nil)
        #expect(number("") == nil)
    }

    private let presenceMessages = [
        "envoy.config.bootstrap.v3.RuntimeLayer.AdminLayer",
        "envoy.config.cluster.v3.Cluster.CommonLbConfig.LocalityWeightedLbConfig",
        "envoy.config.core.v3.AggregatedConfigSource",
        "envoy.config.listener.v3.Listener.ConnectionBalanceConfig.ExactBalance",
        "envoy.config.listener.v3.Listener.InternalListenerConfig",
        "envoy.config.route.v3.NonForwardingAction",
        "envoy.config.route.v3.RateLimit.Action.DestinationCluster",
        "envoy.config.route.v3.RateLimit.Action.RemoteAddress",
        "envoy.config.route.v3.RateLimit.Action.SourceCluster",
        "envoy.config.route.v3.RouteMatch.ConnectMatcher",
        "envoy.config.route.v3.RouteMatch.GrpcRouteMatchOptions",
        "envoy.extensions.load_balancing_policies.cluster_provided.v3.ClusterProvided",
        "envoy.extensions.load_balancing_policies.common.v3.LocalityLbConfig.LocalityWeightedLbConfig",
        "envoy.extensions.retry.host.omit_canary_hosts.v3.OmitCanaryHostsPredicate",
        "envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate",
        "envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer",
        "envoy.service.discovery.v3.DynamicParameterConstraints.SingleConstraint.Exists",
        "envoy.type.matcher.v3.HttpResponseStatusCodeClassMatchInput",
        "envoy.type.matcher.v3.HttpResponseStatusCodeMatchInput",
        "envoy.type.matcher.v3.ValueMatcher.NullMatch",
        "envoy.type.metadata.v3.MetadataKind.Cluster",
        "envoy.type.metadata.v3.MetadataKind.Host",
        "envoy.type.metadata.v3.MetadataKind.Request",
        "envoy.type.metadata.v3.MetadataKind.Route",
        "envoy.type.v3.HashPolicy.SourceIp",
        "google.protobuf.Empty",
        "xds.type.matcher.v3.HttpAttributesCelMatchInput",
        "xds.type.matcher.v3.RegexMatcher.GoogleRE2",
    ]
}
