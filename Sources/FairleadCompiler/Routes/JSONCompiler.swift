// Fairlead: compiling JSON bodies
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadDataPlane
import FairleadModel

extension BlockWriter {
    /// Stores the JSON object of the members `fields`.
    mutating func append(json fields: [MetadataValue.Field]) -> BlockReference<JSONNode> {
        let node = node(.structure(fields))
        return append(shared: node)
    }

    private mutating func node(_ value: MetadataValue) -> JSONNode {
        switch value {
        case .null: return JSONNode(.null)
        case .bool, .number:
            var node = JSONNode(.fixed)
            node.text = text(value.jsonText)
            return node
        case .text(let format): return node(format)
        case .list(let values):
            var node = JSONNode(.list)
            let children = values.map { self.node($0) }
            node.children = append(children)
            return node
        case .structure(let fields):
            var node = JSONNode(.object)
            var children: [JSONNode] = []
            for field in fields.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
                var child = self.node(field.value)
                child.key = text(MetadataValue.quoted(field.name))
                children.append(child)
            }
            node.children = append(children)
            return node
        }
    }

    private mutating func node(_ format: String) -> JSONNode {
        guard format.utf8.contains(UInt8(ascii: "%")) else {
            var node = JSONNode(.fixed)
            node.text = text(MetadataValue.quoted(format))
            return node
        }
        let pieces = append(pieces: format)
        let isOneCommand = pieces.count == 1 && elements(of: pieces)[0].subject != .literal
        var node = JSONNode(isOneCommand ? .value : .text)
        node.pieces = pieces
        return node
    }
}
