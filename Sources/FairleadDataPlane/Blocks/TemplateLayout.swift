// Fairlead: the layout of URI templates
// SPDX-License-Identifier: Apache-2.0

/// One part of a URI template, or of a path that is put together from one's variables.
public struct TemplatePart: BitwiseCopyable, Sendable {
    /// What the part is.
    public enum Kind: UInt8, BitwiseCopyable, Sendable {
        /// Exactly `text`.
        case literal
        /// One byte or more, none of them a `/`.
        case segment
        /// Any number of bytes.
        case rest
        /// The variable `number` begins; in a path that is put together: all that it matched.
        case open
        /// The variable `number` ends.
        case close
    }

    /// What the part is.
    public var kind: Kind
    /// The variable's number.
    public var number: UInt8
    /// Nothing yet.
    public var reserved: UInt16 = 0
    /// The text of a literal.
    public var text: BlockText

    /// A part; see the properties for what each means.
    public init(_ kind: Kind, number: Int = 0, text: BlockText = .empty) {
        self.kind = kind
        self.number = UInt8(truncatingIfNeeded: number)
        self.text = text
    }
}

/// A URI template, or a path that is put together from one's variables.
public struct TemplateRecord: BitwiseCopyable, Sendable {
    /// The parts in order.
    public var parts: BlockArray<TemplatePart>

    /// A template of the given parts.
    public init(parts: BlockArray<TemplatePart>) { self.parts = parts }
}

extension RouteEntry {
    /// The parts of the URI template that the path is matched with; none when it is matched otherwise.
    func template(in block: BlockView) -> BlockArray<TemplatePart> {
        guard pathKind == .template, pattern != 0 else { return .empty }
        return block[BlockReference<TemplateRecord>(offset: pattern)].parts
    }
}
