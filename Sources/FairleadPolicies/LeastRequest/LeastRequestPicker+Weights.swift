// Fairlead: picking the least loaded of hosts with different weights
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

extension LeastRequestPicker {
    /// Picks among hosts of different weights; see `LeastRequestPolicy` for how.
    func pickByWeight(_ table: LeastRequestTable, _ count: Int, _ context: inout PickContext) -> Int {
        let schedule = table.schedule
        if table.mode == LeastRequestTable.modeTurns {
            let index = schedule.next(context.words, 0, &context.random)
            return index < count ? index : -1
        }
        var best = schedule.next(context.words, 0, &context.random)
        guard best >= 0, best < count else { return -1 }
        let turn = best
        var lowest = table.score(best, active: context.loads.activeRequests(best))
        if scansAll || (!withReplacement && Int(choices) >= count) { return scanByWeight(table, turn, &context) }
        for _ in 1..<min(Int(choices), max(count * 4, 2)) {
            var index = schedule.sample(&context.random)
            // A heavy host comes up again and again: one that is surely another takes its place.
            if index == turn, !withReplacement { index = other(than: turn, count, &context) }
            guard index >= 0, index < count else { return best }
            let score = table.score(index, active: context.loads.activeRequests(index))
            if score < lowest { (best, lowest) = (index, score) }
        }
        return best
    }

    /// Any host but the one at `index`.
    @inline(__always)
    func other(than index: Int, _ count: Int, _ context: inout PickContext) -> Int {
        let other = Int(truncatingIfNeeded: context.random.next(below: UInt64(count &- 1)))
        return other >= index ? other &+ 1 : other
    }

    /// The least loaded of all; the one at `turn` if it ties with the best, and otherwise, of those that tie, any by its
    /// weight.
    func scanByWeight(_ table: LeastRequestTable, _ turn: Int, _ context: inout PickContext) -> Int {
        var best = turn
        var lowest = table.score(turn, active: context.loads.activeRequests(turn))
        var tied: UInt64 = 0
        for index in 0..<context.loads.count {
            let score = table.score(index, active: context.loads.activeRequests(index))
            let weight = UInt64(table.weight(index))
            if score < lowest {
                (best, lowest, tied) = (index, score, weight)
            } else if score == lowest, best != turn {
                tied += weight
                if context.random.next(below: tied) < weight { best = index }
            }
        }
        return best
    }
}
