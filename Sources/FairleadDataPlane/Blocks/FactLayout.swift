// Fairlead: the layout of conditions on facts
// SPDX-License-Identifier: Apache-2.0

/// A condition on one value of dynamic metadata, which may hold further ones.
public struct ValueTest: BitwiseCopyable, Sendable {
    /// What is asked.
    public enum Kind: UInt8, BitwiseCopyable, Sendable {
        /// The value is null.
        case null
        /// The value is a truth value: `first` is 1 or 0.
        case bool
        /// The value is the number whose bits are `first`.
        case number
        /// The value is a number from the one with the bits `first` up to, and without, that of `second`.
        case range
        /// The value is a text that satisfies `rule`.
        case text
        /// The value is there.
        case present
        /// Nothing satisfies it.
        case never
        /// The value is a list, and one of its values satisfies the only one of `tests`.
        case oneOf
        /// The value satisfies one of `tests`.
        case any
    }

    /// What is asked.
    public var kind: Kind
    /// What is asked of a text.
    public var rule = Condition.Rule.present
    /// How the text is compared.
    public var flags: Condition.Flags = []
    /// Nothing yet.
    public var reserved: UInt8 = 0
    /// The pattern's index among the block's patterns, plus one; 0 for none.
    public var pattern: UInt32 = 0
    /// A number, or the text to compare with.
    public var first: UInt64 = 0
    /// The range's end.
    public var second: UInt64 = 0
    /// The conditions inside of this one.
    public var tests = BlockArray<ValueTest>.empty

    /// A condition of the given kind; see the properties for what each part means.
    public init(_ kind: Kind) { self.kind = kind }

    /// The same as a condition on a text.
    var textCondition: Condition {
        var condition = Condition(.header, rule, flags)
        condition.pattern = pattern
        condition.first = first
        return condition
    }
}

/// A range of IP addresses.
public struct AddressRangeRecord: BitwiseCopyable, Sendable {
    /// The upper 64 bits of an address of the range.
    public var high: UInt64
    /// The lower 64 bits.
    public var low: UInt64
    /// How many bits count.
    public var length: UInt32
    /// 6 or 4; 0 for a range of nothing.
    public var version: UInt32

    /// A range; see the properties for what each part means.
    public init(high: UInt64, low: UInt64, length: UInt32, version: UInt32) {
        self.high = high
        self.low = low
        self.length = length
        self.version = version
    }
}

extension Condition {
    /// The names that lead to a value of metadata.
    public var path: BlockArray<BlockText> {
        get { BlockArray(offset: text.offset, count: text.count) }
        set { text = BlockText(offset: newValue.offset, count: newValue.count) }
    }

    /// What is asked of a value of metadata.
    public var valueTest: BlockReference<ValueTest> {
        get { BlockReference(offset: UInt32(truncatingIfNeeded: second)) }
        set { second = UInt64(newValue.offset) }
    }

    /// The ranges of addresses.
    public var ranges: BlockArray<AddressRangeRecord> {
        get { BlockArray(offset: text.offset, count: text.count) }
        set { text = BlockText(offset: newValue.offset, count: newValue.count) }
    }
}
