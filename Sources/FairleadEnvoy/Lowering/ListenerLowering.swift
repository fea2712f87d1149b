// Fairlead: listeners, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// A listener; `path` is where it will stand among the configuration values.
    mutating func listener(_ proto: ListenerProto, path: String) -> Listener {
        account(for: proto, .listener)
        if proto.hasBindToPort, !proto.bindToPort.value { refuse("bind_to_port", "a listener that is not bound") }
        if !proto.hasAddress {
            trail.error(
                .missingField, at: "address", "error adding listener named '\(proto.name)': address is necessary")
        }
        let address =
            proto.hasAddress
            ? within("address") { $0.address(proto.address) } : Address.socket(host: "0.0.0.0", port: 0)
        each("listener_filters", proto.listenerFilters) { $0.listenerFilter($1) }
        // Envoy makes up a name for a listener that has none; ours stays the same from load to load.
        let name = proto.name.isEmpty ? address.text : proto.name
        let manager = chain(of: proto, name: name, path: path)
        return Listener(name: name, address: address, connectionManager: manager)
    }

    /// The connection manager of the one filter chain that there may be.
    private mutating func chain(of proto: ListenerProto, name: String, path: String) -> ConnectionManager {
        if let chain = proto.filterChains.first {
            for index in proto.filterChains.indices.dropFirst() {
                refuse("filter_chains", index: index, "more than one filter chain")
            }
            if proto.hasDefaultFilterChain {
                trail.warning(
                    .unsupported, at: "default_filter_chain", "has no effect: the first filter chain takes everything")
            }
            return within("filter_chains", index: 0) { $0.manager(of: chain, listener: name, path: path) }
        }
        if proto.hasDefaultFilterChain {
            return within("default_filter_chain") {
                $0.manager(of: proto.defaultFilterChain, listener: name, path: path)
            }
        }
        trail.error(.missingField, at: "filter_chains", "error adding listener '\(name)': no filter chains specified")
        return nowhere(name, path)
    }

    private mutating func manager(of chain: FilterChainProto, listener: String, path: String) -> ConnectionManager {
        account(for: chain, .filterChain)
        if chain.filterChainMatch != Envoy_Config_Listener_V3_FilterChainMatch() { refuse("filter_chain_match") }
        if chain.hasTransportSocket { within("transport_socket") { $0.transportSocket(chain.transportSocket) } }
        guard let last = chain.filters.indices.last else {
            trail.error(.missingField, at: "filters", "must hold an HTTP connection manager")
            return nowhere(listener, path)
        }
        for (index, filter) in chain.filters.dropLast().enumerated() {
            within("filters", index: index) { $0.unknownFilter(filter) }
        }
        return within("filters", index: last) { lowering in
            let filter = chain.filters[last]
            let managerType = HttpConnectionManagerProto.protoMessageName
            guard case .typedConfig(let any)? = filter.configType, any.typeName == managerType else {
                lowering.unknownFilter(filter)
                return lowering.nowhere(listener, path)
            }
            return lowering.within("typed_config") { lowering in
                guard let proto = lowering.unpack(any, as: HttpConnectionManagerProto.self) else {
                    return lowering.nowhere(listener, path)
                }
                lowering.origins.add(
                    path + ".filter_chains[0].filters[0].typed_config", from: lowering.trail.path)
                return lowering.connectionManager(proto, listener: listener)
            }
        }
    }

    /// A connection manager in place of one that cannot be made, over a route table that matches nothing.
    private mutating func nowhere(_ listener: String, _ path: String) -> ConnectionManager {
        inlineTables.append(
            InlineTable(table: RouteConfiguration(name: listener), origin: trail.path, listener: listener))
        return ConnectionManager(routeConfiguration: listener)
    }

    private mutating func unknownFilter(_ filter: FilterProto) {
        switch filter.configType {
        case .typedConfig(let any)?:
            trail.error(.unknownExtension, at: "typed_config", "there is no network filter of type \(any.typeName)")
        case .configDiscovery?: refuse("config_discovery")
        case nil: trail.error(.missingField, at: "typed_config", "is missing")
        }
    }

    /// Filters that only look at the first bytes of a connection change nothing as long as nobody asks what they saw.
    private static let sniffers: Set<String> = [
        "envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector",
        "envoy.extensions.filters.listener.http_inspector.v3.HttpInspector",
    ]

    private mutating func listenerFilter(_ filter: Envoy_Config_Listener_V3_ListenerFilter) {
        let type = filter.typedConfig.typeName
        if Lowering.sniffers.contains(type) {
            trail.warning(.unsupported, at: "typed_config", "\(type) is not acted on yet")
        } else {
            trail.error(.unknownExtension, at: "typed_config", "there is no listener filter of type \(type)")
        }
    }
}

/// A route table that stands inside of a listener.
struct InlineTable: Sendable {
    var table: RouteConfiguration
    /// Where it was read.
    var origin: String
    /// The listener's name.
    var listener: String
}

extension FieldUse {
    static let listener = FieldUse(
        ListenerProto.self, read: "name address filter_chains default_filter_chain listener_filters bind_to_port",
        refused: """
            use_original_dst udp_listener_config api_listener internal_listener filter_chain_matcher \
            additional_addresses fcds_config
            """)
    static let filterChain = FieldUse(
        FilterChainProto.self, read: "filter_chain_match filters transport_socket name", refused: "use_proxy_proto")
}
