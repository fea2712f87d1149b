// Fairlead: everything that speaks against an update
// SPDX-License-Identifier: Apache-2.0

import FairleadCompiler
import FairleadConfiguration
import FairleadModel

/// Collects everything that speaks against a draft: rules of values, of plugins, and between resources. Names are looked
/// at in sorted order, so that the list does not depend on chance.
struct UpdateJudge {
    private(set) var problems: [Problem]
    private let draft: UpdateDraft
    private let state: EngineState

    init(_ draft: UpdateDraft, _ state: EngineState) {
        self.draft = draft
        self.state = state
        problems = draft.problems
        for name in draft.listeners.keys.sorted() { if let listener = draft.listeners[name] ?? nil { judge(listener) } }
        for name in draft.routeTables.keys.sorted() {
            if let table = draft.routeTables[name] ?? nil { judge(table, name) }
        }
        for layer in draft.runtimeLayers where !state.runtimeLayers.contains(layer) {
            add(Validator.problems(in: layer), under: "runtime_layers[\"\(layer.name)\"]")
        }
        for name in draft.clusters.keys.sorted() { if let cluster = draft.clusters[name] ?? nil { judge(cluster) } }
        let users = users(of: draft.assignments)
        for name in draft.assignments.keys.sorted() {
            if let assignment = draft.assignments[name] ?? nil { judge(assignment, users[name] ?? []) }
        }
    }

    private mutating func add(_ found: [Problem], under prefix: String) {
        for problem in found {
            var placed = problem
            placed.path = problem.path.isEmpty ? prefix : prefix + "." + problem.path
            problems.append(placed)
        }
    }

    private mutating func judge(_ listener: Listener) {
        let place = "listeners[\"\(listener.name)\"]"
        add(Validator.problems(in: listener), under: place)
        let table = listener.connectionManager.routeConfiguration
        if !draft.hasRouteTable(table, state) {
            problems.append(Problem(.unknownReference, at: place, "there is no route table called '\(table)'"))
        }
    }

    private mutating func judge(_ table: UpdateDraft.RouteTable, _ name: String) {
        let place = "route_configurations[\"\(name)\"]"
        if !hasPresentOutline(table, name) {
            // The table with its domains alone: routes of virtual hosts that stay were judged when they came.
            var outline = table.settings
            outline.virtualHosts = table.hosts.map { VirtualHost(name: $0.name, domains: $0.domains) }
            add(Validator.problems(in: outline), under: place)
        }
        for (index, host) in table.hosts.enumerated() {
            guard case .wanted(let value) = host else { continue }
            let hostPlace = "\(place).virtual_hosts[\(index)]"
            var withoutDomains = value
            withoutDomains.domains = ["*"]
            if withoutDomains.name.isEmpty { withoutDomains.name = "unnamed" }
            let found = Validator.problems(
                in: withoutDomains, maximumDirectResponseBody: table.settings.maximumDirectResponseBody)
            add(found, under: hostPlace)
            add(Compiler.check(value, state.options.plugins), under: hostPlace)
            if value.routes.count + (value.matcher?.placedRoutes.count ?? 0) > state.options.maximumRoutesPerVirtualHost
            {
                let limit = state.options.maximumRoutesPerVirtualHost
                problems.append(Problem(.limitExceeded, at: hostPlace, "more than \(limit) routes"))
            }
            if table.settings.validatesClusters == true { judgeReferences(of: value, under: hostPlace) }
        }
        if table.settings.validatesClusters == true { judgeReferences(of: table.settings.mirrors, under: place) }
    }

    /// Whether the present table has the same settings and the same domains in the same places: nothing to judge anew.
    private func hasPresentOutline(_ table: UpdateDraft.RouteTable, _ name: String) -> Bool {
        guard let present = state.routeTables[name], present.hosts.count == table.hosts.count,
            present.settings == table.settings
        else { return false }
        return zip(table.hosts, present.hosts).allSatisfy { host, present in
            if case .kept(let state) = host, state === present { return true }
            return host.name == present.host.name && host.domains == present.host.domains
        }
    }

    private mutating func judgeReferences(of host: VirtualHost, under place: String) {
        judgeReferences(of: host.mirrors, under: place)
        for (index, route) in host.routes.enumerated() { judgeReferences(of: route, "\(place).routes[\(index)]") }
        for (path, route) in host.matcher?.placedRoutes ?? [] { judgeReferences(of: route, "\(place).matcher.\(path)") }
    }

    private mutating func judgeReferences(of route: Route, _ place: String) {
        guard case .forward(let forward) = route.action else { return }
        judgeReferences(of: forward.mirrors, under: "\(place).route")
        switch forward.target {
        case .cluster(let name): judgeReference(name, "\(place).route.cluster")
        // As in Envoy, what a tree leads to is looked for when a request comes.
        case .header, .matched: break
        case .weighted(let weighted):
            for (number, entry) in weighted.entries.enumerated() where entry.header == nil {
                judgeReference(entry.cluster, "\(place).route.weighted_clusters.clusters[\(number)].name")
            }
        }
    }

    private mutating func judgeReferences(of mirrors: [MirrorPolicy], under place: String) {
        for (index, mirror) in mirrors.enumerated() {
            guard case .cluster(let name) = mirror.target else { continue }
            judgeReference(name, "\(place).request_mirror_policies[\(index)].cluster", what: "shadow cluster")
        }
    }

    private mutating func judgeReference(_ name: String, _ place: String, what: String = "cluster") {
        guard !name.isEmpty, draft.cluster(name, state) == nil else { return }
        problems.append(Problem(.unknownReference, at: place, "route: unknown \(what) '\(name)'"))
    }

    private mutating func judge(_ cluster: Cluster) {
        let place = "clusters[\"\(cluster.name)\"]"
        add(Validator.problems(in: cluster), under: place)
        let assignment = draft.effectiveAssignment(of: cluster, state)
        add(Compiler.check(cluster, assignment, state.options.plugins), under: place)
        judgeSize(of: assignment, place)
        judgePriorities(of: assignment, usedBy: cluster, place + ".load_assignment")
    }

    /// As in Envoy, the cluster that the engine belongs to has one priority.
    private mutating func judgePriorities(of assignment: EndpointAssignment, usedBy cluster: Cluster, _ place: String) {
        guard cluster.name == state.options.localCluster else { return }
        for (index, group) in assignment.localities.enumerated() where group.priority != 0 {
            problems.append(
                Problem(
                    .invalidValue, at: "\(place).endpoints[\(index)].priority",
                    "Unexpected non-zero priority for local cluster '\(cluster.name)'."))
        }
    }

    /// The clusters, by name, that stay as they are and take their endpoints from one of `assignments`.
    private func users(of assignments: [String: EndpointAssignment?]) -> [String: [Cluster]] {
        guard !assignments.isEmpty else { return [:] }
        var users: [String: [Cluster]] = [:]
        for (name, present) in state.clusters where draft.clusters[name] == nil {
            guard case .endpointDiscovery(let service) = present.cluster.discovery, assignments[service] != nil
            else { continue }
            users[service, default: []].append(present.cluster)
        }
        return users.mapValues { $0.sorted { $0.name < $1.name } }
    }

    private mutating func judge(_ assignment: EndpointAssignment, _ users: [Cluster]) {
        let place = "assignments[\"\(assignment.name)\"]"
        add(Validator.problems(in: assignment), under: place)
        judgeSize(of: assignment, place)
        for cluster in users {
            add(Compiler.check(cluster, assignment, state.options.plugins), under: place)
            judgePriorities(of: assignment, usedBy: cluster, place)
        }
    }

    private mutating func judgeSize(of assignment: EndpointAssignment, _ place: String) {
        let limit = state.options.maximumEndpointsPerCluster
        let count = assignment.localities.reduce(0) { $0 + $1.endpoints.count }
        if count > limit { problems.append(Problem(.limitExceeded, at: place, "more than \(limit) endpoints")) }
        // An endpoint knows its locality by a number of 16 bits.
        let localities = 65_536
        if assignment.localities.count > localities, Set(assignment.localities.map { $0.locality }).count > localities {
            problems.append(Problem(.limitExceeded, at: place, "more than \(localities) localities"))
        }
    }
}
