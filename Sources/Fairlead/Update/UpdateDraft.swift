// Fairlead: an update, thought through before anything changes
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel

/// What an update wants, laid over what is: only what it touches. Nothing of the engine's state changes here.
struct UpdateDraft {
    /// A route table as the update wants it.
    struct RouteTable {
        var settings: RouteConfiguration
        private(set) var hosts: [Host]
        /// Where the first virtual host of each name stands; made when it is asked for a second time.
        private var places: [String: Int]?
        private var wasAsked = false

        init(settings: RouteConfiguration, hosts: [Host]) {
            self.settings = settings
            self.hosts = hosts
        }

        /// Adds `host`, in place of the first one of its name.
        mutating func set(_ host: VirtualHost) {
            if let place = place(host.name) {
                hosts[place] = .wanted(host)
            } else {
                places?[host.name] = hosts.count
                hosts.append(.wanted(host))
            }
        }

        private mutating func place(_ name: String) -> Int? {
            // Most updates change one virtual host: looking for it costs less than a dictionary of all.
            if !wasAsked {
                wasAsked = true
                return hosts.firstIndex { $0.name == name }
            }
            if places == nil {
                places = [:]
                for (place, host) in hosts.enumerated().reversed() { places?[host.name] = place }
            }
            return places?[name]
        }

        /// Removes all virtual hosts of that name.
        mutating func remove(_ name: String) {
            hosts.removeAll { $0.name == name }
            places = nil
        }

        /// A virtual host that stays, or one that is to be looked at. It is one word, as tables have many that stay.
        enum Host {
            case kept(VirtualHostState)
            indirect case wanted(VirtualHost)

            var name: String {
                switch self {
                case .kept(let state): state.host.name
                case .wanted(let host): host.name
                }
            }

            var domains: [String] {
                switch self {
                case .kept(let state): state.host.domains
                case .wanted(let host): host.domains
                }
            }
        }
    }

    /// For each touched name what is wanted; `nil` for nothing.
    private(set) var listeners: [String: Listener?] = [:]
    private(set) var routeTables: [String: RouteTable?] = [:]
    private(set) var clusters: [String: Cluster?] = [:]
    private(set) var assignments: [String: EndpointAssignment?] = [:]
    /// All layers of runtime values after the update.
    private(set) var runtimeLayers: [RuntimeLayer]
    /// Changes that name something which is not there.
    private(set) var problems: [Problem] = []

    /// Lays the changes of `update` over `state`, in their order.
    init(_ update: ConfigurationUpdate, over state: EngineState) {
        runtimeLayers = state.runtimeLayers
        for change in update.changes { take(change, state) }
    }

    /// The cluster called `name` after the update.
    func cluster(_ name: String, _ state: EngineState) -> Cluster? {
        if let touched = clusters[name] { return touched }
        return state.clusters[name]?.cluster
    }

    /// The assignment called `name` after the update.
    func assignment(_ name: String, _ state: EngineState) -> EndpointAssignment? {
        if let touched = assignments[name] { return touched }
        return state.assignments[name]
    }

    /// Whether a route table called `name` exists after the update.
    func hasRouteTable(_ name: String, _ state: EngineState) -> Bool {
        if let touched = routeTables[name] { return touched != nil }
        return state.routeTables[name] != nil
    }

    private mutating func take(_ change: ConfigurationUpdate.Change, _ state: EngineState) {
        switch change {
        case .setListener(let listener): listeners[listener.name] = .some(listener)
        case .removeListener(let name): listeners[name] = .some(nil)
        case .setRouteConfiguration(let table): set(table, state)
        case .removeRouteConfiguration(let name): routeTables[name] = .some(nil)
        case .setVirtualHost(let host, let table): set(host, in: table, state)
        case .removeVirtualHost(let name, let table): removeHost(name, in: table, state)
        case .setCluster(let cluster): clusters[cluster.name] = .some(cluster)
        case .removeCluster(let name): clusters[name] = .some(nil)
        case .setAssignment(let assignment): assignments[assignment.name] = .some(assignment)
        case .removeAssignment(let name): assignments[name] = .some(nil)
        case .setEndpoint(let endpoint, let locality, let priority, let name):
            edit(name, state) { $0.set(endpoint, locality, priority) }
        case .removeEndpoint(let address, let name): edit(name, state) { $0.remove(address) }
        case .setRuntimeLayer(let layer):
            if let place = runtimeLayers.firstIndex(where: { $0.name == layer.name }) {
                runtimeLayers[place] = layer
            } else {
                runtimeLayers.append(layer)
            }
        case .removeRuntimeLayer(let name): runtimeLayers.removeAll { $0.name == name }
        case .removeEverything: removeEverything(state)
        }
    }

    private mutating func removeEverything(_ state: EngineState) {
        runtimeLayers = []
        for name in state.listeners.keys { listeners[name] = .some(nil) }
        for name in state.routeTables.keys { routeTables[name] = .some(nil) }
        for name in state.clusters.keys { clusters[name] = .some(nil) }
        for name in state.assignments.keys { assignments[name] = .some(nil) }
        for name in listeners.keys { listeners[name] = .some(nil) }
        for name in routeTables.keys { routeTables[name] = .some(nil) }
        for name in clusters.keys { clusters[name] = .some(nil) }
        for name in assignments.keys { assignments[name] = .some(nil) }
    }

    private mutating func set(_ table: RouteConfiguration, _ state: EngineState) {
        var settings = table
        settings.virtualHosts = []
        let present = state.routeTables[table.name]
        var keeping = HostKeeping(present)
        // What was judged under the same settings need not be judged again; but whether clusters exist is a question of
        // now.
        let mayKeep = present?.settings == settings && settings.validatesClusters != true
        let hosts = table.virtualHosts.indices.map { place -> RouteTable.Host in
            let host = table.virtualHosts[place]
            if mayKeep, let same = keeping.host(equalTo: host, at: place) { return .kept(same) }
            return .wanted(host)
        }
        routeTables[table.name] = .some(RouteTable(settings: settings, hosts: hosts))
    }

    private func routeTable(_ name: String, _ state: EngineState) -> RouteTable? {
        if let touched = routeTables[name] { return touched }
        guard let table = state.routeTables[name] else { return nil }
        return RouteTable(settings: table.settings, hosts: table.hosts.map { .kept($0) })
    }

    private mutating func set(_ host: VirtualHost, in name: String, _ state: EngineState) {
        edit(name, state) { $0.set(host) }
    }

    private mutating func removeHost(_ host: String, in name: String, _ state: EngineState) {
        edit(name, state) { $0.remove(host) }
    }

    /// Edits the route table called `name`.
    private mutating func edit(_ name: String, _ state: EngineState, _ body: (inout RouteTable) -> Void) {
        guard var table = routeTable(name, state) else { return note(unknownTable: name) }
        // Taken out while it is edited, so that it is edited in place and not copied for each of many changes.
        routeTables[name] = nil
        body(&table)
        routeTables[name] = .some(table)
    }

    private mutating func note(unknownTable name: String) {
        problems.append(
            Problem(.unknownReference, at: "route_configurations[\"\(name)\"]", "there is no route table of that name"))
    }

    /// Edits the assignment called `name`, or the endpoints of the cluster of that name.
    private mutating func edit(_ name: String, _ state: EngineState, _ body: (inout EndpointAssignment) -> Void) {
        // Taken out while it is edited, so that it is edited in place and not copied for each of many changes.
        if var assignment = assignment(name, state) {
            assignments[name] = nil
            body(&assignment)
            assignments[name] = .some(assignment)
        } else if var cluster = cluster(name, state) {
            clusters[name] = nil
            body(&cluster.assignment)
            clusters[name] = .some(cluster)
        } else {
            problems.append(
                Problem(
                    .unknownReference, at: "assignments[\"\(name)\"]", "there is no assignment or cluster of that name")
            )
        }
    }
}

extension EndpointAssignment {
    /// Adds `endpoint`, in place of one with the same address.
    fileprivate mutating func set(_ endpoint: Endpoint, _ locality: Locality, _ priority: Int) {
        for group in localities.indices {
            guard let place = localities[group].endpoints.firstIndex(where: { $0.address == endpoint.address })
            else { continue }
            if localities[group].locality == locality, localities[group].priority == priority {
                localities[group].endpoints[place] = endpoint
                return
            }
            localities[group].endpoints.remove(at: place)
        }
        if let group = localities.firstIndex(where: { $0.locality == locality && $0.priority == priority }) {
            localities[group].endpoints.append(endpoint)
        } else {
            localities.append(LocalityEndpoints(locality: locality, priority: priority, endpoints: [endpoint]))
        }
    }

    /// Removes the endpoint at `address`.
    fileprivate mutating func remove(_ address: Address) {
        for group in localities.indices { localities[group].endpoints.removeAll { $0.address == address } }
    }
}
