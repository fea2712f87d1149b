// Fairlead: Google's well-known types from text
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

extension Transcoder {
    /// A boxed scalar: written bare, or, as Envoy also takes it, as a mapping with a `value`.
    mutating func wrapper(_ message: MessageSchema, _ type: ScalarType, _ node: Int) {
        if tree.nodes[node].kind == .mapping { return plainMessage(message, node) }
        guard let value = scalar(type, node) else { return }
        writer.tag(1, type.wireType)
        put(value)
    }

    /// A duration or a timestamp: text, or, as Envoy also takes it, a mapping of seconds and nanos.
    mutating func time(_ message: MessageSchema, _ node: Int) {
        let isDuration = message.form == .duration
        let wanted = isDuration ? "a duration such as \"1.5s\"" : "a time such as \"2026-01-31T12:00:00Z\""
        switch tree.nodes[node].kind {
        case .mapping: plainMessage(message, node)
        case .text:
            switch isDuration ? TimeText.duration(tree.scalar(node)) : TimeText.timestamp(tree.scalar(node)) {
            case .value(let span):
                part(1, span.seconds)
                part(2, Int64(span.nanoseconds))
            case .outOfRange:
                report(.error, .outOfRange, node, "\(description(of: node)) is beyond what the schema holds")
            case .notWhole, .notANumber:
                report(.error, .invalidValue, node, "\(wanted) is expected, found \(description(of: node))")
            }
        default: wrongType(node, wanted)
        }
    }

    /// A part of a time, which is left out when it is 0.
    private mutating func part(_ number: Int, _ value: Int64) {
        guard value != 0 else { return }
        writer.tag(number, .varint)
        writer.varint(UInt64(bitPattern: value))
    }

    /// A `google.protobuf.Struct`.
    mutating func structure(_ node: Int) {
        guard tree.nodes[node].kind == .mapping else { return wrongType(node, "a mapping") }
        inContainer(node) { transcoder in
            transcoder.pairs(of: node) { transcoder, key, value in
                transcoder.nested(1) { transcoder in
                    transcoder.writer.tag(1, .lengthDelimited)
                    transcoder.writer.lengthDelimited(transcoder.tree.scalar(key))
                    transcoder.nested(2) { $0.following(value) { $0.dynamicValue($1) } }
                }
            }
        }
    }

    /// A `google.protobuf.ListValue`.
    mutating func dynamicList(_ node: Int) {
        guard tree.nodes[node].kind == .sequence else { return wrongType(node, "a list") }
        inContainer(node) { transcoder in
            let sequence = transcoder.tree.nodes[node]
            for offset in 0..<Int(sequence.count) {
                let value = transcoder.tree.child(sequence, offset)
                transcoder.path.push(.index(offset))
                transcoder.nested(1) { $0.following(value) { $0.dynamicValue($1) } }
                transcoder.path.pop()
            }
        }
    }

    /// A `google.protobuf.Value`.
    mutating func dynamicValue(_ node: Int) {
        switch tree.nodes[node].kind {
        case .null:
            writer.tag(1, .varint)
            writer.varint(0)
        case .no, .yes:
            writer.tag(4, .varint)
            writer.varint(tree.nodes[node].kind == .yes ? 1 : 0)
        case .number:
            guard let number = scalar(.double, node) else { return }
            writer.tag(2, .fixed64)
            put(number)
        case .text:
            writer.tag(3, .lengthDelimited)
            writer.lengthDelimited(tree.scalar(node))
        case .mapping: nested(5) { $0.structure(node) }
        case .sequence: nested(6) { $0.dynamicList(node) }
        case .alias, .ignored: return
        }
    }

    /// A `google.protobuf.Any`: the fields of the message that `@type` names, or, for a type with a text form of its
    /// own, that form as `value`.
    mutating func any(_ node: Int) {
        let mapping = tree.nodes[node]
        guard mapping.kind == .mapping else { return wrongType(node, "a mapping with an \"@type\"") }
        guard mapping.count > 0 else { return }
        guard let typeNode = uniqueValue(in: mapping, named: "@type").map(tree.target) else {
            return report(.error, .missingField, node, "a mapping with an \"@type\" is expected")
        }
        guard tree.nodes[typeNode].kind == .text else { return wrongType(typeNode, "the URL of a type") }
        let url = tree.string(typeNode)
        guard let slash = url.lastIndex(of: "/"), slash > url.startIndex, url[slash...].count > 1 else {
            return report(
                .error, .invalidValue, typeNode,
                "the URL of a type, such as type.googleapis.com/package.Message, is expected, found \"\(url)\"")
        }
        writer.tag(1, .lengthDelimited)
        writer.lengthDelimited(Array(url.utf8))
        guard let type = schema.message(named: String(url[url.index(after: slash)...])) else {
            return report(
                unknownSeverity, .unknownExtension, typeNode, "no type \(url) is known; its contents are left out")
        }
        nested(2) { $0.inContainer(node) { $0.payload(type, node) } }
    }

    private mutating func payload(_ type: Int, _ node: Int) {
        let message = schema.messages[type]
        switch message.form {
        case .fields, .mapEntry: fields(of: message, node, isAny: true)
        case .opaque:
            // The `@type` alone is nothing left out.
            if tree.nodes[node].count > 2 { leftOut(message, node) }
        default: valueForm(type, node)
        }
    }

    /// The payload of an `Any` whose type has a text form of its own, under the key `value`.
    private mutating func valueForm(_ type: Int, _ node: Int) {
        let mapping = tree.nodes[node]
        for offset in stride(from: 0, to: Int(mapping.count), by: 2) {
            let key = tree.child(mapping, offset)
            guard tree.nodes[key].kind != .ignored else { continue }
            let name = tree.scalar(key)
            if !name.elementsEqual("@type".utf8), !name.elementsEqual("value".utf8) {
                unknownField(key, of: schema.messages[type])
            }
        }
        guard let value = uniqueValue(in: mapping, named: "value") else { return }
        path.push(.unknown(ArraySlice("value".utf8)))
        following(value) { $0.message(type, $1) }
        path.pop()
    }

    /// The value of a key that may appear once; more are reported.
    private mutating func uniqueValue(in mapping: TextNode, named name: String) -> Int? {
        var found: Int?
        for offset in stride(from: 0, to: Int(mapping.count), by: 2) {
            let key = tree.child(mapping, offset)
            guard tree.nodes[key].kind != .ignored, tree.scalar(key).elementsEqual(name.utf8) else { continue }
            if found == nil { found = tree.child(mapping, offset + 1) } else { duplicateField(key) }
        }
        return found
    }

    /// A message that is known by name only: that it is there is written, and that its contents are not, reported.
    mutating func opaque(_ message: MessageSchema, _ node: Int) {
        guard tree.nodes[node].kind == .mapping else { return wrongType(node, "a mapping, \(message.name),") }
        if tree.nodes[node].count > 0 { leftOut(message, node) }
    }

    private mutating func leftOut(_ message: MessageSchema, _ node: Int) {
        report(.warning, .unsupported, node, "\(message.name) is not interpreted; its contents are left out")
    }

    /// Writes a length-delimited field whose contents `body` writes.
    mutating func nested(_ number: Int, _ body: (inout Transcoder) -> Void) {
        writer.tag(number, .lengthDelimited)
        let start = writer.begin()
        body(&self)
        writer.end(start)
    }
}
