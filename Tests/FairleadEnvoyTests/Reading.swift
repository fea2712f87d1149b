// Fairlead: how the tests of this target read documents
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import SwiftProtobuf

@testable import FairleadEnvoy

let bootstrap = "envoy.config.bootstrap.v3.Bootstrap"
let routes = "envoy.config.route.v3.RouteConfiguration"
let cluster = "envoy.config.cluster.v3.Cluster"

/// Reads a text of a given format.
func read(
    _ text: String, as type: String = bootstrap, _ format: DocumentFormat = .yaml, limits: TextLimits = .standard,
    isStrict: Bool = false
) -> EnvoyDocument {
    EnvoyDocument.read(
        Array(text.utf8), as: type, format: format,
        options: EnvoyDocument.Options(limits: limits, isStrict: isStrict))
}

/// What is wrong with a YAML text, one line a problem.
func faults(_ text: String, as type: String = bootstrap, isStrict: Bool = false) -> [String] {
    read(text, as: type, isStrict: isStrict).problems.map(\.description)
}

/// What is wrong with a JSON text, one line a problem.
func jsonFaults(_ text: String, as type: String = bootstrap) -> [String] {
    read(text, as: type, .json).problems.map(\.description)
}

/// The message that a text describes.
func decode<M: Message>(_ text: String, _ format: DocumentFormat = .yaml) throws -> M {
    try read(text, as: M.protoMessageName, format).decode()
}

extension MessageSchema {
    /// The index of the field called `name`, in either spelling.
    func index(of name: String) -> Int? { fieldIndex(named: Array(name.utf8).span) }
}

/// The descriptor set that the schema is built from.
func descriptorSet() throws -> Google_Protobuf_FileDescriptorSet {
    let bytes = Base64Text.decode(DescriptorSet.base64.utf8.span, ignoringLineBreaks: true) ?? []
    return try Google_Protobuf_FileDescriptorSet(serializedBytes: bytes)
}

extension TextTree {
    /// The tree in one line, for comparison: scalars with a letter for their kind, `text` bare in quotes.
    var outline: String { outline(root) }

    private func outline(_ index: Int) -> String {
        let node = nodes[index]
        func list(_ offsets: StrideTo<Int>) -> String {
            offsets.map {
                outline(child(node, $0)) + (node.kind == .mapping ? ": " + outline(child(node, $0 + 1)) : "")
            }
            .joined(separator: ", ")
        }
        switch node.kind {
        case .null: return "null"
        case .no: return "no"
        case .yes: return "yes"
        case .number: return string(index)
        case .text: return "\"\(string(index))\""
        case .sequence: return "[\(list(stride(from: 0, to: Int(node.count), by: 1)))]"
        case .mapping: return "{\(list(stride(from: 0, to: Int(node.count), by: 2)))}"
        case .alias: return "*\(outline(Int(node.start)))"
        case .ignored: return "!\(string(index))"
        }
    }
}
