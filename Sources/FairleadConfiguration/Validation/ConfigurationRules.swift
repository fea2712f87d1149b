// Fairlead: rules between resources
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension ProblemTrail {
    /// Everything that is wrong with a configuration: each resource by itself, then what they say of one another.
    mutating func check(_ configuration: Configuration) {
        each("listeners", configuration.listeners) { $0.check($1) }
        each("route_configurations", configuration.routeConfigurations) { $0.check($1) }
        each("clusters", configuration.clusters) { $0.check($1) }
        each("assignments", configuration.assignments) { $0.check($1, addresses: .literal) }
        each("runtime_layers", configuration.runtimeLayers) { $0.check($1) }
        checkUniqueness(in: configuration)
        checkReferences(in: configuration)
        checkWeightSums(in: configuration)
    }

    /// A layer of runtime values: it has a name, and its keys differ.
    mutating func check(_ layer: RuntimeLayer) {
        requireText(layer.name, at: "name")
        var seen: Set<String> = []
        for entry in layer.entries where !seen.insert(entry.key).inserted {
            error(.duplicate, at: "static_layer[\(MatchTree.quoted(entry.key))]", "stands there twice")
        }
    }

    private mutating func checkUniqueness(in configuration: Configuration) {
        checkUnique("listeners", configuration.listeners.map { $0.name }, at: "name") {
            "duplicate listener '\($0)'"
        }
        checkUnique("route_configurations", configuration.routeConfigurations.map { $0.name }, at: "name") {
            "duplicate route configuration '\($0)'"
        }
        checkUnique("clusters", configuration.clusters.map { $0.name }, at: "name") {
            "cluster manager: duplicate cluster '\($0)'"
        }
        checkUnique("assignments", configuration.assignments.map { $0.name }, at: "cluster_name") {
            "duplicate assignment '\($0)'"
        }
        checkUnique("runtime_layers", configuration.runtimeLayers.map { $0.name }, at: "name") {
            "Duplicate layer name: \($0)"
        }
        // Port 0 asks for any free port, so that two listeners with it do not meet.
        let addresses = configuration.listeners.map { listener in
            if case .socket(_, port: 0) = listener.address { "" } else { listener.address.text }
        }
        checkUnique("listeners", addresses, at: "address") {
            "has duplicate address '\($0)' as existing listener"
        }
    }

    /// Reports at `field` each item of `list` whose name was there before; empty names are not compared.
    private mutating func checkUnique(
        _ list: String, _ names: [String], at field: String, _ message: (String) -> String
    ) {
        var seen: Set<String> = []
        for (index, name) in names.enumerated() where !name.isEmpty && !seen.insert(name).inserted {
            enter(list, index: index)
            error(.duplicate, at: field, message(name))
            leave()
        }
    }

    private mutating func checkReferences(in configuration: Configuration) {
        let tables = Set(configuration.routeConfigurations.map { $0.name })
        each("listeners", configuration.listeners) { walk, listener in
            let name = listener.connectionManager.routeConfiguration
            guard !tables.contains(name) else { return }
            walk.withinManager { walk in
                walk.enter("rds")
                walk.error(.unknownReference, at: "route_config_name", "unknown route configuration '\(name)'")
                walk.leave()
            }
        }
        let clusters = Set(configuration.clusters.map { $0.name })
        each("route_configurations", configuration.routeConfigurations) { walk, table in
            guard table.validatesClusters == true else { return }
            walk.checkMirrors(table.mirrors, among: clusters)
            walk.each("virtual_hosts", table.virtualHosts) { walk, virtualHost in
                walk.checkMirrors(virtualHost.mirrors, among: clusters)
                walk.each("routes", virtualHost.routes) { $0.checkClusters(of: $1, among: clusters) }
                for (path, route) in virtualHost.matcher?.placedRoutes ?? [] {
                    walk.within("matcher.\(path)") { $0.checkClusters(of: route, among: clusters) }
                }
            }
        }
    }

    private mutating func checkClusters(of route: Route, among clusters: Set<String>) {
        guard case .forward(let action) = route.action else { return }
        enter("route")
        switch action.target {
        case .cluster(let name): checkCluster(name, among: clusters, at: "cluster")
        // As in Envoy, what a tree leads to is looked for when a request comes.
        case .header, .matched: break
        case .weighted(let weighted):
            enter("weighted_clusters")
            each("clusters", weighted.entries) { $0.checkCluster($1.cluster, among: clusters, at: "name") }
            leave()
        }
        checkMirrors(action.mirrors, among: clusters)
        leave()
    }

    private mutating func checkMirrors(_ mirrors: [MirrorPolicy], among clusters: Set<String>) {
        each("request_mirror_policies", mirrors) { walk, mirror in
            guard case .cluster(let name) = mirror.target, !name.isEmpty, !clusters.contains(name) else { return }
            walk.error(.unknownReference, at: "cluster", "route: unknown shadow cluster '\(name)'")
        }
    }

    private mutating func checkCluster(_ name: String, among clusters: Set<String>, at field: String) {
        guard !name.isEmpty, !clusters.contains(name) else { return }
        error(.unknownReference, at: field, "route: unknown cluster '\(name)'")
    }

    /// The sums of weights of assignments that arrive on their own, by the strictest cluster that uses each.
    private mutating func checkWeightSums(in configuration: Configuration) {
        var users: [String: Cluster] = [:]
        for cluster in configuration.clusters {
            guard case .endpointDiscovery(let serviceName) = cluster.discovery,
                ProblemTrail.tablePolicies.contains(cluster.loadBalancing.policy)
            else { continue }
            if users[serviceName]?.loadBalancing.weighsLocalities != false { users[serviceName] = cluster }
        }
        each("assignments", configuration.assignments) { walk, assignment in
            guard let cluster = users[assignment.name] else { return }
            walk.checkWeightSums(of: assignment, in: cluster.loadBalancing)
        }
    }
}
