// Fairlead: one document of Envoy's schema, read
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import SwiftProtobuf

/// A configuration document that has been read as far as the schema goes: protobuf bytes, every problem so far, and the
/// means to find where a value was written.
///
/// Text and binary meet here. What follows, turning the decoded message into configuration values, works on `decode`
/// and reports by path; `locate` then adds the line and the column.
struct EnvoyDocument: Sendable {
    /// How a document is read.
    struct Options: Sendable {
        var limits = TextLimits.standard
        /// Whether a field or type that the schema does not know is an error, and not a warning.
        var isStrict = false

        var unknownSeverity: Problem.Severity { isStrict ? .error : .warning }
    }

    /// The full name of the message that it holds.
    let messageType: String
    /// The message in protobuf's binary form. When there are errors, what could be made of it.
    let bytes: [UInt8]
    /// The problems of reading, in the order of the document, with places and the file's name.
    let problems: [Problem]
    /// The file's name, if there is one.
    let file: String?
    /// Where things stand, if it came as text.
    let places: PlaceIndex?

    /// Whether the message may be used: no problem is an error.
    var isValid: Bool { !problems.contains { $0.severity == .error } }

    /// Reads `input` as a message of type `messageType`, for example `envoy.config.bootstrap.v3.Bootstrap`. Without a
    /// format, the file's name or the first bytes tell it.
    static func read(
        _ input: [UInt8], as messageType: String, file: String? = nil, format: DocumentFormat? = nil,
        options: Options = Options()
    ) -> EnvoyDocument {
        func result(_ bytes: [UInt8], _ problems: [Problem], _ places: PlaceIndex? = nil) -> EnvoyDocument {
            var located = problems
            for index in located.indices { located[index].file = file }
            return EnvoyDocument(messageType: messageType, bytes: bytes, problems: located, file: file, places: places)
        }
        let schema = Schema.envoy
        guard let type = schema.message(named: messageType) else {
            return result([], [Problem(.unknownReference, "the schema has no message \(messageType)")])
        }
        guard input.count <= options.limits.maximumBytes else {
            return result([], [Problem(.limitExceeded, "larger than \(options.limits.maximumBytes) bytes")])
        }
        do throws(Problem) {
            let tree: TextTree
            switch format ?? DocumentFormat.detect(file: file, bytes: input) {
            case .yaml: tree = try YAMLReader.read(input, limits: options.limits)
            case .json: tree = try JSONReader.read(input, limits: options.limits)
            case .binary:
                return result(
                    input,
                    WireWalker.walk(
                        input, as: type, schema: schema, limits: options.limits,
                        unknownSeverity: options.unknownSeverity))
            }
            let (bytes, problems) = Transcoder.transcode(
                tree, as: type, schema: schema, limits: options.limits, unknownSeverity: options.unknownSeverity)
            return result(bytes, problems, PlaceIndex(tree))
        } catch {
            return result([], [error])
        }
    }

    /// The message, decoded. Fails with all problems when one of them is an error.
    func decode<Message: SwiftProtobuf.Message>(as type: Message.Type = Message.self) throws(ProblemList) -> Message {
        guard isValid else { throw ProblemList(problems) }
        return try EnvoyDocument.decode(bytes, as: type, file: file)
    }

    /// Decodes a message from bytes that have been looked through. A text may nest a hundred deep, and a
    /// `google.protobuf.Struct` takes three messages for each level.
    static func decode<Message: SwiftProtobuf.Message>(
        _ bytes: [UInt8], as type: Message.Type = Message.self, file: String? = nil
    ) throws(ProblemList) -> Message {
        var options = BinaryDecodingOptions()
        options.messageDepthLimit = WireWalker.maximumDepth
        do {
            return try Message(serializedBytes: bytes, options: options)
        } catch {
            let problem = Problem(.error, .malformed, "not a message of type \(type.protoMessageName)", file: file)
            throw ProblemList([problem])
        }
    }

    /// `problem` with the place of its path and the file's name, where it has none.
    func locate(_ problem: Problem) -> Problem {
        var located = problem
        if located.place == nil { located.place = places?.place(of: problem.path) }
        if located.file == nil { located.file = file }
        return located
    }
}
