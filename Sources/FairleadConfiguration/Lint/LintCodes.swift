// Fairlead: the codes of what is legal but wrong
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

extension Problem.Code {
    /// A cluster that no route leads to.
    public static let unusedCluster = Problem.Code("unused-cluster")
    /// A route to a cluster that does not exist.
    public static let unknownCluster = Problem.Code("unknown-cluster")
    /// A route table that no listener uses.
    public static let unusedRouteTable = Problem.Code("unused-route-table")
    /// An assignment that no cluster asks for.
    public static let unusedAssignment = Problem.Code("unused-assignment")
    /// A cluster without any endpoint.
    public static let noEndpoints = Problem.Code("no-endpoints")
    /// An endpoint that stands in its assignment already.
    public static let duplicateEndpoint = Problem.Code("duplicate-endpoint")
    /// A locality without weight where localities are chosen by theirs.
    public static let unweightedLocality = Problem.Code("unweighted-locality")
    /// A domain that no host belongs to.
    public static let unreachableDomain = Problem.Code("unreachable-domain")
    /// A virtual host without routes.
    public static let emptyVirtualHost = Problem.Code("empty-virtual-host")
    /// Two virtual hosts of one name.
    public static let duplicateVirtualHost = Problem.Code("duplicate-virtual-host")
    /// A route that no request matches.
    public static let neverMatches = Problem.Code("never-matches")
    /// A route all of whose requests an earlier one takes.
    public static let shadowedRoute = Problem.Code("shadowed-route")
    /// A part of a match tree that no request comes to.
    public static let unreachableBranch = Problem.Code("unreachable-branch")
    /// A pattern that says no more than a plain text would.
    public static let simplePattern = Problem.Code("simple-regex")
    /// A share that can never be chosen.
    public static let zeroWeight = Problem.Code("zero-weight")
    /// A retry policy, or a part of one, that cannot act.
    public static let idleRetryPolicy = Problem.Code("idle-retry-policy")
    /// A hash that no policy looks at.
    public static let idleHashPolicy = Problem.Code("idle-hash-policy")
    /// Consistent hashing of nothing.
    public static let missingHashPolicy = Problem.Code("missing-hash-policy")
    /// A redirect to where the request came from.
    public static let redirectLoop = Problem.Code("redirect-loop")
    /// A rewrite that doubles or swallows a slash.
    public static let rewriteSlash = Problem.Code("rewrite-slash")

    /// The codes of everything that linting finds, in the order of their names.
    public static var lints: [Problem.Code] {
        [
            duplicateEndpoint, duplicateVirtualHost, emptyVirtualHost, idleHashPolicy, idleRetryPolicy,
            missingHashPolicy, neverMatches, noEndpoints, redirectLoop, rewriteSlash, shadowedRoute, simplePattern,
            unknownCluster, unreachableBranch, unreachableDomain, unusedAssignment, unusedCluster, unusedRouteTable,
            unweightedLocality, zeroWeight,
        ]
    }
}
