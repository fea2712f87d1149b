// Fairlead: the layout of header mutations
// SPDX-License-Identifier: Apache-2.0

/// Header mutations, carried as data.
public struct MutationsRecord: BitwiseCopyable, Sendable {
    /// Additions to the request.
    public var requestAdditions: BlockArray<AdditionRecord>
    /// Names of headers removed from the request.
    public var requestRemovals: BlockArray<BlockText>
    /// Additions to the response.
    public var responseAdditions: BlockArray<AdditionRecord>
    /// Names of headers removed from the response.
    public var responseRemovals: BlockArray<BlockText>

    /// Header mutations; see the properties.
    public init(
        requestAdditions: BlockArray<AdditionRecord>, requestRemovals: BlockArray<BlockText>,
        responseAdditions: BlockArray<AdditionRecord>, responseRemovals: BlockArray<BlockText>
    ) {
        self.requestAdditions = requestAdditions
        self.requestRemovals = requestRemovals
        self.responseAdditions = responseAdditions
        self.responseRemovals = responseRemovals
    }
}

/// One added header.
public struct AdditionRecord: BitwiseCopyable, Sendable {
    /// The name.
    public var name: BlockText
    /// The value, when it has no substitution commands.
    public var value: BlockText
    /// The pieces of a value that has some.
    public var format: SubstitutionText
    /// What happens when the header is there: the numbers of Envoy's `HeaderAppendAction`.
    public var rule: UInt32
    /// Whether an empty value is added too (1) or not (0).
    public var keepsEmptyValue: UInt32

    /// One added header; see the properties.
    public init(
        name: BlockText, value: BlockText, format: SubstitutionText, rule: UInt8, keepsEmptyValue: Bool
    ) {
        self.name = name
        self.value = value
        self.format = format
        self.rule = UInt32(rule)
        self.keepsEmptyValue = keepsEmptyValue ? 1 : 0
    }
}
