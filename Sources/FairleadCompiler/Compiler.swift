// Fairlead: what plugins say against a configuration
// SPDX-License-Identifier: Apache-2.0

public import FairleadConfiguration
public import FairleadModel
public import FairleadPlugin

/// The part of validation that plugins judge: patterns, by the pattern engine, and policies, each its own parameters
/// and hosts. Paths are relative to the resource, with the names of Envoy's fields.
public enum Compiler {
    /// Everything that plugins say against `configuration`; paths begin with the list and the index, for example
    /// `clusters[2]`.
    public static func check(_ configuration: Configuration, _ registry: PluginRegistry) -> [Problem] {
        var problems: [Problem] = []
        func add(_ found: [Problem], under place: String) {
            for var problem in found {
                problem.path = problem.path.isEmpty ? place : place + "." + problem.path
                problems.append(problem)
            }
        }
        for (index, table) in configuration.routeConfigurations.enumerated() {
            for (number, host) in table.virtualHosts.enumerated() {
                add(check(host, registry), under: "route_configurations[\(index)].virtual_hosts[\(number)]")
            }
        }
        var assignments: [String: EndpointAssignment] = [:]
        for assignment in configuration.assignments { assignments[assignment.name] = assignment }
        for (index, cluster) in configuration.clusters.enumerated() {
            var assignment = cluster.assignment
            if case .endpointDiscovery(let service) = cluster.discovery {
                assignment = assignments[service] ?? EndpointAssignment(name: service)
            }
            add(check(cluster, assignment, registry), under: "clusters[\(index)]")
        }
        return problems
    }

    /// Everything that plugins say against `cluster` with the endpoints of `assignment`.
    public static func check(
        _ cluster: Cluster, _ assignment: EndpointAssignment, _ registry: PluginRegistry
    ) -> [Problem] {
        let balancing = cluster.loadBalancing
        guard let policy = registry.policy(named: balancing.policy) else {
            return [
                Problem(
                    .unknownExtension, at: "load_balancing_policy",
                    "no load-balancing policy is registered as '\(balancing.policy)'")
            ]
        }
        var problems = placed(policy.check(balancing.parameters), under: "load_balancing_policy")
        if let subsets = balancing.subsets {
            problems += placed(Validator.problems(inSubsets: subsets, of: assignment), under: "load_assignment")
        }
        guard problems.allSatisfy({ $0.severity == .warning }) else { return problems }
        // Tables are built for the hosts of one priority, or for fewer.
        var weights: [Int: [UInt32]] = [:]
        for locality in assignment.localities {
            weights[locality.priority, default: []] += locality.endpoints.lazy.map { $0.weight }
        }
        for priority in weights.keys.sorted() {
            let found = policy.check(HostList(weights: weights[priority] ?? []), balancing.parameters)
            problems += placed(found, under: "load_assignment")
        }
        return problems
    }

    /// The problems that a policy tells by paths of its own, under the field that they belong to.
    private static func placed(_ problems: [Problem], under field: String) -> [Problem] {
        problems.map { problem in
            var placed = problem
            placed.path = problem.path.isEmpty ? field : field + "." + problem.path
            return placed
        }
    }

    /// Everything that the pattern engine says against `host`.
    public static func check(_ host: VirtualHost, _ registry: PluginRegistry) -> [Problem] {
        var checker = PatternChecker(registry.patternEngine)
        checker.check(host)
        return checker.problems
    }
}
