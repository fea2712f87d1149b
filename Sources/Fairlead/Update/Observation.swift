// Fairlead: what hosts observe of endpoints
// SPDX-License-Identifier: Apache-2.0

import FairleadDataPlane
public import FairleadModel

/// What somebody observed of one endpoint of one cluster.
public struct EndpointObservation: Hashable, Sendable {
    /// The cluster's name.
    public var cluster: String
    /// The endpoint's address.
    public var address: Address
    /// All that is observed of it, in place of what was before.
    public var state: EndpointState

    /// What was observed of the endpoint at `address` of `cluster`.
    public init(cluster: String, address: Address, state: EndpointState) {
        self.cluster = cluster
        self.address = address
        self.state = state
    }
}

extension Engine {
    /// Takes over what was observed of endpoints, as one step: compiles the clusters for which that is news, and publishes
    /// once. Workers see it when they refresh.
    ///
    /// What was observed of an endpoint counts as long as it stays in its cluster, over all updates. Of several observations
    /// of one endpoint the last one counts. O(endpoints of the clusters).
    ///
    /// - Returns: the indices of observations of endpoints that are not (or no longer) there; they are passed over.
    @discardableResult
    public func observe(_ observations: [EndpointObservation]) -> [Int] {
        state.withLock { $0.observe(observations) }
    }

    /// What was observed of endpoints, by cluster; those of which there is nothing to say are left out. Together with
    /// `configuration` it is all that snapshots are compiled from.
    public var endpointStates: [String: [Address: EndpointState]] {
        state.withLock { state in state.clusters.mapValues { $0.states }.filter { !$0.value.isEmpty } }
    }
}

extension EngineState {
    fileprivate mutating func observe(_ observations: [EndpointObservation]) -> [Int] {
        var states: [String: [Address: EndpointState]] = [:]
        var members: [String: Set<Address>] = [:]
        var unknown: [Int] = []
        for (index, observation) in observations.enumerated() {
            let name = observation.cluster
            guard let present = clusters[name] else {
                unknown.append(index)
                continue
            }
            if states[name] == nil {
                states[name] = present.states
                members[name] = Set(present.addresses)
            }
            guard members[name]?.contains(observation.address) ?? false else {
                unknown.append(index)
                continue
            }
            states[name]?[observation.address] = observation.state == EndpointState() ? nil : observation.state
        }
        let update = PreparedUpdate(states, self)
        if !update.isEmpty { commit(update) }
        return unknown
    }
}
