// Fairlead: one atomic change of the desired state
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// A set of changes that is taken as one step or not at all: `Engine.apply` publishes the result once.
///
/// Changes act in their order. Setting something that exists replaces it; removing something that does not exist is not
/// an error.
public struct ConfigurationUpdate: Sendable {
    /// One change.
    public enum Change: Sendable {
        /// Adds or replaces a listener.
        case setListener(Listener)
        /// Removes the listener of that name.
        case removeListener(String)
        /// Adds or replaces a whole route table.
        case setRouteConfiguration(RouteConfiguration)
        /// Removes the route table of that name.
        case removeRouteConfiguration(String)
        /// Adds or replaces, by its name, one virtual host of a route table; compiles that one alone.
        case setVirtualHost(VirtualHost, routeConfiguration: String)
        /// Removes the virtual host of that name from a route table.
        case removeVirtualHost(String, routeConfiguration: String)
        /// Adds or replaces a cluster.
        case setCluster(Cluster)
        /// Removes the cluster of that name.
        case removeCluster(String)
        /// Adds or replaces the endpoints that clusters with endpoint discovery take under that name.
        case setAssignment(EndpointAssignment)
        /// Removes the assignment of that name.
        case removeAssignment(String)
        /// Adds or replaces, by its address, one endpoint of an assignment; `name` is the assignment's name, or the
        /// cluster's for one with its endpoints inline.
        case setEndpoint(Endpoint, locality: Locality, priority: Int, assignment: String)
        /// Removes the endpoint at that address.
        case removeEndpoint(Address, assignment: String)
        /// Adds a layer of runtime values behind those that are there, or replaces, in its place, the one of that name.
        /// Only virtual hosts that refer to a key whose value changes are compiled anew.
        case setRuntimeLayer(RuntimeLayer)
        /// Removes the layer of runtime values of that name.
        case removeRuntimeLayer(String)
        /// Removes everything that is there, so that the changes after it describe the whole state.
        case removeEverything
    }

    /// The changes, in order.
    public var changes: [Change]

    /// An update of the given changes.
    public init(_ changes: [Change] = []) { self.changes = changes }

    /// An update that replaces everything by `configuration`. What is the same before and after is shared, not rebuilt.
    public init(replacingEverythingWith configuration: Configuration) {
        changes = [.removeEverything]
        changes += configuration.runtimeLayers.map { .setRuntimeLayer($0) }
        changes += configuration.clusters.map { .setCluster($0) }
        changes += configuration.assignments.map { .setAssignment($0) }
        changes += configuration.routeConfigurations.map { .setRouteConfiguration($0) }
        changes += configuration.listeners.map { .setListener($0) }
    }
}
