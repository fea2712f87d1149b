// Fairlead: configuration values in Envoy's words
// SPDX-License-Identifier: Apache-2.0

public import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

/// Writes configuration values as Envoy's messages: what `EnvoyLoader` reads of them is the same again.
///
/// It is the way back on the road of configurations, for dumps and for handing resources on. Values that are Envoy's
/// defaults are left out. A listener refers to its route table by name, and the table stands by itself.
public enum EnvoyWriter {
    /// A whole configuration as a list of resources (`EnvoyLoader.Kind.resources`), in JSON.
    public static func json(_ configuration: Configuration) -> String {
        text(of: DiscoveryResponseProto(configuration))
    }

    /// A whole configuration as a list of resources, in protobuf's binary form.
    public static func protobuf(_ configuration: Configuration) -> [UInt8] {
        bytes(of: DiscoveryResponseProto(configuration))
    }

    /// A listener in JSON.
    public static func json(_ listener: Listener) -> String { text(of: ListenerProto(listener)) }

    /// A listener in protobuf's binary form.
    public static func protobuf(_ listener: Listener) -> [UInt8] { bytes(of: ListenerProto(listener)) }

    /// A route table in JSON.
    public static func json(_ table: RouteConfiguration) -> String { text(of: RouteConfigurationProto(table)) }

    /// A route table in protobuf's binary form.
    public static func protobuf(_ table: RouteConfiguration) -> [UInt8] { bytes(of: RouteConfigurationProto(table)) }

    /// A cluster in JSON.
    public static func json(_ cluster: Cluster) -> String { text(of: ClusterProto(cluster)) }

    /// A cluster in protobuf's binary form.
    public static func protobuf(_ cluster: Cluster) -> [UInt8] { bytes(of: ClusterProto(cluster)) }

    /// An assignment in JSON.
    public static func json(_ assignment: EndpointAssignment) -> String {
        text(of: ClusterLoadAssignmentProto(assignment))
    }

    /// An assignment in protobuf's binary form.
    public static func protobuf(_ assignment: EndpointAssignment) -> [UInt8] {
        bytes(of: ClusterLoadAssignmentProto(assignment))
    }

    /// A layer of runtime values in JSON.
    public static func json(_ layer: RuntimeLayer) -> String { text(of: RuntimeProto(layer)) }

    /// A layer of runtime values in protobuf's binary form.
    public static func protobuf(_ layer: RuntimeLayer) -> [UInt8] { bytes(of: RuntimeProto(layer)) }

    /// A whole configuration in the shape of the answer of Envoy's `/config_dump?include_eds`, in JSON.
    public static func configDump(_ configuration: Configuration) -> String {
        func dump(_ type: String, _ list: String, _ field: String, _ resources: [some Message]) -> String {
            let items = resources.map { resource in
                let any = JSONPrinter.print(
                    bytes(of: Google_Protobuf_Any(resource)), as: "google.protobuf.Any", indentation: 5)
                return "\n    {\n     \"\(field)\": \(any)\n    }"
            }
            let body = items.isEmpty ? "" : ",\n   \"\(list)\": [" + items.joined(separator: ",") + "\n   ]"
            return "\n  {\n   \"@type\": \"type.googleapis.com/envoy.admin.v3.\(type)\"\(body)\n  }"
        }
        let dumps = [
            dump("ClustersConfigDump", "static_clusters", "cluster", configuration.clusters.map { ClusterProto($0) }),
            dump(
                "EndpointsConfigDump", "static_endpoint_configs", "endpoint_config",
                configuration.assignments.map { ClusterLoadAssignmentProto($0) }),
            dump(
                "ListenersConfigDump", "static_listeners", "listener", configuration.listeners.map { ListenerProto($0) }
            ),
            dump(
                "RoutesConfigDump", "static_route_configs", "route_config",
                configuration.routeConfigurations.map { RouteConfigurationProto($0) }),
        ]
        return "{\n \"configs\": [" + dumps.joined(separator: ",") + "\n ]\n}\n"
    }

    private static func bytes(of message: some Message) -> [UInt8] {
        let bytes: [UInt8]? = try? message.serializedBytes()
        // Only required fields can fail to be written, and proto3 has none.
        return bytes ?? []
    }

    private static func text(of message: some Message) -> String {
        JSONPrinter.print(bytes(of: message), as: type(of: message).protoMessageName) + "\n"
    }
}

extension DiscoveryResponseProto {
    /// The list of resources that lowers to `configuration`.
    fileprivate init(_ configuration: Configuration) {
        self.init()
        resources = configuration.runtimeLayers.map { Google_Protobuf_Any(RuntimeProto($0)) }
        resources += configuration.clusters.map { Google_Protobuf_Any(ClusterProto($0)) }
        resources += configuration.assignments.map { Google_Protobuf_Any(ClusterLoadAssignmentProto($0)) }
        resources += configuration.routeConfigurations.map { Google_Protobuf_Any(RouteConfigurationProto($0)) }
        resources += configuration.listeners.map { Google_Protobuf_Any(ListenerProto($0)) }
    }
}
