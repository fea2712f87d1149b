// Fairlead: what differs between two configurations
// SPDX-License-Identifier: Apache-2.0

public import FairleadConfiguration
import FairleadModel

/// A resource that is in one of two configurations only, or differs between them.
public struct ResourceDifference: Hashable, Sendable {
    /// What becomes of a resource.
    public enum Effect: Sendable {
        /// It is in the later one only.
        case added
        /// It is in the earlier one only.
        case removed
        /// It is in both, and differs.
        case changed
    }

    /// A field that differs.
    public struct Field: Hashable, Sendable {
        /// Its path in the resource, with Envoy's names: `virtual_hosts["shop"].routes[2].route.cluster`. Items of a list
        /// are called by their names where they have some, else by their place, in the earlier configuration if they are
        /// not in the later one.
        public var path: String
        /// What it was, as JSON, long values cut off; `nil` when it was not set.
        public var before: String?
        /// What it is; `nil` when it is not set.
        public var after: String?
    }

    /// What kind of resource it is.
    public var kind: EnvoyLoader.Kind
    /// Its name.
    public var name: String
    /// What becomes of it.
    public var effect: Effect
    /// The fields that differ, for a resource that changed.
    public var fields: [Field]

    /// What differs between `old` and `new`: listeners, route tables, clusters, assignments, layers of runtime values, each
    /// sorted by name.
    ///
    /// Values are compared as `EnvoyWriter` writes them, so that two ways to say the same make no difference.
    /// O(size of both).
    public static func between(_ old: Configuration, _ new: Configuration) -> [ResourceDifference] {
        difference(.listener, old.listeners, new.listeners, { $0.name }, { EnvoyWriter.json($0) })
            + difference(
                .routeConfiguration, old.routeConfigurations, new.routeConfigurations, { $0.name },
                { EnvoyWriter.json($0) })
            + difference(.cluster, old.clusters, new.clusters, { $0.name }, { EnvoyWriter.json($0) })
            + difference(.assignment, old.assignments, new.assignments, { $0.name }, { EnvoyWriter.json($0) })
            + layers(old.runtimeLayers, new.runtimeLayers)
    }

    /// Layers of runtime values; one that only stands elsewhere has changed, too, because the last one counts.
    private static func layers(_ old: [RuntimeLayer], _ new: [RuntimeLayer]) -> [ResourceDifference] {
        var found = difference(.runtime, old, new, { $0.name }, { EnvoyWriter.json($0) })
        let moved = RuntimeLayerDifference(from: old, to: new).moved
        for name in moved.sorted() {
            let order = Field(
                path: "(order)", before: old.map { $0.name }.joined(separator: ", "),
                after: new.map { $0.name }.joined(separator: ", "))
            if let place = found.firstIndex(where: { $0.name == name }) {
                found[place].fields.insert(order, at: 0)
            } else {
                found.append(ResourceDifference(kind: .runtime, name: name, effect: .changed, fields: [order]))
            }
        }
        return found.sorted { $0.name < $1.name }
    }

    private static func difference<Resource: Equatable>(
        _ kind: EnvoyLoader.Kind, _ old: [Resource], _ new: [Resource], _ name: (Resource) -> String,
        _ json: (Resource) -> String
    ) -> [ResourceDifference] {
        let before = Dictionary(old.map { (name($0), $0) }, uniquingKeysWith: { first, _ in first })
        let after = Dictionary(new.map { (name($0), $0) }, uniquingKeysWith: { first, _ in first })
        return Set(before.keys).union(after.keys).sorted().compactMap { name in
            switch (before[name], after[name]) {
            case (let old?, let new?):
                guard old != new else { return nil }
                let fields = TreeDifference.between(json(old), json(new))
                return ResourceDifference(kind: kind, name: name, effect: .changed, fields: fields)
            case (nil, _?): return ResourceDifference(kind: kind, name: name, effect: .added, fields: [])
            case (_?, nil): return ResourceDifference(kind: kind, name: name, effect: .removed, fields: [])
            case (nil, nil): return nil
            }
        }
    }
}
