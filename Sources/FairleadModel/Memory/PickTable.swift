// Fairlead: a policy's table, as its picker reads it
// SPDX-License-Identifier: Apache-2.0

/// The table that a policy's control side wrote with `TableWriter`, read in place by its picker.
///
/// Offsets count bytes from the table's start. Reading beyond the end gives 0: a wrong table may pick badly, but it
/// never reads foreign memory.
@safe
@frozen
public struct PickTable: BitwiseCopyable {
    @usableFromInline let start: UnsafeRawPointer?
    /// The bytes of the table.
    public let byteCount: Int

    /// Borrows `byteCount` bytes at `start`, which is aligned to 8.
    @inlinable
    @inline(__always)
    public init(start: UnsafeRawPointer?, byteCount: Int) {
        unsafe self.start = start
        self.byteCount = unsafe start == nil ? 0 : byteCount
    }

    /// The 32-bit word at `offset`, a multiple of 4.
    @inlinable
    @inline(__always)
    public func uint32(at offset: Int) -> UInt32 {
        guard offset >= 0, offset <= byteCount &- 4 else { return 0 }
        return unsafe start.unsafelyUnwrapped.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
    }

    /// The 64-bit word at `offset`, a multiple of 8.
    @inlinable
    @inline(__always)
    public func uint64(at offset: Int) -> UInt64 {
        guard offset >= 0, offset <= byteCount &- 8 else { return 0 }
        return unsafe start.unsafelyUnwrapped.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    /// The floating-point number at `offset`, a multiple of 8.
    @inlinable
    @inline(__always)
    public func double(at offset: Int) -> Double { Double(bitPattern: uint64(at: offset)) }

    /// Runs `body` over the memory, for pickers written in C.
    @inlinable
    @inline(__always)
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        unsafe body(UnsafeRawBufferPointer(start: start, count: byteCount))
    }
}

// SAFETY: the memory is immutable while anyone can read it.
extension PickTable: @unchecked Sendable {}

/// A policy's own words for one worker and one host list: cursors and the like. Only that worker touches them.
@safe
@frozen
public struct WorkerWords: BitwiseCopyable {
    @usableFromInline let start: UnsafeMutablePointer<UInt64>?
    /// How many words the policy asked for.
    public let count: Int

    /// Borrows `count` words at `start`.
    @inlinable
    @inline(__always)
    public init(start: UnsafeMutablePointer<UInt64>?, count: Int) {
        unsafe self.start = start
        self.count = unsafe start == nil ? 0 : count
    }

    /// The word at `index`; beyond the end reads give 0 and writes do nothing.
    @inlinable
    @inline(__always)
    public subscript(index: Int) -> UInt64 {
        get {
            guard index >= 0, index < count else { return 0 }
            return unsafe start.unsafelyUnwrapped[index]
        }
        nonmutating set {
            guard index >= 0, index < count else { return }
            unsafe start.unsafelyUnwrapped[index] = newValue
        }
    }

    /// Runs `body` over the memory, for pickers written in C.
    @inlinable
    @inline(__always)
    public func withUnsafeWords<Result>(_ body: (UnsafeMutableBufferPointer<UInt64>) -> Result) -> Result {
        unsafe body(UnsafeMutableBufferPointer(start: start, count: count))
    }
}
