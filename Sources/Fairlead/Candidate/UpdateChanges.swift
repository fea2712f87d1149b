// Fairlead: which resources an update changes
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration

/// A resource that an update adds, removes or changes.
public struct ResourceChange: Hashable, Sendable {
    /// The kinds of resources.
    public enum Kind: UInt8, Sendable {
        /// A listener.
        case listener
        /// A route table; its virtual hosts are told by themselves.
        case routeConfiguration
        /// A virtual host of the route table `container`.
        case virtualHost
        /// A cluster, or the endpoints that it takes from elsewhere.
        case cluster
        /// An assignment.
        case assignment
        /// A layer of runtime values, or its place among the others.
        case runtimeLayer
    }

    /// What becomes of it.
    public enum Effect: UInt8, Sendable {
        /// It is new.
        case added
        /// It goes.
        case removed
        /// It is another than before.
        case changed
    }

    /// What kind of resource it is.
    public var kind: Kind
    /// Its name.
    public var name: String
    /// The name of the route table of a virtual host; empty for other kinds.
    public var container: String
    /// What becomes of it.
    public var effect: Effect
}

extension PreparedUpdate {
    /// What it changes in `state`: by kind, then by name.
    func changes(in state: EngineState) -> [ResourceChange] {
        var changes: [ResourceChange] = []
        func add(_ kind: ResourceChange.Kind, _ name: String, was: Bool, is there: Bool, in container: String = "") {
            guard was || there else { return }
            let effect: ResourceChange.Effect = was ? there ? .changed : .removed : .added
            changes.append(ResourceChange(kind: kind, name: name, container: container, effect: effect))
        }
        for name in listeners.keys.sorted() {
            add(.listener, name, was: state.listeners[name] != nil, is: (listeners[name] ?? nil) != nil)
        }
        for name in routeTables.keys.sorted() {
            let present = state.routeTables[name]
            let wanted = routeTables[name] ?? nil
            add(.routeConfiguration, name, was: present != nil, is: wanted != nil)
            for host in Self.hostChanges(present?.hosts ?? [], wanted?.hosts ?? []) {
                add(.virtualHost, host.name, was: host.was, is: host.isThere, in: name)
            }
        }
        for name in clusters.keys.sorted() {
            add(.cluster, name, was: state.clusters[name] != nil, is: (clusters[name] ?? nil) != nil)
        }
        for name in assignments.keys.sorted() {
            add(.assignment, name, was: state.assignments[name] != nil, is: (assignments[name] ?? nil) != nil)
        }
        if let wanted = runtimeLayers {
            let difference = RuntimeLayerDifference(from: state.runtimeLayers, to: wanted)
            for name in difference.names {
                add(
                    .runtimeLayer, name, was: state.runtimeLayers.contains { $0.name == name },
                    is: wanted.contains { $0.name == name })
            }
        }
        return changes
    }

    /// The names of virtual hosts that are not the same in both lists, in the order of the later one.
    private static func hostChanges(
        _ former: [VirtualHostState], _ wanted: [VirtualHostState]
    ) -> [(name: String, was: Bool, isThere: Bool)] {
        let changes = HostChanges(from: former, to: wanted)
        let gone = Set(changes.gone.map { $0.host.name })
        let new = Set(changes.new.map { $0.host.name })
        var found: [(name: String, was: Bool, isThere: Bool)] = []
        var seen: Set<String> = []
        for host in changes.new where seen.insert(host.host.name).inserted {
            found.append((host.host.name, gone.contains(host.host.name), true))
        }
        for host in changes.gone where !new.contains(host.host.name) && seen.insert(host.host.name).inserted {
            found.append((host.host.name, true, false))
        }
        return found
    }
}
