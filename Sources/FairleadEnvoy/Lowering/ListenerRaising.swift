// Fairlead: listeners, raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import SwiftProtobuf

extension ListenerProto {
    /// The message that lowers to `listener`.
    init(_ listener: Listener) {
        self.init()
        name = listener.name
        address = AddressProto(listener.address)
        var filter = FilterProto()
        filter.name = "envoy.filters.network.http_connection_manager"
        filter.typedConfig = Google_Protobuf_Any(HttpConnectionManagerProto(listener.connectionManager))
        var chain = FilterChainProto()
        chain.filters = [filter]
        filterChains = [chain]
    }
}

extension HttpConnectionManagerProto {
    /// The message that lowers to `manager`.
    init(_ manager: ConnectionManager) {
        self.init()
        statPrefix = manager.statisticsPrefix
        if let bytes = manager.scopedRoutes, let message = try? ScopedRoutesProto(serializedBytes: bytes) {
            scopedRoutes = message
        } else {
            rds.routeConfigName = manager.routeConfiguration
            rds.configSource.ads = Envoy_Config_Core_V3_AggregatedConfigSource()
            rds.configSource.resourceApiVersion = .v3
        }
        set(manager.preparation)
        if !manager.generatesRequestID { generateRequestID = Google_Protobuf_BoolValue(false) }
        preserveExternalRequestID = manager.preservesExternalRequestID
        alwaysSetRequestIDInResponse = manager.setsRequestIDInResponse
        serverName = manager.serverName
        if manager.streamIdleTimeout != .seconds(300) {
            streamIdleTimeout = Google_Protobuf_Duration(limit: manager.streamIdleTimeout)
        }
        if let requestTimeout = manager.requestTimeout {
            self.requestTimeout = Google_Protobuf_Duration(requestTimeout)
        }
        if manager.idleTimeout != .seconds(3600) {
            commonHTTPProtocolOptions.idleTimeout = Google_Protobuf_Duration(limit: manager.idleTimeout)
        }
        var router = RouterProto()
        router.suppressEnvoyHeaders = manager.suppressesEnvoyHeaders
        var filter = HttpFilterProto()
        filter.name = "envoy.filters.http.router"
        filter.typedConfig = Google_Protobuf_Any(router)
        httpFilters = [filter]
    }
}
