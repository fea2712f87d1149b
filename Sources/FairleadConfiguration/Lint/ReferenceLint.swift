// Fairlead: what refers to nothing, and what nothing refers to
// SPDX-License-Identifier: Apache-2.0

/// Looks at what resources say of one another.
struct ReferenceLint {
    private let configuration: Configuration
    private var clusters: [String: Cluster] = [:]

    init(_ configuration: Configuration) {
        self.configuration = configuration
        for cluster in configuration.clusters { clusters[cluster.name] = cluster }
    }

    // MARK: From routes to clusters

    /// Routes to clusters that are not there, and hashes that do not fit to them.
    func lintClusters(_ walk: inout ProblemTrail) {
        // Without any cluster these are resources of another kind, and nothing is known of clusters.
        guard !clusters.isEmpty else { return }
        walk.each("route_configurations", configuration.routeConfigurations) { walk, table in
            walk.each("virtual_hosts", table.virtualHosts) { walk, host in
                // Where clusters are validated, unknown ones are errors already.
                let looksAtNames = table.validatesClusters != true
                walk.each("routes", host.routes) { lint($1, looksAtNames: looksAtNames, &$0) }
                for (path, route) in host.matcher?.placedRoutes ?? [] {
                    walk.within("matcher.\(path)") { lint(route, looksAtNames: looksAtNames, &$0) }
                }
            }
        }
    }

    private func lint(_ route: Route, looksAtNames: Bool, _ walk: inout ProblemTrail) {
        guard case .forward(let action) = route.action else { return }
        walk.within("route") { walk in
            if looksAtNames { lintNames(action, &walk) }
            lintHash(action, &walk)
        }
    }

    private func lintNames(_ action: ForwardAction, _ walk: inout ProblemTrail) {
        func look(_ name: String, at field: String, _ walk: inout ProblemTrail) {
            guard !name.isEmpty, clusters[name] == nil else { return }
            walk.warning(.unknownCluster, at: field, "there is no cluster '\(name)'")
        }
        walk.each("request_mirror_policies", action.mirrors) { walk, mirror in
            if case .cluster(let name) = mirror.target { look(name, at: "cluster", &walk) }
        }
        switch action.target {
        case .cluster(let name): look(name, at: "cluster", &walk)
        case .header: break
        case .weighted(let weighted):
            walk.within("weighted_clusters") { walk in
                walk.each("clusters", weighted.entries) { look($1.cluster, at: "name", &$0) }
            }
        case .matched(let tree):
            walk.within(ForwardAction.treePath) { walk in
                for (path, name) in tree.placedClusters { look(name, at: path, &walk) }
            }
        }
    }

    private func lintHash(_ action: ForwardAction, _ walk: inout ProblemTrail) {
        let targets: [Cluster]
        switch action.target {
        case .cluster(let name): targets = clusters[name].map { [$0] } ?? []
        case .header: return
        case .weighted(let weighted):
            if weighted.usesHashPolicy { return }
            targets = weighted.entries.compactMap { clusters[$0.cluster] }
            guard targets.count == weighted.entries.count else { return }
        case .matched(let tree):
            let names = tree.placedClusters.map { $0.name }
            targets = names.compactMap { clusters[$0] }
            guard targets.count == names.count else { return }
        }
        guard !targets.isEmpty else { return }
        let plain = [LoadBalancing.roundRobin, LoadBalancing.leastRequest, LoadBalancing.random]
        let policies = targets.map { $0.loadBalancing.policy }
        if !action.hashPolicies.isEmpty, policies.allSatisfy({ plain.contains($0) }) {
            walk.warning(.idleHashPolicy, at: "hash_policy", "has no effect: the cluster is not balanced by hashes")
        }
        if action.hashPolicies.isEmpty, policies.contains(where: { ProblemTrail.tablePolicies.contains($0) }) {
            walk.warning(
                .missingHashPolicy, at: "hash_policy",
                "the cluster is balanced by hashes, and nothing is hashed: every request goes anywhere")
        }
    }

    // MARK: What nothing leads to

    /// Clusters, route tables and assignments that nothing uses; for configurations that are complete.
    func lintUses(_ walk: inout ProblemTrail) {
        lintUnusedClusters(&walk)
        if !configuration.listeners.isEmpty {
            let used = Set(configuration.listeners.map { $0.connectionManager.routeConfiguration })
            walk.each("route_configurations", configuration.routeConfigurations) { walk, table in
                guard !used.contains(table.name) else { return }
                walk.warning(.unusedRouteTable, at: "name", "no listener uses the route table '\(table.name)'")
            }
        }
        guard !configuration.clusters.isEmpty else { return }
        let services = Set(
            configuration.clusters.compactMap { cluster -> String? in
                guard case .endpointDiscovery(let service) = cluster.discovery else { return nil }
                return service
            })
        walk.each("assignments", configuration.assignments) { walk, assignment in
            guard !services.contains(assignment.name) else { return }
            walk.warning(
                .unusedAssignment, at: "cluster_name", "no cluster asks for the assignment '\(assignment.name)'")
        }
    }

    private func lintUnusedClusters(_ walk: inout ProblemTrail) {
        // Without any route nobody can tell what clusters are for.
        guard !configuration.routeConfigurations.isEmpty else { return }
        var used: Set<String> = []
        /// Notes who gets copies; answers `false` when a header can name any cluster.
        func note(_ mirrors: [MirrorPolicy]) -> Bool {
            for mirror in mirrors {
                guard case .cluster(let name) = mirror.target else { return false }
                used.insert(name)
            }
            return true
        }
        for table in configuration.routeConfigurations {
            guard note(table.mirrors) else { return }
            for host in table.virtualHosts {
                guard note(host.mirrors) else { return }
                for route in host.allRoutes {
                    guard case .forward(let action) = route.action else { continue }
                    guard note(action.mirrors) else { return }
                    switch action.target {
                    case .cluster(let name): used.insert(name)
                    // A header can name any of them.
                    case .header: return
                    case .weighted(let weighted):
                        if weighted.entries.contains(where: { $0.header != nil }) { return }
                        for entry in weighted.entries { used.insert(entry.cluster) }
                    case .matched(let tree): for (_, name) in tree.placedClusters { used.insert(name) }
                    }
                }
            }
        }
        walk.each("clusters", configuration.clusters) { walk, cluster in
            guard !used.contains(cluster.name) else { return }
            walk.warning(.unusedCluster, at: "name", "no route leads to the cluster '\(cluster.name)'")
        }
    }
}
