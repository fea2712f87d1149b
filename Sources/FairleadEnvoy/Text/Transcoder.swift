// Fairlead: from a text tree to protobuf bytes
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Walks a text tree along the schema and writes the message that it describes, by protobuf's JSON mapping as Envoy
/// reads it.
///
/// It never stops at a fault: what cannot be written is reported at its place and left out, and the walk goes on, so
/// that one run finds every problem. Names may be `snake_case` or `lowerCamelCase`; null is absence; a single value
/// may stand for a list of one, and boxed scalars and durations may also be spelled as messages, as Envoy allows.
/// Stricter than Envoy: a key that appears twice and a list directly inside a list are errors.
struct Transcoder {
    let schema: Schema
    let tree: TextTree
    let limits: TextLimits
    /// How bad a field or a type is that the schema does not know.
    let unknownSeverity: Problem.Severity
    var writer = WireWriter()
    var path: PathStack
    var problems: ProblemCollector
    private var depth = 0
    /// How many aliases the walk has followed to where it is.
    private var aliasNesting = 0
    private var aliasExpansion = 0
    private var isStopped = false

    /// The bytes of the message of index `type` that `tree` describes, and every problem met on the way. `prefix` is
    /// where the tree's root lies in its document.
    static func transcode(
        _ tree: TextTree, as type: Int, schema: Schema, limits: TextLimits = .standard,
        unknownSeverity: Problem.Severity = .warning, prefix: ProtoPath = ProtoPath()
    ) -> (bytes: [UInt8], problems: [Problem]) {
        var transcoder = Transcoder(
            schema: schema, tree: tree, limits: limits, unknownSeverity: unknownSeverity, path: PathStack(prefix),
            problems: ProblemCollector(limit: limits.maximumProblems))
        transcoder.message(type, tree.root)
        return (transcoder.writer.bytes, transcoder.problems.list)
    }

    /// Writes the fields of the message of index `type`.
    mutating func message(_ type: Int, _ node: Int) {
        let message = schema.messages[type]
        switch message.form {
        case .fields, .mapEntry: plainMessage(message, node)
        case .opaque: opaque(message, node)
        case .any: any(node)
        case .duration, .timestamp: time(message, node)
        case .structure: structure(node)
        case .value: dynamicValue(node)
        case .list: dynamicList(node)
        case .wrapper(let scalar): wrapper(message, scalar, node)
        }
    }

    /// Writes a message that is spelled as a mapping of its fields.
    mutating func plainMessage(_ message: MessageSchema, _ node: Int) {
        guard tree.nodes[node].kind == .mapping else { return wrongType(node, "a mapping, \(message.name),") }
        inContainer(node) { $0.fields(of: message, node) }
    }

    /// Writes the fields that the mapping at `node` holds; `isAny` when its `@type` has been dealt with.
    mutating func fields(of message: MessageSchema, _ node: Int, isAny: Bool = false) {
        let mapping = tree.nodes[node]
        var seen = FieldSet()
        var oneofs = FieldSet()
        for offset in stride(from: 0, to: Int(mapping.count), by: 2) {
            let key = tree.child(mapping, offset)
            guard tree.nodes[key].kind != .ignored else { continue }
            let name = tree.scalar(key)
            if isAny, name.elementsEqual("@type".utf8) { continue }
            guard let index = message.fieldIndex(named: name.span) else {
                unknownField(key, of: message)
                continue
            }
            let field = message.fields[index]
            guard seen.insert(index) else {
                duplicateField(key)
                continue
            }
            let value = tree.child(mapping, offset + 1)
            if tree.nodes[tree.target(value)].kind == .null, !takesNull(field) { continue }
            if let oneof = field.oneof, !oneofs.insert(oneof) {
                oneofConflict(key, field, message.oneofs[oneof])
                continue
            }
            path.push(.field(field))
            following(value) { $0.content(of: field, $1) }
            path.pop()
        }
    }

    private func takesNull(_ field: FieldSchema) -> Bool {
        guard field.label == .singular, case .message(let type) = field.type else { return false }
        return schema.messages[type].form == .value
    }

    private mutating func content(of field: FieldSchema, _ node: Int) {
        switch field.label {
        case .singular: value(field, node)
        case .repeated: list(field, node)
        case .map: map(field, node)
        }
    }

    /// Writes one value of a field with its tag.
    private mutating func value(_ field: FieldSchema, _ node: Int) {
        switch field.type {
        case .message(let type):
            writer.tag(field.number, .lengthDelimited)
            let start = writer.begin()
            message(type, node)
            writer.end(start)
        case .scalar(let type):
            guard let value = scalar(type, node) else { return }
            writer.tag(field.number, type.wireType)
            put(value)
        case .enumeration(let type):
            guard let number = enumNumber(schema.enums[type], node) else { return }
            writer.tag(field.number, .varint)
            writer.varint(UInt64(bitPattern: Int64(number)))
        }
    }

    private mutating func list(_ field: FieldSchema, _ node: Int) {
        guard tree.nodes[node].kind == .sequence else {
            path.push(.index(0))
            value(field, node)
            path.pop()
            return
        }
        inContainer(node) { transcoder in
            let sequence = transcoder.tree.nodes[node]
            for offset in 0..<Int(sequence.count) {
                transcoder.path.push(.index(offset))
                transcoder.following(transcoder.tree.child(sequence, offset)) { $0.element(field, $1) }
                transcoder.path.pop()
            }
        }
    }

    private mutating func element(_ field: FieldSchema, _ node: Int) {
        guard tree.nodes[node].kind == .null, !isDynamic(field) else { return value(field, node) }
        nullElement(node)
        writer.tag(field.number, field.type.wireType)
        defaultValue(field.type)
    }

    /// Whether a field holds `google.protobuf.Value`s, among which null is a value.
    private func isDynamic(_ field: FieldSchema) -> Bool {
        guard case .message(let type) = field.type else { return false }
        return schema.messages[type].form == .value
    }

    private mutating func defaultValue(_ type: FieldType) {
        switch type.wireType {
        case .fixed32: writer.fixed32(0)
        case .fixed64: writer.fixed64(0)
        default: writer.varint(0)
        }
    }

    private mutating func map(_ field: FieldSchema, _ node: Int) {
        guard tree.nodes[node].kind == .mapping else { return wrongType(node, "a mapping of keys to values") }
        guard case .message(let type) = field.type else { return }
        let entry = schema.messages[type]
        guard let keyField = entry.fields.first, let valueField = entry.fields.last else { return }
        inContainer(node) { transcoder in
            transcoder.pairs(of: node) { transcoder, key, value in
                guard case .scalar(let keyType) = keyField.type, let name = transcoder.scalar(keyType, key) else {
                    return
                }
                transcoder.writer.tag(field.number, .lengthDelimited)
                let start = transcoder.writer.begin()
                transcoder.writer.tag(keyField.number, keyType.wireType)
                transcoder.put(name)
                transcoder.following(value) { $0.element(valueField, $1) }
                transcoder.writer.end(start)
            }
        }
    }

    /// Calls `body` with each key and value of the mapping at `node`, the key on the path. A key that was there
    /// before is reported and passed over.
    mutating func pairs(of node: Int, _ body: (inout Transcoder, _ key: Int, _ value: Int) -> Void) {
        let mapping = tree.nodes[node]
        var seen = Set<ArraySlice<UInt8>>()
        for offset in stride(from: 0, to: Int(mapping.count), by: 2) {
            let key = tree.child(mapping, offset)
            guard tree.nodes[key].kind != .ignored else { continue }
            let name = tree.scalar(key)
            // A mapping of one pair has nothing to compare.
            if mapping.count > 2, !seen.insert(name).inserted {
                duplicateKey(key)
                continue
            }
            path.push(.key(name))
            body(&self, tree.target(key), tree.child(mapping, offset + 1))
            path.pop()
        }
    }

    /// Calls `body` one level deeper, unless that is too deep. Readers check the text's own nesting; aliases may add
    /// to it.
    mutating func inContainer(_ node: Int, _ body: (inout Transcoder) -> Void) {
        guard depth < limits.maximumDepth else {
            return report(.error, .limitExceeded, node, "nested deeper than \(limits.maximumDepth) levels")
        }
        depth += 1
        body(&self)
        depth -= 1
    }

    /// Calls `body` with the node that `index` stands for. Whatever is read through an alias is counted, and too much
    /// of it ends the walk.
    mutating func following(_ index: Int, _ body: (inout Transcoder, Int) -> Void) {
        guard !isStopped else { return }
        let isAlias = tree.nodes[index].kind == .alias
        if isAlias { aliasNesting += 1 }
        defer { if isAlias { aliasNesting -= 1 } }
        let node = tree.target(index)
        if aliasNesting > 0 {
            let content = tree.nodes[node]
            let isContainer = content.kind == .sequence || content.kind == .mapping
            aliasExpansion += 1 + (isContainer ? 0 : Int(content.count))
            if aliasExpansion > limits.maximumAliasExpansion {
                isStopped = true
                return report(.error, .limitExceeded, index, "too much text when aliases are followed")
            }
        }
        body(&self, node)
    }
}

/// A set of small numbers, such as the fields of one message.
private struct FieldSet {
    private var low: UInt64 = 0
    private var high: Set<Int> = []

    /// Adds `index`; false if it was there.
    mutating func insert(_ index: Int) -> Bool {
        guard index < 64 else { return high.insert(index).inserted }
        let bit = UInt64(1) << UInt64(index)
        defer { low |= bit }
        return low & bit == 0
    }
}
