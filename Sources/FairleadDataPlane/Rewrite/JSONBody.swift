// Fairlead: writing JSON bodies
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Writes compiled JSON bodies, as Envoy 1.40 does (`substitution_formatter.cc`): keys in the order of their bytes, values
/// of their own types where a text is one command and nothing else, and a line's end behind it all.
struct JSONBody {
    let substitution: Substitution

    /// Writes `root`, an object, for `request`.
    func write(_ root: JSONNode, _ request: borrowing RequestView, into output: inout OutputBuffer) {
        _ = writeObject(root, request, isRoot: true, into: &output)
        output.append("\n")
    }

    private var omits: Bool { substitution.place == .briefBody }

    /// Writes a value; answers whether there is one: what is missing is none when such is left out.
    private func writeValue(
        _ node: JSONNode, _ request: borrowing RequestView, into output: inout OutputBuffer
    ) -> Bool {
        let block = substitution.block
        switch node.kind {
        case .fixed: output.append(block.bytes(node.text))
        case .null: return writeNull(into: &output)
        case .value: return writeCommand(block[node.pieces, 0], request, into: &output)
        case .text:
            output.append("\"")
            for index in 0..<Int(node.pieces.count) { writePiece(block[node.pieces, index], request, into: &output) }
            output.append("\"")
        case .list:
            output.append("[")
            let start = output.needed
            for index in 0..<Int(node.children.count) {
                let place = output.needed
                if place > start { output.append(",") }
                if !writeValue(block[node.children, index], request, into: &output) { output.truncate(to: place) }
            }
            output.append("]")
        case .object: return writeObject(node, request, isRoot: false, into: &output)
        }
        return true
    }

    /// Writes an object; one that comes out empty is left out with what is missing, unless it is the whole body.
    private func writeObject(
        _ node: JSONNode, _ request: borrowing RequestView, isRoot: Bool, into output: inout OutputBuffer
    ) -> Bool {
        let block = substitution.block
        output.append("{")
        let start = output.needed
        for index in 0..<Int(node.children.count) {
            let child = block[node.children, index]
            let place = output.needed
            if place > start { output.append(",") }
            output.append(block.bytes(child.key))
            output.append(":")
            if !writeValue(child, request, into: &output) { output.truncate(to: place) }
        }
        if omits, !isRoot, output.needed == start { return false }
        output.append("}")
        return true
    }

    private func writeNull(into output: inout OutputBuffer) -> Bool {
        if omits { return false }
        output.append("null")
        return true
    }

    /// Writes what a command stands for, of whatever type it is.
    private func writeCommand(
        _ part: SubstitutionPart, _ request: borrowing RequestView, into output: inout OutputBuffer
    ) -> Bool {
        switch part.subject {
        case .responseCode, .attempts: return substitution.writeLimited(part, request, into: &output)
        case .routeMetadata, .virtualHostMetadata, .clusterMetadata:
            guard let (node, block) = substitution.metadataNode(part), node.kind != .null else {
                return writeNull(into: &output)
            }
            if node.kind != .text {
                output.append(block.bytes(node.text))
                return true
            }
        default: break
        }
        let isPort = part.subject == .clientPort || part.subject == .localPort || part.subject == .endpointPort
        let isThere = withPiece(part, request) { value, isThere in
            guard isThere else { return false }
            if isPort, JSONBody.isNumber(value) {
                output.append(value)
            } else {
                output.append("\"")
                JSONText.write(value, into: &output)
                output.append("\"")
            }
            return true
        }
        return isThere || writeNull(into: &output)
    }

    /// Writes a piece of a text.
    private func writePiece(
        _ part: SubstitutionPart, _ request: borrowing RequestView, into output: inout OutputBuffer
    ) {
        if part.subject == .literal { return JSONText.write(substitution.block.bytes(part.first), into: &output) }
        let isThere = withPiece(part, request) { value, isThere in
            if isThere { JSONText.write(value, into: &output) }
            return isThere
        }
        if !isThere, !omits { output.append("-") }
    }

    /// Lends what a command stands for, as a text, and whether there is anything of the kind.
    private func withPiece<Result>(
        _ part: SubstitutionPart, _ request: borrowing RequestView, _ body: (Bytes, Bool) -> Result
    ) -> Result {
        var isThere = false
        return ScratchBuffer.with({ isThere = substitution.writeLimited(part, request, into: &$0) }) {
            body($0, isThere)
        }
    }

    private static func isNumber(_ text: Bytes) -> Bool {
        guard text.count > 0, text.count <= 5, text.count == 1 || text[0] != UInt8(ascii: "0") else { return false }
        for index in 0..<text.count where text[index] &- 48 > 9 { return false }
        return true
    }
}
