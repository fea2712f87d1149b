// Fairlead: permits for work that hosts do beside requests
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension WorkerCell {
    /// Takes a permit for `work` on behalf of `attempt`, which is open and not detached; answers none when the cap is
    /// reached, which is counted. `isForced` takes it in any case.
    public func takePermit(_ work: CountedWork, for attempt: AttemptState, isForced: Bool) -> PermitState {
        guard let block = attempt.cluster, let endpoint = attempt.slot, work != .retries else { return .none }
        let cluster = ClusterView(block)
        let breaker = cluster.breaker(Int(attempt.priority))
        let slot = cluster.clusterSlot
        let isConnection = work == .connections
        if isConnection {
            let limit = UInt64(breaker.connectionsPerEndpoint)
            guard endpoint.takeConnection(limit: limit, isForced: isForced) else {
                cluster.count(.connectionOverflow, worker: index)
                return .none
            }
        }
        guard
            slot.take(work, priority: Int(attempt.priority), limit: breaker.limit(work), isForced: isForced)
        else {
            if isConnection { endpoint.giveConnectionBack() }
            cluster.count(work.overflow, worker: index)
            return .none
        }
        slot.hold()
        if isConnection { endpoint.hold() }
        return PermitState(work, attempt.priority, slot, isConnection ? endpoint : nil)
    }
}

extension CountedWork {
    /// What counts its refusals.
    var overflow: ClusterCounter {
        switch self {
        case .connections: .connectionOverflow
        case .pendingRequests: .pendingOverflow
        case .connectionPools: .poolOverflow
        case .retries: .retryOverflow
        }
    }
}
