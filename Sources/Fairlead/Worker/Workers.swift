// Fairlead: workers come and go
// SPDX-License-Identifier: Apache-2.0

import FairleadDataPlane
import FairleadModel

/// Why a worker cannot be made.
public struct WorkerLimitReached: Error, Hashable, Sendable {
    /// How many there may be.
    public let maximum: Int
}

extension Engine {
    /// Makes a worker for one thread. It has adopted the current snapshot.
    ///
    /// - Throws: when `EngineOptions.maximumWorkers` are there already.
    public func makeWorker() throws(WorkerLimitReached) -> Worker {
        let cell = try state.withLock { (state: inout EngineState) throws(WorkerLimitReached) -> WorkerCell in
            guard let index = state.workers.firstIndex(where: { $0 == nil }) else {
                throw WorkerLimitReached(maximum: state.workers.count)
            }
            for cluster in state.clusters.values {
                cluster.counterPages.prepare(worker: index)
                cluster.policyPages.prepare(worker: index)
            }
            // Each worker ever made draws from a stream of its own, in the order of their making.
            state.workersEverMade += 1
            let seed = RandomSource.mixed(state.options.seed &+ state.workersEverMade)
            let cell = WorkerCell.allocate(index: index, board: state.board, seed: seed)
            state.workers[index] = cell
            return cell
        }
        cell.refresh()
        return Worker(self, cell)
    }

    /// Whether anything of a worker is open decides whether it can go: one with an exchange or an attempt is kept for
    /// ever, because somebody may still use what it holds.
    func remove(_ cell: WorkerCell) {
        guard cell.openExchanges == 0, !cell.hasOpenPins else { return }
        state.withLock { state in
            // After a fork the place may belong to another worker.
            guard let present = state.workers[cell.index], present == cell else { return }
            cell.leave()
            for cluster in state.clusters.values {
                cluster.counterPages.retire(worker: cell.index)
                cluster.policyPages.retire(worker: cell.index)
            }
            for counter in WorkerCounters.Counter.allCases {
                state.retiredCounts[counter.rawValue] += cell.counters.value(counter)
            }
            state.workers[cell.index] = nil
            cell.deallocate()
            state.reclaim()
        }
    }
}
