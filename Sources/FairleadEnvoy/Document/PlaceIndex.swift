// Fairlead: from a path to a line and a column
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Answers where in its text a value of a document was written.
///
/// Nothing is recorded while a document is read: the tree itself is kept, and a path is followed through it when a
/// problem needs its place.
struct PlaceIndex: Sendable {
    private let tree: TextTree

    init(_ tree: TextTree) { self.tree = tree }

    /// The place of the value at `path`, or of the nearest thing around it that was written: a missing field's place is
    /// that of its message.
    func place(of path: ProtoPath) -> Problem.Place {
        var node = tree.root
        for step in path.steps {
            guard let next = child(of: tree.nodes[tree.target(node)], at: step, from: node) else { break }
            node = next
        }
        // An alias's own place, not its anchor's: that is where the path leads.
        return Problem.Place(line: Int(tree.nodes[node].line), column: Int(tree.nodes[node].column))
    }

    /// The same for a path as text; a text that is no path has the root's place.
    func place(of path: String) -> Problem.Place { place(of: ProtoPath(parsing: path) ?? ProtoPath()) }

    private func child(of parent: TextNode, at step: ProtoPath.Step, from node: Int) -> Int? {
        switch (step, parent.kind) {
        case (.field(let name), .mapping): value(in: parent, named: name, or: PlaceIndex.jsonName(of: name))
        case (.key(let key), .mapping): value(in: parent, named: key, or: key)
        case (.index(let index), .sequence): index < Int(parent.count) ? tree.child(parent, index) : nil
        // A single value may stand for a list of one.
        case (.index(0), _): node
        default: nil
        }
    }

    private func value(in mapping: TextNode, named name: String, or other: String) -> Int? {
        for offset in stride(from: 0, to: Int(mapping.count), by: 2) {
            let key = tree.child(mapping, offset)
            guard tree.nodes[key].kind != .ignored else { continue }
            let text = tree.scalar(key)
            if text.elementsEqual(name.utf8) || text.elementsEqual(other.utf8) {
                return tree.child(mapping, offset + 1)
            }
        }
        return nil
    }

    /// A field's name in JSON, as protoc derives it: each letter after an underscore a capital, underscores gone.
    static func jsonName(of name: String) -> String {
        var text = ""
        var isCapital = false
        for byte in name.utf8 {
            if byte == UInt8(ascii: "_") {
                isCapital = true
                continue
            }
            let isLower = byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
            text.unicodeScalars.append(Unicode.Scalar(isCapital && isLower ? byte - 0x20 : byte))
            isCapital = false
        }
        return text
    }
}
