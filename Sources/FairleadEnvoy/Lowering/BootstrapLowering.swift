// Fairlead: bootstrap documents, lowered
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

extension Lowering {
    /// A whole bootstrap document: its static resources become the configuration.
    mutating func bootstrap(_ proto: BootstrapProto) {
        account(for: proto, .bootstrap)
        within("static_resources") { lowering in
            let resources = proto.staticResources
            lowering.account(for: resources, .staticResources)
            for (index, cluster) in resources.clusters.enumerated() {
                lowering.within("clusters", index: index) { $0.add(cluster) }
            }
            for (index, listener) in resources.listeners.enumerated() {
                lowering.within("listeners", index: index) { $0.add(listener) }
            }
        }
        settleInlineTables()
        if proto.hasAdmin {
            within("admin") { lowering in
                lowering.account(for: proto.admin, .admin)
                if proto.admin.hasAddress {
                    lowering.administration = lowering.within("address") { $0.address(proto.admin.address) }
                }
            }
        }
        within("cluster_manager") { lowering in
            lowering.account(for: proto.clusterManager, .clusterManager)
            lowering.localCluster = proto.clusterManager.localClusterName
        }
        if proto.hasNode {
            within("node") { lowering in
                lowering.account(for: proto.node, .node)
                let place = proto.node.locality
                if proto.node.hasLocality {
                    lowering.locality = Locality(region: place.region, zone: place.zone, subZone: place.subZone)
                }
            }
        }
        if !localCluster.isEmpty, !configuration.clusters.contains(where: { $0.name == localCluster }) {
            trail.error(
                .unknownReference, at: "cluster_manager.local_cluster_name",
                "local cluster '\(localCluster)' must be defined")
        }
        trail.enter("layered_runtime")
        each("layers", proto.layeredRuntime.layers) { $0.runtimeLayer($1) }
        trail.leave()
        regexEngine(proto)
    }

    /// Adds a cluster to the configuration.
    mutating func add(_ proto: ClusterProto) {
        let path = "clusters[\(configuration.clusters.count)]"
        origins.add(path, from: trail.path)
        configuration.clusters.append(cluster(proto, path: path))
    }

    /// Adds a listener to the configuration; a route table inside of it waits for `settleInlineTables`.
    mutating func add(_ proto: ListenerProto) {
        let path = "listeners[\(configuration.listeners.count)]"
        origins.add(path, from: trail.path)
        configuration.listeners.append(listener(proto, path: path))
    }

    /// Adds a route table that stands by itself to the configuration.
    mutating func add(_ proto: RouteConfigurationProto) {
        origins.add("route_configurations[\(configuration.routeConfigurations.count)]", from: trail.path)
        configuration.routeConfigurations.append(routeConfiguration(proto, isInline: false))
    }

    /// Adds an assignment to the configuration.
    mutating func add(_ proto: ClusterLoadAssignmentProto) {
        origins.add("assignments[\(configuration.assignments.count)]", from: trail.path)
        configuration.assignments.append(assignment(proto))
    }

    private mutating func regexEngine(_ proto: BootstrapProto) {
        guard proto.hasDefaultRegexEngine else { return }
        let type = proto.defaultRegexEngine.typedConfig.typeName
        let field = "default_regex_engine.typed_config"
        if type == "envoy.extensions.regex_engines.v3.GoogleRE2" {
            understood.insert(trail.path(to: field))
        } else {
            trail.error(.unknownExtension, at: field, "there is no regex engine of type \(type)")
        }
    }
}

extension FieldUse {
    static let bootstrap = FieldUse(
        BootstrapProto.self, read: "static_resources admin cluster_manager layered_runtime default_regex_engine node",
        refused: "dynamic_resources header_prefix")
    static let staticResources = FieldUse(BootstrapProto.StaticResources.self, read: "listeners clusters")
    static let admin = FieldUse(AdminProto.self, read: "address")
    static let clusterManager = FieldUse(ClusterManagerProto.self, read: "local_cluster_name")
    static let node = FieldUse(NodeProto.self, read: "id cluster locality")
}
