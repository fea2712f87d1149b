// Fairlead: tests of what becomes of each field
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf
import Testing

@testable import FairleadEnvoy

@Suite struct FieldUseTests {
    static let uses: [FieldUse] = [
        .bootstrap, .staticResources, .admin, .clusterManager, .discoveryResponse, .resource, .listener, .filterChain,
        .httpConnectionManager, .managerHttpProtocolOptions, .rds, .router, .routeConfiguration, .virtualHost, .route,
        .routeMatch, .routeAction, .weightedCluster, .clusterWeight, .maxStreamDuration, .requestMirrorPolicy,
        .filterConfig, .upgradeConfig, .internalRedirectPolicy, .rateLimit,
        .redirectAction,
        .directResponseAction, .substitutionFormatString, .retryPolicy, .cluster, .edsClusterConfig, .circuitBreakers,
        .thresholds, .retryBudget,
        .httpProtocolOptions, .upstreamHttpProtocolOptions, .explicitHttpConfig, .commonLbConfig,
        .clusterLoadAssignment, .assignmentPolicy, .localityLbEndpoints, .lbEndpoint, .endpoint, .socketAddress, .pipe,
        .metadata, .dataSource, .runtimeFractionalPercent, .schemeHeaderTransformation, .regexMatcher,
        .regexMatchAndSubstitute, .subset, .lbSubsetConfig, .lbSubsetSelector, .zones, .olderZones, .overrideHost,
        .overrideHostSource,
        .randomSubsetting, .node,
    ]

    @Test(arguments: uses.indices)
    func everyNameIsAFieldOfItsMessage(_ index: Int) throws {
        let use = FieldUseTests.uses[index]
        #expect(use.unknownNames.isEmpty)
        let message = try #require(Schema.envoy.message(named: use.message))
        for field in Schema.envoy.messages[message].fields {
            #expect(use.name(of: field.number) == field.name)
            #expect(!(use.reads(field.number) && use.refuses(field.number)))
        }
    }

    /// Messages whose fields are not accounted for one by one, because lowering reads them all. A field that is new in
    /// one of them has to be read too, or the message has to be accounted for.
    static let whole: [(String, String)] = [
        (
            HeaderMatcherProto.protoMessageName,
            "exact_match safe_regex_match range_match present_match prefix_match "
                + "suffix_match contains_match string_match name invert_match treat_missing_header_as_empty"
        ),
        (QueryParameterMatcherProto.protoMessageName, "name string_match present_match"),
        (StringMatcherProto.protoMessageName, "exact prefix suffix safe_regex contains custom ignore_case"),
        (RegexMatcherProto.GoogleRE2.protoMessageName, "max_program_size"),
        (RouteMatchProto.TlsContextMatchOptions.protoMessageName, "presented validated"),
        (
            RouteActionProto.HashPolicy.protoMessageName,
            "header cookie connection_properties query_parameter filter_state terminal"
        ),
        (DecoratorProto.protoMessageName, "operation propagate"),
        (
            TracingProto.protoMessageName,
            "client_sampling random_sampling overall_sampling custom_tags operation upstream_operation"
        ),
        (
            RateLimitProto.Action.protoMessageName,
            "source_cluster destination_cluster request_headers query_parameters remote_address generic_key "
                + "header_value_match dynamic_metadata metadata extension masked_remote_address "
                + "query_parameter_value_match"
        ),
        (RateLimitProto.Action.RequestHeaders.protoMessageName, "header_name descriptor_key skip_if_absent"),
        (RateLimitProto.Action.QueryParameters.protoMessageName, "query_parameter_name descriptor_key skip_if_absent"),
        (RateLimitProto.Action.MaskedRemoteAddress.protoMessageName, "v4_prefix_mask_len v6_prefix_mask_len"),
        (RateLimitProto.Action.GenericKey.protoMessageName, "descriptor_value descriptor_key"),
        (
            RateLimitProto.Action.HeaderValueMatch.protoMessageName,
            "descriptor_value expect_match headers descriptor_key"
        ),
        (
            RateLimitProto.Action.QueryParameterValueMatch.protoMessageName,
            "descriptor_value expect_match query_parameters descriptor_key"
        ),
        (
            RateLimitProto.Action.MetaData.protoMessageName,
            "descriptor_key metadata_key default_value source skip_if_absent"
        ),
        (RateLimitProto.Override.protoMessageName, "dynamic_metadata"),
        (RateLimitProto.Override.DynamicMetadata.protoMessageName, "metadata_key"),
        (MetadataKeyProto.protoMessageName, "key path"),
        (MetadataKeyProto.PathSegment.protoMessageName, "key"),
        (RouteActionProto.HashPolicy.Header.protoMessageName, "header_name regex_rewrite"),
        (RouteActionProto.HashPolicy.Cookie.protoMessageName, "name ttl path attributes"),
        (RouteActionProto.HashPolicy.CookieAttribute.protoMessageName, "name value"),
        (RouteActionProto.HashPolicy.ConnectionProperties.protoMessageName, "source_ip"),
        (RouteActionProto.HashPolicy.QueryParameter.protoMessageName, "name"),
        (RouteActionProto.HashPolicy.FilterState.protoMessageName, "key"),
        (AllowListedRoutesProto.protoMessageName, "allowed_route_names"),
        (ClusterSpecifierPluginProto.protoMessageName, "extension is_optional"),
        (MatcherClusterSpecifierProto.protoMessageName, "cluster_matcher"),
        (ClusterActionProto.protoMessageName, "cluster"),
        (RetryPolicyProto.RetryBackOff.protoMessageName, "base_interval max_interval"),
        (RetryPolicyProto.RetryHostPredicate.protoMessageName, "name typed_config"),
        (HeaderValueOptionProto.protoMessageName, "header append append_action keep_empty_value"),
        (HeaderValueProto.protoMessageName, "key value raw_value"),
        (FractionalPercentProto.protoMessageName, "numerator denominator"),
        (LocalityProto.protoMessageName, "region zone sub_zone"),
        (ClusterLoadAssignmentProto.Policy.DropOverload.protoMessageName, "category drop_percentage"),
        (ClusterProto.CustomClusterType.protoMessageName, "name typed_config"),
        (
            ClusterProto.CommonLbConfig.ConsistentHashingLbConfig.protoMessageName,
            "use_hostname_for_hashing hash_balance_factor"
        ),
        (TransportSocketProto.protoMessageName, "name typed_config"),
        (FilterProto.protoMessageName, "name typed_config config_discovery"),
        (HttpFilterProto.protoMessageName, "name typed_config config_discovery is_optional disabled"),
        (RuntimeLayerProto.protoMessageName, "name static_layer disk_layer admin_layer rtds_layer"),
        (TypedStructProto.protoMessageName, "type_url value"),
        (CookieMatcherProto.protoMessageName, "name string_match invert_match"),
        (MetadataMatcherProto.protoMessageName, "filter path value invert"),
        (
            ValueMatcherProto.protoMessageName,
            "null_match double_match string_match bool_match present_match list_match or_match"
        ),
        (FilterStateMatcherProto.protoMessageName, "key string_match address_match"),
        (CidrRangeProto.protoMessageName, "address_prefix prefix_len"),
        (MatcherProto.protoMessageName, "matcher_list matcher_tree on_no_match"),
        (MatcherProto.OnMatch.protoMessageName, "matcher action keep_matching"),
        (TreeStringMatcherProto.protoMessageName, "exact prefix suffix safe_regex contains custom ignore_case"),
        (RuntimeProto.protoMessageName, "name layer"),
        (HttpConnectionManagerProto.InternalAddressConfig.protoMessageName, "unix_sockets cidr_ranges"),
        (CoreCidrRangeProto.protoMessageName, "address_prefix prefix_len"),
    ]

    @Test(arguments: whole)
    func messagesThatAreReadInFullHaveNoOtherField(_ message: String, _ names: String) throws {
        let index = try #require(Schema.envoy.message(named: message))
        #expect(
            Set(Schema.envoy.messages[index].fields.map(\.name)) == Set(names.split(separator: " ").map(String.init)))
    }

    @Test func aNameThatTheMessageDoesNotHaveIsNoted() {
        let use = FieldUse(PipeProto.self, read: "path paht", refused: "mood")
        #expect(use.unknownNames == ["paht", "mood"])
    }

    @Test func setFieldsAreFoundOnceEach() {
        var cluster = ClusterProto()
        cluster.name = "c"
        cluster.altStatName = "x"
        cluster.dnsRefreshRate = Google_Protobuf_Duration(seconds: 1)
        cluster.healthChecks = [Envoy_Config_Core_V3_HealthCheck(), Envoy_Config_Core_V3_HealthCheck()]
        cluster.lrsReportEndpointMetrics = ["a", "b"]
        cluster.typedExtensionProtocolOptions = ["a": Google_Protobuf_Any(), "b": Google_Protobuf_Any()]
        cluster.useTcpForDnsLookups = true
        cluster.dnsLookupFamily = .v4Only
        cluster.waitForWarmOnInit = Google_Protobuf_BoolValue(false)
        let fields = SetFields(of: cluster, unreadBy: FieldUse(ClusterProto.self, read: "name"))
        #expect(fields.numbers == [8, 16, 17, 28, 36, 45, 54, 57])
        #expect(fields.switchedOff == [54])
    }

    @Test func fieldsAtTheirDefaultsAreNotSet() {
        var cluster = ClusterProto()
        cluster.altStatName = ""
        cluster.dnsLookupFamily = .auto
        cluster.useTcpForDnsLookups = false
        #expect(SetFields(of: cluster, unreadBy: FieldUse(ClusterProto.self, read: "")).numbers.isEmpty)
    }

    @Test func whatIsNotReadIsReportedAndWhatIsRefusedIsAnError() {
        var lowering = Lowering(sources: .none, policies: [])
        var host = VirtualHostProto()
        host.name = "v"
        host.cors = Envoy_Config_Route_V3_CorsPolicy()
        host.hedgePolicy = Envoy_Config_Route_V3_HedgePolicy()
        lowering.within("here") { $0.account(for: host, .virtualHost) }
        #expect(lowering.trail.problems.map(\.path) == ["here.cors", "here.hedge_policy"])
        #expect(lowering.trail.problems.map(\.severity) == [.warning, .error])
        #expect(lowering.trail.problems.allSatisfy { $0.code == .unsupported })
    }

    @Test func aRefusedFeatureThatIsSwitchedOffIsFine() {
        var lowering = Lowering(sources: .none, policies: [])
        var listener = ListenerProto()
        listener.useOriginalDst = Google_Protobuf_BoolValue(false)
        lowering.account(for: listener, .listener)
        #expect(lowering.trail.problems.isEmpty)
        listener.useOriginalDst = Google_Protobuf_BoolValue(true)
        lowering.account(for: listener, .listener)
        #expect(lowering.trail.problems.map(\.path) == ["use_original_dst"])
    }
}

extension ContentSources {
    /// Nothing can be read.
    static let none = ContentSources(file: { _ in nil }, environmentVariable: { _ in nil })
}
