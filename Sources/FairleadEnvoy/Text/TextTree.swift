// Fairlead: a YAML or JSON text as a tree that knows its places
// SPDX-License-Identifier: Apache-2.0

/// One node of a text: what it is, where it stands, and where its content lies in the tree's arenas.
struct TextNode: Sendable {
    /// What a node is, after the rules of its format have been applied: the same for YAML and for JSON.
    enum Kind: UInt8, Sendable {
        case null, no, yes
        /// A number, its digits as text.
        case number
        /// A string, and in YAML any plain scalar that is not one of the others, a fraction like `1.5` among them.
        case text
        case sequence
        /// Children are keys and values in turn.
        case mapping
        /// A YAML alias; `start` is the node that it stands for.
        case alias
        /// A mapping key tagged `!ignore`: the pair is there for its anchors only.
        case ignored
    }

    var kind: Kind
    /// Both from 1; the column counts characters.
    var line: UInt32
    var column: UInt32
    /// A scalar's first byte in `bytes`, or a container's first child in `children`.
    var start: UInt32
    /// A scalar's bytes, or a container's children.
    var count: UInt32
}

/// A parsed text: nodes, children and scalar bytes in three flat arrays, so that a tree of a million nodes is three
/// allocations and a place costs eight bytes.
///
/// YAML and JSON readers build it, `Transcoder` turns it into a message, and `PlaceIndex` keeps it to answer where a
/// path was written.
struct TextTree: Sendable {
    var nodes: [TextNode] = []
    var children: [UInt32] = []
    var bytes: [UInt8] = []
    /// The index of the root.
    var root: Int = 0

    /// The node that `index` stands for: itself, or what an alias points to. Aliases never point to aliases.
    func target(_ index: Int) -> Int {
        nodes[index].kind == .alias ? Int(nodes[index].start) : index
    }

    /// The bytes of a scalar.
    func scalar(_ index: Int) -> ArraySlice<UInt8> {
        let node = nodes[target(index)]
        return bytes[Int(node.start)..<Int(node.start + node.count)]
    }

    /// The text of a scalar.
    func string(_ index: Int) -> String { String(decoding: scalar(index), as: UTF8.self) }

    /// The child of a container at `offset`.
    func child(_ container: TextNode, _ offset: Int) -> Int { Int(children[Int(container.start) + offset]) }
}
