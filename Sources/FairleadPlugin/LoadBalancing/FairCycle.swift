// Fairlead: one cycle of turns, laid out evenly
// SPDX-License-Identifier: Apache-2.0

/// Lays out one cycle of turns among whole shares, for `WeightedSchedule`.
///
/// At every turn those may go that would not get ahead of their share by a whole turn, and of them the one whose next
/// turn is due first goes (earliest deadline first, as Envoy's `EdfScheduler`, which lets everyone go). On one processor
/// that keeps everyone less than one turn from the share, ahead or behind, at every moment (Baruah, Gehrke and Plaxton,
/// 1995). Shares 1, 2, 5 give Envoy's 2 2 1 2 2 0 1 2.
struct FairCycle {
    private let shares: [UInt32]
    /// How many turns each has had.
    private var taken: [UInt32]
    /// Those that may go, as a binary heap, the next one first.
    private var ready: [UInt32] = []

    /// The cycle: as many turns as the sum of `shares`, each an index into them. O(turns · log shares).
    static func turns(of shares: [UInt32]) -> [UInt32] {
        var cycle = FairCycle(shares)
        return cycle.layOut()
    }

    private init(_ shares: [UInt32]) {
        self.shares = shares
        taken = [UInt32](repeating: 0, count: shares.count)
    }

    private mutating func layOut() -> [UInt32] {
        let length = shares.reduce(0) { $0 + Int($1) }
        let nobody = UInt32.max
        // Who may go again at which turn: a list for each turn, threaded through `following`.
        var released = [UInt32](repeating: nobody, count: length)
        var following = [UInt32](repeating: nobody, count: shares.count)
        for index in shares.indices where shares[index] > 0 { push(UInt32(index)) }

        var turns: [UInt32] = []
        turns.reserveCapacity(length)
        for turn in 0..<length {
            var waiting = released[turn]
            while waiting != nobody {
                push(waiting)
                waiting = following[Int(waiting)]
            }
            let index = pop()
            turns.append(index)
            taken[Int(index)] += 1
            let (had, share) = (Int(taken[Int(index)]), Int(shares[Int(index)]))
            guard had < share else { continue }
            let release = had * length / share
            if release <= turn {
                push(index)
            } else {
                following[Int(index)] = released[release]
                released[release] = index
            }
        }
        return turns
    }

    /// Whether `left` goes before `right`: its turn is due earlier or, due at the same time, it has waited longer
    /// (which is the one of the smaller share), or it stands earlier.
    private func precedes(_ left: UInt32, _ right: UInt32) -> Bool {
        let (leftShare, rightShare) = (UInt64(shares[Int(left)]), UInt64(shares[Int(right)]))
        let leftDue = (UInt64(taken[Int(left)]) + 1) * rightShare
        let rightDue = (UInt64(taken[Int(right)]) + 1) * leftShare
        if leftDue != rightDue { return leftDue < rightDue }
        return (leftShare, left) < (rightShare, right)
    }

    private mutating func push(_ index: UInt32) {
        ready.append(index)
        var place = ready.count - 1
        while place > 0, precedes(ready[place], ready[(place - 1) / 2]) {
            ready.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func pop() -> UInt32 {
        let first = ready[0]
        let last = ready.removeLast()
        guard !ready.isEmpty else { return first }
        ready[0] = last
        var place = 0
        while 2 * place + 1 < ready.count {
            var child = 2 * place + 1
            if child + 1 < ready.count, precedes(ready[child + 1], ready[child]) { child += 1 }
            guard precedes(ready[child], ready[place]) else { break }
            ready.swapAt(place, child)
            place = child
        }
        return first
    }
}
