// Fairlead: the whole desired state
// SPDX-License-Identifier: Apache-2.0

/// The whole desired state of an engine, as plain values: what should be, in Envoy's terms.
///
/// Names are unique in each list. The order of the lists means nothing, but the order of a virtual host's routes, of an
/// assignment's endpoints and of the runtime's layers does.
public struct Configuration: Hashable, Sendable {
    /// Where connections come in.
    public var listeners: [Listener]
    /// Route tables by name.
    public var routeConfigurations: [RouteConfiguration]
    /// Upstream groups by name.
    public var clusters: [Cluster]
    /// Endpoints of clusters that take them from elsewhere (`Cluster.Discovery.endpointDiscovery`), by service name.
    public var assignments: [EndpointAssignment]
    /// Values that are changed while running; of a key that several layers have, the last layer's value counts.
    public var runtimeLayers: [RuntimeLayer]

    /// A configuration of the given resources.
    public init(
        listeners: [Listener] = [], routeConfigurations: [RouteConfiguration] = [], clusters: [Cluster] = [],
        assignments: [EndpointAssignment] = [], runtimeLayers: [RuntimeLayer] = []
    ) {
        self.listeners = listeners
        self.routeConfigurations = routeConfigurations
        self.clusters = clusters
        self.assignments = assignments
        self.runtimeLayers = runtimeLayers
    }
}
