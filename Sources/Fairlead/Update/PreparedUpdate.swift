// Fairlead: judging and compiling an update
// SPDX-License-Identifier: Apache-2.0

import FairleadCompiler
import FairleadConfiguration
import FairleadDataPlane
import FairleadModel
import FairleadPlugin

/// An update that has been judged and compiled: ready to be committed, or a list of problems. Nothing of the engine's
/// state has changed yet (the Untouched law).
struct PreparedUpdate {
    /// A route table with its blocks; those of `fresh` virtual hosts are new.
    struct RouteTable {
        var settings: RouteConfiguration
        var hosts: [VirtualHostState]
        var domains: Block
    }

    /// A cluster with its block.
    struct CompiledClusterState {
        var cluster: Cluster
        var assignment: EndpointAssignment
        /// What was observed of its endpoints.
        var states: [Address: EndpointState]
        var compiled: CompiledCluster
        var zones: ZoneRouting
    }

    private(set) var listeners: [String: Listener?]
    private(set) var assignments: [String: EndpointAssignment?]
    private(set) var routeTables: [String: RouteTable?] = [:]
    private(set) var clusters: [String: CompiledClusterState?] = [:]
    /// The layers of runtime values, if they change.
    let runtimeLayers: [RuntimeLayer]?
    /// What they come to after the update.
    let runtime: RuntimeValues
    /// The hosts of the local cluster after the update.
    let localHosts: LocalHosts?

    /// Judges and compiles `draft`; throws every problem at once.
    init(_ draft: UpdateDraft, _ state: EngineState) throws(ProblemList) {
        let judge = UpdateJudge(draft, state)
        guard judge.problems.allSatisfy({ $0.severity == .warning }) else { throw ProblemList(judge.problems) }
        listeners = draft.listeners.filter { state.listeners[$0.key] != $0.value }
        assignments = draft.assignments.filter { state.assignments[$0.key] != $0.value }
        let hasNewRuntime = draft.runtimeLayers != state.runtimeLayers
        runtimeLayers = hasNewRuntime ? draft.runtimeLayers : nil
        runtime = hasNewRuntime ? RuntimeValues(draft.runtimeLayers) : state.runtime
        localHosts = draft.localHosts(state)
        compileRouteTables(draft, state)
        compileClusters(draft, state)
        let oversized = oversized(state)
        guard oversized.isEmpty else { throw ProblemList(oversized) }
    }

    /// Compiles the clusters of which something new was observed; those whose blocks would come out too large stay as they
    /// are.
    init(_ states: [String: [Address: EndpointState]], _ state: EngineState) {
        listeners = [:]
        assignments = [:]
        runtimeLayers = nil
        runtime = state.runtime
        localHosts = state.localHosts
        for (name, states) in states {
            guard let present = state.clusters[name], present.states != states else { continue }
            compile(present.cluster, present.assignment, states, present.zones, state)
        }
        let limit = min(state.options.maximumBlockBytes, Int(UInt32.max))
        clusters = clusters.filter { ($0.value?.compiled.block.byteCount ?? 0) <= limit }
    }

    /// Blocks that came out larger than is allowed. Offsets in larger ones than 4 GiB would be wrong.
    private func oversized(_ state: EngineState) -> [Problem] {
        let limit = min(state.options.maximumBlockBytes, Int(UInt32.max))
        var problems: [Problem] = []
        func judge(_ block: Block, _ place: String) {
            guard block.byteCount > limit else { return }
            problems.append(
                Problem(.limitExceeded, at: place, "compiles to \(block.byteCount) bytes; at most \(limit) are allowed")
            )
        }
        for name in routeTables.keys.sorted() {
            guard let table = routeTables[name] ?? nil else { continue }
            let place = "route_configurations[\"\(name)\"]"
            judge(table.domains, place)
            for (index, host) in table.hosts.enumerated() { judge(host.block, "\(place).virtual_hosts[\(index)]") }
        }
        for name in clusters.keys.sorted() {
            if let cluster = clusters[name] ?? nil { judge(cluster.compiled.block, "clusters[\"\(name)\"]") }
        }
        return problems
    }

    /// Whether nothing would change.
    var isEmpty: Bool {
        listeners.isEmpty && assignments.isEmpty && routeTables.isEmpty && clusters.isEmpty && runtimeLayers == nil
    }

    private mutating func compileRouteTables(_ draft: UpdateDraft, _ state: EngineState) {
        for (name, wanted) in draft.routeTables {
            let present = state.routeTables[name]
            guard let wanted else {
                if present != nil { routeTables[name] = .some(nil) }
                continue
            }
            let hosts = compileHosts(wanted.hosts, present, state)
            let hasSameHosts = present.map { $0.hosts.elementsEqual(hosts) { $0 === $1 } } ?? false
            if hasSameHosts, present?.settings == wanted.settings { continue }
            routeTables[name] = .some(
                RouteTable(
                    settings: wanted.settings, hosts: hosts, domains: domains(wanted.settings, hosts, present)))
        }
        guard runtimeLayers != nil else { return }
        for (name, present) in state.routeTables where draft.routeTables[name] == nil {
            let hosts = present.hosts.map { current($0, state) }
            if hosts.elementsEqual(present.hosts, by: { $0 === $1 }) { continue }
            routeTables[name] = .some(
                RouteTable(settings: present.settings, hosts: hosts, domains: present.domains))
        }
    }

    /// The virtual host as it is, or compiled anew when a runtime value that it refers to changes.
    private func current(_ present: VirtualHostState, _ state: EngineState) -> VirtualHostState {
        guard runtimeLayers != nil, present.runtimeKeys.contains(where: { state.runtime[$0] != runtime[$0] }) else {
            return present
        }
        return compiled(present.host, state)
    }

    private func compiled(_ host: VirtualHost, _ state: EngineState) -> VirtualHostState {
        VirtualHostState(host, VirtualHostCompiler.compile(host, state.options.plugins, runtime: runtime))
    }

    /// Compiles the virtual hosts that are not there yet just so.
    private func compileHosts(
        _ wanted: [UpdateDraft.RouteTable.Host], _ present: RouteTableState?, _ state: EngineState
    ) -> [VirtualHostState] {
        var keeping = HostKeeping(present)
        return wanted.enumerated().map { place, host in
            switch host {
            case .kept(let kept): current(kept, state)
            case .wanted(let value):
                keeping.host(equalTo: value, at: place).map { current($0, state) } ?? compiled(value, state)
            }
        }
    }

    /// The block of domains: the present one when neither settings nor domains differ.
    private func domains(
        _ settings: RouteConfiguration, _ hosts: [VirtualHostState], _ present: RouteTableState?
    ) -> Block {
        if let present, present.settings == settings, present.hosts.count == hosts.count,
            zip(present.hosts, hosts).allSatisfy({ $0 === $1 || $0.host.domains == $1.host.domains })
        {
            return present.domains
        }
        var table = settings
        table.virtualHosts = hosts.map { VirtualHost(name: $0.host.name, domains: $0.host.domains) }
        return RouteTableCompiler.compile(table)
    }

    private mutating func compileClusters(_ draft: UpdateDraft, _ state: EngineState) {
        for (name, wanted) in draft.clusters {
            guard let wanted else {
                if state.clusters[name] != nil { clusters[name] = .some(nil) }
                continue
            }
            compile(wanted, draft, state)
        }
        // All clusters read the local one, and runtime values.
        let touchesAll = localHosts != state.localHosts || runtimeLayers != nil
        guard touchesAll || !draft.assignments.isEmpty else { return }
        for (name, present) in state.clusters where draft.clusters[name] == nil {
            if !touchesAll {
                guard case .endpointDiscovery(let service) = present.cluster.discovery,
                    draft.assignments[service] != nil
                else { continue }
            }
            compile(present.cluster, draft, state)
        }
    }

    /// Whether runtime values change that stand in for caps of `cluster`.
    private func hasNewRuntime(_ cluster: Cluster, _ state: EngineState) -> Bool {
        runtimeLayers != nil && runtime.differs(from: state.runtime, under: cluster.breakerKeyPrefix)
    }

    private mutating func compile(_ cluster: Cluster, _ draft: UpdateDraft, _ state: EngineState) {
        let assignment = draft.effectiveAssignment(of: cluster, state)
        let zones = cluster.loadBalancing.zones.resolved(runtime)
        if let present = state.clusters[cluster.name], present.cluster == cluster, present.assignment == assignment,
            present.zones == zones, localHosts == state.localHosts || !assignment.hasZones,
            !hasNewRuntime(cluster, state)
        {
            return
        }
        compile(cluster, assignment, state.clusters[cluster.name]?.states ?? [:], zones, state)
    }

    private mutating func compile(
        _ cluster: Cluster, _ assignment: EndpointAssignment, _ states: [Address: EndpointState], _ zones: ZoneRouting,
        _ state: EngineState
    ) {
        guard let policy = state.options.plugins.policy(named: cluster.loadBalancing.policy) else { return }
        let compiled = ClusterCompiler.compile(
            cluster, assignment, policy, own: state.options.locality, local: localHosts, zones: zones,
            seed: state.options.seed, runtime: runtime, states: states)
        // What was observed of an endpoint is forgotten when it goes, as its slot is.
        let kept = states.isEmpty ? [] : Set(compiled.addresses)
        clusters[cluster.name] = .some(
            CompiledClusterState(
                cluster: cluster, assignment: assignment, states: states.filter { kept.contains($0.key) },
                compiled: compiled, zones: zones))
    }
}

extension EndpointAssignment {
    /// Whether its endpoints stand in several localities, so that it matters where the engine itself stands.
    fileprivate var hasZones: Bool {
        guard let first = localities.first(where: { !$0.endpoints.isEmpty })?.locality else { return false }
        return localities.contains { $0.locality != first && !$0.endpoints.isEmpty }
    }
}

extension UpdateDraft {
    /// The hosts of the cluster that the engine belongs to after the update; `nil` when there is none.
    fileprivate func localHosts(_ state: EngineState) -> LocalHosts? {
        let name = state.options.localCluster
        guard !name.isEmpty, let own = state.options.locality, let cluster = cluster(name, state) else { return nil }
        let isTouched =
            clusters[name] != nil || state.localHosts == nil
            || (assignments[cluster.assignmentName] != nil && cluster.takesEndpointsFromElsewhere)
        return isTouched ? LocalHosts(effectiveAssignment(of: cluster, state), own: own) : state.localHosts
    }

    /// The endpoints of a cluster after the update, wherever they come from.
    func effectiveAssignment(of cluster: Cluster, _ state: EngineState) -> EndpointAssignment {
        guard case .endpointDiscovery(let service) = cluster.discovery else { return cluster.assignment }
        return assignment(service, state) ?? EndpointAssignment(name: service)
    }
}
