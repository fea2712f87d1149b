// Fairlead: what the transcoder says about a fault
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension Transcoder {
    /// Reports a problem with the value at `node`.
    mutating func report(_ severity: Problem.Severity, _ code: Problem.Code, _ node: Int, _ message: String) {
        let place = Problem.Place(line: Int(tree.nodes[node].line), column: Int(tree.nodes[node].column))
        problems.add(Problem(severity, code, at: path.path.description, message, place: place))
    }

    /// Reports that the value at `node` should be `wanted`.
    mutating func wrongType(_ node: Int, _ wanted: String, hint: String = "") {
        report(.error, .wrongType, node, "\(wanted) is expected, found \(description(of: node))\(hint)")
    }

    /// Reports a null that stands where a value should, in a list or a map. Envoy takes it for an empty one.
    mutating func nullElement(_ node: Int) {
        report(.warning, .nullElement, node, "null is taken for an empty value")
    }

    /// Reports a field that the mapping held before, in this spelling or the other.
    mutating func duplicateField(_ key: Int) {
        reportKey(.error, .duplicate, key, "the field is set twice")
    }

    /// Reports a key that the map held before.
    mutating func duplicateKey(_ key: Int) {
        path.push(.key(tree.scalar(key)))
        report(.error, .duplicate, key, "the key appears twice")
        path.pop()
    }

    /// Reports a second member of a oneof.
    mutating func oneofConflict(_ key: Int, _ field: FieldSchema, _ oneof: String) {
        reportKey(.error, .oneofConflict, key, "another member of the oneof \(oneof) is set already")
    }

    /// Reports a key that is no field of `message`.
    mutating func unknownField(_ key: Int, of message: MessageSchema) {
        let name = tree.string(key)
        if name == "<<" {
            return reportKey(.error, .unsupported, key, "merge keys are not read: Envoy knows none")
        }
        var text = "\(message.name) has no such field"
        if let nearest = NearestName.suggestion(for: name, among: message.fields.lazy.map(\.name)) {
            text += "; did you mean \(nearest)?"
        }
        reportKey(unknownSeverity, .unknownField, key, text)
    }

    private mutating func reportKey(
        _ severity: Problem.Severity, _ code: Problem.Code, _ key: Int, _ message: String
    ) {
        path.push(.unknown(tree.scalar(key)))
        report(severity, code, key, message)
        path.pop()
    }

    /// What stands at `node`, in words, long texts cut short.
    func description(of node: Int) -> String {
        switch tree.nodes[node].kind {
        case .null: return "null"
        case .no: return "false"
        case .yes: return "true"
        case .number: return "the number \(tree.string(node))"
        case .text, .ignored, .alias:
            let text = tree.string(node)
            return text.count <= 60 ? "\"\(text)\"" : "\"\(text.prefix(57))...\""
        case .sequence: return "a list"
        case .mapping: return "a mapping"
        }
    }
}
