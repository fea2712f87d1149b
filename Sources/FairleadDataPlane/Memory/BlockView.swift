// Fairlead: reading a block in place
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// A run of equal records inside a block.
@frozen
public struct BlockArray<Element: BitwiseCopyable>: BitwiseCopyable, Sendable {
    /// Where the first one begins, in bytes from the block's start.
    public let offset: UInt32
    /// How many there are.
    public let count: UInt32

    /// The `count` records at `offset`.
    @inlinable
    @inline(__always)
    public init(offset: UInt32, count: UInt32) {
        self.offset = offset
        self.count = count
    }

    /// No records.
    public static var empty: BlockArray { BlockArray(offset: 0, count: 0) }
}

/// A text inside a block. Offset 0, where the block's header stands, means that there is none.
public typealias BlockText = BlockArray<UInt8>

/// A single record inside a block; offset 0 means that there is none.
@frozen
public struct BlockReference<Record: BitwiseCopyable>: BitwiseCopyable, Sendable {
    /// Where it begins, in bytes from the block's start.
    public let offset: UInt32

    /// The record at `offset`.
    @inlinable
    @inline(__always)
    public init(offset: UInt32) { self.offset = offset }

    /// No record.
    public static var none: BlockReference { BlockReference(offset: 0) }

    /// Whether there is one.
    @inlinable
    @inline(__always)
    public var exists: Bool { offset != 0 }
}

/// A compiled block, read in place.
///
/// A block is one contiguous, immutable, position-independent allocation: a header record at offset 0 and whatever that
/// points to by offsets. In front of it lie a few words that are not part of its bytes: pointers to what hangs beside
/// it (`side`). The view borrows; a pinned snapshot keeps the memory alive.
@safe
@frozen
public struct BlockView: BitwiseCopyable, Equatable {
    /// How many words of side pointers lie in front of a block.
    @usableFromInline static var sideWords: Int { 8 }

    @usableFromInline let base: UnsafeRawPointer

    /// The block whose bytes begin at `base`.
    @inlinable
    @inline(__always)
    init(base: UnsafeRawPointer) { unsafe self.base = base }

    /// The record at `offset`.
    @inlinable
    @inline(__always)
    public func load<Record: BitwiseCopyable>(_ offset: Int, as type: Record.Type = Record.self) -> Record {
        unsafe base.load(fromByteOffset: offset, as: Record.self)
    }

    /// The record that `reference` points to, which exists.
    @inlinable
    @inline(__always)
    public subscript<Record>(reference: BlockReference<Record>) -> Record {
        assert(reference.exists)
        return unsafe base.load(fromByteOffset: Int(reference.offset), as: Record.self)
    }

    /// The record at `index` of `array`.
    @inlinable
    @inline(__always)
    public subscript<Element>(array: BlockArray<Element>, index: Int) -> Element {
        assert(index >= 0 && index < Int(array.count))
        return unsafe base.load(
            fromByteOffset: Int(array.offset) &+ index &* MemoryLayout<Element>.stride, as: Element.self)
    }

    /// The bytes of a text; missing when there is none.
    @inlinable
    @inline(__always)
    public func bytes(_ text: BlockText) -> Bytes {
        guard text.offset != 0 else { return .missing }
        return unsafe Bytes(
            start: (base + Int(text.offset)).assumingMemoryBound(to: UInt8.self), count: Int(text.count))
    }

    /// The table of a policy that lies at `bytes`.
    @inlinable
    @inline(__always)
    public func table(_ bytes: BlockText) -> PickTable {
        unsafe PickTable(start: base + Int(bytes.offset), byteCount: Int(bytes.count))
    }

    /// The address of an array of ordinals, for `HostLoads`; nil when there are none.
    @inlinable
    @inline(__always)
    func ordinals(_ array: BlockArray<UInt32>) -> UnsafePointer<UInt32>? {
        guard array.offset != 0 else { return nil }
        return unsafe (base + Int(array.offset)).assumingMemoryBound(to: UInt32.self)
    }

    /// The side pointer at `index`, 0 ..< sideWords; nil until it is set.
    @inlinable
    @inline(__always)
    func side(_ index: Int) -> UnsafeMutableRawPointer? {
        unsafe base.load(
            fromByteOffset: (index &- BlockView.sideWords) &* 8, as: UnsafeMutableRawPointer?.self)
    }

    /// Whether both are the same block in memory.
    @inlinable
    public static func == (left: BlockView, right: BlockView) -> Bool { unsafe left.base == right.base }
}

// SAFETY: a block is immutable once it is published.
extension BlockView: @unchecked Sendable {}
