// Fairlead: puts a text tree together, event by event
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Builds a `TextTree` from the events of a reader, in the order of the text.
///
/// Children wait on one stack until their container closes, and are then laid out side by side.
struct TextTreeBuilder {
    private struct Open {
        var node: Int
        /// Where its children begin on the stack.
        var firstPending: Int
    }

    private(set) var tree = TextTree()
    private var open: [Open] = []
    private var pending: [UInt32] = []
    private let maximumDepth: Int

    /// `expectedBytes` is the size of the input, by which room is reserved.
    init(maximumDepth: Int, expectedBytes: Int) {
        self.maximumDepth = maximumDepth
        tree.bytes.reserveCapacity(expectedBytes / 2)
        tree.nodes.reserveCapacity(expectedBytes / 16)
        tree.children.reserveCapacity(expectedBytes / 16)
    }

    /// Whether the next node is the key of a mapping.
    var expectsKey: Bool {
        guard let last = open.last, tree.nodes[last.node].kind == .mapping else { return false }
        return (pending.count - last.firstPending) % 2 == 0
    }

    /// Whether no node has been added yet.
    var isEmpty: Bool { tree.nodes.isEmpty }

    /// Adds a scalar; answers its index.
    @discardableResult
    mutating func scalar(_ kind: TextNode.Kind, _ text: some Collection<UInt8>, line: Int, column: Int) -> Int {
        let start = tree.bytes.count
        tree.bytes.append(contentsOf: text)
        return add(kind, line: line, column: column, start: start, count: tree.bytes.count - start)
    }

    /// Adds an alias of an earlier node. Nil when that node is a container that is still open: it would hold itself.
    mutating func alias(of target: Int, line: Int, column: Int) -> Int? {
        if open.contains(where: { $0.node == target }) { return nil }
        return add(.alias, line: line, column: column, start: target, count: 0)
    }

    /// Opens a sequence or a mapping; answers its index, or nil when it lies too deep.
    mutating func openContainer(_ kind: TextNode.Kind, line: Int, column: Int) -> Int? {
        guard open.count < maximumDepth else { return nil }
        let node = add(kind, line: line, column: column, start: 0, count: 0)
        open.append(Open(node: node, firstPending: pending.count))
        return node
    }

    /// Closes the container that was opened last.
    mutating func closeContainer() {
        guard let last = open.popLast() else { return }
        tree.nodes[last.node].start = UInt32(tree.children.count)
        tree.nodes[last.node].count = UInt32(pending.count - last.firstPending)
        tree.children.append(contentsOf: pending[last.firstPending...])
        pending.removeSubrange(last.firstPending...)
    }

    /// What to say of a container that lies too deep.
    func tooDeep(at place: Problem.Place) -> Problem {
        Problem(.error, .limitExceeded, "nested deeper than \(maximumDepth) levels", place: place)
    }

    /// Marks a key as one whose pair is to be passed over.
    mutating func ignore(_ node: Int) { tree.nodes[node].kind = .ignored }

    private mutating func add(_ kind: TextNode.Kind, line: Int, column: Int, start: Int, count: Int) -> Int {
        let index = tree.nodes.count
        tree.nodes.append(
            TextNode(
                kind: kind, line: UInt32(clamping: line), column: UInt32(clamping: column), start: UInt32(start),
                count: UInt32(count)))
        if !open.isEmpty { pending.append(UInt32(index)) }
        return index
    }
}
