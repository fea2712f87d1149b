// Fairlead: what a host knows of a request, borrowed
// SPDX-License-Identifier: Apache-2.0

/// A value of a fact, borrowed: the layout of C's `fl_value`.
@safe
@frozen
public struct FactValueView: BitwiseCopyable {
    /// What kinds of values there are; the numbers are C's.
    public enum Kind: UInt32, Sendable {
        /// Nothing.
        case null = 0
        /// A truth value.
        case bool = 1
        /// A number.
        case number = 2
        /// A text.
        case text = 3
        /// A list of values.
        case list = 4
        /// Named values, which are facts of their own.
        case structure = 5
        /// An IP address as text, without a port.
        case address = 6
    }

    private let rawKind: UInt32
    private let rawFlag: UInt32
    /// The number.
    public let number: Double
    /// The text or address.
    public let text: Bytes
    private let items: UnsafePointer<FactValueView>?
    /// How many values the list has.
    public let count: Int

    /// A value of the given kind; what is not said is nothing.
    init(_ kind: Kind, flag: Bool = false, number: Double = 0, text: Bytes = .missing) {
        rawKind = kind.rawValue
        rawFlag = flag ? 1 : 0
        self.number = number
        self.text = text
        unsafe items = nil
        count = 0
    }

    /// A list of the `count` values at `items`.
    init(list items: UnsafePointer<FactValueView>?, count: Int) {
        rawKind = Kind.list.rawValue
        rawFlag = 0
        number = 0
        text = .missing
        unsafe self.items = items
        self.count = unsafe items == nil ? 0 : count
    }

    /// A structure: what stands above other facts.
    public static var structure: FactValueView { FactValueView(.structure) }

    /// What kind of value it is; `nil` for a number that C does not define.
    public var kind: Kind? { Kind(rawValue: rawKind) }

    /// The truth value.
    public var flag: Bool { rawFlag != 0 }

    /// The list's value at `index`, 0 ..< count.
    public subscript(index: Int) -> FactValueView {
        precondition(index >= 0 && index < count)
        // C may say that there are items and give none.
        guard let items = unsafe items else { return FactValueView(.null) }
        return unsafe items[index]
    }
}

/// One fact that a host knows of a request beyond its head, borrowed: the layout of C's `fl_fact`.
@safe
@frozen
public struct FactView: BitwiseCopyable {
    /// Where facts come from; the numbers are C's.
    public enum Source: UInt32, Sendable {
        /// Dynamic metadata, by filter name and path.
        case metadata = 0
        /// Filter state, by key.
        case filterState = 1
    }

    private let rawSource: UInt32
    private let reserved: UInt32
    /// The filter's name, or the key.
    public let name: Bytes
    private let path: UnsafePointer<Bytes>?
    /// How many names lead from the filter to the value.
    public let depth: Int
    /// The value.
    public let value: FactValueView

    /// A fact; see the properties.
    init(_ source: Source, name: Bytes, path: UnsafePointer<Bytes>?, depth: Int, value: FactValueView) {
        rawSource = source.rawValue
        reserved = 0
        self.name = name
        unsafe self.path = path
        self.depth = unsafe path == nil ? 0 : depth
        self.value = value
    }

    /// Where it comes from; `nil` for a number that C does not define.
    public var source: Source? { Source(rawValue: rawSource) }

    /// The name at `index` of the path, 0 ..< depth.
    public func step(_ index: Int) -> Bytes {
        precondition(index >= 0 && index < depth)
        guard let path = unsafe path else { return .missing }
        return unsafe path[index]
    }
}

/// What a host knows of a request beyond its head: dynamic metadata and filter state. Borrowed like `Bytes`.
///
/// Structures are flat: each value that is none itself is a fact, with the names that lead to it.
@safe
@frozen
public struct FactList: BitwiseCopyable {
    @usableFromInline let start: UnsafePointer<FactView>?
    /// How many facts there are.
    public let count: Int

    /// Borrows `count` facts at `start`.
    @inlinable
    public init(start: UnsafePointer<FactView>?, count: Int) {
        unsafe self.start = start
        self.count = unsafe start == nil ? 0 : count
    }

    /// No facts.
    @inlinable
    public static var none: FactList { unsafe FactList(start: nil, count: 0) }

    /// The fact at `index`, 0 ..< count.
    @inlinable
    public subscript(index: Int) -> FactView {
        precondition(index >= 0 && index < count)
        return unsafe start.unsafelyUnwrapped[index]
    }

    /// The value of the filter state called `key`; `nil` when there is none. O(facts).
    public func filterState(_ key: Bytes) -> FactValueView? {
        for index in 0..<count where self[index].source == .filterState && self[index].name.elementsEqual(key) {
            return self[index].value
        }
        return nil
    }
}

// SAFETY: the memory is borrowed and never written through these types.
extension FactValueView: @unchecked Sendable {}
extension FactView: @unchecked Sendable {}
extension FactList: @unchecked Sendable {}
