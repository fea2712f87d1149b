// Fairlead: rules for assignments and endpoints
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension ProblemTrail {
    /// The largest priority of endpoints.
    private static let maximumPriority = 128
    /// The most bytes of an endpoint's host name.
    private static let maximumHostname = 65_535

    /// An assignment; `addresses` says what its addresses may be.
    mutating func check(_ assignment: EndpointAssignment, addresses: AddressKind) {
        requireText(assignment.name, at: "cluster_name")
        within("policy") { walk in
            if assignment.overprovisioningFactor == 0 {
                walk.error(.invalidValue, at: "overprovisioning_factor", "must be greater than 0")
            }
            if let drop = assignment.dropOverload { walk.check(drop) }
        }
        each("endpoints", assignment.localities) { $0.check($1, addresses: addresses) }
    }

    private mutating func check(_ drop: EndpointAssignment.DropOverload) {
        enter("drop_overloads", index: 0)
        requireText(drop.category, at: "category")
        let numerator = drop.fraction.numerator
        let denominator = drop.fraction.denominator.rawValue
        if numerator > denominator {
            error(
                .invalidValue, at: "drop_percentage",
                "Cluster drop_overloads config is invalid. Numerator \(numerator) / Denominator \(denominator) is "
                    + "above 1. The valid range is 0~1.")
        }
        leave()
    }

    private mutating func check(_ locality: LocalityEndpoints, addresses: AddressKind) {
        if !(0...ProblemTrail.maximumPriority).contains(locality.priority) {
            error(
                .invalidValue, at: "priority",
                "\(locality.priority) is not within 0 and \(ProblemTrail.maximumPriority)")
        }
        if locality.weight == 0 { error(.invalidValue, at: "load_balancing_weight", "must be at least 1") }
        each("lb_endpoints", locality.endpoints) { $0.check($1, addresses: addresses) }
    }

    /// One endpoint.
    mutating func check(_ endpoint: Endpoint, addresses: AddressKind) {
        enter("endpoint")
        enter("address")
        check(endpoint.address, as: addresses)
        leave()
        if endpoint.hostname.utf8.count > ProblemTrail.maximumHostname {
            error(
                .limitExceeded, at: "hostname",
                "\(endpoint.hostname.utf8.count) bytes; at most \(ProblemTrail.maximumHostname) are allowed")
        }
        leave()
        if endpoint.weight == 0 { error(.invalidValue, at: "load_balancing_weight", "must be at least 1") }
        check(endpoint.metadata, at: "metadata")
    }

    /// The sums of weights that policies with a table of shares can hold, for the assignment of such a cluster.
    mutating func checkWeightSums(of assignment: EndpointAssignment, weighsLocalities: Bool) {
        var endpointSums: [Int: UInt64] = [:]
        var localitySums: [Int: UInt64] = [:]
        var reported: Set<Int> = []
        each("endpoints", assignment.localities) { walk, locality in
            var sum = weighsLocalities ? 0 : endpointSums[locality.priority, default: 0]
            let before = sum
            for endpoint in locality.endpoints { sum += UInt64(endpoint.weight) }
            endpointSums[locality.priority] = sum
            if before <= UInt64(UInt32.max), sum > UInt64(UInt32.max) {
                walk.error(
                    .invalidValue, at: "lb_endpoints",
                    "The sum of weights of all upstream hosts in a locality exceeds \(UInt32.max)")
            }
            localitySums[locality.priority, default: 0] += UInt64(locality.weight ?? 0)
            if weighsLocalities, localitySums[locality.priority, default: 0] > UInt64(UInt32.max),
                reported.insert(locality.priority).inserted
            {
                walk.error(
                    .invalidValue, at: "load_balancing_weight",
                    "The sum of weights of all localities at the same priority exceeds \(UInt32.max)")
            }
        }
    }
}
