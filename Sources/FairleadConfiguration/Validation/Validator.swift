// Fairlead: what is wrong with a configuration, by itself
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// Says everything that is wrong with configuration values, before anything is compiled from them.
///
/// The rules are those of Envoy's schema and of its loaders, for all that the values can express; what concerns
/// patterns and the parameters of policies is for those who read them (`Compiler.check`). Paths use Envoy's field names
/// and start at the resource: `virtual_hosts[2].routes[0].route.cluster`. A configuration manager is taken to be the
/// first filter of the first filter chain of its listener, where a loader finds it elsewhere it maps the path.
/// Each function is O(size of what it is given).
public enum Validator {
    /// What is wrong within and between the resources of `configuration`.
    ///
    /// Paths start with the list and the index: `listeners[0]`, `route_configurations[1]`, `clusters[2]` or
    /// `assignments[3]`. An assignment that nothing sets is no fault: such a cluster has no endpoints yet.
    public static func problems(in configuration: Configuration) -> [Problem] {
        var walk = ProblemTrail()
        walk.check(configuration)
        return walk.problems
    }

    /// What is wrong with a listener, whatever its neighbours are.
    public static func problems(in listener: Listener) -> [Problem] {
        var walk = ProblemTrail()
        walk.check(listener)
        return walk.problems
    }

    /// What is wrong with a route table, whatever clusters there are.
    public static func problems(in routeConfiguration: RouteConfiguration) -> [Problem] {
        var walk = ProblemTrail()
        walk.check(routeConfiguration)
        return walk.problems
    }

    /// What is wrong with a virtual host, whatever its neighbours are; `maximumDirectResponseBody` is its table's.
    public static func problems(
        in virtualHost: VirtualHost, maximumDirectResponseBody: UInt32 = 4096
    ) -> [Problem] {
        var walk = ProblemTrail()
        walk.check(virtualHost, maximumBody: maximumDirectResponseBody)
        return walk.problems
    }

    /// What is wrong with a cluster and the endpoints that it holds.
    public static func problems(in cluster: Cluster) -> [Problem] {
        var walk = ProblemTrail()
        walk.check(cluster)
        return walk.problems
    }

    /// What is wrong with an assignment that arrives on its own.
    public static func problems(in assignment: EndpointAssignment) -> [Problem] {
        var walk = ProblemTrail()
        walk.check(assignment, addresses: .literal)
        return walk.problems
    }

    /// What is wrong with the endpoints of an assignment if they are sorted into `subsets`.
    public static func problems(inSubsets subsets: SubsetBalancing, of assignment: EndpointAssignment) -> [Problem] {
        var walk = ProblemTrail()
        walk.checkSubsetSize(of: assignment, subsets)
        return walk.problems
    }

    /// What is wrong with a layer of runtime values.
    public static func problems(in layer: RuntimeLayer) -> [Problem] {
        var walk = ProblemTrail()
        walk.check(layer)
        return walk.problems
    }

    /// What is wrong with one endpoint of an assignment that arrives on its own.
    public static func problems(in endpoint: Endpoint) -> [Problem] {
        var walk = ProblemTrail()
        walk.check(endpoint, addresses: .literal)
        return walk.problems
    }
}
