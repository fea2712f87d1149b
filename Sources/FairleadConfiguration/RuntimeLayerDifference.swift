// Fairlead: which layers of runtime values differ
// SPDX-License-Identifier: Apache-2.0

/// Compares two stacks of runtime layers. The order is part of them: of a key that several layers have, the last one's
/// value counts.
package struct RuntimeLayerDifference {
    /// The names of the layers that are in one stack only, or hold other values, or stand elsewhere, sorted.
    package let names: [String]
    /// The names of those that stand elsewhere among the layers that both stacks have.
    package let moved: Set<String>

    /// The difference between `old` and `new`, in each of which names differ. O(size of both).
    package init(from old: [RuntimeLayer], to new: [RuntimeLayer]) {
        let before = RuntimeLayerDifference.byName(old)
        let after = RuntimeLayerDifference.byName(new)
        let former = old.map { $0.name }.filter { after[$0] != nil }
        let latter = new.map { $0.name }.filter { before[$0] != nil }
        let moved = Set(zip(former, latter).filter { $0 != $1 }.flatMap { [$0, $1] })
        let all = Set(before.keys).union(after.keys)
        names = all.filter { before[$0] != after[$0] || moved.contains($0) }.sorted()
        self.moved = moved
    }

    /// Written out: a dictionary that is made of pairs casts, which Embedded Swift does not have.
    private static func byName(_ layers: [RuntimeLayer]) -> [String: RuntimeLayer] {
        var named: [String: RuntimeLayer] = [:]
        for layer in layers where named[layer.name] == nil { named[layer.name] = layer }
        return named
    }
}
