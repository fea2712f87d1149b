// Fairlead: a request's headers, borrowed
// SPDX-License-Identifier: Apache-2.0

/// One header line, borrowed: the layout of C's `fl_header`.
@safe
@frozen
public struct HeaderLine: BitwiseCopyable {
    /// The name, in any case.
    public let name: Bytes
    /// The value, without surrounding blanks.
    public let value: Bytes

    /// A line of borrowed bytes.
    @inlinable
    public init(name: Bytes, value: Bytes) {
        self.name = name
        self.value = value
    }
}

/// The header lines of one request, in their order, pseudo-headers left out. Borrowed like `Bytes`.
@safe
@frozen
public struct HeaderList: BitwiseCopyable {
    @usableFromInline let start: UnsafePointer<HeaderLine>?
    /// How many lines there are.
    public let count: Int

    /// Borrows `count` lines at `start`.
    @inlinable
    public init(start: UnsafePointer<HeaderLine>?, count: Int) {
        unsafe self.start = start
        self.count = unsafe start == nil ? 0 : count
    }

    /// No lines.
    public static var none: HeaderList { unsafe HeaderList(start: nil, count: 0) }

    /// The line at `index`, 0 ..< count.
    @inlinable
    @inline(__always)
    public subscript(index: Int) -> HeaderLine {
        precondition(index >= 0 && index < count)
        return unsafe start.unsafelyUnwrapped[index]
    }

    /// Runs `body` over the memory, for the C interface; `nil` when there is none.
    @inlinable
    public func withUnsafeLines<Result>(_ body: (UnsafePointer<HeaderLine>?) -> Result) -> Result {
        unsafe body(start)
    }

    /// The index of the first line at or after `from` whose name, case ignored, is `name` (in lower case). O(lines).
    @inlinable
    public func firstIndex(of name: Bytes, from: Int = 0) -> Int? {
        var index = max(from, 0)
        while index < count {
            let line = unsafe start.unsafelyUnwrapped[index]
            if line.name.foldedEquals(name) { return index }
            index &+= 1
        }
        return nil
    }

    /// The first value of the header `name` (in lower case), missing when there is none. O(lines).
    @inlinable
    public func first(_ name: Bytes) -> Bytes {
        guard let index = firstIndex(of: name) else { return .missing }
        return self[index].value
    }
}

// SAFETY: the memory is borrowed and never written through this type.
extension HeaderList: @unchecked Sendable {}
