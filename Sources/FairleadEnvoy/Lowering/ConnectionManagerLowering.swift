// Fairlead: HTTP connection managers, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// How a listener's connections are treated. A route table inside of it waits in `inlineTables` for its name.
    mutating func connectionManager(_ proto: HttpConnectionManagerProto, listener: String) -> ConnectionManager {
        account(for: proto, .httpConnectionManager)
        var manager = ConnectionManager(
            statisticsPrefix: proto.statPrefix, routeConfiguration: routeConfiguration(of: proto, listener: listener))
        if case .scopedRoutes(let scoped)? = proto.routeSpecifier {
            manager.scopedRoutes = try? scoped.serializedBytes()
        }
        manager.preparation = preparation(proto)
        manager.generatesRequestID = proto.hasGenerateRequestID ? proto.generateRequestID.value : true
        manager.preservesExternalRequestID = proto.preserveExternalRequestID
        manager.setsRequestIDInResponse = proto.alwaysSetRequestIDInResponse
        if !proto.serverName.isEmpty { manager.serverName = proto.serverName }
        if proto.hasStreamIdleTimeout {
            manager.streamIdleTimeout = limit(proto.streamIdleTimeout, at: "stream_idle_timeout")
        }
        if proto.hasRequestTimeout { manager.requestTimeout = limit(proto.requestTimeout, at: "request_timeout") }
        within("common_http_protocol_options") { lowering in
            let options = proto.commonHTTPProtocolOptions
            lowering.account(for: options, .managerHttpProtocolOptions)
            if options.hasIdleTimeout { manager.idleTimeout = lowering.limit(options.idleTimeout, at: "idle_timeout") }
        }
        if known(proto.codecType, at: "codec_type"), proto.codecType == .http2 || proto.codecType == .http3 {
            trail.warning(.unsupported, at: "codec_type", "codec_type is not acted on yet")
        }
        if let router = router(proto.httpFilters) { manager.suppressesEnvoyHeaders = router.suppressEnvoyHeaders }
        return manager
    }

    private mutating func routeConfiguration(of proto: HttpConnectionManagerProto, listener: String) -> String {
        switch proto.routeSpecifier {
        case .rds(let rds)?:
            within("rds") { $0.account(for: rds, .rds) }
            return rds.routeConfigName
        case .routeConfig(let table)?:
            trail.enter("route_config")
            defer { trail.leave() }
            let inline = InlineTable(
                table: routeConfiguration(table, isInline: true), origin: trail.path, listener: listener)
            inlineTables.append(inline)
            return table.name
        case .scopedRoutes?:
            trail.warning(
                .unsupported, at: "scoped_routes", "scoped_routes are not resolved yet: no request finds a route")
        case nil: trail.error(.missingField, "must hold route_config or rds")
        }
        inlineTables.append(
            InlineTable(table: RouteConfiguration(name: listener), origin: trail.path, listener: listener))
        return listener
    }

    /// The router at the end of the filters; any other filter is reported.
    private mutating func router(_ filters: [HttpFilterProto]) -> RouterProto? {
        var router: RouterProto?
        for (index, filter) in filters.enumerated() {
            trail.enter("http_filters", index: index)
            defer { trail.leave() }
            guard case .typedConfig(let any)? = filter.configType else {
                if filter.configType == nil {
                    trail.error(.missingField, at: "typed_config", "is missing")
                } else {
                    refuse("config_discovery")
                }
                continue
            }
            if filter.disabled, any.typeName == RouterProto.protoMessageName { refuse("disabled", "a disabled router") }
            trail.enter("typed_config")
            defer { trail.leave() }
            if any.typeName != RouterProto.protoMessageName {
                unknownHTTPFilter(any.typeName, filter)
            } else if index != filters.count - 1 {
                trail.error(.invalidValue, "the router must be the last filter")
            } else if let message = unpack(any, as: RouterProto.self) {
                account(for: message, .router)
                router = message
            }
        }
        if filters.isEmpty {
            trail.warning(.missingField, at: "http_filters", "without the router, Envoy would forward nothing")
        }
        return router
    }

    private mutating func unknownHTTPFilter(_ type: String, _ filter: HttpFilterProto) {
        let message = "there is no HTTP filter of type \(type)"
        if filter.isOptional || filter.disabled {
            trail.warning(.unknownExtension, message)
        } else {
            trail.error(.unknownExtension, message)
        }
    }

    /// Gives every inline route table its name. Where tables of the same name differ, each is called after its listener
    /// too; where they are the same, one serves all.
    mutating func settleInlineTables() {
        var firsts: [String: Int] = [:]
        var contested = Set(configuration.routeConfigurations.map(\.name))
        for (index, inline) in inlineTables.enumerated() {
            if let first = firsts[inline.table.name] {
                if inlineTables[first].table != inline.table { contested.insert(inline.table.name) }
            } else {
                firsts[inline.table.name] = index
            }
        }
        var managers: [String: Int] = [:]
        for (index, listener) in configuration.listeners.enumerated() { managers[listener.name] = index }
        for (index, inline) in inlineTables.enumerated() {
            var table = inline.table
            if contested.contains(table.name) {
                table.name = inline.listener + "/" + table.name
                if let manager = managers[inline.listener] {
                    configuration.listeners[manager].connectionManager.routeConfiguration = table.name
                }
            } else if firsts[table.name] != index {
                continue
            }
            origins.add("route_configurations[\(configuration.routeConfigurations.count)]", from: inline.origin)
            configuration.routeConfigurations.append(table)
        }
        inlineTables = []
    }
}

extension FieldUse {
    static let httpConnectionManager = FieldUse(
        HttpConnectionManagerProto.self,
        read: """
            codec_type stat_prefix rds route_config scoped_routes http_filters server_name use_remote_address \
            generate_request_id xff_num_trusted_hops stream_idle_timeout request_timeout preserve_external_request_id \
            common_http_protocol_options always_set_request_id_in_response path_with_escaped_slashes_action \
            normalize_path merge_slashes strip_matching_host_port strip_any_host_port strip_trailing_host_dot \
            scheme_header_transformation skip_xff_append internal_address_config
            """,
        refused: "original_ip_detection_extensions early_header_mutation_extensions")
    static let managerHttpProtocolOptions = FieldUse(HttpProtocolOptionsProto.self, read: "idle_timeout")
    static let rds = FieldUse(RdsProto.self, read: "route_config_name")
    static let router = FieldUse(RouterProto.self, read: "suppress_envoy_headers", refused: "upstream_http_filters")
}
