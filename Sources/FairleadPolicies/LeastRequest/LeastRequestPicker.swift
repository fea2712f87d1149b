// Fairlead: picking the least loaded host
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin

/// The data side of `LeastRequestPolicy`; its worker's first word is the schedule's cursor.
struct LeastRequestPicker: Picker, BitwiseCopyable {
    /// How many hosts are sampled.
    let choices: UInt32
    /// Whether all hosts are looked at.
    let scansAll: Bool
    /// Whether a host may be sampled twice.
    let withReplacement: Bool

    /// A picker that samples `choices` hosts, or looks at all of them.
    init(choices: UInt32, scansAll: Bool, withReplacement: Bool) {
        self.choices = max(choices, 2)
        self.scansAll = scansAll
        self.withReplacement = withReplacement
    }

    /// The least loaded host of the sample; −1 when there is none. O(choices), O(hosts) when all are looked at.
    @inline(__always)
    func pick(_ table: PickTable, _ context: inout PickContext) -> Int {
        let count = context.loads.count
        guard count > 1 else { return count - 1 }
        let table = LeastRequestTable(table)
        guard table.mode == LeastRequestTable.modeEqual else { return pickByWeight(table, count, &context) }
        if choices == 2, !scansAll, !withReplacement { return pickOfTwo(count, &context) }
        if scansAll || (!withReplacement && Int(choices) >= count) { return scan(count, &context) }
        return withReplacement ? pickOfSome(count, &context) : pickOfDifferent(count, &context)
    }

    /// Two different hosts from one draw: its upper half chooses among all, its lower half among the others. The bias
    /// of a half is below hosts ÷ 2^32.
    @inline(__always)
    func pickOfTwo(_ count: Int, _ context: inout PickContext) -> Int {
        let draw = context.random.next()
        let first = Int(truncatingIfNeeded: ((draw &>> 32) &* UInt64(count)) &>> 32)
        var second = Int(truncatingIfNeeded: ((draw & 0xffff_ffff) &* UInt64(count &- 1)) &>> 32)
        if second >= first { second &+= 1 }
        return context.loads.activeRequests(second) < context.loads.activeRequests(first) ? second : first
    }

    /// One host from each of as many parts of the list as there are choices, the parts cut at a random place: different
    /// hosts, each as likely as any other, without a list of those already drawn.
    func pickOfDifferent(_ count: Int, _ context: inout PickContext) -> Int {
        let parts = Int(choices)
        let cut = Int(truncatingIfNeeded: context.random.next(below: UInt64(count)))
        var best = -1
        var fewest = Int.max
        for part in 0..<parts {
            let lower = part * count / parts
            let size = (part + 1) * count / parts - lower
            var index = cut + lower + Int(truncatingIfNeeded: context.random.next(below: UInt64(size)))
            if index >= count { index -= count }
            let active = context.loads.activeRequests(index)
            if active < fewest { (best, fewest) = (index, active) }
        }
        return best
    }

    /// Envoy's sample: any hosts, perhaps the same. More than four draws a host would tell nothing new.
    func pickOfSome(_ count: Int, _ context: inout PickContext) -> Int {
        var best = -1
        var fewest = Int.max
        for _ in 0..<min(Int(choices), max(count * 4, 2)) {
            let index = Int(truncatingIfNeeded: context.random.next(below: UInt64(count)))
            let active = context.loads.activeRequests(index)
            if active < fewest { (best, fewest) = (index, active) }
        }
        return best
    }

    /// The least loaded of all; of those that tie any, each as likely (reservoir sampling).
    func scan(_ count: Int, _ context: inout PickContext) -> Int {
        var best = -1
        var fewest = Int.max
        var ties: UInt64 = 0
        for index in 0..<count {
            let active = context.loads.activeRequests(index)
            if active < fewest {
                (best, fewest, ties) = (index, active, 1)
            } else if active == fewest {
                ties += 1
                if context.random.next(below: ties) == 0 { best = index }
            }
        }
        return best
    }
}
