// Fairlead: YAML to a text tree, through libyaml's events
// SPDX-License-Identifier: Apache-2.0

import CYAML
import FairleadModel

/// Reads one YAML document. libyaml does the syntax; what plain scalars mean is Envoy's affair (`PlainScalar`).
///
/// The only file of this target that touches C memory. A text that is not YAML, holds more than one document, nests too
/// deep, or has a sequence or mapping for a key is refused at its place. `<<` is a key like any other: Envoy knows no
/// merge keys. Two rules are Envoy's own: a key tagged `!ignore` hides its pair, which may still define anchors, and a
/// quoted scalar with a tag other than `!` is read as if it were plain.
struct YAMLReader {
    private var builder: TextTreeBuilder
    private var anchors: [String: Int] = [:]
    private var documents = 0

    /// The tree of `input`; an empty stream is a null.
    static func read(_ input: [UInt8], limits: TextLimits) throws(Problem) -> TextTree {
        var reader = YAMLReader(
            builder: TextTreeBuilder(maximumDepth: limits.maximumDepth, expectedBytes: input.count))
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        defer { parser.deallocate() }
        guard yaml_parser_initialize(parser) == 1 else { throw Problem(.syntax, "out of memory") }
        defer { yaml_parser_delete(parser) }
        return try input.withUnsafeBufferPointer { (buffer) throws(Problem) -> TextTree in
            yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
            try reader.parse(parser, buffer)
            if reader.builder.isEmpty { reader.builder.scalar(.null, [], line: 1, column: 1) }
            return reader.builder.tree
        }
    }

    private mutating func parse(
        _ parser: UnsafeMutablePointer<yaml_parser_t>, _ input: UnsafeBufferPointer<UInt8>
    ) throws(Problem) {
        while true {
            var event = yaml_event_t()
            guard yaml_parser_parse(parser, &event) == 1 else {
                throw YAMLReader.syntaxProblem(parser.pointee, input)
            }
            defer { yaml_event_delete(&event) }
            if event.type == YAML_STREAM_END_EVENT { return }
            try take(event)
        }
    }

    private mutating func take(_ event: yaml_event_t) throws(Problem) {
        let line = Int(event.start_mark.line) + 1
        let column = Int(event.start_mark.column) + 1
        let place = Problem.Place(line: line, column: column)
        switch event.type {
        case YAML_DOCUMENT_START_EVENT:
            documents += 1
            guard documents == 1 else {
                throw Problem(syntax: "only one document is read, a second one begins here", at: place)
            }
        case YAML_SCALAR_EVENT:
            scalar(event.data.scalar, line: line, column: column)
        case YAML_SEQUENCE_START_EVENT:
            let node = try open(.sequence, place)
            define(event.data.sequence_start.anchor, node)
        case YAML_MAPPING_START_EVENT:
            let node = try open(.mapping, place)
            define(event.data.mapping_start.anchor, node)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
            builder.closeContainer()
        case YAML_ALIAS_EVENT:
            try alias(String(cString: event.data.alias.anchor), place)
        default:
            break
        }
    }

    private mutating func scalar(
        _ scalar: yaml_event_s.__Unnamed_union_data.__Unnamed_struct_scalar, line: Int, column: Int
    ) {
        let text = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        let tag = scalar.tag.map { String(cString: $0) }
        let isKey = builder.expectsKey
        let node: Int
        if isKey || tag == "!" || (tag == nil && scalar.style != YAML_PLAIN_SCALAR_STYLE) {
            node = builder.scalar(.text, text, line: line, column: column)
        } else {
            let meaning = PlainScalar.meaning(of: text, isTagged: tag != nil)
            if let replaced = meaning.text {
                node = builder.scalar(meaning.kind, replaced.utf8, line: line, column: column)
            } else {
                node = builder.scalar(meaning.kind, text, line: line, column: column)
            }
        }
        define(scalar.anchor, node)
        if isKey, tag == "!ignore" { builder.ignore(node) }
    }

    private mutating func open(_ kind: TextNode.Kind, _ place: Problem.Place) throws(Problem) -> Int {
        if builder.expectsKey { throw Problem(syntax: "a key has to be a scalar", at: place) }
        guard let node = builder.openContainer(kind, line: place.line, column: place.column) else {
            throw builder.tooDeep(at: place)
        }
        return node
    }

    private mutating func alias(_ name: String, _ place: Problem.Place) throws(Problem) {
        guard let target = anchors[name] else {
            throw Problem(syntax: "no anchor '\(name)' before its alias", at: place)
        }
        let kind = builder.tree.nodes[target].kind
        if builder.expectsKey, kind == .sequence || kind == .mapping {
            throw Problem(syntax: "a key has to be a scalar", at: place)
        }
        // An alias of an alias is one of what that stands for.
        guard builder.alias(of: builder.tree.target(target), line: place.line, column: place.column) != nil else {
            throw Problem(syntax: "the anchor '\(name)' would contain itself", at: place)
        }
    }

    private mutating func define(_ anchor: UnsafeMutablePointer<yaml_char_t>?, _ node: Int) {
        if let anchor { anchors[String(cString: anchor)] = node }
    }

    private static func syntaxProblem(_ parser: yaml_parser_t, _ input: UnsafeBufferPointer<UInt8>) -> Problem {
        var message = parser.problem.map { String(cString: $0) } ?? "not YAML"
        if parser.error == YAML_READER_ERROR {
            // The reader fails before the scanner has a place for it, but tells the offset.
            let before = input.prefix(parser.problem_offset)
            let line = before.count(where: { $0 == UInt8(ascii: "\n") }) + 1
            let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            let column = before[start...].count(where: { $0 & 0xC0 != 0x80 }) + 1
            return Problem(syntax: message, at: Problem.Place(line: line, column: column))
        }
        if let context = parser.context {
            message += " \(String(cString: context)) that begins at line \(parser.context_mark.line + 1)"
        }
        let mark = parser.problem_mark
        return Problem(syntax: message, at: Problem.Place(line: Int(mark.line) + 1, column: Int(mark.column) + 1))
    }
}
