// Fairlead: the layout of JSON bodies
// SPDX-License-Identifier: Apache-2.0

/// A value of a JSON body, and those within it.
public struct JSONNode: BitwiseCopyable, Sendable {
    /// What kind of value it is.
    public enum Kind: UInt8, BitwiseCopyable, Sendable {
        /// The same for every request: the JSON text `text`.
        case fixed
        /// Null for every request.
        case null
        /// What the only one of `pieces` stands for, of whatever type.
        case value
        /// The text that `pieces` come to.
        case text
        /// The list of `children`.
        case list
        /// The object of `children`.
        case object
    }

    /// What kind of value it is.
    public var kind: Kind
    /// Nothing yet.
    public var reserved: UInt8 = 0
    /// Nothing yet.
    public var padding: UInt16 = 0
    /// Its key in the object that it belongs to, as JSON.
    public var key = BlockText.empty
    /// JSON that is the same for every request.
    public var text = BlockText.empty
    /// The pieces that it is made of.
    public var pieces = SubstitutionText.empty
    /// The values within it, those of an object sorted by their keys.
    public var children = BlockArray<JSONNode>.empty

    /// A value of the given kind; see the properties for what each part means.
    public init(_ kind: Kind) { self.kind = kind }
}
