// Fairlead: a caller's room for header lines
// SPDX-License-Identifier: Apache-2.0

/// Room for header lines that the caller owns, filled from the front. It counts what it would need even when it is full,
/// like `OutputBuffer`, and is borrowed like `Bytes`.
@safe
@frozen
public struct HeaderOutput {
    @usableFromInline let start: UnsafeMutablePointer<HeaderLine>?
    /// How many lines fit.
    public let capacity: Int
    /// How many lines were added or would have been, had they fitted.
    public private(set) var needed = 0

    /// Borrows room for `capacity` lines at `start`.
    public init(start: UnsafeMutablePointer<HeaderLine>?, capacity: Int) {
        unsafe self.start = start
        self.capacity = unsafe start == nil ? 0 : max(capacity, 0)
    }

    /// Whether everything fitted.
    public var fits: Bool { needed <= capacity }

    /// Adds a line.
    @inline(__always)
    public mutating func append(name: Bytes, value: Bytes) {
        if needed < capacity {
            unsafe (start.unsafelyUnwrapped + needed).initialize(to: HeaderLine(name: name, value: value))
        }
        needed += 1
    }

    /// Forgets all lines.
    public mutating func removeAll() { needed = 0 }

    /// The lines, as far as they fitted.
    public var lines: HeaderList {
        unsafe HeaderList(start: start.map { unsafe UnsafePointer($0) }, count: min(needed, capacity))
    }
}
