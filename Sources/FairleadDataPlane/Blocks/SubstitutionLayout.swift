// Fairlead: the layout of texts with substitution commands, and of metadata
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// A compiled text with substitution commands: its pieces in order.
public typealias SubstitutionText = BlockArray<SubstitutionPart>

/// One piece of a text with substitution commands.
public struct SubstitutionPart: BitwiseCopyable, Sendable {
    /// What the piece stands for.
    public enum Subject: UInt8, BitwiseCopyable, Sendable {
        /// The text `first`. The others have the numbers of `SubstitutionCommand.Subject`.
        case literal = 0
        /// The first value of a request header, or else of another one.
        case requestHeader
        /// The first value of a response header, or else of another one.
        case responseHeader
        /// The path with its query.
        case path
        /// The path without its query.
        case pathAlone
        /// The path with its query, as it was before a rewrite: `x-envoy-original-path`.
        case originalPath
        /// The path without its query, as it was before a rewrite.
        case originalPathAlone
        /// The first of `x-envoy-original-path` and the path that is there.
        case firstPath
        /// The same without the query.
        case firstPathAlone
        /// The first value of a query parameter.
        case queryParameter
        /// The whole query.
        case query
        /// The downstream protocol.
        case protocolName
        /// The response's status, 0 as long as there is none.
        case responseCode
        /// What the response came to be by.
        case responseDetails
        /// Envoy's short flags of what went wrong, `-` for nothing.
        case responseFlags
        /// The endpoint's address.
        case endpointAddress
        /// The endpoint's address without its port.
        case endpointHost
        /// The endpoint's port.
        case endpointPort
        /// The endpoint's host name, or its address.
        case endpointName
        /// The same without a port.
        case endpointNameAlone
        /// The cluster's name.
        case cluster
        /// How many attempts were made.
        case attempts
        /// The client's address.
        case clientAddress
        /// The client's address without its port.
        case clientHost
        /// The client's port.
        case clientPort
        /// The address that the client came in on.
        case localAddress
        /// The same without its port.
        case localHost
        /// Its port.
        case localPort
        /// The server name that the client asked for in its TLS greeting.
        case serverName
        /// The route's name.
        case routeName
        /// The host name of the machine.
        case machineName
        /// When the request began.
        case startTime
        /// A value of the route's metadata.
        case routeMetadata
        /// A value of the virtual host's metadata.
        case virtualHostMetadata
        /// A value of the cluster's metadata.
        case clusterMetadata
        /// The body of a direct response.
        case body
    }

    /// What the piece stands for.
    public var subject: Subject
    /// Nothing yet.
    public var reserved: UInt8 = 0
    /// Nothing yet.
    public var padding: UInt16 = 0
    /// The most bytes of it; `UInt32.max` for all.
    public var limit: UInt32
    /// The text, the name that is asked for, or the form of a time.
    public var first = BlockText.empty
    /// The name that is asked for when there is nothing of the first; for metadata, the place of an array of texts.
    public var second = BlockText.empty

    /// A piece; see the properties for what each part means.
    public init(_ subject: Subject, limit: UInt32 = .max) {
        self.subject = subject
        self.limit = limit
    }

    /// The path of a metadata value: the filter's name, and names within.
    public var names: BlockArray<BlockText> {
        get { BlockArray(offset: second.offset, count: second.count) }
        set { second = BlockText(offset: newValue.offset, count: newValue.count) }
    }
}

extension BlockText {
    /// The pieces that a record keeps in a text's place.
    public var pieces: SubstitutionText { SubstitutionText(offset: offset, count: count) }

    /// Keeps pieces in a text's place.
    public init(pieces: SubstitutionText) { self.init(offset: pieces.offset, count: pieces.count) }
}

/// A value of metadata, and those within it.
public struct MetadataNode: BitwiseCopyable, Sendable {
    /// What kinds of values there are.
    public enum Kind: UInt8, BitwiseCopyable, Sendable {
        /// Nothing.
        case null
        /// A truth value.
        case bool
        /// A number.
        case number
        /// A text.
        case text
        /// A list of values.
        case list
        /// Named values.
        case structure
    }

    /// Its name.
    public var name: BlockText
    /// It as a text, JSON for lists and structures; none for null.
    public var text: BlockText
    /// The values within it, sorted by name.
    public var children: BlockArray<MetadataNode>
    /// What kind of value it is.
    public var kind: Kind
    /// Nothing yet.
    public var reserved: UInt8 = 0
    /// Nothing yet.
    public var padding: UInt16 = 0

    /// A value; see the properties for what each part means.
    public init(name: BlockText, text: BlockText, children: BlockArray<MetadataNode>, kind: Kind) {
        self.name = name
        self.text = text
        self.children = children
        self.kind = kind
    }
}

extension BlockView {
    /// The text of the value at `path` within `nodes`; missing when there is none. O(names on the way).
    func metadata(_ nodes: BlockArray<MetadataNode>, at path: BlockArray<BlockText>, from source: BlockView) -> Bytes {
        metadataNode(nodes, at: path, from: source).map { bytes($0.text) } ?? .missing
    }

    /// The value at `path` within `nodes`; `nil` when there is none. O(names on the way).
    func metadataNode(
        _ nodes: BlockArray<MetadataNode>, at path: BlockArray<BlockText>, from source: BlockView
    ) -> MetadataNode? {
        var level = nodes
        var found: MetadataNode?
        for step in 0..<Int(path.count) {
            let wanted = source.bytes(source[path, step])
            found = nil
            for index in 0..<Int(level.count) where bytes(self[level, index].name).elementsEqual(wanted) {
                found = self[level, index]
                break
            }
            guard let found else { return nil }
            level = found.children
        }
        return found
    }
}
