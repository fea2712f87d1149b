// Fairlead: which message a document holds
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import SwiftProtobuf

/// A document that has been read as the message that it holds, by what was asked for or by its contents.
struct DocumentReading {
    /// What was read, and the problems of it.
    var document: EnvoyDocument
    /// What it holds, if that could be told.
    var kind: EnvoyLoader.Kind?
    /// Whether the message stands inside of an `Any`: the document names its type itself.
    private var isWrapped = false

    /// Reads `input`; see `EnvoyLoader.load`.
    static func read(
        _ input: [UInt8], as kind: EnvoyLoader.Kind?, format: DocumentFormat?, file: String?,
        options: EnvoyDocument.Options
    ) -> DocumentReading {
        let reader = DocumentReader(input: input, kind: kind, file: file, options: options)
        let format = format ?? DocumentFormat.detect(file: file, bytes: input)
        do throws(Problem) {
            guard input.count <= options.limits.maximumBytes else {
                throw Problem(.limitExceeded, "larger than \(options.limits.maximumBytes) bytes")
            }
            switch format {
            case .yaml: return try reader.read(YAMLReader.read(input, limits: options.limits))
            case .json: return try reader.read(JSONReader.read(input, limits: options.limits))
            case .binary: return reader.readBinary()
            }
        } catch {
            return reader.reading("", [], [error], nil, isWrapped: false)
        }
    }

    init(document: EnvoyDocument, kind: EnvoyLoader.Kind?, isWrapped: Bool) {
        self.document = document
        self.kind = kind
        self.isWrapped = isWrapped
    }

    /// Lowers what was read. Where reading found errors, what could be made of the document is still looked through.
    func lower(with lowering: inout Lowering) {
        guard let kind, !document.bytes.isEmpty || document.isValid else { return }
        if isWrapped {
            guard let any: Google_Protobuf_Any = message(&lowering) else { return }
            if kind != .bootstrap {
                lowering.resource(any, isWrapped: false)
                lowering.settleInlineTables()
            } else if let proto = lowering.unpack(any, as: BootstrapProto.self) {
                lowering.bootstrap(proto)
            }
            return
        }
        switch kind {
        case .bootstrap: if let proto: BootstrapProto = message(&lowering) { lowering.bootstrap(proto) }
        case .resources: if let proto: DiscoveryResponseProto = message(&lowering) { lowering.discoveryResponse(proto) }
        case .listener:
            if let proto: ListenerProto = message(&lowering) {
                lowering.add(proto)
                lowering.settleInlineTables()
            }
        case .cluster: if let proto: ClusterProto = message(&lowering) { lowering.add(proto) }
        case .assignment: if let proto: ClusterLoadAssignmentProto = message(&lowering) { lowering.add(proto) }
        case .routeConfiguration: if let proto: RouteConfigurationProto = message(&lowering) { lowering.add(proto) }
        case .runtime: if let proto: RuntimeProto = message(&lowering) { lowering.add(proto) }
        }
    }

    /// The decoded message. Bytes that are none have been reported by the reader, if it was looked at by one.
    private func message<M: Message>(_ lowering: inout Lowering) -> M? {
        do throws(ProblemList) {
            return try EnvoyDocument.decode(document.bytes, as: M.self)
        } catch {
            if document.isValid { lowering.trail.error(.malformed, "not a message of type \(M.protoMessageName)") }
            return nil
        }
    }
}

/// Reads one document: finds out what it holds, and has it transcoded or looked through.
private struct DocumentReader {
    let input: [UInt8]
    let kind: EnvoyLoader.Kind?
    let file: String?
    let options: EnvoyDocument.Options
    private let schema = Schema.envoy

    init(input: [UInt8], kind: EnvoyLoader.Kind?, file: String?, options: EnvoyDocument.Options) {
        self.input = input
        self.kind = kind
        self.file = file
        self.options = options
    }

    func reading(
        _ type: String, _ bytes: [UInt8], _ problems: [Problem], _ tree: TextTree?, isWrapped: Bool
    ) -> DocumentReading {
        var located = problems
        for index in located.indices { located[index].file = file }
        let document = EnvoyDocument(
            messageType: type, bytes: bytes, problems: located, file: file, places: tree.map(PlaceIndex.init))
        return DocumentReading(
            document: document, kind: EnvoyLoader.Kind(messageType: type) ?? kind, isWrapped: isWrapped)
    }

    private static let undecided =
        "it cannot be told what this is: a bootstrap document, resources, a listener, a cluster, an assignment, a route "
        + "configuration or a layer of runtime values"

    /// A text, as the message that it names itself, or that was asked for, or whose fields it has.
    func read(_ tree: TextTree) throws(Problem) -> DocumentReading {
        let root = tree.target(tree.root)
        let place = Problem.Place(line: Int(tree.nodes[root].line), column: Int(tree.nodes[root].column))
        if let name = typeName(of: tree, root) {
            let named = EnvoyLoader.Kind(messageType: name)
            guard let named, kind == nil || kind == named else {
                let wanted = kind.map { "\($0.messageType) is expected, found \(name)" }
                throw Problem(
                    .error, .invalidValue, wanted ?? "a document of type \(name) cannot be loaded", place: place)
            }
            return transcode(tree, as: "google.protobuf.Any", kind: named)
        }
        guard let kind = kind ?? likeliest(for: tree, root) else {
            throw Problem(.error, .invalidValue, DocumentReader.undecided, place: place)
        }
        return transcode(tree, as: kind.messageType, kind: kind)
    }

    private func transcode(_ tree: TextTree, as type: String, kind: EnvoyLoader.Kind) -> DocumentReading {
        guard let index = schema.message(named: type) else {
            return reading(
                type, [], [Problem(.unknownReference, "the schema has no message \(type)")], nil, isWrapped: false)
        }
        let (bytes, problems) = Transcoder.transcode(
            tree, as: index, schema: schema, limits: options.limits, unknownSeverity: options.unknownSeverity)
        return reading(kind.messageType, bytes, problems, tree, isWrapped: type != kind.messageType)
    }

    /// The type that a text names in its `@type`.
    private func typeName(of tree: TextTree, _ root: Int) -> String? {
        for (key, value) in pairs(of: tree, root) where tree.scalar(key).elementsEqual("@type".utf8) {
            let url = tree.string(tree.target(value))
            return String(url[(url.lastIndex(of: "/").map(url.index(after:)) ?? url.startIndex)...])
        }
        return nil
    }

    private func pairs(of tree: TextTree, _ root: Int) -> [(key: Int, value: Int)] {
        let mapping = tree.nodes[root]
        guard mapping.kind == .mapping else { return [] }
        return stride(from: 0, to: Int(mapping.count), by: 2)
            .map { (tree.child(mapping, $0), tree.child(mapping, $0 + 1)) }
            .filter { tree.nodes[$0.0].kind != .ignored }
    }

    /// The kind that has the most of a text's fields; none when two have as many.
    private func likeliest(for tree: TextTree, _ root: Int) -> EnvoyLoader.Kind? {
        let keys = pairs(of: tree, root).map(\.key)
        let scores = EnvoyLoader.Kind.allCases.map { kind in
            let message = schema.message(named: kind.messageType).map { schema.messages[$0] }
            return (kind, keys.count { message?.fieldIndex(named: tree.scalar($0).span) != nil })
        }
        guard let best = scores.max(by: { $0.1 < $1.1 }), best.1 > 0 else { return nil }
        return scores.count { $0.1 == best.1 } == 1 ? best.0 : nil
    }

    /// Bytes: a message inside of an `Any`, or of the kind that was asked for. Bytes alone do not tell what they are, so
    /// that without either they are taken for a bootstrap document, as Envoy takes them.
    func readBinary() -> DocumentReading {
        if let any = try? Google_Protobuf_Any(serializedBytes: input), any.typeURL.hasPrefix("type.googleapis.com/"),
            let named = EnvoyLoader.Kind(messageType: any.typeName), kind == nil || kind == named
        {
            return reading(named.messageType, input, walk("google.protobuf.Any"), nil, isWrapped: true)
        }
        let type = (kind ?? .bootstrap).messageType
        return reading(type, input, walk(type), nil, isWrapped: false)
    }

    private func walk(_ type: String) -> [Problem] {
        guard let index = schema.message(named: type) else { return [] }
        return WireWalker.walk(
            input, as: index, schema: schema, limits: options.limits, unknownSeverity: options.unknownSeverity)
    }
}

extension EnvoyLoader.Kind {
    /// The full name of the message that a document of this kind holds.
    var messageType: String {
        switch self {
        case .bootstrap: BootstrapProto.protoMessageName
        case .resources: DiscoveryResponseProto.protoMessageName
        case .listener: ListenerProto.protoMessageName
        case .cluster: ClusterProto.protoMessageName
        case .assignment: ClusterLoadAssignmentProto.protoMessageName
        case .routeConfiguration: RouteConfigurationProto.protoMessageName
        case .runtime: RuntimeProto.protoMessageName
        }
    }

    /// The kind of document that holds the message of that full name.
    init?(messageType: String) {
        guard let kind = EnvoyLoader.Kind.allCases.first(where: { $0.messageType == messageType }) else { return nil }
        self = kind
    }
}
